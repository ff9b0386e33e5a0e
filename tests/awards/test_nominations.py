"""Nominations of a draft dossier: one nominee, one form; quotas warn; minutes; two people at once."""

from datetime import date

import pytest

from awards.completeness import completeness_of
from awards.dossiers import DossierConflict, DossierError, add_file, remove_file, save_minutes, start_dossier
from awards.models import Dossier, DossierFile, Nomination, Quota, Round, RoundForm
from awards.nominations import (
    edit_nomination,
    remove_nomination,
    report_is_written,
    report_template,
    save_report,
    waive_piece,
)
from awards.quotas import over_quota, quota_for
from plans.models import Obligation
from tests.awards.dossier_world import MINUTES, begin, open_round, pdf, propose, unit_of
from tests.factories.awards import award_form, make_round
from tests.factories.units import make_member
from units.models import Cluster, Event

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
    return begin(award_round, by=secretary)


# The dossier


def test_start_ties_the_obligation_and_remembers_that_somebody_began(dossier, award_round):
    owed = Obligation.objects.get(owner=dossier.unit, cause=f"round:{award_round.pk}")
    assert dossier.obligation == owed and owed.draft_started_at is not None


def test_start_twice_makes_one(dossier, award_round, secretary):
    assert start_dossier(award_round=award_round, unit=unit_of(), by=secretary) == dossier
    assert Event.objects.filter(verb="start_dossier").count() == 1


@pytest.mark.parametrize("state", [Round.State.DRAFT, Round.State.CLOSED, Round.State.DECIDED])
def test_start_outside_the_open_round_is_refused(secretary, state):
    with pytest.raises(DossierError):
        start_dossier(award_round=make_round(state=state), unit=unit_of(), by=secretary)
    assert not Dossier.objects.exists()


# One nominee, one form a round


def test_same_person_twice_in_the_own_dossier_is_refused_and_told_where(dossier, secretary):
    propose(dossier, secretary)
    with pytest.raises(DossierError, match="đã có trong hồ sơ của đơn vị, đề nghị «Bằng khen Tỉnh Đoàn»"):
        propose(dossier, secretary, name="NGUYỄN  thị lan", form="central_certificate")
    assert Nomination.objects.count() == 1


def test_person_of_another_units_dossier_is_refused_without_its_name(award_round, dossier, secretary):
    other = begin(award_round, "693")
    propose(other, secretary)
    with pytest.raises(DossierError) as refusal:
        propose(dossier, secretary)
    assert "đã được đơn vị khác đề nghị" in str(refusal.value) and refusal.value.field == "name"
    assert other.unit.short_name not in str(refusal.value)


def test_person_of_the_same_name_and_another_year_is_somebody_else(dossier, secretary):
    propose(dossier, secretary)
    assert propose(dossier, secretary, birth_year=1993).pk


def test_collectives_of_one_name_in_two_units_are_two(award_round, dossier, secretary):
    propose(begin(award_round, "693"), secretary, name="Đoàn xã Tân Tiến", kind="collective")
    assert propose(dossier, secretary, name="Đoàn xã Tân Tiến", kind="collective").pk


def test_edit_into_another_nominee_is_refused(dossier, secretary):
    propose(dossier, secretary)
    second = propose(dossier, secretary, name="Trần Văn Hùng")
    with pytest.raises(DossierError, match="đã có trong hồ sơ"):
        edit_nomination(
            second,
            revision=second.revision,
            form=award_form(),
            facts={"name": "Nguyễn Thị Lan"},
            by=secretary,
        )
    assert Nomination.objects.get(pk=second.pk).name == "Trần Văn Hùng"


def test_form_the_round_does_not_consider_is_refused(dossier, secretary, award_round):
    RoundForm.objects.filter(round=award_round, subject_kind="collective").delete()
    with pytest.raises(DossierError, match="không xét «Bằng khen Tỉnh Đoàn» cho tập thể"):
        propose(dossier, secretary, name="Đoàn xã Lộc Hiệp", kind="collective")


def test_collective_keeps_no_personal_fields(dossier, secretary):
    row = propose(
        dossier, secretary, name="Đoàn xã", kind="collective", birth_year=1990, gender="male", position="x"
    )
    assert (row.birth_year, row.gender, row.position) == (None, "", "")


def test_stale_edit_changes_nothing(dossier, secretary):
    row = propose(dossier, secretary)
    edit_nomination(row, revision=0, form=award_form(), facts={"position": "Phó Bí thư"}, by=secretary)
    with pytest.raises(DossierConflict):
        edit_nomination(row, revision=0, form=award_form(), facts={"position": "Ủy viên"}, by=secretary)
    assert Nomination.objects.get(pk=row.pk).position == "Phó Bí thư"


def test_removed_nomination_takes_its_files_along(dossier, secretary, django_capture_on_commit_callbacks):
    row = propose(dossier, secretary)
    waive_piece(row, kind="evidence", reason="đã gửi", by=secretary)
    file = add_file(dossier, upload=pdf(), kind="evidence", by=secretary, nomination=row)
    with django_capture_on_commit_callbacks(execute=True):
        remove_nomination(row, by=secretary)
    assert not Nomination.objects.exists() and not DossierFile.objects.exists()
    assert not file.file.storage.exists(file.file.name)


# The report


