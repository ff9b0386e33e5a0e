"""Workbooks in the worker. Each task may run twice, late, or at once on ten workers."""

from celery import shared_task

from doanportal import clock

from .workbook import imports, sweeping


@shared_task
def check_workbook(import_id):
    imports.check_import(import_id)


@shared_task
def take_workbook(import_id):
    imports.take_import(import_id)


@shared_task
def sweep_workbooks():
    """Every minute: what lost its message goes out again, what nobody took for a week is forgotten."""
    sweeping.sweep(now=clock.now())
