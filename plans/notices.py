"""Plan what people are to be told: reminders from stages and due times, and single messages of other rules.

A notice is a row of the ledger, committed before anything is sent (design.md §3.12). Everything here may run
twice, late, or at once on ten workers.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from .days_off import WorkingDays
from .models import Notice
from .plan_sql import CANCEL_MOOT, FIND_DUE, FIND_SLOW_REVIEWS, SUPERSEDE_OLDER, TELL
from .quiet_hours import after_quiet, is_quiet, opening_moment
from .recipients import recipient_parameters

CATCH_UP_DAYS = 14  # what was missed longer ago says nothing new and is not sent
LONGEST_BREAK_DAYS = 15  # so far back lies the last working day before any holiday, Tết included
SLOW_REVIEW_DAYS = 3  # working days a report may wait for «tiếp nhận» (features F8)
SLOW_REVIEW_STAGE = "slow-review"
PLANNER_LOCK = 7_230_001  # one planner at a time: two of them updating the same rows could deadlock


def plan_due(*, now):
    """Insert the notices that are due at `now` and not in the ledger; returns how many were inserted.

    Of the stages that an outage made late only the latest of an obligation is told to a person; what still
    waited of earlier ones is marked superseded, what nobody owes any more is cancelled.
    """
    parameters = planning_parameters(now)
    with transaction.atomic(), connection.cursor() as cursor:
        take_planner_lock(cursor)
        cursor.execute(CANCEL_MOOT, parameters)
        cursor.execute(FIND_DUE, parameters)
        inserted = cursor.rowcount
        cursor.execute(FIND_SLOW_REVIEWS, parameters)
        inserted += cursor.rowcount
        cursor.execute(SUPERSEDE_OLDER, parameters)
    return inserted


def tidy(*, now):
    """Cancel the waiting notices that have lost their reason and retire those that a newer one replaces."""
    parameters = reason_parameters(now)
    with transaction.atomic(), connection.cursor() as cursor:
        take_planner_lock(cursor)
        cursor.execute(CANCEL_MOOT, parameters)
        cursor.execute(SUPERSEDE_OLDER, parameters)


def tell(
    *,
    subject_key,
    stage,
    recipients,
    title,
    text,
    url,
    now,
    obligation=None,
    slot_on=None,
    channels=Notice.Channel.values,
):
    """Tell `recipients` one thing, in the caller's transaction; returns how many notices are new.

    The inbox has it at once, the mail goes with the next delivery after the quiet hours. The same subject,
    stage and slot (the day of `now` unless given) are told to a person once. Inactive people are skipped.
    """
    parameters = {
        "people": sorted({user.pk for user in recipients}),
        "obligation": obligation.pk if obligation else None,
        "subject_key": subject_key,
        "stage": stage,
        "slot_on": slot_on or timezone.localtime(now).date(),
        "title": one_line(title, Notice._meta.get_field("title").max_length),
        "text": text,
        "url": url,
        "now": now,
        "mail_at": after_quiet(now),
        "channels": list(channels),
        "domain": message_domain(),
    }
    if not parameters["people"]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(TELL, parameters)
        return cursor.fetchone()[0]


def planning_parameters(now):
    """Everything the planning statements need to know about the moment `now`."""
    local = timezone.localtime(now)
    today = local.date()
    # Before the opening hour nothing of today is due yet.
    last_slot = today if now >= opening_moment(today) else today - timedelta(days=1)
    since = last_slot - timedelta(days=CATCH_UP_DAYS)
    return {
        "last_slot": last_slot,
        "since": since,
        "days_off": days_off_around(since, last_slot),
        "opens": opening_moment(today).time(),
        "not_before": after_quiet(now) if is_quiet(now) else None,
        "channels": Notice.Channel.values,
        "slow_review_days": SLOW_REVIEW_DAYS,
        **reason_parameters(now),
        **recipient_parameters(today),
    }


def reason_parameters(now):
    """What the statements need that ask whether a notice still has its reason."""
    return {
        "now": now,
        "zone": settings.TIME_ZONE,
        "break_days": LONGEST_BREAK_DAYS,
        "slow_review_stage": SLOW_REVIEW_STAGE,
    }


def days_off_around(since, until):
    """The days that are not worked, from a long break before `since` to one after `until`."""
    first = since - timedelta(days=2 * LONGEST_BREAK_DAYS)
    count = (until - first).days + LONGEST_BREAK_DAYS + 1
    days = [first + timedelta(days=number) for number in range(count)]
    working_days = WorkingDays.from_database({day.year for day in days})
    return [day for day in days if not working_days.is_working(day)]


def take_planner_lock(cursor):
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLANNER_LOCK])


def one_line(text, longest):
    """The text in one line of at most `longest` letters: line breaks in a mail header are an attack."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def message_domain():
    """The domain of Message-IDs: that of the sender's address."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
