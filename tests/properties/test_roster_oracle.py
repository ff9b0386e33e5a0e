"""Random joins, leaves and corrections by the real rules: the roster of any day equals two naive ones.

One reads the raw tables; the other is a ledger of days that the test keeps itself from what the rules took.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from doanportal import clock
from tests.factories.plans import local
from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_consent, make_person, make_team
from tests.oracle.roster import changes, roster, sent
from volunteers.models import CommandPost, Membership
from volunteers.queries_roster import changes_since, roster_as_at, sendings_of
from volunteers.roster import RosterError, change_role, correct, join, leave, send_roster, stamp

START, DAYS, PEOPLE = date(2023, 3, 1), 40, 4
NOW = local(2023, 4, 20)
SEATS = ("leader", "deputy_leader", "member")
ROLES = ("", "thư ký", "thủ quỹ")

days = st.integers(0, DAYS - 1)
acts = st.tuples(
    st.sampled_from(["join"] * 3 + ["leave"] * 2 + ["correct"] * 3 + ["role", "seat", "send"]),
    st.integers(0, PEOPLE - 1),
    days,
    st.none() | days,
    st.sampled_from(ROLES),
    st.integers(0, 3),
)
histories = st.lists(acts, min_size=3, max_size=14)


@dataclass
class Ledger:
    """What each person was on each day, as somebody with paper and pencil would keep it."""

    roles: dict = field(default_factory=dict)
    seats: dict = field(default_factory=dict)

    def clear(self, row):
        for offset in range(DAYS):
            if in_row(row, offset):
                self.roles.pop((row.person_id, offset), None)

    def write(self, row):
        for offset in range(DAYS):
            if in_row(row, offset):
                self.roles[row.person_id, offset] = row.role

    def on(self, offset, people):
        found = {}
        for person in people:
            key = (person.pk, offset)
            if key in self.roles or key in self.seats:
                found[person.pk] = (self.seats.get(key, ""), self.roles.get(key, ""))
        return found


def in_row(row, offset):
    return row.valid_from <= day_of(offset) and (row.valid_to is None or day_of(offset) < row.valid_to)


def day_of(offset):
    return START + timedelta(days=offset)


@dataclass
class World:
    team: object
    people: list
    by: object
    ledger: Ledger

    @classmethod
    def build(cls):
        unit = make_unit()
        team = make_team(unit, founded_on=date(2023, 2, 24))
        people = [make_person(unit, full_name=f"Nguyễn {name}") for name in ("Ân", "An", "Bé", "Ấn")]
        for person in people:
            make_consent(person)
        return cls(team, people, make_member(unit), Ledger())

    def do(self, act):
        """One act by the rule of the portal; what it refuses changes nothing."""
        kind, who, first, second, role, pick = act
        person = self.people[who]
        rows = list(Membership.objects.filter(team=self.team, person=person).order_by("valid_from"))
        if kind == "send":
            if roster_as_at(self.team, day_of(first)):
                send_roster(self.team, as_of=day_of(first), by=self.by)
        elif kind == "seat":
            self.take_seat(person, first, second, SEATS[pick % 3])
        elif kind == "join":
            row = join(self.team, person, joined=day_of(first), role=role, basis="", by=self.by)
            self.ledger.write(row)
        elif rows:
            self.change(kind, rows[pick % len(rows)], day_of(first), second, role)

    def change(self, kind, row, day, second, role):
        before = Membership.objects.get(pk=row.pk)
        if kind == "leave":
            after = [leave(row, left=day, basis="họp đội", seen=stamp(row), by=self.by)]
            for offset in range(DAYS):
                # A seat ends with the membership.
                if day_of(offset) >= day:
                    self.ledger.seats.pop((row.person_id, offset), None)
        elif kind == "correct":
            left = None if second is None else day_of(second)
            after = [
                correct(
                    row,
                    joined=day,
                    left=left,
                    role=role,
                    basis="",
                    reason="ghi nhầm",
                    seen=stamp(row),
                    by=self.by,
                )
            ]
        else:
            later = change_role(row, since=day, role=role, basis="", seen=stamp(row), by=self.by)
            after = [Membership.objects.get(pk=row.pk), later]
        self.ledger.clear(before)
        for one in after:
            self.ledger.write(one)

    def take_seat(self, person, first, second, role):
        """A seat that nobody else's overlaps; seats are the command board's own matter."""
        until = None if second is None or second <= first else second
        span = range(first, DAYS if until is None else until)
        if any((one.pk, offset) in self.ledger.seats for one in self.people for offset in span):
            return
        if CommandPost.objects.filter(team=self.team, person=person, valid_to=None).exists():
            return
        CommandPost.objects.create(
            unit=self.team.unit,
            team=self.team,
            person=person,
            role=role,
            valid_from=day_of(first),
            valid_to=None if until is None else day_of(until),
        )
        for offset in span:
            self.ledger.seats[person.pk, offset] = role


def ours(team, day):
    return {row.person.pk: (row.board_role, row.role) for row in roster_as_at(team, day)}


@pytest.mark.django_db
@settings(max_examples=60)
@given(histories)
def test_roster_of_any_day_and_changes_equal_the_oracle(history):
    with transaction.atomic(), clock.at(NOW):
        world = World.build()
        for act in history:
            try:
                with transaction.atomic():
                    world.do(act)
            except RosterError:
                continue
        with connection.cursor() as cursor:
            for offset in range(0, DAYS, 3):
                found = ours(world.team, day_of(offset))
                assert found == roster(cursor, world.team.pk, day_of(offset))
                assert found == world.ledger.on(offset, world.people)
            check_changes(cursor, world)
        transaction.set_rollback(True)


def check_changes(cursor, world):
    for sending in sendings_of(world.team):
        before, after = sent(cursor, sending.pk), roster(cursor, world.team.pk, day_of(DAYS - 1))
        joined, left, changed = changes(before, after)
        found, _ = changes_since(sending, world.team, day_of(DAYS - 1))
        assert {place.person_id for place in found.joined} == joined
        assert {place.person_id for place in found.left} == left
        assert {place.person_id for _, place in found.role_changed} == changed
