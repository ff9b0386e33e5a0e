"""What the worker does about personal data. Each may run twice, late, or at once on ten workers."""

from celery import shared_task

from doanportal import clock

from . import data_requests, retention


@shared_task
def remind_data_requests():
    data_requests.remind(now=clock.now())


@shared_task
def personal_retention():
    retention.apply_retention(now=clock.now())
