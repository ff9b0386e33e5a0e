"""The same nominee across rounds, units and levels: surely the same, or only the same name."""

import pytest

from awards.duplicates import known_elsewhere, matches_of
from awards.models import HigherSubmission, Nomination, Stage
from doanportal import clock
from tests.factories.awards import (
    award_form,
    make_award_decision,
    make_dossier,
    make_line,
    make_nomination,
    make_round,
)
from tests.factories.units import make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def winter(at):
    at("2023-12-01T09:00")


@pytest.fixture
def unit():
    make_unit(code="TD-BP", kind="province")
    return make_unit()


def nominee(unit, *, name="Lý Thị Hà", stage=Stage.CLUSTER, **fields):
    """In a round of its own."""
    return make_nomination(make_dossier(make_round(), unit), name=name, stage=stage, **fields)


def only(nomination):
    (match,) = matches_of(nomination)
    return match


def test_same_person_in_another_round_is_the_same(unit):
    before, now = nominee(unit), nominee(unit)
    match = only(now)
    assert (match.nomination, match.same, match.difference) == (before, True, "")


@pytest.mark.parametrize(
    ("name", "fields", "difference"),
    [
        ("Lý Thị Hạ", {}, "khác cách viết tên"),
        ("Lí Thị Hà", {}, "khác cách viết tên"),
        ("Lý Thị Hà", {"birth_year": 1991}, "khác năm sinh"),
    ],
)
def test_same_name_written_otherwise_is_weaker(unit, name, fields, difference):
    nominee(unit, name=name, **fields)
    match = only(nominee(unit))
    assert (match.same, match.difference) == (False, difference)


def test_same_name_in_another_unit_is_weaker(unit):
    nominee(make_unit())
    assert only(nominee(unit)).difference == "khác đơn vị"


def test_other_name_is_no_match(unit):
    nominee(unit, name="Lý Thị Hân")
    assert matches_of(nominee(unit)) == []


def test_collective_of_another_unit_with_that_name_is_weaker(unit):
    fields = {"name": "Chi đoàn 1", "subject_kind": "collective"}
    nominee(make_unit(), **fields)
    assert not only(nominee(unit, **fields)).same


def test_collective_does_not_match_a_person(unit):
    nominee(unit, subject_kind="collective")
    assert matches_of(nominee(unit)) == []


def test_draft_of_another_unit_is_not_told(unit):
    nominee(make_unit(), stage=Stage.DRAFT)
    assert matches_of(nominee(unit)) == []


def test_name_is_no_pattern(unit):
    nominee(unit, name="Lý Thị Hoa")
    assert matches_of(nominee(unit, name="Lý.* (.*")) == []


def test_sure_ones_stand_first(unit):
    nominee(unit)
    nominee(unit, birth_year=1980)
    assert [match.same for match in matches_of(nominee(unit))] == [True, False]


def published(unit, **line):
    nomination = nominee(unit, stage=Stage.BUREAU)
    decision = make_award_decision(nomination.round)
    make_line(decision, nomination, **line)
    return nomination, decision


def publish(nomination, decision):
    type(decision).objects.filter(pk=decision.pk).update(
        state="published", published_at=clock.now(), published_by=make_user()
    )
    nomination.stage = Stage.PUBLISHED
    nomination.save(update_fields=["stage"])


def test_published_outcome_is_told_with_its_form(unit):
    nomination, decision = published(unit)
    publish(nomination, decision)
    assert only(nominee(unit)).words == "đạt: Bằng khen Tỉnh Đoàn"


def test_refusal_is_told_once_published(unit):
    nomination, decision = published(unit, outcome="refused", reason="Chưa đủ")
    publish(nomination, decision)
    assert only(nominee(unit)).words == "không đạt"


def test_outcome_not_yet_published_is_not_told(unit):
    published(unit)
    assert only(nominee(unit)).words == "đang xét"


def test_answer_of_a_higher_level_is_told_once_published(unit):
    nomination, decision = published(unit)
    HigherSubmission.objects.create(
        nomination=nomination,
        form=award_form("central_certificate"),
        sent_on=clock.today(),
        sent_by=make_user(),
        answer="refused",
        answered_on=clock.today(),
    )
    now = nominee(unit)
    assert only(now).higher_words == ""
    publish(nomination, decision)
    assert only(now).higher_words == "trình Bằng khen Trung ương Đoàn: cấp trên không khen"


def test_lists_count_other_rounds_alone(unit):
    nominee(unit)
    nominee(unit)
    now, other = nominee(unit), nominee(unit, name="Trần Văn Lẻ")
    rows = Nomination.objects.filter(pk__in=[now.pk, other.pk]).annotate(known=known_elsewhere())
    assert {row.pk: row.known for row in rows} == {now.pk: 2, other.pk: 0}


def test_matches_cost_one_query(unit, django_assert_num_queries):
    for _ in range(5):
        nominee(unit)
    now = nominee(unit)
    with django_assert_num_queries(1):
        assert all(match.words and not match.higher_words and match.year for match in matches_of(now))
