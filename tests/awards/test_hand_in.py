"""Hand-in: complete or not at all, once, for ever; supplements only where they were asked for (A4)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from awards.dossiers import DossierConflict, DossierError, add_file, read_file, remove_file, save_minutes
from awards.hand_in import hand_in, hand_in_nothing, hash_of, supplement
from awards.models import (
    ChecklistItem,
    Dossier,
    Nomination,
    NominationVersion,
    Round,
    Stage,
    SupplementRequest,
)
from awards.nominations import edit_nomination, remove_nomination, save_report, waive_piece
from awards.stages import StageError
from doanportal import clock
from plans.models import Obligation
from tests.awards.dossier_world import (
    MINUTES,
    begin,
    complete,
    hold_meeting,
    open_round,
    pdf,
    propose,
    ready_dossier,
    sign_proposal,
    unit_of,
)
from tests.factories.awards import award_form
from tests.factories.units import make_department, make_member
from units.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    return at("2023-08-24T08:00")


@pytest.fixture
def secretary():
    return make_member(unit_of())


@pytest.fixture
def award_round():
    return open_round()


@pytest.fixture
def dossier(award_round, secretary):
    return ready_dossier(award_round, secretary, names=("Nguyễn Thị Lan", "Trần Văn Hùng"))


def test_hand_in_freezes_versions_moves_the_stage_and_fulfils_the_obligation(dossier, secretary):
    handed = hand_in(dossier, by=secretary)
    assert handed.handed_in_at == clock.now() and handed.handed_in_by == secretary
    nominations = Nomination.objects.filter(dossier=dossier)
    assert {row.stage for row in nominations} == {Stage.CLUSTER}
    version = NominationVersion.objects.get(nomination=nominations[0])
    assert version.number == 1 and version.content_hash == hash_of(version.content)
    assert version.content["name"] == nominations[0].name and version.content["votes_for"] == 8
    assert version.content["files"][0]["sha256"] == nominations[0].files.get().sha256
    assert handed.obligation == Obligation.objects.get(owner=handed.unit, form__code="award_dossier")
    assert handed.obligation.first_fulfilled_at == clock.now()


def test_hand_in_twice_makes_one(dossier, secretary, at):
    first = hand_in(dossier, by=secretary)
    at("2023-08-24T09:00")
    assert hand_in(dossier, by=secretary).handed_in_at == first.handed_in_at
    assert NominationVersion.objects.count() == 2
    assert Event.objects.filter(verb="hand_in_dossier").count() == 1


def test_checklist_is_kept_at_hand_in(dossier, secretary):
    hand_in(dossier, by=secretary)
    kept = ChecklistItem.objects.values_list("nomination", "kind", "state")
    assert len(kept) == 6 and {state for _, _, state in kept} == {"present"}


@pytest.mark.parametrize(
    ("undo", "words"),
    [
        (lambda d: d.nominations.update(summary=""), "trong trích ngang: tóm tắt thành tích"),
        (lambda d: d.nominations.update(report=""), "báo cáo thành tích"),
        (lambda d: d.nominations.update(confirmed_by=""), "xác nhận của thủ trưởng trực tiếp"),
        (lambda d: d.files.all().delete(), "minh chứng"),
        (lambda d: d.nominations.update(votes_for=None), "biên bản họp xét: số phiếu của 2 đề nghị"),
        (lambda d: Dossier.objects.update(met_on=None), "biên bản họp xét: ngày họp"),
        (lambda d: Dossier.objects.update(proposal=None), "Tờ trình: số, ngày, bản đã ký"),
    ],
)
def test_incomplete_dossier_is_not_handed_in(dossier, secretary, undo, words):
    undo(dossier)
    with pytest.raises(DossierError, match=words):
        hand_in(dossier, by=secretary)
    dossier.refresh_from_db()
    assert dossier.handed_in_at is None and not NominationVersion.objects.exists()


def test_report_with_headings_only_is_not_a_report(dossier, secretary):
    dossier.nominations.update(report="I. SƠ LƯỢC LÝ LỊCH\n\n1. Chức vụ, đơn vị công tác:\n")
    with pytest.raises(DossierError, match="báo cáo thành tích"):
        hand_in(dossier, by=secretary)


def test_waived_evidence_does_not_hold_the_dossier_up(award_round, secretary):
    dossier = begin(award_round, by=secretary)
    nomination = complete(propose(dossier, secretary), secretary)
    nomination.files.all().delete()
    waive_piece(nomination, kind="evidence", reason="Thành tích đã có trong báo cáo tháng", by=secretary)
    hold_meeting(dossier, secretary)
    sign_proposal(dossier, secretary)
    hand_in(dossier, by=secretary)
    kept = ChecklistItem.objects.get(nomination=nomination, kind="evidence")
    assert (kept.state, kept.reason) == ("waived", "Thành tích đã có trong báo cáo tháng")


def test_late_dossier_is_taken_while_the_round_is_open(dossier, secretary, at):
    at("2023-09-20T08:00")
    hand_in(dossier, by=secretary)
    obligation = Obligation.objects.get(pk=dossier.obligation_id)
    assert obligation.first_fulfilled_at > obligation.due_at


def test_closed_round_takes_no_dossier(dossier, secretary):
    Round.objects.update(state=Round.State.CLOSED)
    dossier.refresh_from_db()
    with pytest.raises(DossierError, match="đã kết thúc nhận hồ sơ"):
        hand_in(dossier, by=secretary)
    assert Dossier.objects.get().handed_in_at is None


def test_nothing_to_propose_is_handed_in_and_fulfils(award_round, secretary):
    dossier = begin(award_round, by=secretary)
    handed = hand_in_nothing(dossier, by=secretary)
    again = hand_in_nothing(dossier, by=secretary)
    assert handed.nothing_to_propose and again.handed_in_at == handed.handed_in_at
    assert Obligation.objects.get(pk=dossier.obligation_id).first_fulfilled_at is not None


def test_nothing_to_propose_beside_a_nomination_is_refused(dossier, secretary):
    with pytest.raises(DossierError, match="Hồ sơ đang có đề nghị"):
        hand_in_nothing(dossier, by=secretary)


# After hand-in


def test_every_change_after_hand_in_is_refused_and_changes_nothing(dossier, secretary):
    hand_in(dossier, by=secretary)
    nomination = Nomination.objects.filter(dossier=dossier).first()
    file = nomination.files.get()
    before = Nomination.objects.values().get(pk=nomination.pk)
    acts = [
        lambda: propose(dossier, secretary, name="Người Mới"),
        lambda: edit_nomination(
            nomination, revision=nomination.revision, form=award_form(), facts={"name": "Khác"}, by=secretary
        ),
        lambda: remove_nomination(nomination, by=secretary),
        lambda: save_report(nomination, revision=nomination.revision, facts={"report": "khác"}, by=secretary),
        lambda: waive_piece(nomination, kind="evidence", reason="x", by=secretary),
        lambda: add_file(dossier, upload=pdf(content=b"%PDF-1.5\n"), kind="other", by=secretary),
        lambda: remove_file(file, by=secretary),
        lambda: save_minutes(dossier, revision=dossier.revision, facts=MINUTES, votes={}, by=secretary),
        lambda: sign_proposal(dossier, secretary, number="99"),
    ]
    for act in acts:
        with pytest.raises(DossierError, match="Hồ sơ đã gửi"):
            act()
    assert Nomination.objects.values().get(pk=nomination.pk) == before
    assert nomination.files.count() == 1


def test_database_refuses_to_take_a_dossier_back(dossier, secretary):
    hand_in(dossier, by=secretary)
    for act in (
        lambda: Dossier.objects.update(handed_in_at=None),
        lambda: Nomination.objects.update(stage=Stage.DRAFT),
        lambda: Nomination.objects.first().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# Supplements


@pytest.fixture
def asked(dossier, secretary):
    hand_in(dossier, by=secretary)
    nomination = Nomination.objects.filter(dossier=dossier).first()
    officer = make_member(make_department(), "officer")
    SupplementRequest.objects.create(
        nomination=nomination,
        version=nomination.versions.get(),
        text="Thêm minh chứng số hộ được hỗ trợ",
        due_on=date(2023, 8, 30),
        by=officer,
    )
    return nomination


def more(nomination, secretary, **facts):
    return supplement(
        nomination,
        revision=nomination.revision,
        facts=facts or {"summary": "Hỗ trợ 1.250 lượt người"},
        files=[(read_file(pdf("them.pdf", b"%PDF-1.6 them\n")), "evidence", "")],
        by=secretary,
    )


def test_supplement_makes_version_two_and_answers_the_request(asked, secretary):
    version = more(asked, secretary)
    assert version.number == 2 and version.content["summary"] == "Hỗ trợ 1.250 lượt người"
    assert len(version.content["files"]) == 2
    assert SupplementRequest.objects.get().answered_by_version == version
    first = asked.versions.get(number=1)
    assert first.content["summary"] == "Thành tích tốt" and len(first.content["files"]) == 1
    asked.refresh_from_db()
    assert asked.stage == Stage.CLUSTER


def test_supplement_is_possible_once_for_each_request(asked, secretary):
    more(asked, secretary)
    asked.refresh_from_db()
    with pytest.raises(StageError, match="Không có đề nghị bổ sung"):
        more(asked, secretary)
    assert asked.versions.count() == 2


@pytest.mark.parametrize("change", [{"state": Round.State.CLOSED}, {"supplements_allowed": False}])
def test_supplement_after_the_round_closed_or_where_it_allows_none_is_refused(asked, secretary, change):
    Round.objects.update(**change)
    with pytest.raises(StageError, match="không bổ sung được nữa"):
        more(asked, secretary)
    assert asked.versions.count() == 1


def test_supplement_past_the_clusters_stage_is_refused(asked, secretary):
    Nomination.objects.filter(pk=asked.pk).update(stage=Stage.CHECK)
    asked.refresh_from_db()
    with pytest.raises(StageError, match="bổ sung hồ sơ"):
        more(asked, secretary)


def test_supplement_on_a_stale_revision_changes_nothing(asked, secretary):
    with pytest.raises(DossierConflict):
        supplement(asked, revision=asked.revision - 1, facts={"summary": "x"}, files=[], by=secretary)
    assert asked.versions.count() == 1 and Nomination.objects.get(pk=asked.pk).summary == "Thành tích tốt"
