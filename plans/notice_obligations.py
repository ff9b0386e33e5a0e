"""Obligations that a Thông báo sets: an ad hoc report, an award dossier (domain.md §7.4, D8 and D13)."""

from datetime import timedelta

from django.db import transaction

from .calendar import closing_moment, last_day_on_time
from .days_off import WorkingDays
from .event_obligations import owe_once
from .models import Deadline


def notice_due(deadline, printed_on, *, exclusive):
    """The last moment on time of a printed day; `exclusive`: «trước ngày» ends the day before."""
    day = printed_on - timedelta(days=1) if exclusive else printed_on
    inclusive = Deadline(boundary=Deadline.Boundary.INCLUSIVE, day_off=deadline.day_off)
    return closing_moment(last_day_on_time(inclusive, day, WorkingDays.from_database([day.year])))


@transaction.atomic
def owe_on_notice(*, deadline, owners, printed_on, exclusive, cause, title, by):
    """[Obligation] of the owners, those that were there included; twice makes none twice.

    `cause` names the thing: «round:3». Owners of a kind that the deadline is not for are left out.
    """
    kinds = set(deadline.applies_to.values_list("pk", flat=True))
    due_at = notice_due(deadline, printed_on, exclusive=exclusive)
    return [
        owe_once(
            deadline=deadline,
            owner=owner,
            cause=cause,
            title=title,
            printed_on=printed_on,
            cutoff_on=printed_on,
            due_at=due_at,
            by=by,
        )
        for owner in owners
        if owner.kind_id in kinds
    ]
