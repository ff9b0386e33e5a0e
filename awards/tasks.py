"""Certificates and long minutes in the worker. Each task may run twice, late, or at once on ten workers."""

from celery import shared_task

from doanportal import clock

from . import batches, minutes_files


@shared_task
def render_batch(batch_id):
    batches.run(batch_id)


@shared_task
def sweep_batches():
    """Every minute: what lost its message or its worker goes out again; old files go away."""
    batches.sweep(now=clock.now())


@shared_task
def render_minutes(file_id):
    minutes_files.render_minutes(file_id)
