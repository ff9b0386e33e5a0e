"""Outcomes prepared quietly, number and day, and what the higher level changes."""

from datetime import date

import pytest

from awards.decisions import (
    DecisionError,
    Given,
    follow_council,
    number_decision,
    open_decision,
    save_outcomes,
    stamp,
    unnumber,
)
from awards.models import Council, Decision, DecisionLine, Stage, VoteCount
from doanportal import clock
from tests.awards.decision_cast import make_cast
from tests.factories.awards import make_council
from tests.factories.units import make_post
from units.models import DocumentType, Event, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at):
    at("2023-12-21T08:00")
    return make_cast()


def line_of(nomination):
    return DecisionLine.objects.filter(nomination=nomination).first()


def test_outcomes_of_a_round_go_into_one_open_decision(cast):
    first, second = cast.nominate(2)
    cast.give(first)
    cast.refuse(second)
    assert Decision.objects.get().lines.count() == 2
    assert (line_of(first).form, line_of(second).reason) == (first.form, "Chưa đủ thành tích")


def test_refused_without_a_reason_is_told_and_not_written(cast):
    nomination = cast.nominate()
    saved, wrong = cast.give(nomination, outcome="refused")
    assert (saved, wrong) == ([], {nomination.pk: "Không đạt thì ghi lý do."})
    assert line_of(nomination) is None


def test_outcome_that_somebody_else_changed_is_told_and_not_overwritten(cast):
    nomination = cast.nominate()
    cast.refuse(nomination, reason="Thiếu minh chứng")
    given = {nomination.pk: Given("granted", "", stamp(None))}
    saved, wrong = save_outcomes(cast.round, given, by=cast.leader)
    assert saved == []
    assert "Thiếu minh chứng" in wrong[nomination.pk]
    assert line_of(nomination).outcome == "refused"


def test_outcome_taken_out_again_leaves_no_line(cast):
    nomination = cast.nominate()
    cast.give(nomination)
    cast.give(nomination, outcome="")
    assert line_of(nomination) is None


@pytest.mark.parametrize("stage", [Stage.CLUSTER, Stage.CHECK, Stage.COUNCIL, Stage.PUBLISHED])
def test_outcome_outside_the_standing_committees_step_is_refused(cast, stage):
    nomination = cast.nominate(stage=stage)
    saved, wrong = cast.give(nomination)
    assert (saved, list(wrong)) == ([], [nomination.pk])


def test_outcome_of_the_own_unit_is_refused(cast):
    nomination = cast.nominate()
    make_post(cast.officer, cast.unit, Role.EDITOR)
    officer = type(cast.officer).objects.get(pk=cast.officer.pk)
    assert cast.give(nomination, by=officer)[0] == []


def test_same_outcome_again_writes_nothing(cast):
    nomination = cast.nominate()
    cast.give(nomination)
    before = Event.objects.count()
    assert cast.give(nomination) == ([], {})
    assert Event.objects.count() == before


def test_events_of_outcomes_hold_no_names_and_no_reasons(cast):
    nomination = cast.nominate(name="Lê Thị Kín")
    cast.refuse(nomination, reason="Lý do riêng")
    words = " ".join(f"{row.from_state} {row.to_state} {row.reason}" for row in Event.objects.all())
    assert "Kín" not in words
    assert "Lý do riêng" not in words


# Number


def test_number_freezes_the_list_and_the_next_outcome_opens_another_decision(cast):
    first, second = cast.nominate(2)
    cast.give(first)
    numbered = cast.number()
    assert cast.refuse(first)[1][first.pk].startswith("Kết quả này nằm trong Quyết định đã ghi số")
    cast.give(second)
    assert open_decision(cast.round) != numbered
    assert line_of(second).decision == open_decision(cast.round)


def test_number_before_any_outcome_is_refused(cast):
    nomination = cast.nominate()
    cast.give(nomination)
    cast.give(nomination, outcome="")
    with pytest.raises(DecisionError, match="Chưa có kết quả"):
        cast.number()


def test_symbol_of_the_decision_is_the_provinces(cast):
    cast.give(cast.nominate())
    assert cast.number().document.full_number == "101-QĐ/TĐTN-BPT"


def test_results_without_a_grant_of_ours_are_numbered_as_a_notice(cast):
    cast.refuse(cast.nominate())
    document = cast.number().document
    assert (document.type, document.full_number) == (DocumentType.NOTICE, "101-TB/TĐTN-BPT")


def test_number_taken_off_opens_the_list_again(cast):
    nomination = cast.nominate()
    cast.give(nomination)
    decision = cast.number()
    unnumber(decision, by=cast.officer)
    assert open_decision(cast.round) == decision
    assert cast.refuse(nomination)[0] == [nomination.pk]


def test_number_of_a_published_decision_stays(cast):
    cast.decide(cast.nominate())
    decision = Decision.objects.get()
    with pytest.raises(DecisionError, match="đã công bố"):
        unnumber(decision, by=cast.officer)
    with pytest.raises(DecisionError, match="đã công bố"):
        number_decision(
            decision, number="9", symbol="", term="2022-2027", date=date(2023, 12, 1), by=cast.officer
        )


# The council's result


def test_council_results_become_outcomes_but_never_over_what_is_written(cast):
    proposed, not_proposed, written = cast.nominate(3)
    cast.refuse(written, reason="đã xét")
    verdicts = {proposed.pk: "recommended", not_proposed.pk: "not", written.pk: "recommended"}
    seat_votes(cast, verdicts)
    assert follow_council(cast.round, by=cast.officer) == 2
    assert line_of(proposed).outcome == "granted"
    assert line_of(not_proposed).reason == "Hội đồng xét khen thưởng không đề nghị."
    assert line_of(written).reason == "đã xét"


def seat_votes(cast, verdicts):
    """Confirmed counts of a closed council of nine that give these verdicts."""
    council = make_council(cast.round, present=9, absent=0)
    for pk, verdict in verdicts.items():
        votes = 9 if verdict == "recommended" else 3
        VoteCount.objects.create(
            nomination_id=pk,
            council=council,
            ballot=1,
            members=9,
            present=9,
            issued=9,
            votes_for=votes,
            votes_against=9 - votes,
            base=9,
            threshold_percent=70,
            passed=votes == 9,
            method="paper",
            entered_by=cast.clerk,
            confirmed_by=cast.officer,
            confirmed_at=clock.now(),
        )
    Council.objects.filter(pk=council.pk).update(state="closed")
