"""Conflicts, counts, the second person, the chair's word: by rule and by the database."""

import pytest
from django.db import DatabaseError, transaction

from awards.council import CouncilChanged, CouncilError
from awards.council_votes import (
    confirm_by_counting_again,
    confirm_counts,
    drop_count,
    enter_counts,
    figures_of,
    note_all_proposed,
    note_conflicts,
    rule_tie,
)
from awards.models import Conflict, CouncilMember, KeptVoter, Round, Stage, VoteCount
from tests.awards.council_cast import make_cast
from tests.factories.awards import make_council, make_round
from tests.factories.units import make_member, make_post
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at):
    at("2023-11-20T08:30")
    return make_cast()


def at_home(cast, place=1):
    """The member in that place comes from the nominations' own unit."""
    member = cast.council.members.all()[place]
    CouncilMember.objects.filter(pk=member.pk).update(unit=cast.dossier.unit)
    return member


def words(wrong, nomination):
    return wrong[nomination.pk][0][1]


# Conflicts


def test_conflict_leaves_the_member_out_of_the_base(cast):
    nomination, member = cast.nominate(), cast.council.members.all()[1]
    note_conflicts(cast.round, nomination.pk, out={member.pk: "là anh ruột"}, kept={}, by=cast.keeper)
    cast.vote(nomination, 6)
    count = VoteCount.objects.get()
    assert (count.members, count.present, count.base, count.passed) == (8, 7, 8, True)


def test_member_of_the_own_unit_is_never_left_in_silently(cast):
    nomination, member = cast.nominate(), at_home(cast)
    with pytest.raises(CouncilError, match=f"{member.name} thuộc đơn vị đề nghị"):
        note_conflicts(cast.round, nomination.pk, out={}, kept={}, by=cast.keeper)
    kept, wrong = cast.enter(nomination, 7)
    assert kept == [] and f"{member.name} thuộc đơn vị đề nghị" in words(wrong, nomination)


def test_member_with_a_post_in_the_unit_counts_as_of_the_unit(cast):
    member = cast.council.members.all()[1]
    CouncilMember.objects.filter(pk=member.pk).update(user=make_member(cast.dossier.unit))
    _, wrong = cast.enter(cast.nominate(), 7)
    assert member.name in next(iter(wrong.values()))[0][1]


def test_member_of_the_own_unit_votes_only_with_a_reason(cast):
    nomination, member = cast.nominate(), at_home(cast)
    with pytest.raises(CouncilError, match="lý do"):
        note_conflicts(cast.round, nomination.pk, out={}, kept={member.pk: ""}, by=cast.keeper)
    note_conflicts(cast.round, nomination.pk, out={}, kept={member.pk: "đã thôi chức"}, by=cast.keeper)
    cast.vote(nomination, 7)
    assert VoteCount.objects.get().members == 9 and KeptVoter.objects.get().reason == "đã thôi chức"


def test_noting_again_replaces_what_was_noted(cast):
    nomination, (one, two, *_) = cast.nominate(), cast.council.members.all()
    note_conflicts(cast.round, nomination.pk, out={one.pk: "a", two.pk: "b"}, kept={}, by=cast.keeper)
    before = Conflict.objects.get(member=two).pk
    note_conflicts(cast.round, nomination.pk, out={two.pk: "b"}, kept={}, by=cast.keeper)
    assert list(Conflict.objects.values_list("pk", "member")) == [(before, two.pk)]


def test_conflicts_after_a_count_are_refused_by_rule_and_database(cast):
    nomination, member = cast.nominate(), cast.council.members.all()[1]
    cast.enter(nomination, 7)
    with pytest.raises(CouncilError, match="Đã nhập kết quả"):
        note_conflicts(cast.round, nomination.pk, out={member.pk: "x"}, kept={}, by=cast.keeper)
    with pytest.raises(DatabaseError), transaction.atomic():
        Conflict.objects.create(nomination=nomination, member=member, reason="x", noted_by=cast.keeper)


def test_all_proposed_are_noted_at_once_and_only_once(cast):
    member = at_home(cast)
    first, second = cast.nominate(2)
    note_conflicts(cast.round, first.pk, out={}, kept={member.pk: "lý do"}, by=cast.keeper)
    assert note_all_proposed(cast.round, by=cast.keeper) == 1
    assert note_all_proposed(cast.round, by=cast.keeper) == 0
    assert list(Conflict.objects.values_list("nomination", "member")) == [(second.pk, member.pk)]


