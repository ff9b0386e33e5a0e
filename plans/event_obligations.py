"""Obligations that hang on a day of the unit's own: an activity (D6), a decision (D7); domain.md §7.4."""

from datetime import date, timedelta

from django.db import transaction

from units.events import record

from .calendar import closing_moment, last_day_on_time
from .days_off import WorkingDays
from .models import Deadline, Obligation, ObligationKind, Plan
from .obligations import local_text, lock, require_reason


def event_dates(deadline, event_on, working_days):
    """(day the rule names, last day on time) for an event on `event_on`.

    Before an event offset days are counted back, after it forward, in calendar or working days.
    """
    days = deadline.offset_days or 0
    if deadline.schedule == Deadline.Schedule.BEFORE_EVENT:
        printed_on = (
            working_days.subtract(event_on, days)
            if deadline.offset_unit == Deadline.OffsetUnit.WORKING
            else event_on - timedelta(days=days)
        )
    elif deadline.offset_unit == Deadline.OffsetUnit.WORKING:
        printed_on = working_days.add(event_on, days)
    else:
        printed_on = event_on + timedelta(days=days)
    return printed_on, last_day_on_time(deadline, printed_on, working_days)


def event_deadline(code, event_on):
    """The published plan's Deadline of that code in the year of the event, or None. One query."""
    return (
        Deadline.objects.filter(plan__year=event_on.year, code=code, form__isnull=False)
        .exclude(plan__state=Plan.State.DRAFT)
        .select_related("plan", "form")
        .first()
    )


@transaction.atomic
def owe_for_event(*, deadline, owner, event_on, cause, title, by):
    """The owner's Obligation for an event; the one that is there when the cause already has one.

    Returns None where the deadline is not for the owner's kind of unit (the province itself). `cause` names
    the thing: «activity:12», «team:3».
    """
    if not deadline.applies_to.filter(pk=owner.kind_id).exists():
        return None
    printed_on, last_day = event_dates(deadline, event_on, WorkingDays.from_database([event_on.year]))
    return owe_once(
        deadline=deadline,
        owner=owner,
        cause=cause,
        title=title,
        printed_on=printed_on,
        cutoff_on=max(event_on, printed_on),
        due_at=closing_moment(last_day),
        by=by,
    )


def owe_once(*, deadline, owner, cause, title, printed_on, cutoff_on, due_at, by):
    """The owner's obligation of that cause, made with one event where there is none yet."""
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
            "cutoff_on": cutoff_on,
            "printed_on": printed_on,
            "due_at": due_at,
        },
    )
    if created:
        record(verb="owe", subject=obligation, actor=by, unit=owner, to_state=local_text(obligation.due_at))
    return obligation


@transaction.atomic
def move_event(obligation, *, event_on, by, reason):
    """The event moved: its printed day and due time follow, an extension ends, one event tells from and to.

    Returns the obligation. Raises ObligationError without a reason. What was handed in stays handed in.
    """
    obligation = lock(obligation)
    reason = require_reason(reason)
    deadline = obligation.deadline
    printed_on, last_day = event_dates(deadline, event_on, WorkingDays.from_database([event_on.year]))
    before, due_at = obligation.due_at, closing_moment(last_day)
    if (printed_on, due_at) == (obligation.printed_on, before):
        return obligation
    obligation.printed_on, obligation.due_at, obligation.extended_to = printed_on, due_at, None
    obligation.cutoff_on = max(event_on, printed_on)
    obligation.period_from = min(obligation.period_from, printed_on)
    obligation.save(update_fields=["printed_on", "due_at", "extended_to", "cutoff_on", "period_from"])
    record(
        verb="move_event",
        subject=obligation,
        actor=by,
        unit=obligation.owner,
        from_state=local_text(before),
        to_state=local_text(due_at),
        reason=reason,
    )
    return obligation
