"""After an erasure nothing of the person is left, wherever it stood; counts are what they were."""

import gzip
import io
import logging
import shutil
import uuid
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from doanportal import clock
from doanportal.textfold import fold
from reports.drafts import open_draft
from reports.models import Answer
from reports.submit import submit
from tests.factories.plans import local
from tests.factories.reports import obligation_of, type_section
from tests.factories.units import make_member
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team, unit_of
from tests.sessions import held_form
from units.models import Event, Role
from volunteers.consents import end_memberships, record_consent
from volunteers.erasure import ErasureError, drop_imports, erase_person
from volunteers.models import (
    Consent,
    DataSubjectRequest,
    Membership,
    Person,
    PersonalAccess,
    RosterSending,
    WorkbookImport,
)
from volunteers.models.person import name_sort_key
from volunteers.people import Details, edit_person
from volunteers.queries_roster import roster_as_at
from volunteers.roster import Told, join_new, send_roster
from volunteers.workbook.imports import request_take, start_import

pytestmark = pytest.mark.django_db
NAME, OLD_NAME = "Đỗ Thị Chim Yến", "Đỗ Thị Yến Oanh"
GUARDIAN = "Bà Mẹ Chim Yến"
PHONE, WORKPLACE, POSITION = "0911222333", "Thôn Tổ Yến 7", "Đội viên đảo yến"
TOKENS = (NAME, OLD_NAME, GUARDIAN, PHONE, WORKPLACE, POSITION)
ALL_TOKENS = {*TOKENS, *map(fold, TOKENS), name_sort_key(NAME), name_sort_key(OLD_NAME)}
HEADINGS = (
    "Họ và tên",
    "Năm sinh",
    "Giới tính",
    "Chức vụ",
    "Đơn vị công tác",
    "Số điện thoại",
    "Vào đội từ ngày",
)
ROW = (NAME, 1996, "Nữ", POSITION, WORKPLACE, PHONE, "1/6/2023")
D1 = {
    "full_name": NAME,
    "birth_year": "1996",
    "position": POSITION,
    "workplace": WORKPLACE,
    "phone": PHONE,
    "proposed_role": "Đội phó",
}


@pytest.fixture(autouse=True)
def clean_media():
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def unit(published_plan):
    return unit_of("692")


@pytest.fixture
def secretary(unit, client):
    user = make_member(unit, Role.SECRETARY)
    client.force_login(user, backend="units.accounts.EmailOrPhoneBackend")
    return user


