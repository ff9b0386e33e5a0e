"""Reads for following up: which forms are due, who has not handed in, whom to call, what was promised."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, IntegerField, Max, Min, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from doanportal import clock
from plans.models import Contact, Obligation
from plans.status import Review, Timeliness, review, timeliness, with_status
from units.models import Post, Role

from .follow_up import contact_words
from .queries_review import in_charge_of_owner, in_cluster

OPEN_STATES = (Timeliness.OVERDUE, Timeliness.NOT_DUE)


@dataclass(frozen=True)
class Call:
    """A form and period that units owe: how many have not handed in, and by when."""

    form: str
    form_name: str
    period_key: str
    due_at: datetime
    open: int

    @property
    def key(self):
        return f"{self.form}.{self.period_key}"

    @property
    def label(self):
        if "-" not in self.period_key:
            return self.form_name
        year, month = self.period_key.split("-")
        return f"{self.form_name} {int(month)}/{year}"


@dataclass(frozen=True)
class Person:
    """Whom to call at a unit."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class Logged:
    """A call that was logged: «đã gọi 26/8, hẹn 28/8», with what was said."""

    words: str
    note: str


@dataclass(frozen=True)
class Owing:
    """A unit that has not handed in, or must amend: its obligation, people to call, calls so far."""

    obligation: Obligation
    people: list
    calls: list
    in_charge: bool
    timeliness: str
    review: str


def calls(plan, *, now=None):
    """[Call] of the periods that have begun, the latest due first. One query."""
    now = now or clock.now()
    rows = (
        Obligation.objects.of_plan()
        .filter(plan=plan, period_from__lte=timezone.localtime(now).date())
        .order_by()
        .values("form__code", "form__short_name", "period_key")
        .annotate(
            due=Min("due_at"),
            last_due=Max("due_at"),
            still_open=Count("pk", filter=Q(first_fulfilled_at__isnull=True, waived_at__isnull=True)),
        )
        .order_by("-due", "form__short_name")
    )
    return [
        Call(row["form__code"], row["form__short_name"], row["period_key"], row["due"], row["still_open"])
        for row in rows
    ]


def pressing(found, *, now=None):
    """The Call to begin with: of those that somebody still owes the one whose due time is nearest."""
    now = now or clock.now()
    still_open = [call for call in found if call.open]
    return min(still_open or found, key=lambda call: abs(call.due_at - now), default=None)


def owing(plan, call, user, *, cluster="", now=None):
    """[Owing] of a form and period in the order of units. One query."""
    now = now or clock.now()
    day = timezone.localtime(now).date()
    rows = in_cluster(
        with_status(Obligation.objects.visible_to(user).of_plan(), now=now), user, cluster, day=day
    ).filter(
        Q(timeliness_state__in=OPEN_STATES) | Q(review_state=Review.NEEDS_AMENDMENT),
        plan=plan,
        form__code=call.form,
        period_key=call.period_key,
    )
    in_order = with_people(rows, user, day=day).order_by(
        "-owner__kind__territorial", "owner__display_order", "pk"
    )
    return [owing_row(row, user, now=now) for row in in_order]


def owing_one(obligation_id, user, *, now=None):
    """The Owing of a single obligation, whatever its state. One query."""
    now = now or clock.now()
    rows = with_people(Obligation.objects.visible_to(user), user, day=timezone.localtime(now).date())
    return owing_row(rows.get(pk=obligation_id), user, now=now)


def with_people(queryset, user, *, day):
    """Obligations with the secretary and deputies to call, the calls so far, and `in_charge`."""
    secretary_first = Case(
        When(role=Role.SECRETARY, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    people = (
        Post.objects.on(day)
        .filter(unit=OuterRef("owner"), role__in=[Role.SECRETARY, Role.DEPUTY], user__is_active=True)
        .order_by(secretary_first, "pk")
        .values(row=JSONObject(name="user__full_name", role="role", phone="user__phone"))
    )
    calls_made = (
        Contact.objects.filter(obligation=OuterRef("pk"))
        .order_by("-at", "-pk")
        .values(row=JSONObject(channel="channel", on="at__date", promised_on="promised_on", note="note"))
    )
    return queryset.select_related("owner__kind", "form", "deadline").annotate(
        in_charge=in_charge_of_owner(user, day=day),
        people_rows=ArraySubquery(people),
        contact_rows=ArraySubquery(calls_made),
    )


def owing_row(row, user, *, now):
    return Owing(
        obligation=row,
        people=[
            Person(person["name"], Role(person["role"]).label, person["phone"] or "")
            for person in row.people_rows
        ],
        calls=[
            Logged(
                contact_words(call["channel"], day_of(call["on"]), day_of(call["promised_on"])), call["note"]
            )
            for call in row.contact_rows
        ],
        in_charge=user.is_lead_officer or row.in_charge,
        timeliness=timeliness(row, now=now),
        review=review(row),
    )


def day_of(text):
    return date.fromisoformat(text) if text else None
