"""The year's obligations for a page: a unit's own, or for the province each due day with its counts."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Case, Count, Min, Q, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from doanportal import clock

from .due_words import due_words, last_day, left_tone, left_words
from .models import Deadline, Obligation, ObligationKind, Plan
from .status import review, timeliness

EVENTS = (Deadline.Schedule.BEFORE_EVENT, Deadline.Schedule.AFTER_EVENT)
OF_AN_EVENT = Q(deadline__schedule__in=EVENTS)
OWN_DAYS = "Hạn theo ngày của từng việc trong tháng"


def issued_plans():
    """[Plan] that are out, newest first. One query."""
    return list(Plan.objects.exclude(state=Plan.State.DRAFT).order_by("-year"))


def plan_in_force(plans, *, year=None):
    """Of issued plans the one of `year` (text), or the one the portal works under today; None for neither."""
    if year:
        return next((plan for plan in plans if str(plan.year) == year), None)
    this_year = clock.today().year
    return next((plan for plan in plans if plan.year <= this_year), plans[-1] if plans else None)


@dataclass(frozen=True)
class Entry:
    """One line: a unit's own obligation, or one due day of all units with how many have handed in."""

    title: str
    due: str
    day: date
    due_at: datetime
    left: str
    tone: str
    period_key: str
    uid: str
    obligation: Obligation | None = None
    timeliness: str = ""
    review: str = ""
    total: int = 0
    sent: int = 0
    waived: int = 0
    counted: str = "đơn vị"


@dataclass(frozen=True)
class Month:
    first: date
    entries: list


def own_entries(user, plan, *, now=None):
    """[Entry] of the own units' obligations under the plan, by due time. One query."""
    now = now or clock.now()
    obligations = (
        Obligation.objects.of_plan()
        .filter(plan=plan, owner__in=user.unit_ids)
        .select_related("deadline", "owner", "form")
        .order_by("due_at", "pk")
    )
    return [
        Entry(
            title=obligation.title,
            due=due_words(obligation),
            day=last_day(obligation),
            due_at=obligation.due_at,
            left=left_words(obligation, now=now) if not obligation.first_fulfilled_at else "",
            tone=left_tone(obligation, now=now),
            period_key=obligation.period_key,
            uid=f"obligation-{obligation.pk}@doanportal",
            obligation=obligation,
            timeliness=timeliness(obligation, now=now),
            review=review(obligation),
        )
        for obligation in obligations
    ]


def province_entries(plan, *, now=None):
    """[Entry] of each deadline and period of the plan, all units counted. Two queries."""
    now = now or clock.now()
    deadlines = {row.pk: row for row in Deadline.objects.filter(plan=plan)}
    rows = (
        Obligation.objects.of_plan()
        .filter(plan=plan)
        .order_by()
        .annotate(
            # What hangs on days of the units' own stands once a month, however many there are.
            label=Case(When(OF_AN_EVENT, then="form__short_name"), default="title"),
            day=Case(When(OF_AN_EVENT, then=TruncMonth("printed_on")), default="printed_on"),
        )
        .values("deadline_id", "period_key", "label", "day")
        .annotate(
            due_at=Min("due_at"),
            total=Count("pk"),
            sent=Count("pk", filter=Q(first_fulfilled_at__isnull=False)),
            waived=Count("pk", filter=Q(waived_at__isnull=False, first_fulfilled_at__isnull=True)),
        )
    )
    entries = []
    for row in sorted(rows, key=lambda row: (row["due_at"], row["label"])):
        deadline = deadlines.get(row["deadline_id"])
        of_event = deadline is not None and deadline.schedule in EVENTS
        # A row of its own for the words only; it is not stored.
        common = Obligation(
            kind=ObligationKind.PLAN,
            deadline=deadline,
            printed_on=row["day"],
            due_at=row["due_at"],
        )
        entries.append(
            Entry(
                title=row["label"],
                due=OWN_DAYS if of_event else due_words(common),
                day=last_day(common),
                due_at=row["due_at"],
                left=left_words(common, now=now),
                tone=left_tone(common, now=now),
                period_key=row["period_key"],
                uid=uid_of(row, of_event),
                counted="việc" if of_event else "đơn vị",
                total=row["total"] - row["waived"],
                sent=row["sent"],
                waived=row["waived"],
            )
        )
    return entries


def uid_of(row, of_event):
    """The same for the same entry each time, so that a phone's calendar keeps one."""
    period = f"{row['day']:%Y-%m}" if of_event else row["period_key"]
    return f"deadline-{row['deadline_id']}-{period}@doanportal"


def by_month(entries):
    """[Month] of entries in order of their due time."""
    return [
        Month(first, list(group))
        for first, group in groupby(
            entries, key=lambda entry: timezone.localtime(entry.due_at).date().replace(day=1)
        )
    ]
