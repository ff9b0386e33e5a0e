"""Rendering in the worker. Each task may run twice, late, or at once on ten workers."""

from celery import shared_task

from doanportal import clock

from . import rendering
from .models import RollupFile


@shared_task
def render_due_rollups():
    """Every five minutes: whatever should exist by now and does not is rendered, each month apart."""
    for file_id in rendering.schedule_due(now=clock.now()):
        render_rollup_file.delay(file_id)


@shared_task
def render_rollup_file(file_id):
    """Render one file. An id that is unknown or no longer waiting has no effect."""
    file = RollupFile.objects.filter(pk=file_id).first()
    if file is not None:
        rendering.render(file, now=clock.now())
