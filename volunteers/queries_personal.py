"""Reads for the pages about personal data: numbers by unit, requests with clocks, what is held of one."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from doanportal.textfold import fold
from units.models import Unit

from .consents import missing_consent, standing_consent, withdrawn_consent
from .data_requests import OPEN_STATES, State, read_clocks
from .erasure import Place
from .models import (
    Activity,
    CameraRoute,
    CommandPost,
    DataSubjectRequest,
    Enterprise,
    Membership,
    OcopProduct,
    Person,
    Team,
)

PAGE_ROWS = 50
MANY = 20


def requests_for(user):
    """Requests this person may see: of the own units; Ban Phong trào all. All that a page shows is loaded."""
    rows = DataSubjectRequest.objects.select_related("unit__kind", "person", "received_by", "done_by")
    return rows if user.is_lead_officer else rows.filter(unit__in=user.unit_ids)


def open_requests(user):
    """Those not closed, by the day to act."""
    return requests_for(user).filter(state__in=OPEN_STATES).order_by("act_due_at", "pk")


def people_for(user):
    """People this person may see, with their unit."""
    return Person.objects.visible_to(user).select_related("unit__kind")


@dataclass(frozen=True)
class RequestLine:
    """A request with both clocks in words."""

    request: DataSubjectRequest
    answer: object
    act: object


def request_lines(requests, *, now):
    return [RequestLine(row, *read_clocks(row, now=now)) for row in requests]


def open_first(requests):
    """Open ones by the clock that runs out first, closed ones after them, the latest first."""
    return requests.annotate(
        closed=Exists(DataSubjectRequest.objects.filter(pk=OuterRef("pk")).exclude(state__in=OPEN_STATES))
    ).order_by("closed", "act_due_at", "pk")


@dataclass(frozen=True)
class UnitFigures:
    """How many people a unit keeps, what is missing, what is asked; `restricted` holds withdrawals too."""

    unit: Unit
    living: int = 0
    missing: int = 0
    withdrawn: int = 0
    restricted: int = 0
    erased: int = 0
    open_requests: int = 0
    late_requests: int = 0


def figures_by_unit(units, *, now):
    """[UnitFigures] of the given units, in their order. Two queries."""
    kept = Q(anonymised_at__isnull=True)
    people = (
        Person.objects.filter(unit__in=units)
        .order_by()
        .values("unit")
        .annotate(
            living=Count("pk", filter=kept),
            missing=Count("pk", filter=kept & Q(restricted_at__isnull=True) & ~standing_consent()),
            withdrawn=Count("pk", filter=kept & withdrawn_consent() & ~standing_consent()),
            restricted=Count("pk", filter=kept & Q(restricted_at__isnull=False)),
            # An entry that was merged into another was never a person of its own.
            erased=Count("pk", filter=~kept & ~Q(anonymised_why="merged")),
        )
    )
    late = Q(state=State.OPEN, answer_due_at__lt=now) | Q(act_due_at__lt=now)
    asked = (
        DataSubjectRequest.objects.filter(unit__in=units, state__in=OPEN_STATES)
        .order_by()
        .values("unit")
        .annotate(open_requests=Count("pk"), late_requests=Count("pk", filter=late))
    )
    found = {}
    for row in [*people, *asked]:
        found.setdefault(row.pop("unit"), {}).update(row)
    return [UnitFigures(unit, **found.get(unit.pk, {})) for unit in units]


def units_with_people():
    """Units that keep people or have requests, in the order of all lists."""
    people = Person.objects.filter(unit=OuterRef("pk"))
    asked = DataSubjectRequest.objects.filter(unit=OuterRef("pk"))
    return Unit.objects.filter(Exists(people) | Exists(asked)).order_by("display_order", "pk")


def teams_missing_consent(units):
    """Teams with the number of members today without a consent on record, only where there are any."""
    lacking = missing_consent(Person.objects.filter(unit__in=units))
    return (
        Team.objects.filter(
            unit__in=units, memberships__person__in=lacking, memberships__valid_to__isnull=True
        )
        .annotate(missing=Count("memberships__person", distinct=True))
        .order_by("unit__display_order", "pk")
    )


def members_missing_consent(team):
    """People in the team without an end who have no consent on record, in the order of names."""
    inside = Membership.objects.filter(team=team, person=OuterRef("pk"), valid_to__isnull=True)
    people = missing_consent(Person.objects.filter(Exists(inside))).select_related("unit")
    return people.order_by("sort_key", "pk")


def found_people(user, text):
    """Up to MANY living people of the own units whose name holds the text; Ban Phong trào: of all."""
    people = people_for(user)
    if not user.is_lead_officer:
        people = people.filter(unit__in=user.unit_ids)
    return list(people.living().matching(text).order_by("sort_key", "pk")[:MANY])


@dataclass
class Held:
    """All that volunteers keeps of one person, for the person's own page, copy and erasure."""

    person: Person
    memberships: list = field(default_factory=list)
    seats: list = field(default_factory=list)
    consents: list = field(default_factory=list)
    requests: list = field(default_factory=list)


def held_of(person):
    """Held of a person. Four queries."""
    return Held(
        person,
        list(Membership.objects.filter(person=person).select_related("team").order_by("-valid_from", "-pk")),
        list(CommandPost.objects.filter(person=person).select_related("team").order_by("-valid_from", "-pk")),
        list(person.consents.select_related("text", "recorded_by").order_by("-recorded_at", "-pk")),
        list(person.requests.select_related("unit").order_by("-received_at", "-pk")),
    )


REGISTERS = {"camera": CameraRoute, "ocop": OcopProduct, "enterprise": Enterprise}


def named_in_texts(person):
    """[Place] of the unit's own rows whose words hold the person's name: only a human can judge them."""
    name = fold(person.full_name)
    places = [
        Place(f"Hoạt động «{row.title}»", reverse("activity_detail", args=[row.pk]), by_itself=False)
        for row in Activity.objects.filter(unit=person.unit_id).only("title", "place", "result")
        if name in fold(f"{row.title} {row.place} {row.result}")
    ]
    places += [
        Place(f"Đội hình «{row.name}»", reverse("team_detail", args=[row.pk]), by_itself=False)
        for row in Team.objects.filter(unit=person.unit_id).only("name", "tasks", "place", "debut_place")
        if name in fold(f"{row.name} {row.tasks} {row.place} {row.debut_place}")
    ]
    for model in REGISTERS.values():
        title = model._meta.verbose_name
        rows = model.objects.filter(unit=person.unit_id).valid()
        places += [
            Place(f"{title} «{row.name}»", reverse("register_home"), by_itself=False)
            for row in rows
            if name
            in fold(" ".join(str(getattr(row, word, "")) for word in ("name", "owner", "note", "place")))
        ]
    return places


def activities_with_photos(unit):
    """The unit's latest activities with photos: who is on them only a human sees."""
    rows = Activity.objects.filter(unit=unit, photos__isnull=False).annotate(shots=Count("photos"))
    return list(rows.order_by("-starts_on", "-pk")[:MANY])


def accesses_shown(rows):
    """Rows of the access log with the names of users and units."""
    return rows.select_related("actor", "unit").order_by("-at", "-pk")


def team_names(rows):
    """{team id: name} of the teams that rows of the access log name. One query."""
    ids = {row.team_id for row in rows if row.team_id}
    return dict(Team.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def current_members(unit):
    """How many people are in a team of the unit today without an end."""
    return Membership.objects.filter(unit=unit, valid_to__isnull=True).aggregate(
        people=Count(F("person"), distinct=True)
    )["people"]
