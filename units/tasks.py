"""Work about accounts that no page waits for: ids in, one rule call."""

from celery import shared_task

from .accounts import send_password_link as send


@shared_task
def send_password_link(user_id):
    """Waiting for the mail server in the page would tell which accounts exist."""
    send(user_id)
