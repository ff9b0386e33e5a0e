"""When things are due: from a deadline of the plan to printed days and last moments (design.md §3.3).

`printed_on` is the day the plan names and never moves; `due_at` is the last moment that is on time.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from units.models import Unit

from .days_off import WorkingDays
from .models import Deadline

MONTHS = range(1, 13)


@dataclass(frozen=True)
class DueDate:
    """One occurrence of a deadline: its period, its printed day and its last moment on time."""

    period_key: str
    period_from: date
    cutoff_on: date
    printed_on: date
    due_at: datetime


def month_key(day):
    """'2023-03' for any day of March 2023."""
    return f"{day:%Y-%m}"


def parse_month_key(text):
    """The first day of the month of '2023-03'. Raises ValueError with a Vietnamese message."""
    try:
        year, month = text.split("-")
        if len(year) != 4 or len(month) != 2:
            raise ValueError
        return date(int(year), int(month), 1)
    except ValueError:
        raise ValueError(f"Kỳ «{text}» không đúng: ghi năm-tháng, ví dụ 2023-03.") from None


def previous_month(day):
    """The first day of the month before the month of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_period(plan, first_of_month):
    """(from, to) of the reporting month: 26/(N−1) to 25/N; the plan's first one opens on 01/01.

    Source: domain.md §7.3 Periods, §5.3.
    """
    closing = plan.period_starts_on_day - 1 or monthrange(first_of_month.year, first_of_month.month)[1]
    cutoff_on = first_of_month.replace(day=closing)
    if first_of_month <= plan.first_period.replace(year=first_of_month.year):
        return first_of_month.replace(month=1, day=1), cutoff_on
    if plan.period_starts_on_day == 1:
        return first_of_month, cutoff_on
    return previous_month(first_of_month).replace(day=plan.period_starts_on_day), cutoff_on


def last_day_on_time(deadline, printed_on, working_days):
    """The local day whose end is the deadline: boundary first, then the day-off policy."""
    day = printed_on
    if deadline.boundary == Deadline.Boundary.EXCLUSIVE:
        day -= timedelta(days=1)
    if deadline.day_off == Deadline.DayOff.NEXT:
        return working_days.on_or_after(day)
    if deadline.day_off == Deadline.DayOff.PREVIOUS:
        return working_days.on_or_before(day)
    return day


def closing_moment(day):
    """The last moment of `day` that is on time, by the closing hour of the settings."""
    closing = time.fromisoformat(settings.DUE_CLOSING_TIME)
    return datetime.combine(day, closing, tzinfo=timezone.get_default_timezone())


def clamp_day(year, month, day):
    """The date, or the last day of that month when the month is shorter (29/02, 31/4)."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def occurrences(deadline, year, working_days):
    """The DueDates that a deadline of the plan gives in `year`, in order of time.

    In the plan's own year months before the plan's first period are left out; in another year all
    twelve months count. Deadlines that hang on an event or a notice give none here.
    """
    plan = deadline.plan
    if deadline.schedule == Deadline.Schedule.FIXED_DATE:
        printed_on = clamp_day(year, deadline.month, deadline.day)
        last_day = last_day_on_time(deadline, printed_on, working_days)
        return [
            DueDate(
                str(year),
                date(year, 1, 1),
                max(last_day, printed_on),
                printed_on,
                closing_moment(last_day),
            )
        ]
    if deadline.schedule != Deadline.Schedule.MONTHLY_DAY:
        return []
    found = []
    for month in MONTHS:
        first_of_month = date(year, month, 1)
        if year == plan.year and first_of_month < plan.first_period:
            continue
        printed_on = clamp_day(year, month, deadline.day)
        period_from, cutoff_on = month_period(plan, first_of_month)
        last_day = last_day_on_time(deadline, printed_on, working_days)
        found.append(
            DueDate(
                month_key(first_of_month),
                period_from,
                cutoff_on,
                printed_on,
                closing_moment(last_day),
            )
        )
    return found


def year_calendar(plan, year):
    """[(unit, deadline, DueDate)] of all that publishing the plan gives in `year`, for the units it has.

    A unit owes what falls due while it is alive; sorted by due time, unit order and deadline code.
    """
    from_units = units_by_kind(year)
    working_days = WorkingDays.from_database([year])
    rows = []
    deadlines = (
        plan.deadlines.filter(publishes=True).select_related("form", "plan").prefetch_related("applies_to")
    )
    for deadline in deadlines:
        for due in occurrences(deadline, year, working_days):
            for kind in deadline.applies_to.all():
                rows += [
                    (unit, deadline, due)
                    for unit in from_units.get(kind.pk, [])
                    if is_alive(unit, due.printed_on)
                ]
    return sorted(
        rows,
        key=lambda row: (row[2].due_at, row[0].display_order, row[0].code, row[1].code),
    )


def is_alive(unit, day):
    return unit.opened_on <= day and (unit.closed_on is None or unit.closed_on > day)


def units_by_kind(year):
    """{kind id: [units]} of the units that live in some part of `year`."""
    grouped = {}
    alive = Unit.objects.filter(opened_on__lte=date(year, 12, 31)).exclude(closed_on__lte=date(year, 1, 1))
    for unit in alive.order_by("display_order", "code"):
        grouped.setdefault(unit.kind_id, []).append(unit)
    return grouped