# Counts


def test_count_keeps_the_numbers_of_the_round_and_the_session(cast):
    nomination = cast.nominate()
    cast.enter(nomination, 6, votes_against=1, blank=1)
    count = VoteCount.objects.get()
    assert (count.members, count.present, count.issued, count.base) == (9, 8, 8, 9)
    assert (count.threshold_percent, count.passed, count.method) == (70, False, "paper")


def test_base_of_the_present_is_taken_from_the_round(cast):
    Round.objects.update(base="present")
    cast.round.refresh_from_db()
    cast.enter(cast.nominate(), 6)
    count = VoteCount.objects.get()
    assert (count.base, count.passed) == (8, True)


@pytest.mark.parametrize(
    ("figures", "field", "said"),
    [
        ({"issued": 9}, "issued", "chỉ 8 người có mặt"),
        ({"votes_against": 3}, "votes_for", "nhiều hơn 8 phiếu phát ra"),
    ],
)
def test_count_that_cannot_be_is_told_and_not_kept(cast, figures, field, said):
    nomination = cast.nominate()
    kept, wrong = cast.enter(nomination, 7, **figures)
    assert kept == [] and wrong[nomination.pk][0][0] == field and said in words(wrong, nomination)
    assert not VoteCount.objects.exists()


def test_what_is_right_on_a_page_is_kept_beside_what_is_wrong(cast):
    good, bad = cast.nominate(2)
    given = {good.pk: cast.given(good, 8), bad.pk: cast.given(bad, 12)}
    kept, wrong = enter_counts(cast.round, given, by=cast.keeper)
    assert kept == [good.pk] and set(wrong) == {bad.pk}


def test_raised_hands_are_their_own_number_of_papers(cast):
    Round.objects.update(method="hands")
    cast.round.refresh_from_db()
    nomination = cast.nominate()
    figures = figures_of(method="hands", issued=0, votes_for=6, votes_against=1, blank=1)
    enter_counts(cast.round, {nomination.pk: (1, "", figures)}, by=cast.keeper)
    count = VoteCount.objects.get()
    assert (count.issued, count.blank, count.method) == (8, 1, "hands")


def test_counting_without_quorum_is_refused(cast):
    ids = cast.council.members.filter(role="member").values_list("pk", flat=True)[:4]
    CouncilMember.objects.filter(pk__in=list(ids)).update(present=False)
    with pytest.raises(CouncilError, match="Chưa đủ số thành viên"):
        cast.enter(cast.nominate(), 4)


def test_count_entered_in_between_is_not_written_over(cast):
    nomination = cast.nominate()
    stale = cast.given(nomination, 8)
    cast.enter(nomination, 7)
    kept, wrong = enter_counts(cast.round, {nomination.pk: stale}, by=cast.second)
    assert kept == [] and "Người khác vừa nhập" in words(wrong, nomination)
    assert VoteCount.objects.get().votes_for == 7


def test_unconfirmed_count_is_mended_by_entering_again(cast):
    nomination = cast.nominate()
    cast.enter(nomination, 7)
    cast.enter(nomination, 5, by=cast.second)
    count = VoteCount.objects.get()
    assert (count.votes_for, count.passed, count.entered_by) == (5, False, cast.second)


def test_same_numbers_again_change_nothing(cast):
    nomination = cast.nominate()
    cast.enter(nomination, 7)
    assert cast.enter(nomination, 7, by=cast.second) == ([], {})
    assert VoteCount.objects.get().entered_by == cast.keeper


def test_confirmed_count_is_neither_mended_nor_dropped(cast):
    nomination = cast.nominate()
    cast.vote(nomination, 7)
    _, wrong = cast.enter(nomination, 8)
    assert "đã được xác nhận" in words(wrong, nomination)
    with pytest.raises(CouncilError, match="Không có kết quả chưa xác nhận"):
        drop_count(cast.round, nomination.pk, by=cast.keeper)


def test_second_ballot_is_only_for_the_tied(cast):
    nomination = cast.nominate()
    cast.vote(nomination, 8)
    _, wrong = cast.enter(nomination, 8, ballot=2)
    assert "không bỏ phiếu lần 2" in words(wrong, nomination)


@pytest.mark.parametrize("stage", [Stage.CLUSTER, Stage.CHECK, Stage.BUREAU])
def test_count_in_another_stage_is_refused(cast, stage):
    nomination = cast.nominate(stage=stage)
    kept, wrong = cast.enter(nomination, 8)
    assert kept == [] and "hồ sơ đang ở bước" in words(wrong, nomination)


