"""The higher level: submitted, answered, and our own certificate in place of a refusal (A5)."""

from datetime import date

import pytest

from awards.decisions import answer_higher
from awards.higher import HigherError, propose_fallback, submit
from awards.models import Decision, DecisionLine, GoldenBookEntry, Nomination, Round, Stage
from tests.awards.decision_cast import make_cast
from tests.factories.awards import award_form, make_dossier, make_nomination, make_round

pytestmark = pytest.mark.django_db
DAY = date(2023, 12, 1)


@pytest.fixture
def cast(at):
    at("2023-12-21T08:00")
    return make_cast()


def submitted(cast, **fields):
    nomination = cast.nominate(form=award_form("central_certificate"), **fields)
    assert submit(cast.round, [nomination.pk], sent_on=DAY, by=cast.officer) == 1
    return nomination


def refused(cast, nomination, reason="Hết chỉ tiêu"):
    return answer_higher(
        nomination, answer="refused", answered_on=date(2023, 12, 15), reason=reason, by=cast.officer
    )


def granted(cast, nomination):
    return answer_higher(
        nomination,
        answer="granted",
        answered_on=date(2023, 12, 15),
        reference="Quyết định số 55-QĐ/TWĐTN ngày 15/12/2023",
        by=cast.officer,
    )


def test_submission_keeps_the_proposal_in_the_register_once_for_all(cast):
    rows = cast.nominate(2, form=award_form("central_certificate"))
    submit(cast.round, [row.pk for row in rows], sent_on=DAY, number="07", term="2022-2027", by=cast.officer)
    documents = {row.higher_submission.document for row in rows}
    assert [document.full_number for document in documents] == ["07-TTr/TĐTN"]


def test_form_of_the_province_is_not_submitted(cast):
    with pytest.raises(HigherError):
        submit(cast.round, [cast.nominate().pk], sent_on=DAY, by=cast.officer)


def test_submission_in_the_future_is_refused(cast):
    nomination = cast.nominate(form=award_form("central_certificate"))
    with pytest.raises(HigherError, match="sau hôm nay"):
        submit(cast.round, [nomination.pk], sent_on=date(2023, 12, 22), by=cast.officer)


def test_form_of_a_higher_level_is_not_granted_without_its_answer(cast):
    nomination = cast.nominate(form=award_form("central_certificate"))
    assert "trình cấp trên trước" in cast.give(nomination)[1][nomination.pk]
    submit(cast.round, [nomination.pk], sent_on=DAY, by=cast.officer)
    assert "chờ trả lời" in cast.give(nomination)[1][nomination.pk]
    assert "chờ trả lời" in cast.refuse(nomination)[1][nomination.pk]


def test_answer_granted_is_an_outcome_of_the_higher_form(cast):
    nomination = submitted(cast)
    granted(cast, nomination)
    line = DecisionLine.objects.get(nomination=nomination)
    assert (line.outcome, line.form.code) == ("granted", "central_certificate")


def test_award_of_the_higher_level_is_published_but_not_in_our_golden_book(cast):
    nomination = submitted(cast)
    granted(cast, nomination)
    entries = cast.publish(cast.number())
    nomination.refresh_from_db()
    assert (entries, nomination.stage) == ([], Stage.PUBLISHED)
    assert GoldenBookEntry.objects.count() == 0
    assert Decision.objects.get().document.type == "TB"


def test_refusal_proposes_the_standing_committees_certificate_which_a_person_decides(cast):
    nomination = submitted(cast)
    _, fallback, why = refused(cast, nomination)
    assert (why, fallback.stage, fallback.form) == ("", Stage.BUREAU, cast.round.fallback_form)
    assert not DecisionLine.objects.filter(nomination=fallback).exists()
    assert DecisionLine.objects.get(nomination=nomination).outcome == "refused"
    cast.give(fallback)
    (entry,) = cast.publish(cast.number())
    assert (entry.name, entry.form_name) == (nomination.name, "Bằng khen của Ban Thường vụ Tỉnh Đoàn")


def test_refusal_twice_makes_one_fallback(cast):
    nomination = submitted(cast)
    _, fallback, _ = refused(cast, nomination)
    assert propose_fallback(nomination, by=cast.officer) == (fallback, "")
    with pytest.raises(HigherError, match="Đã ghi trả lời"):
        refused(cast, nomination)


def test_fallback_of_what_was_never_submitted_is_refused(cast):
    nomination = cast.nominate(form=award_form("central_certificate"))
    assert propose_fallback(nomination, by=cast.officer)[1] == (
        "Ban Thường vụ chưa trình hồ sơ này lên cấp trên."
    )


@pytest.mark.parametrize(
    ("kind", "field"),
    [("collective", "fallback_collectives"), ("individual", "fallback_individuals")],
)
def test_fallback_applies_to_whom_the_round_says(cast, kind, field):
    Round.objects.filter(pk=cast.round.pk).update(**{field: False})
    nomination = submitted(cast, subject_kind=kind)
    _, fallback, why = refused(cast, nomination)
    assert fallback is None
    assert "không áp dụng hình thức thay" in why


def earlier_award(cast, nomination, *, achievement):
    """The same person, honoured before by a published decision of another round."""
    other = make_round(state=Round.State.CLOSED, name="Đợt trước", achievement=achievement)
    before = make_nomination(
        make_dossier(other, cast.unit),
        stage=Stage.BUREAU,
        name=nomination.name.upper(),
        birth_year=nomination.birth_year,
    )
    world = type(cast)(**vars(cast) | {"round": other})
    return world.decide(before, number="77")


def test_fallback_for_an_achievement_already_honoured_is_refused(cast):
    nomination = submitted(cast, name="Lê Thị Trùng")
    earlier_award(cast, nomination, achievement="Triển khai  ĐỀ ÁN năm 2023")
    _, fallback, why = refused(cast, nomination)
    assert fallback is None
    assert "Quyết định số 77-QĐ/TĐTN-BPT ngày 20/12/2023" in why


def test_fallback_for_another_achievement_is_proposed(cast):
    nomination = submitted(cast, name="Lê Thị Trùng")
    earlier_award(cast, nomination, achievement="Hiến máu tình nguyện")
    assert refused(cast, nomination)[1] is not None


def test_fallback_is_not_granted_when_honoured_meanwhile(cast):
    nomination = submitted(cast, name="Lê Thị Trùng")
    _, fallback, _ = refused(cast, nomination)
    earlier_award(cast, nomination, achievement=cast.round.achievement)
    assert "không khen hai lần" in cast.give(fallback)[1][fallback.pk]


def test_answer_before_the_submission_is_refused(cast):
    nomination = submitted(cast)
    with pytest.raises(HigherError, match="trước ngày trình"):
        answer_higher(
            nomination, answer="refused", answered_on=date(2023, 11, 1), reason="x", by=cast.officer
        )
    assert Nomination.objects.get(pk=nomination.pk).higher_submission.answer == ""
