"""Publish a plan: its deadlines become obligations of the units, once (design.md §1)."""

from dataclasses import dataclass

from django.db import transaction

from doanportal import clock
from units.events import record

from .calendar import year_calendar
from .models import Deadline, Obligation, ObligationKind, Plan


class PublishError(ValueError):
    """The plan cannot be published; the text is for the user, in Vietnamese."""


@dataclass(frozen=True)
class Published:
    """How many obligations publishing gives, and how many of them were there before."""

    total: int
    created: int


def obligation_title(deadline, due):
    """'Báo cáo tháng 3/2023' for a monthly one, the deadline's own title else."""
    if deadline.schedule == Deadline.Schedule.MONTHLY_DAY:
        year, month = due.period_key.split("-")
        return f"{deadline.title} {int(month)}/{year}"
    return deadline.title


def plan_of_year(year):
    """The Plan of `year`. Raises PublishError when there is none."""
    try:
        return Plan.objects.get(year=year)
    except Plan.DoesNotExist:
        raise PublishError(f"Chưa có kế hoạch năm {year}. Nạp bằng lệnh load_plan trước.") from None


def due_rows(plan):
    """Unsaved Obligation rows of the whole year, in calendar order: what publishing would create."""
    return [
        Obligation(
            kind=ObligationKind.PLAN,
            plan=plan,
            deadline=deadline,
            form=deadline.form,
            owner=unit,
            title=obligation_title(deadline, due),
            period_key=due.period_key,
            period_from=due.period_from,
            cutoff_on=due.cutoff_on,
            printed_on=due.printed_on,
            due_at=due.due_at,
        )
        for unit, deadline, due in year_calendar(plan, plan.year)
    ]


@transaction.atomic
def publish(plan, *, by=None):
    """Make the obligations of the year and mark the plan published; returns Published.

    Running it again adds what is missing (a unit founded later) and changes nothing that is there.
    Raises PublishError on a closed plan or when nothing would become due.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == Plan.State.CLOSED:
        raise PublishError(f"Kế hoạch năm {plan.year} đã kết thúc, không ban hành lại.")
    rows = due_rows(plan)
    if not rows:
        raise PublishError("Kế hoạch chưa có thời hạn nào áp dụng cho đơn vị: kiểm tra thời hạn và đơn vị.")
    before = Obligation.objects.filter(plan=plan, kind=ObligationKind.PLAN).count()
    Obligation.objects.bulk_create(rows, ignore_conflicts=True)
    created = Obligation.objects.filter(plan=plan, kind=ObligationKind.PLAN).count() - before
    if plan.state == Plan.State.DRAFT:
        plan.state, plan.published_at = Plan.State.PUBLISHED, clock.now()
        plan.save(update_fields=["state", "published_at"])
        record(verb="publish", subject=plan, actor=by, from_state="draft", to_state="published")
    return Published(total=len(rows), created=created)