def test_template_alone_is_not_a_written_report():
    row = Nomination(subject_kind="individual", report=report_template("individual"))
    assert not report_is_written(row)
    row.report += "\nHỗ trợ 1.200 lượt người dân."
    assert report_is_written(row)


def test_stale_report_is_refused_and_the_stored_one_stays(dossier, secretary):
    row = propose(dossier, secretary)
    saved = save_report(row, revision=row.revision, facts={"report": "một"}, by=secretary)
    with pytest.raises(DossierConflict):
        save_report(row, revision=row.revision, facts={"report": "hai"}, by=secretary)
    assert Nomination.objects.get().report == "một" and saved.revision == row.revision + 1


def test_report_saved_unchanged_makes_no_new_revision(dossier, secretary):
    row = propose(dossier, secretary)
    saved = save_report(row, revision=row.revision, facts={"report": ""}, by=secretary)
    assert saved.revision == row.revision and not Event.objects.filter(verb="save_award_report").exists()


def test_profile_is_never_waived(dossier, secretary):
    with pytest.raises(DossierError, match="không bỏ được"):
        waive_piece(propose(dossier, secretary), kind="profile", reason="x", by=secretary)


# Files


def test_same_file_twice_is_kept_once_and_removed_before_hand_in(dossier, secretary):
    first = add_file(dossier, upload=pdf(), kind="minutes", by=secretary)
    assert add_file(dossier, upload=pdf("khac.pdf"), kind="other", by=secretary) == first
    remove_file(first, by=secretary)
    assert not DossierFile.objects.exists()


def test_file_of_another_kind_is_refused_with_words(dossier, secretary):
    with pytest.raises(DossierError, match="không phải ảnh JPG") as refusal:
        add_file(dossier, upload=pdf("x.exe", b"MZ not a document"), kind="other", by=secretary)
    assert refusal.value.field == "file"


# Minutes


def minutes(dossier, secretary, votes, **facts):
    dossier.refresh_from_db()
    return save_minutes(dossier, revision=dossier.revision, facts=MINUTES | facts, votes=votes, by=secretary)


def test_minutes_keep_facts_and_votes(dossier, secretary):
    row = propose(dossier, secretary)
    minutes(dossier, secretary, {row.pk: (7, 1)})
    row.refresh_from_db()
    dossier.refresh_from_db()
    assert (row.votes_for, row.votes_against, dossier.present) == (7, 1, 8)


@pytest.mark.parametrize(
    ("votes", "facts", "field"),
    [
        ((8, 1), {}, "for"),
        ((9, 0), {}, "for"),
        ((7, 1), {"present": None}, "present"),
        ((7, 0), {"present": 10}, "present"),
        ((7, 0), {"met_on": date(2023, 8, 25)}, "met_on"),
    ],
)
def test_counts_that_cannot_be_are_refused(dossier, secretary, votes, facts, field):
    row = propose(dossier, secretary)
    with pytest.raises(DossierError) as refusal:
        minutes(dossier, secretary, {row.pk: votes}, **facts)
    assert refusal.value.field == (f"for_{row.pk}" if field == "for" else field)
    row.refresh_from_db()
    assert row.votes_for is None


def test_fewer_present_than_votes_counted_before_is_refused(dossier, secretary):
    row = propose(dossier, secretary)
    minutes(dossier, secretary, {row.pk: (7, 1)})
    with pytest.raises(DossierError, match="8 phiếu, nhiều hơn 6 người"):
        minutes(dossier, secretary, {}, present=6)


def test_stale_minutes_are_refused(dossier, secretary):
    minutes(dossier, secretary, {})
    with pytest.raises(DossierConflict):
        save_minutes(dossier, revision=0, facts=MINUTES, votes={}, by=secretary)


# Quotas


def quota(award_round, most, **of):
    form = RoundForm.objects.get(
        round=award_round, form__code="province_certificate", subject_kind="individual"
    )
    Quota.objects.create(round_form=form, most=most, **of)
    return form


def test_own_quota_goes_before_the_clusters_and_that_before_the_kinds(award_round):
    unit = unit_of()
    form = quota(award_round, 3, unit_kind=unit.kind)
    assert quota_for(form, unit) == 3
    quota(award_round, 2, cluster=Cluster.objects.get(memberships__unit=unit))
    assert quota_for(form, unit) == 2
    quota(award_round, 5, unit=unit)
    assert quota_for(form, unit) == 5


def test_no_quota_is_no_limit(award_round):
    assert quota_for(RoundForm.objects.filter(round=award_round).first(), unit_of()) is None


def test_overrun_warns_and_asks_for_a_reason_but_does_not_stop(award_round, dossier, secretary):
    quota(award_round, 1, unit=dossier.unit)
    propose(dossier, secretary)
    second = propose(dossier, secretary, name="Trần Văn Hùng")
    assert [(row.asked, row.most) for row in over_quota(dossier)] == [(2, 1)]
    assert any("lý do đề nghị 2 cá nhân" in row.words for row in lacking(dossier))
    edit_nomination(
        second,
        revision=second.revision,
        form=second.form,
        facts={"over_quota_reason": "Hai mô hình mới"},
        by=secretary,
    )
    assert not any("lý do đề nghị" in row.words for row in lacking(dossier))


def lacking(dossier):
    rows = list(dossier.nominations.select_related("form").prefetch_related("files", "checklist"))
    return completeness_of(dossier, rows).papers
