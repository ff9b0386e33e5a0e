"""Work about accounts and names that no page waits for: ids in, one rule call."""

from celery import shared_task

from doanportal import held_text

from .accounts import send_password_link as send
from .naming import refresh_changed_names


@shared_task
def send_password_link(user_id):
    """Waiting for the mail server in the page would tell which accounts exist."""
    send(user_id)


@shared_task
def refresh_unit_names():
    """Names entered ahead take effect on their first day."""
    refresh_changed_names()


@shared_task
def tidy_sessions():
    """What was typed and held for a sign-in lasts an hour; sessions that ended go with it."""
    held_text.tidy_sessions()
