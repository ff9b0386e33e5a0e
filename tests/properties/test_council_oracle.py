"""Random councils by the real rules: quorum, bases, refusals, ties, results equal an oracle of raw rows."""

from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from hypothesis import event, given, settings
from hypothesis import strategies as st

from awards.council import CouncilError
from awards.council_votes import (
    confirm_counts,
    enter_counts,
    figures_of,
    note_all_proposed,
    note_conflicts,
    rule_tie,
    stamp,
    ties_of,
)
from awards.models import Council, CouncilMember, RoundForm, Stage, VoteCount
from awards.queries_council import results
from awards.voting import Why
from doanportal import clock
from tests.factories.awards import award_form, make_dossier, make_nomination, make_round
from tests.factories.plans import local
from tests.factories.units import make_unit, make_user
from tests.oracle import council as oracle

NOW = local(2023, 11, 20)
FORMS = ("province_certificate", "central_certificate")
LONGEST = 12

shares = st.sampled_from([(1, 2), (2, 3), (3, 4), (1, 1)])
# Mostly there, seldom of a unit of the round: else hardly anybody would ever vote.
seats = st.lists(
    st.tuples(st.sampled_from([True] * 5 + [False, None]), st.sampled_from([0] * 5 + [1, 2, 3])),
    min_size=1,
    max_size=9,
)
cases = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([FORMS[0]] * 4 + [FORMS[1]]),
        st.sampled_from([()] * 5 + [(0,), (1, 2), (0, 1, 2, 3)]),
    ),
    min_size=3,
    max_size=6,
)
# Few different numbers: ties must be common.
acts = st.lists(
    st.tuples(
        st.sampled_from(["count"] * 3 + ["all", "all", "odd", "confirm", "chair"]),
        st.integers(0, 5),
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=20,
)


@dataclass
class World:
    round: object
    council: object
    nominations: list
    keeper: object
    second: object

    @classmethod
    def build(cls, draw):
        numerator, denominator = draw(shares)
        award_round = make_round(
            forms=FORMS,
            quorum_numerator=numerator,
            quorum_denominator=denominator,
            threshold_percent=draw(st.sampled_from(["33.33", "50", "66.67", "70", "100"])),
            base=draw(st.sampled_from(["members", "present"])),
            method=draw(st.sampled_from(["paper", "paper", "hands"])),
            most_ballots=draw(st.sampled_from([2, 3, 2, 3, 1])),
        )
        RoundForm.objects.filter(round=award_round, form__code=FORMS[0]).update(
            most=draw(st.sampled_from([1, 2, 1, 3, 0, None]))
        )
        units = [make_unit() for _ in range(4)]
        dossiers = [make_dossier(award_round, unit) for unit in units]
        council = Council.objects.create(round=award_round, state="sitting")
        members = [
            CouncilMember.objects.create(
                council=council,
                name=f"M{place}",
                title="x",
                present=present,
                unit=units[unit] if unit else None,
            )
            for place, (present, unit) in enumerate(draw(seats))
        ]
        world = cls(award_round, council, [], make_user(), make_user())
        for unit, form, barred in draw(cases):
            nomination = make_nomination(dossiers[unit], stage=Stage.COUNCIL, form=award_form(form))
            world.nominations.append(nomination)
            world.bar(nomination, [members[place % len(members)] for place in barred])
        if draw(st.booleans()):
            note_all_proposed(award_round, by=world.keeper)
        return world

    def bar(self, nomination, members):
        try:
            out = {member.pk: "lý do" for member in members}
            note_conflicts(self.round, nomination.pk, out=out, kept={}, by=self.keeper)
        except CouncilError:
            return

    def do(self, cursor, act):
        kind, who, less, blank, other = act
        nomination = self.nominations[who % len(self.nominations)]
        if kind == "confirm":
            waiting = VoteCount.objects.filter(council=self.council, confirmed_by=None)
            confirm_counts(self.round, {one.nomination_id: stamp(one) for one in waiting}, by=self.second)
        elif kind == "chair":
            self.rule(other)
        elif kind == "all":
            for place, one in enumerate(self.nominations):
                self.count(cursor, one, less if place == who else blank, 0, 0, odd=False)
            self.do(cursor, ("confirm", 0, 0, 0, 0))
        else:
            self.count(cursor, nomination, less, blank, other, odd=kind == "odd")

    def count(self, cursor, nomination, less, blank, other, *, odd):
        """Enter a count; it must be kept exactly when the oracle says that it can be."""
        ballot = results(self.round)[nomination.pk].verdict.next_ballot
        if ballot is None:
            return
        _, present = oracle.voters(cursor, nomination.pk)
        votes = max(present - less, 0)
        issued = present + (other - 1 if odd else 0)
        papers = {
            "issued": max(issued, 0),
            "votes_for": votes,
            "votes_against": min(other, 2) if odd else max(present - votes - blank, 0),
            "blank": min(blank, present - votes) if not odd else blank,
            "invalid": 0 if not odd else other % 2,
        }
        may = oracle.possible(
            self.round.method,
            present,
            papers["issued"],
            papers["votes_for"],
            papers["votes_against"],
            papers["blank"],
            papers["invalid"],
        )
        figures = figures_of(method=self.round.method, **papers)
        current = VoteCount.objects.filter(nomination=nomination, ballot=ballot).first()
        quorum = oracle.session(cursor, self.round.pk)[2]
        silent = oracle.unanswered(cursor, nomination.pk)
        try:
            given = {nomination.pk: (ballot, stamp(current), figures)}
            _, wrong = enter_counts(self.round, given, by=self.keeper)
        except CouncilError:
            assert not quorum
            return
        assert quorum
        assert bool(wrong) == (not may or bool(silent))

    def rule(self, pick):
        for why, places, among in ties_of(results(self.round)):
            if why in (Why.CHAIR, Why.RULED_IN):
                turned = among[pick % len(among) :] + among[: pick % len(among)]
                event("chair ruled")
                rule_tie(self.round, among=among, chosen=turned[:places], reason="lý do", by=self.keeper)


def check(cursor, world):
    found = results(world.round)
    assert {pk: str(row.outcome) for pk, row in found.items()} == oracle.outcomes(cursor, world.round.pk)
    for row in found.values():
        event(str(row.verdict.why))
        for count in row.counts:
            assert (count.members, count.present) == oracle.voters(cursor, row.nomination_id)
            base, passed = oracle.base_and_passed(cursor, row.nomination_id, count.votes_for)
            assert (count.base, count.passed) == (base, passed)


@pytest.mark.django_db
@settings(max_examples=60)
@given(st.data(), acts)
def test_quorum_counts_ties_and_results_equal_the_oracle(data, history):
    with transaction.atomic(), clock.at(NOW):
        world = World.build(data.draw)
        with connection.cursor() as cursor:
            for act in history:
                world.do(cursor, act)
            check(cursor, world)
            # To the end: what is open is counted and confirmed, ties are ruled, and nothing stays open.
            if oracle.session(cursor, world.round.pk)[2]:
                note_all_proposed(world.round, by=world.keeper)
                finish(cursor, world)
        transaction.set_rollback(True)


def finish(cursor, world):
    for turn in range(LONGEST):
        for nomination in world.nominations:
            world.count(cursor, nomination, turn % 2, 0, 0, odd=False)
        world.do(cursor, ("confirm", 0, 0, 0, 0))
        check(cursor, world)
        world.rule(turn)
        check(cursor, world)
    ends = {str(row.outcome) for row in results(world.round).values()}
    assert ends <= {"recommended", "not"}