def tables():
    """{table: all its rows as text}."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class "
            "WHERE relkind IN ('r', 'p', 'm') AND relnamespace = 'public'::regnamespace"
        )
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f"SELECT coalesce(string_agg(line::text, chr(10)), '') FROM \"{name}\" line")
            found[name] = cursor.fetchone()[0]
    found["sessions, decoded"] = " ".join(str(session.get_decoded()) for session in Session.objects.all())
    return found


def files():
    """{path: bytes, unpacked} of everything stored."""
    found = {}
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found[str(path)] = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    return found


def leaks(caplog=None):
    """Where a token of the person stands: (place, token)."""
    places = {**tables(), **{path: content.decode("utf-8", "replace") for path, content in files().items()}}
    places["mails"] = " ".join(f"{one.subject} {one.body}" for one in mail.outbox)
    if caplog is not None:
        places["log"] = caplog.text
    return sorted((place, token) for place, text in places.items() for token in ALL_TOKENS if token in text)


def workbook(*rows):
    book = openpyxl.Workbook()
    book.active.title = "Danh sách"
    for row in (HEADINGS, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(f"{NAME}.xlsx", out.getvalue())


def hand_in_d1(by):
    with clock.at(local(2023, 2, 25)):
        draft = open_draft(obligation_of("692", "2023", "command_board_list"), by=by)
        typed = {f"f.people.0.{key}": text for key, text in D1.items()} | {"f.consent": "Đã đồng ý"}
        type_section(draft, "people", typed, by=by)
        return submit(draft, by=by, idempotency_key=uuid.uuid4())


def import_roster(team, *rows, by, take):
    row = start_import(upload=workbook(*rows), kind="danh-sach", unit=team.unit, team=team, by=by)
    if take:
        assert row.state == WorkbookImport.State.CHECKED, row.findings
        declaration = {"channel": "paper", "given_on": "2023-05-31"}
        row = request_take(row, by=by, seen=row.summary["digest"], declaration=declaration)
        assert row.state == WorkbookImport.State.TAKEN, row.findings
    return row


def put_everywhere(client, unit, by):
    """The person in every place that the real functions write to; returns it."""
    hand_in_d1(by)
    team = make_team(unit)
    with clock.at(local(2023, 6, 1)):
        import_roster(team, ROW, by=by, take=True)
        person = Person.objects.get(full_name=NAME)
        old = Details(OLD_NAME, 1996, "female", POSITION, WORKPLACE, PHONE)
        person = edit_person(person, old, revision=person.revision, by=by)
        person = edit_person(
            person, Details(**vars(old) | {"full_name": NAME}), revision=person.revision, by=by
        )
        record_consent(
            person,
            purpose="photo",
            by=Consent.By.GUARDIAN,
            channel="paper",
            given_on=date(2023, 6, 1),
            recorded_by=by,
            guardian_name=GUARDIAN,
        )
        send_roster(team, as_of=date(2023, 6, 1), by=by)
    with clock.at(local(2023, 8, 24)):
        import_roster(team, (*ROW[:6], "1/8/2023"), by=by, take=False)
        visit(client, person, team)
    return person, team


def visit(client, person, team):
    """Every page that shows the person, with a text left behind in the session."""
    session = client.session
    session["held_text"] = [held_form({"f.people.0.full_name": NAME}, owner=client.session["_auth_user_id"])]
    session.save()
    client.get(reverse("roster", args=[team.pk]))
    client.get(reverse("person_detail", args=[person.pk]))
    client.get(reverse("person_data", args=[person.pk]))
    client.post(reverse("person_phone", args=[person.pk]))
    client.post(reverse("personal_find"), {"text": "chim yen"})
    client.post(reverse("person_copy", args=[person.pk]), {"format": "pdf", "reason": "trả lời"})
    client.post(
        reverse("request_create", args=[person.pk]),
        {"kind": "delete", "channel": "phone", "received_on": "24/8/2023"},
    )


def test_person_erased_leaves_nothing_in_tables_files_sessions_mails_and_logs(
    client, unit, secretary, caplog
):
    caplog.set_level(logging.INFO)
    person, _ = put_everywhere(client, unit, secretary)
    standing = {place for place, _ in leaks()}
    assert {
        "volunteers_person",
        "volunteers_consent",
        "reports_answer",
        "reports_section",
        "volunteers_workbookimport",
        "sessions, decoded",
    } <= standing  # or the search could not fail
    with clock.at(local(2023, 8, 25)):
        response = client.post(reverse("person_erase", args=[person.pk]), {"why": "request", "sure": "on"})
        assert response.status_code == 302
        run_on_commit()
        client.get(reverse("request_list"))
    assert leaks(caplog) == []
    assert DataSubjectRequest.objects.get().state == "done"


def run_on_commit():
    """What waits for the commit that a test never makes: here the removal of files."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for _, act, _ in waiting:
        act()


def test_person_erased_counts_stay_as_they_were(client, unit, secretary):
    person, team = put_everywhere(client, unit, secretary)
    before = counts(team)
    with clock.at(local(2023, 8, 25)):
        erase_person(person, by=secretary, why="purpose_done")
    assert counts(team) == before
    assert roster_as_at(team, date(2023, 8, 25)) == []


def counts(team):
    return (
        len(roster_as_at(team, date(2023, 6, 1))),
        len(roster_as_at(team, date(2023, 8, 24))),
        Membership.objects.count(),
        RosterSending.objects.get().members,
        [
            len(people)
            for people in Answer.objects.filter(field__type="people").values_list("value", flat=True)
        ],
        PersonalAccess.objects.count(),
    )


def test_events_of_a_whole_life_hold_ids_only(client, unit, secretary):
    person, _ = put_everywhere(client, unit, secretary)
    erase_person(person, by=secretary, why="request")
    said = str(list(Event.objects.values()))
    assert [token for token in ALL_TOKENS if token in said] == []
    assert Event.objects.about(person).filter(verb="erase_person").count() == 1


