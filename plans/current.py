"""Which plan the portal works under today."""

from doanportal import clock

from .models import Plan


def current_plan(*, day=None):
    """The issued plan of this year, else the latest earlier one, else the next; None when none is out."""
    year = (day or clock.today()).year
    issued = Plan.objects.exclude(state=Plan.State.DRAFT)
    return issued.filter(year__lte=year).order_by("-year").first() or issued.order_by("year").first()


def plan_label():
    """«Kế hoạch năm 2023» for the head of the page, or an empty text before the first plan is published."""
    plan = current_plan()
    return str(plan) if plan else ""
