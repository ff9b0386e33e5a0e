"""Which plan the portal works under today."""

from django.db.models import Case, Value, When

from doanportal import clock

from .models import Plan


def current_plan(*, day=None):
    """The published or closed plan of this year, else the latest earlier one, else the next; None when none is out."""
    year = (day or clock.today()).year
    return (
        Plan.objects.exclude(state=Plan.State.DRAFT)
        .order_by(Case(When(year__lte=year, then=Value(0)), default=Value(1)), "-year")
        .first()
    )


def plan_label():
    """«Kế hoạch năm 2023» for the head of the page, or an empty text before the first plan is published."""
    plan = current_plan()
    return str(plan) if plan else ""