def test_erase_twice_is_refused(unit, secretary):
    person = make_person(unit)
    erase_person(person, by=secretary, why="mistake")
    with pytest.raises(ErasureError, match="đã xóa trước đó"):
        erase_person(person, by=secretary, why="mistake")


@pytest.mark.parametrize("why", ["", "vì thích"])
def test_erase_without_a_reason_is_refused(unit, secretary, why):
    with pytest.raises(ErasureError, match="lý do"):
        erase_person(make_person(unit), by=secretary, why=why)


def test_erase_by_a_request_of_somebody_else_is_refused(unit, secretary):
    request = DataSubjectRequest.objects.create(
        unit=unit,
        person=make_person(unit),
        kind="delete",
        channel="phone",
        received_at=local(2023, 8, 1),
        received_by=secretary,
        answer_due_at=local(2023, 8, 3),
        act_due_at=local(2023, 8, 16),
    )
    person = make_person(unit)
    with pytest.raises(ErasureError, match="không phải yêu cầu xóa của người đó"):
        erase_person(person, by=secretary, why="request", request=request)
    person.refresh_from_db()
    assert person.full_name


def test_erase_while_a_workbook_is_being_written_is_refused(unit, secretary):
    row = WorkbookImport.objects.create(
        unit=unit, kind="danh-sach", state="taking", original_name="a.xlsx", sha256="0", uploaded_by=secretary
    )
    person = make_person(unit)
    with pytest.raises(ErasureError, match="Đợi ghi xong"):
        erase_person(person, by=secretary, why="mistake")
    row.refresh_from_db()
    person.refresh_from_db()
    assert row.state == "taking" and person.full_name


def test_drop_imports_leaves_what_was_written_counted(unit, secretary):
    make_row = {"unit": unit, "kind": "danh-sach", "original_name": "a.xlsx", "sha256": "0", "rows": 7}
    taken = WorkbookImport.objects.create(
        **make_row, state="taken", uploaded_by=secretary, findings=[{"text": NAME}]
    )
    assert drop_imports(WorkbookImport.objects.filter(unit=unit)) == 1
    taken.refresh_from_db()
    assert (taken.state, taken.rows, taken.findings) == ("taken", 7, [])


def test_end_memberships_counts_who_joined_today_and_drops_who_was_to_join(unit):
    person = make_person(unit)
    past, now, ahead = (
        make_membership(make_team(unit), person, joined=day)
        for day in (date(2023, 3, 1), date(2023, 8, 24), date(2023, 9, 1))
    )
    ended = make_membership(make_team(unit), person, joined=date(2023, 1, 1), left=date(2023, 2, 1))
    end_memberships(person, on=date(2023, 8, 24))
    for row in (past, now, ended):
        row.refresh_from_db()
    assert [past.valid_to, now.valid_to, ended.valid_to] == [
        date(2023, 8, 24),
        date(2023, 8, 25),
        date(2023, 2, 1),
    ]
    assert not Membership.objects.filter(pk=ahead.pk).exists()


def test_basis_that_names_the_person_is_emptied(unit, secretary):
    person = make_person(unit, full_name=NAME)
    make_consent(person)
    row = make_membership(make_team(unit), person, basis=f"Đơn của {NAME}", role="nhóm trưởng")
    erase_person(person, by=secretary, why="request")
    row.refresh_from_db()
    assert (row.basis, row.role) == ("", "nhóm trưởng")


def test_join_new_person_of_the_same_name_later_is_a_new_one(unit, secretary, at):
    at("2023-08-24T08:00")
    gone = make_person(unit, full_name=NAME, birth_year=1996)
    make_consent(make_person(unit))
    erase_person(gone, by=secretary, why="request")
    told = Told("paper", date(2023, 8, 24))
    fresh = join_new(
        make_team(unit),
        Details(NAME, 1996),
        joined=date(2023, 8, 24),
        role="",
        basis="",
        by=secretary,
        told=told,
    )
    assert fresh.person_id != gone.pk
