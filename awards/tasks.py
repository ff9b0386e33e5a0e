"""Certificates in the worker. Each task may run twice, late, or at once on ten workers."""

from celery import shared_task

from doanportal import clock

from . import batches


@shared_task
def render_batch(batch_id):
    batches.run(batch_id)


@shared_task
def sweep_batches():
    """Every minute: what lost its message or its worker goes out again; old files go away."""
    batches.sweep(now=clock.now())
