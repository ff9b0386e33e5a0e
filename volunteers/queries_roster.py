"""Reads of the roster: who is in a team on a day, what changed since it was last sent, who looks alike."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection
from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    Prefetch,
    Q,
    Value,
    When,
    Window,
)

from units.models import Event

from .models import BoardRole, CommandPost, Membership, Person, RosterLine, RosterSending

# Verbs of the event log that the roster reads again.
EDITED = "edit_person"
MERGED = "merge_person"
NOT_TWINS = "not_twins"

BOARD_ORDER = {BoardRole.LEADER: 1, BoardRole.DEPUTY_LEADER: 2, BoardRole.MEMBER: 3}
NO_SEAT = 9
FEW_MEMBERS, MANY_MEMBERS = 3, 100  # outside of these a team's size is worth a second look (domain.md §4)


@dataclass(frozen=True)
class RosterRow:
    """One person of the team on a day: a seat on the command board, a membership, or both."""

    person: Person
    board_role: str
    role: str
    joined: date | None
    left: date | None
    basis: str
    membership_id: int | None
    seat_from: date | None
    seat_to: date | None

    @property
    def title(self):
        """«Đội trưởng», «Đội phó, phụ trách điểm trực», «thành viên»."""
        board = BoardRole(self.board_role).label if self.board_role else ""
        return ", ".join(word for word in (board, self.role) if word) or "thành viên"

    @property
    def is_held_back(self):
        """Whether the person asked that the data be used no more: lists show a mark in its place."""
        return self.person.restricted_at is not None

    @property
    def since(self):
        """The day of joining; of somebody who only sits on the board, the first day of the seat."""
        return self.joined or self.seat_from

    @property
    def last_day(self):
        """The last day in the team, None as long as no end is written down."""
        end = self.left if self.membership_id else self.seat_to
        return end - timedelta(days=1) if end else None


def roster_people(team, day, text=""):
    """People of the team on `day` with seat and membership annotated, board first, then by given name.

    `text` narrows to names that hold it, diacritics ignored.
    """
    people = (
        Person.objects.filter(unit_id=team.unit_id)
        .annotate(
            seat=FilteredRelation("command_posts", condition=in_force("command_posts", team, day)),
            place=FilteredRelation("memberships", condition=in_force("memberships", team, day)),
        )
        .filter(Q(seat__isnull=False) | Q(place__isnull=False))
        .annotate(
            board_role=F("seat__role"),
            seat_from=F("seat__valid_from"),
            seat_to=F("seat__valid_to"),
            seat_basis=F("seat__basis"),
            membership_id=F("place__pk"),
            joined=F("place__valid_from"),
            left=F("place__valid_to"),
            role=F("place__role"),
            basis=F("place__basis"),
            board_order=Case(
                *(When(seat__role=role, then=Value(place)) for role, place in BOARD_ORDER.items()),
                default=Value(NO_SEAT),
                output_field=IntegerField(),
            ),
            # Whose data were erased has no name to sort by and stands at the end.
            nameless=Case(When(sort_key="", then=Value(1)), default=Value(0), output_field=IntegerField()),
        )
        .order_by("board_order", "nameless", "sort_key", "pk")
    )
    return people.matching(text) if text.strip() else people


def in_force(relation, team, day):
    return Q(**{f"{relation}__team": team, f"{relation}__valid_from__lte": day}) & (
        Q(**{f"{relation}__valid_to__isnull": True}) | Q(**{f"{relation}__valid_to__gt": day})
    )


def roster_row(person):
    """The RosterRow of a person from roster_people()."""
    return RosterRow(
        person=person,
        board_role=person.board_role or "",
        role=person.role or "",
        joined=person.joined,
        left=person.left,
        basis=person.basis or person.seat_basis or "",
        membership_id=person.membership_id,
        seat_from=person.seat_from,
        seat_to=person.seat_to,
    )


def roster_as_at(team, day):
    """[RosterRow] of the team on `day`: board roles first, then members by given name. One query."""
    return [roster_row(person) for person in roster_people(team, day)]


def board_as_at(team, day):
    """[RosterRow] of the command board alone. One query."""
    return [roster_row(person) for person in roster_people(team, day).filter(seat__isnull=False)]


@dataclass(frozen=True)
class Place:
    """What a list says of one person: who, the seat, the role."""

    person_id: int
    board_role: str = ""
    role: str = ""

    @property
    def title(self):
        board = BoardRole(self.board_role).label if self.board_role else ""
        return ", ".join(word for word in (board, self.role) if word) or "thành viên"


def place_of(row):
    return Place(row.person.pk, row.board_role, row.role)


@dataclass
class Changes:
    """Places that joined and left, (before, after) of changed roles, ids of people with corrected details."""

    joined: list = field(default_factory=list)
    left: list = field(default_factory=list)
    role_changed: list = field(default_factory=list)
    corrected: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.joined or self.left or self.role_changed or self.corrected)

    @property
    def person_ids(self):
        """Everybody who is named in it."""
        pairs = [after for _, after in self.role_changed]
        return {row.person_id for row in [*self.joined, *self.left, *pairs]} | set(self.corrected)


def changes_between(before, after, *, edited=frozenset()):
    """Changes from one list of Places to another, in the order of the lists.

    `edited`: ids of people whose details were corrected; named where they stand in both lists.
    """
    old = {place.person_id: place for place in before}
    new = {place.person_id: place for place in after}
    return Changes(
        joined=[place for place in new.values() if place.person_id not in old],
        left=[place for place in old.values() if place.person_id not in new],
        role_changed=[
            (old[person_id], place)
            for person_id, place in new.items()
            if person_id in old and old[person_id] != place
        ],
        corrected=[person_id for person_id in new if person_id in old and person_id in edited],
    )


def sendings_of(team):
    """The RosterSendings of a team, latest first, with who sent them."""
    return RosterSending.objects.filter(team=team).select_related("sent_by")


def changes_since(sending, team, day):
    """(Changes of the roster on `day` against what was sent, {id: Person} of those named). Three queries.

    Somebody whose double entry was merged since then is not one who left and one who joined.
    """
    lines = RosterLine.objects.filter(sending=sending).select_related("person").order_by("pk")
    people = {line.person_id: line.person for line in lines}
    merges, edited = happened_since(sending.sent_at, people)
    before = {}
    for line in lines:
        now_called = merges.get(line.person_id, line.person_id)
        before[now_called] = Place(now_called, line.board_role, line.role)
    rows = roster_as_at(team, day)
    people |= {row.person.pk: row.person for row in rows}
    changes = changes_between(before.values(), map(place_of, rows), edited=edited)
    if missing := changes.person_ids - set(people):
        people |= Person.objects.in_bulk(missing)
    return changes, people


def happened_since(moment, person_ids):
    """({id of an entry merged since then: id of the person it is now}, ids edited since then).

    One query, one more for each merge of what was merged into.
    """
    merges, edited, asked = {}, set(), set(person_ids)
    while asked:
        events = Event.objects.filter(
            verb__in=[MERGED, EDITED], subject_type="volunteers.person", subject_id__in=asked, at__gt=moment
        ).values_list("verb", "subject_id", "to_state")
        found = {subject_id: int(state) for verb, subject_id, state in events if verb == MERGED}
        edited |= {subject_id for verb, subject_id, _ in events if verb == EDITED}
        merges |= found
        asked = set(found.values())
    return {person_id: end_of(person_id, merges) for person_id in person_ids if person_id in merges}, edited


def end_of(person_id, steps):
    while person_id in steps:
        person_id = steps[person_id]
    return person_id


@dataclass(frozen=True)
class RosterPage:
    """One page of a roster, and how many people there are in all."""

    rows: list
    total: int
    number: int
    pages: int


def roster_page(team, day, text, number, *, size):
    """The RosterPage of that number; past the end the first. One query."""
    people = roster_people(team, day, text).annotate(total=Window(Count("pk")))
    found = list(people[(number - 1) * size : number * size])
    if not found and number > 1:
        return roster_page(team, day, text, 1, size=size)
    total = found[0].total if found else 0
    return RosterPage([roster_row(person) for person in found], total, number, -(-total // size))


def team_numbers(team, day):
    """{people, board, women} of a team on a day: what a post without need of names sees. One query."""
    people = roster_people(team, day).order_by()
    rows = people.values_list("board_order", "gender")
    return {
        "people": len(rows),
        "board": sum(1 for order, _ in rows if order != NO_SEAT),
        "women": sum(1 for _, gender in rows if gender == "female"),
    }


def people_of_unit(unit, text):
    """Living people of a unit whose name holds `text`, with their open memberships as `open_teams`."""
    current = Membership.objects.filter(valid_to__isnull=True).select_related("team")
    return (
        Person.objects.filter(unit=unit)
        .living()
        .matching(text)
        .prefetch_related(Prefetch("memberships", queryset=current, to_attr="open_places"))
        .order_by("sort_key", "pk")
    )


def possible_same(unit, full_name_key, birth_year):
    """Living people of the unit with that folded name and year of birth. One query, one more for teams."""
    current = Membership.objects.filter(valid_to__isnull=True).select_related("team")
    return list(
        Person.objects.filter(unit=unit, search_key=full_name_key, birth_year=birth_year)
        .living()
        .prefetch_related(Prefetch("memberships", queryset=current, to_attr="open_places"))[:20]
    )


@dataclass(frozen=True)
class Twins:
    """Two entries of one unit that may be one person; `same_year`: else the years differ by one."""

    first: Person
    second: Person
    same_year: bool


TWIN_PAIRS = """
SELECT a.id, b.id, a.birth_year = b.birth_year AS same_year
  FROM volunteers_person a
  JOIN volunteers_person b
    ON b.unit_id = a.unit_id AND b.search_key = a.search_key AND b.id > a.id
   AND b.birth_year BETWEEN a.birth_year - 1 AND a.birth_year + 1
 WHERE a.unit_id = %(unit)s AND a.anonymised_at IS NULL AND b.anonymised_at IS NULL
   AND NOT EXISTS (
       SELECT 1 FROM units_event e
        WHERE e.subject_type = 'volunteers.person' AND e.subject_id = a.id
          AND e.verb = %(not_twins)s AND e.to_state = b.id::text)
 ORDER BY same_year DESC, a.sort_key, a.id, b.id
"""


def twin_pairs(unit):
    """[(id, id, same_year)] of likely doubles of a unit: by folded name and year of birth, never by phone."""
    with connection.cursor() as cursor:
        cursor.execute(TWIN_PAIRS, {"unit": unit.pk, "not_twins": NOT_TWINS})
        return cursor.fetchall()


def twins_of(pairs):
    """[Twins] of some of the pairs, with their open memberships. Two queries."""
    current = Membership.objects.filter(valid_to__isnull=True).select_related("team")
    ids = {person_id for first, second, _ in pairs for person_id in (first, second)}
    people = Person.objects.prefetch_related(
        Prefetch("memberships", queryset=current, to_attr="open_places")
    ).in_bulk(ids)
    return [Twins(people[first], people[second], same) for first, second, same in pairs]


def history_of(person):
    """(memberships, seats) of a person in all teams, latest first. Two queries."""
    return (
        list(Membership.objects.filter(person=person).select_related("team").order_by("-valid_from", "-pk")),
        list(CommandPost.objects.filter(person=person).select_related("team").order_by("-valid_from", "-pk")),
    )
