"""Obligations that a Thông báo sets: an ad hoc report, an award dossier (domain.md §7.4, D8 and D13)."""

from datetime import date, timedelta

from django.db import transaction

from units.events import record

from .calendar import closing_moment, last_day_on_time
from .days_off import WorkingDays
from .models import Deadline, Obligation, ObligationKind


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
    found = []
    for owner in owners:
        if owner.kind_id not in kinds:
            continue
        obligation, created = Obligation.objects.get_or_create(
            kind=ObligationKind.PLAN,
            form=deadline.form,
            owner=owner,
            period_key=str(deadline.plan.year),
            cause=cause,
            defaults={
                "plan": deadline.plan,
                "deadline": deadline,
                "title": title[:200],
                "period_from": min(date(deadline.plan.year, 1, 1), printed_on),
                "cutoff_on": printed_on,
                "printed_on": printed_on,
                "due_at": due_at,
            },
        )
        if created:
            record(verb="owe", subject=obligation, actor=by, unit=owner)
        found.append(obligation)
    return found
