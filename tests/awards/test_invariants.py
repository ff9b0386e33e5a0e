"""What the database refuses in awards, whoever writes."""

import pytest
from django.db import DatabaseError, transaction

from awards.models import (
    CouncilMember,
    Decision,
    GoldenBookEntry,
    Nomination,
    NominationVersion,
    Round,
    Stage,
    SupplementRequest,
    VoteCount,
)
from doanportal import clock
from tests.factories.awards import (
    bring_to,
    make_award_decision,
    make_council,
    make_dossier,
    make_line,
    make_nomination,
    make_round,
)
from tests.factories.units import make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit(code="900")


@pytest.fixture
def dossier(unit):
    make_unit(code="TD-BP", kind="province")
    return make_dossier(make_round(), unit)


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def count_of(council, nomination, **fields):
    values = {
        "ballot": 1,
        "members": 9,
        "present": 8,
        "issued": 8,
        "votes_for": 7,
        "votes_against": 1,
        "base": 9,
        "threshold_percent": 70,
        "passed": True,
        "method": "paper",
    }
    return VoteCount.objects.create(
        nomination=nomination, council=council, entered_by=make_user(), **values | fields
    )


def entry_of(line, number, **fields):
    return GoldenBookEntry.objects.create(
        book="2022-2027",
        number=number,
        line=line,
        name="Người",
        form_name="Bằng khen",
        achievement="…",
        decision_number="101-QĐ/TĐTN",
        decision_date=clock.today(),
        by=make_user(),
        **fields,
    )


def test_same_nominee_twice_in_a_round_is_refused(dossier):
    make_nomination(dossier, name="Lê Thị Hoa")
    refused(lambda: make_nomination(dossier, name="LÊ THỊ HOA"))


def test_dossier_and_nomination_that_were_handed_in_are_not_deleted(dossier):
    nomination = make_nomination(dossier, stage=Stage.CLUSTER)
    refused(nomination.delete)
    dossier.refresh_from_db()
    refused(dossier.delete)


def test_stage_never_goes_back_nor_jumps(dossier):
    nomination = make_nomination(dossier, stage=Stage.CHECK)
    rows = Nomination.objects.filter(pk=nomination.pk)
    for stage in (Stage.DRAFT, Stage.CLUSTER, Stage.BUREAU, Stage.PUBLISHED):
        refused(lambda stage=stage: rows.update(stage=stage))


def test_words_of_a_handed_in_nomination_change_only_as_a_supplement(dossier):
    nomination = make_nomination(dossier, stage=Stage.CLUSTER)
    rows = Nomination.objects.filter(pk=nomination.pk)
    refused(lambda: rows.update(summary="khác"))
    SupplementRequest.objects.create(
        nomination=nomination,
        version=nomination.versions.get(),
        text="Thiếu xác nhận",
        due_on=clock.today(),
        by=make_user(),
    )
    assert rows.update(summary="khác") == 1


def test_supplement_after_the_round_closed_is_refused(dossier):
    nomination = make_nomination(dossier, stage=Stage.CLUSTER)
    Round.objects.filter(pk=dossier.round_id).update(state=Round.State.CLOSED)
    refused(
        lambda: SupplementRequest.objects.create(
            nomination=nomination,
            version=nomination.versions.get(),
            text="x",
            due_on=clock.today(),
            by=make_user(),
        )
    )


def test_version_is_frozen(dossier):
    make_nomination(dossier, stage=Stage.CLUSTER)
    refused(lambda: NominationVersion.objects.update(content={}))


@pytest.mark.parametrize(
    "fields",
    [
        {"votes_for": 9},
        {"issued": 9},
        {"present": 9},
        {"members": 10},
        {"base": 7},
        {"votes_for": 6, "votes_against": 2},
        {"passed": False},
    ],
)
def test_votes_that_cannot_be_are_refused(dossier, fields):
    nomination = make_nomination(dossier, stage=Stage.COUNCIL)
    council = make_council(dossier.round)
    refused(lambda: count_of(council, nomination, **fields))
    assert count_of(council, nomination).passed


def test_count_is_confirmed_by_another_and_then_stays(dossier):
    nomination = make_nomination(dossier, stage=Stage.COUNCIL)
    count = count_of(make_council(dossier.round), nomination)
    rows = VoteCount.objects.filter(pk=count.pk)
    refused(lambda: rows.update(confirmed_by=count.entered_by, confirmed_at=clock.now()))
    rows.update(confirmed_by=make_user(), confirmed_at=clock.now())
    refused(lambda: rows.update(votes_for=8, votes_against=0))
    refused(lambda: rows.delete())


def test_attendance_after_the_minutes_is_frozen(dossier):
    council = make_council(dossier.round)
    type(council).objects.filter(pk=council.pk).update(state="closed")
    refused(lambda: CouncilMember.objects.filter(council=council).update(present=True))


def test_golden_book_takes_only_the_next_number_of_a_published_award(dossier):
    nomination = make_nomination(dossier, stage=Stage.BUREAU)
    decision = make_award_decision(dossier.round)
    line = make_line(decision, nomination)
    refused(lambda: entry_of(line, 1))
    Decision.objects.filter(pk=decision.pk).update(state="published", published_at=clock.now())
    refused(lambda: entry_of(line, 2))
    entry = entry_of(line, 1)
    refused(entry.delete)
    refused(lambda: entry_of(line, 3, kind="correction", corrects=entry, reason="sai tên"))
    assert entry_of(line, 2, kind="correction", corrects=entry, reason="sai tên").number == 2


def test_published_decision_stays(dossier):
    nomination = make_nomination(dossier, stage=Stage.BUREAU)
    decision = make_award_decision(dossier.round)
    line = make_line(decision, nomination)
    Decision.objects.filter(pk=decision.pk).update(state="published", published_at=clock.now())
    refused(lambda: Decision.objects.filter(pk=decision.pk).update(state="prepared"))
    refused(line.delete)


def test_fallback_begins_at_the_bureau_and_nothing_else_does(dossier):
    nomination = make_nomination(dossier, stage=Stage.BUREAU)
    refused(
        lambda: (
            make_nomination(dossier, name="Khác")
            .__class__.objects.filter(name="Khác")
            .update(stage=Stage.BUREAU)
        )
    )
    fallback = Nomination.objects.create(
        dossier=dossier,
        round=dossier.round,
        unit=dossier.unit,
        subject_kind=nomination.subject_kind,
        name=nomination.name,
        birth_year=nomination.birth_year,
        form=nomination.form,
        stage=Stage.BUREAU,
        fallback_of=nomination,
    )
    assert bring_to(fallback, Stage.PUBLISHED).stage == Stage.PUBLISHED
