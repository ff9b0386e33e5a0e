"""What the worker does every minute. Each may run twice, late, or at once on ten workers."""

from celery import shared_task

from doanportal import clock

from . import delivery, notices


@shared_task
def plan_notices():
    notices.plan_due(now=clock.now())


@shared_task
def deliver_notices():
    """Plans first: what waited through the night must not go out just before the stage that replaces it."""
    now = clock.now()
    notices.plan_due(now=now)
    delivery.deliver_all(now=now)