def test_own_units_case_is_not_counted_by_its_people(cast):
    make_post(cast.keeper, cast.dossier.unit, Role.EDITOR)
    nomination = cast.nominate()
    kept, wrong = cast.enter(nomination, 8)
    assert kept == [] and "đơn vị mình" in words(wrong, nomination)


def test_council_of_another_round_does_not_count(cast):
    other = make_council(make_round())
    with pytest.raises(DatabaseError), transaction.atomic():
        VoteCount.objects.create(
            nomination=cast.nominate(),
            council=other,
            ballot=1,
            members=9,
            present=8,
            issued=8,
            votes_for=8,
            votes_against=0,
            base=9,
            threshold_percent=70,
            passed=True,
            method="paper",
            entered_by=cast.keeper,
        )


# The second person


def test_who_entered_does_not_confirm(cast):
    nomination = cast.nominate()
    cast.enter(nomination, 8)
    done, wrong = cast.confirm(nomination, by=cast.keeper)
    assert done == [] and "phải khác người đã nhập" in wrong[nomination.pk]


def test_count_changed_since_it_was_shown_is_not_confirmed(cast):
    nomination = cast.nominate()
    cast.enter(nomination, 8)
    seen = cast.given(nomination, 8)[1]
    cast.enter(nomination, 4)
    done, wrong = confirm_counts(cast.round, {nomination.pk: seen}, by=cast.second)
    assert done == [] and "vừa được sửa" in wrong[nomination.pk]


def test_counting_again_confirms_only_the_same_numbers(cast):
    nomination = cast.nominate()
    cast.enter(nomination, 6)
    other = figures_of(method="paper", issued=8, votes_for=7, votes_against=1)
    with pytest.raises(CouncilError, match="khác số đã nhập"):
        confirm_by_counting_again(cast.round, nomination.pk, figures=other, by=cast.second)
    same = figures_of(method="paper", issued=8, votes_for=6, votes_against=2)
    confirm_by_counting_again(cast.round, nomination.pk, figures=same, by=cast.second)
    assert VoteCount.objects.get().confirmed_by == cast.second


# Ties


def tied(cast, *second_ballot):
    """Two with the same votes for one seat, voted on again."""
    cast.limit(1)
    pair = cast.nominate(2)
    for nomination in pair:
        cast.vote(nomination, 8)
    for nomination, votes in zip(pair, second_ballot, strict=False):
        cast.vote(nomination, votes, ballot=2)
    return pair


def test_second_ballot_decides_between_the_tied(cast):
    one, two = tied(cast, 3, 5)
    assert (cast.outcome(one), cast.outcome(two)) == ("not", "recommended")
    assert "lần 2 được 5 phiếu" in cast.results()[two.pk].reason


def test_chair_decides_after_the_last_ballot_with_a_reason(cast):
    one, two = tied(cast, 4, 4)
    among = [one.pk, two.pk]
    for chosen, reason, said in (
        ([one.pk], "", "lý do"),
        (among, "cả hai", "đúng 1 trong 2"),
        ([], "không ai", "đúng 1 trong 2"),
    ):
        with pytest.raises(CouncilError, match=said):
            rule_tie(cast.round, among=among, chosen=chosen, reason=reason, by=cast.keeper)
    rule_tie(cast.round, among=among, chosen=[two.pk], reason="thành tích nhiều năm", by=cast.keeper)
    found = cast.results()
    assert [str(found[pk].outcome) for pk in among] == ["not", "recommended"]
    assert "thành tích nhiều năm" in found[two.pk].reason


def test_chair_changes_the_ruling_as_long_as_the_council_sits(cast):
    one, two = tied(cast, 4, 4)
    for chosen in (one, two):
        rule_tie(cast.round, among=[one.pk, two.pk], chosen=[chosen.pk], reason="x", by=cast.keeper)
    assert (cast.outcome(one), cast.outcome(two)) == ("not", "recommended")


def test_chair_rules_nothing_that_is_not_tied(cast):
    one, two = tied(cast)
    with pytest.raises(CouncilChanged):
        rule_tie(cast.round, among=[one.pk, two.pk], chosen=[one.pk], reason="x", by=cast.keeper)


def test_results_ask_one_query_whatever_the_number(cast, django_assert_num_queries):
    for nomination in cast.nominate(3):
        cast.vote(nomination, 8)
    with django_assert_num_queries(1):
        cast.results()
