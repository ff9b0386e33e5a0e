"""A person erased from nominations: what was not granted goes wherever it stood, what was granted stays."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from awards.erasing import MARK, erase_nominations_before, find_person_in_nominations
from awards.hand_in import content_of
from awards.models import (
    Assessment,
    DecisionLine,
    DossierFile,
    GoldenBookEntry,
    Nomination,
    NominationVersion,
    Stage,
    SupplementRequest,
)
from awards.publishing import NOTICE_STAGE
from doanportal import clock
from plans.delivery import deliver_all
from plans.models import Message, Notice
from tests.awards.decision_cast import make_cast
from tests.awards.dossier_world import pdf
from tests.factories.awards import make_dossier, make_round
from tests.factories.volunteers import make_person
from units.models import Event
from volunteers.erasure import erase_person

pytestmark = pytest.mark.django_db
NAME, REPORT = "Đỗ Thị Chim Yến", "Báo cáo về đảo yến"
PERSON = {
    "name": NAME,
    "birth_year": 1996,
    "position": "Bí thư yến",
    "workplace": "Thôn Tổ Yến",
    "report": REPORT,
}


@pytest.fixture
def cast(at):
    at("2023-12-21T08:00")
    return make_cast()


@pytest.fixture
def person(cast):
    return make_person(cast.unit, full_name=NAME, birth_year=1996)


def everywhere():
    """Every column of every table that awards and notices keep, as one text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_name ~ '^(awards_|plans_|units_event$)'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(row_to_json(t)::text, ' '), '') FROM {table} t")
            texts.append(cursor.fetchone()[0])
    return " ".join(texts)


def refused(cast, **fields):
    """Published as not granted, with words of departments, evidence and a letter that name the person."""
    nomination = cast.nominate(stage=Stage.CLUSTER, **PERSON | fields)
    version = nomination.versions.get()
    words = {"nomination": nomination, "version": version, "by": cast.officer}
    Assessment.objects.create(
        **words, step="cluster", department=cast.unit, verdict="not", text=f"Đồng chí {NAME} chưa đủ"
    )
    cast.round.__class__.objects.filter(pk=cast.round.pk).update(state="open")
    SupplementRequest.objects.create(**words, text=f"{NAME} bổ sung", due_on=date(2023, 12, 30))
    cast.round.__class__.objects.filter(pk=cast.round.pk).update(state="closed")
    DossierFile.objects.create(
        dossier=cast.dossier,
        nomination=nomination,
        kind="evidence",
        file=pdf(f"{NAME}.pdf"),
        original_name=f"{NAME}.pdf",
        content_type="application/pdf",
        size=3,
        sha256="1" * 64,
        uploaded_by=cast.secretary,
    )
    for stage in (Stage.CHECK, Stage.COUNCIL, Stage.BUREAU):
        nomination.stage = stage
        nomination.save(update_fields=["stage"])
    cast.refuse(nomination, reason=f"{NAME} chưa đủ thời gian")
    cast.publish(cast.number())
    deliver_all(now=clock.now())
    return nomination


def test_refused_person_is_gone_from_every_table(cast, person):
    nomination = refused(cast)
    assert all(token in everywhere() for token in (NAME, REPORT, "Thôn Tổ Yến"))
    erase_person(person, by=cast.secretary, why="request")
    left = everywhere()
    assert [token for token in (NAME, "chim yen", REPORT, "Thôn Tổ Yến", "Bí thư yến") if token in left] == []
    assert Nomination.objects.get(pk=nomination.pk).name == MARK
    assert Event.objects.filter(verb="erase_nomination", subject_id=nomination.pk).count() == 1


def test_files_of_the_erased_go_after_the_commit(cast, person, django_capture_on_commit_callbacks):
    refused(cast)
    stored = DossierFile.objects.get()
    storage, name = stored.file.storage, stored.file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person, by=cast.secretary, why="request")
    assert not storage.exists(name)


def test_granted_and_published_award_stays_and_is_told_to_who_erases(cast, person):
    nomination = cast.nominate(**PERSON)
    cast.decide(nomination)
    (place,) = find_person_in_nominations(person)
    assert not place.by_itself
    assert "sổ vàng" in place.what
    erase_person(person, by=cast.secretary, why="request")
    assert Nomination.objects.get(pk=nomination.pk).name == NAME
    assert GoldenBookEntry.objects.get().name == NAME


def test_person_granted_in_an_unnumbered_decision_leaves_it(cast, person):
    nomination = cast.nominate(**PERSON)
    cast.give(nomination, cast.nominate(name="Ở Lại"))
    erase_person(person, by=cast.secretary, why="request")
    assert [line.nomination.name for line in DecisionLine.objects.all()] == ["Ở Lại"]


@pytest.mark.parametrize("other", [{"birth_year": 1990}, {"name": "Đỗ Thị Khác"}])
def test_somebody_else_stays(cast, person, other):
    nomination = cast.nominate(**PERSON | other)
    erase_person(person, by=cast.secretary, why="request")
    assert Nomination.objects.get(pk=nomination.pk).report == REPORT


def test_namesake_in_another_unit_stays(cast, person):
    nomination = cast.nominate(dossier=cast.other_dossier, **PERSON)
    erase_person(person, by=cast.secretary, why="request")
    assert Nomination.objects.get(pk=nomination.pk).name == NAME


def test_two_nominations_of_one_round_may_both_be_erased(cast, person):
    """The key that keeps one form a nominee must not collide."""
    cast.nominate(**PERSON)
    cast.nominate(**PERSON | {"birth_year": None, "name": "ĐỖ THỊ CHIM YẾN"})
    erase_person(person, by=cast.secretary, why="request")
    assert Nomination.objects.filter(name=MARK).count() == 2


def test_votes_and_kind_of_a_version_stay_and_its_hash(cast, person):
    nomination = cast.nominate(**PERSON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.erasing', 'on', true)")
    NominationVersion.objects.update(content=content_of(nomination) | {"votes_for": 8})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.erasing', '', true)")
    erase_person(person, by=cast.secretary, why="request")
    version = NominationVersion.objects.get()
    assert (version.content["votes_for"], version.content["subject_kind"]) == (8, "individual")
    assert version.content["name"] == MARK
    assert version.content_hash == "0" * 64


def test_flag_alone_changes_no_assessment_to_other_words(cast, person):
    refused(cast)
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.erasing', 'on', true)")
        Assessment.objects.update(text="Rất tốt")


def test_letter_keeps_the_others_of_the_unit(cast, person):
    other = cast.nominate(name="Người Ở Lại")
    cast.give(other)
    refused(cast)
    erase_person(person, by=cast.secretary, why="request")
    texts = [*Notice.objects.filter(stage=NOTICE_STAGE).values_list("text", flat=True)]
    texts += Message.objects.filter(notices__stage=NOTICE_STAGE).values_list("body", flat=True)
    assert all("Người Ở Lại" in text for text in texts)
    assert all(NAME not in text for text in texts)


def test_retention_blanks_old_refusals_and_leaves_the_young(cast):
    refused(cast)
    young = make_round(printed_on=date(2024, 5, 1))
    kept = cast.nominate(dossier=make_dossier(young, cast.unit), name="Người Mới")
    assert erase_nominations_before(before=date(2024, 1, 1)) == 1
    assert erase_nominations_before(before=date(2024, 1, 1)) == 0
    assert Nomination.objects.get(pk=kept.pk).name == "Người Mới"
