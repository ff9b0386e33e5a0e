"""Completeness and timeliness, one definition for every page and paper (design.md §3.4)."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from doanportal import clock

from .models import ObligationKind


@dataclass(frozen=True)
class Rates:
    """Counts of obligations of kind plan whose due time has passed and that are not waived."""

    due: int
    fulfilled: int
    on_time: int


def counted(*, now=None):
    """The condition: which obligations enter the rates at `now`. Early ones enter when due."""
    return Q(kind=ObligationKind.PLAN, due_at__lt=now or clock.now(), waived_at__isnull=True)


def rates(queryset, *, now=None):
    """The Rates of the obligations in `queryset`, one query."""
    return Rates(
        **queryset.filter(counted(now=now)).aggregate(
            due=Count("pk"),
            fulfilled=Count("pk", filter=Q(first_fulfilled_at__isnull=False)),
            on_time=Count("pk", filter=Q(first_fulfilled_at__lte=F("due_at"))),
        )
    )
