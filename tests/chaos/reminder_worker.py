"""One worker of reminders as a process of its own, to be killed: plans and delivers one moment by real SMTP.

Run as `python -m tests.chaos.reminder_worker MOMENT PORT BATCH LEASE_SECONDS` with DATABASE_URL set.
"""

import sys
from datetime import datetime, timedelta

import django
from django.conf import settings


def main(moment, port, batch, lease_seconds):
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
    from plans.delivery import deliver_all  # noqa: PLC0415 models can be imported only after setup
    from plans.notices import plan_due  # noqa: PLC0415

    now = datetime.fromisoformat(moment)
    plan_due(now=now)
    deliver_all(now=now, batch=int(batch), lease=timedelta(seconds=float(lease_seconds)))


if __name__ == "__main__":
    main(*sys.argv[1:])
