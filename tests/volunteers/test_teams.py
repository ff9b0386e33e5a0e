"""Founding, changing and ending teams; what counts as active; D7 from number to roster."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plans.models import Obligation
from tests.factories.units import make_member, make_post, make_user
from tests.factories.volunteers import make_responsible, make_team
from units.documents import DocumentError, attach_file, clean_term, read_signed, record_number, split_number
from units.models import Document, Event, Role, Unit
from volunteers.loading import load_kinds
from volunteers.models import RosterSending, Team, TeamKind
from volunteers.teams import (
    TeamConflict,
    TeamError,
    decision_obligation,
    dissolve,
    edit_team,
    found_team,
    fulfil_team_papers,
    is_active_for_kind,
    put_in_charge,
    record_decision,
    undo_dissolution,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DECIDED_ON = date(2023, 2, 24)


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    load_kinds()
    return at("2023-08-24T08:00")


@pytest.fixture
def unit():
    return Unit.objects.select_related("kind").prefetch_related("names").get(code="692")


@pytest.fixture
def secretary(unit):
    return make_member(unit)


def kind(code="digital_society"):
    return TeamKind.objects.get(code=code)


def found(unit, by, **fields):
    values = {
        "unit": unit,
        "name": "Đội hình chuyển đổi số xã hội Lộc Ninh",
        "kinds": [kind()],
        "responsible": make_responsible(unit),
        "by": by,
    }
    return found_team(**values | fields)


def scan(content=PDF, name="QD da ky.pdf"):
    return read_signed(SimpleUploadedFile(name, content))


def decide(team, by, *, number="05", on=DECIDED_ON, **fields):
    values = {"number": number, "symbol": "", "term": "2022-2027", "date": on, "by": by}
    return record_decision(team, **values | fields)


def send_roster(team, by):
    RosterSending.objects.create(team=team, as_of=date(2023, 8, 24), sent_by=by, members=1)


def test_new_team_has_a_draft_decision_with_the_symbol_of_the_unit(unit, secretary):
    team = found(unit, secretary)
    assert (team.founding, team.document.number, team.document.symbol) == ("decision", "", "QĐ/ĐTN")
    assert team.document.subject == "Về việc thành lập Đội hình chuyển đổi số xã hội Lộc Ninh"


def test_province_team_decision_names_the_drafting_department():
    province = Unit.objects.select_related("kind").prefetch_related("names").get(kind__code="province")
    assert found(province, make_user()).document.symbol == "QĐ/TĐTN-BPT"


def test_team_kept_up_since_before_needs_no_paper_and_owes_nothing(unit, secretary):
    team = found(unit, secretary, kinds=[kind("public_admin")], maintained_since=date(2021, 3, 1))
    assert (team.founding, team.document) == ("maintained", None)
    assert not Obligation.objects.filter(cause=f"team:{team.pk}").exists()


def test_team_kept_up_keeps_its_old_decision(unit, secretary):
    old = ("12", "QĐ/ĐTN", "2017-2022", date(2021, 3, 1))
    team = found(unit, secretary, maintained_since=date(2021, 3, 1), old_decision=old)
    team.refresh_from_db()
    assert team.document.full_number == "12-QĐ/ĐTN"
    assert decision_obligation(team) is None


def test_editor_as_responsible_is_refused(unit, secretary):
    editor = make_post(make_user(), unit, Role.EDITOR)
    with pytest.raises(TeamError) as refused:
        found(unit, secretary, responsible=editor)
    assert refused.value.field == "responsible"


def test_secretary_who_left_office_is_refused(unit, secretary):
    post = make_post(make_user(), unit, Role.SECRETARY, valid_to=date(2023, 8, 1))
    with pytest.raises(TeamError, match="đang giữ chức"):
        found(unit, secretary, responsible=post)


def test_name_taken_in_the_unit_is_told(unit, secretary):
    found(unit, secretary)
    with pytest.raises(TeamError, match="đã có đội hình tên này"):
        found(unit, secretary)
    assert Team.objects.filter(unit=unit).count() == 1


def test_kept_up_since_tomorrow_is_refused(unit, secretary):
    with pytest.raises(TeamError, match="sau hôm nay"):
        found(unit, secretary, maintained_since=date(2023, 8, 25))


def test_edit_of_an_outdated_page_is_a_conflict(unit, secretary):
    team = found(unit, secretary)
    edit_team(team, revision=0, name="Tên mới", kinds=[kind()], by=secretary)
    with pytest.raises(TeamConflict):
        edit_team(team, revision=0, name="Tên khác", kinds=[kind()], by=secretary)
    team.refresh_from_db()
    assert (team.name, team.document.subject) == ("Tên mới", "Về việc thành lập Tên mới")


def test_team_without_a_number_may_turn_out_to_be_an_old_one(unit, secretary):
    team = found(unit, secretary)
    edit_team(
        team, revision=0, name=team.name, kinds=[kind()], by=secretary, maintained_since=date(2022, 1, 1)
    )
    team.refresh_from_db()
    assert (team.founding, team.maintained_since) == ("maintained", date(2022, 1, 1))
    edit_team(team, revision=1, name=team.name, kinds=[kind()], by=secretary)
    team.refresh_from_db()
    assert (team.founding, team.maintained_since) == ("decision", None)


def test_decided_team_keeps_how_it_was_founded(unit, secretary):
    team = decide(found(unit, secretary), secretary)
    edit_team(team, revision=team.revision, name="Tên mới", kinds=[kind()], by=secretary)
    team.refresh_from_db()
    assert (team.founding, team.document.number) == ("decision", "05")
    with pytest.raises(TeamError, match="đã có Quyết định"):
        edit_team(
            team,
            revision=team.revision,
            name="Tên mới",
            kinds=[kind()],
            by=secretary,
            maintained_since=date(2022, 1, 1),
        )


def test_number_and_day_make_decision_and_roster_due_five_working_days_later(unit, secretary):
    team = decide(found(unit, secretary), secretary)
    owed = decision_obligation(team)
    assert (owed.printed_on, owed.owner, owed.first_fulfilled_at) == (date(2023, 3, 3), unit, None)


def test_corrected_day_moves_the_due_day_of_the_same_obligation(unit, secretary):
    team = decide(found(unit, secretary), secretary)
    decide(team, secretary, on=date(2023, 2, 27))
    rows = Obligation.objects.filter(cause=f"team:{team.pk}")
    assert [row.printed_on for row in rows] == [date(2023, 3, 6)]


def test_scan_without_roster_fulfils_nothing(unit, secretary):
    team = decide(found(unit, secretary), secretary, scan=scan())
    assert decision_obligation(team).first_fulfilled_at is None


def test_roster_without_scan_fulfils_nothing(unit, secretary):
    team = decide(found(unit, secretary), secretary)
    send_roster(team, secretary)
    assert fulfil_team_papers(team, by=secretary) is None
    assert decision_obligation(team).first_fulfilled_at is None


def test_scan_after_the_roster_fulfils_d7(unit, secretary, in_august):
    team = decide(found(unit, secretary), secretary)
    send_roster(team, secretary)
    decide(team, secretary, scan=scan())
    assert decision_obligation(team).first_fulfilled_at == in_august


def test_roster_after_the_scan_fulfils_d7_once(unit, secretary, at):
    team = decide(found(unit, secretary), secretary, scan=scan())
    send_roster(team, secretary)
    moment = at("2023-08-24T09:00")
    fulfil_team_papers(team, by=secretary)
    at("2023-08-25T09:00")
    assert fulfil_team_papers(team, by=secretary) is None
    owed = decision_obligation(team)
    assert (owed.first_fulfilled_at, owed.last_fulfilled_at) == (moment, moment)
    assert Event.objects.filter(verb__startswith="fulfil", subject_id=owed.pk).count() == 1


def test_provinces_team_owes_no_d7():
    province = Unit.objects.select_related("kind").prefetch_related("names").get(kind__code="province")
    by = make_user()
    team = decide(found(province, by), by)
    assert decision_obligation(team) is None


def test_decision_in_a_year_without_a_plan_owes_nothing(unit, secretary):
    assert decision_obligation(decide(found(unit, secretary), secretary, on=date(2022, 12, 1))) is None


def test_decision_of_tomorrow_is_refused(unit, secretary):
    team = found(unit, secretary)
    with pytest.raises(DocumentError, match="sau hôm nay"):
        decide(team, secretary, on=date(2023, 8, 25))
    assert decision_obligation(team) is None


def test_number_used_by_another_decision_of_the_term_is_told(unit, secretary):
    decide(found(unit, secretary), secretary)
    other = found(unit, secretary, name="Đội hình khác")
    with pytest.raises(DocumentError, match="Số 05 đã dùng"):
        decide(other, secretary)
    decide(other, secretary, term="2017-2022")
    other.document.refresh_from_db()
    assert other.document.full_number == "05-QĐ/ĐTN"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("05-QĐ/ĐTN", ("05", "QĐ/ĐTN")),
        ("5", ("05", "")),
        ("Số: 005 – QĐ/ĐTN", ("05", "QĐ/ĐTN")),
        ("12b/QĐ-ĐTN", ("12b", "QĐ-ĐTN")),
    ],
)
def test_number_is_read_as_it_stands_on_paper(typed, kept):
    assert split_number(typed) == kept


@pytest.mark.parametrize("typed", ["", "QĐ/ĐTN", "0", "-5", "năm", "1234567"])
def test_nonsense_is_no_number(typed):
    with pytest.raises(DocumentError):
        split_number(typed)


@pytest.mark.parametrize("typed", ["", "2022", "2027-2022", "2022-2099"])
def test_nonsense_is_no_term(typed):
    with pytest.raises(DocumentError):
        clean_term(typed)


def test_scan_is_kept_byte_by_byte_with_its_hash_and_replaced_as_a_whole(
    unit, secretary, django_capture_on_commit_callbacks
):
    team = decide(found(unit, secretary), secretary, scan=scan())
    document = Document.objects.get(pk=team.document_id)
    first = document.file.name
    assert document.file.read() == PDF and len(document.sha256) == 64
    with django_capture_on_commit_callbacks(execute=True):
        document = attach_file(document, scan(PDF + b"% 2\n"), by=secretary)
    assert not document.file.storage.exists(first)
    assert document.file.read() == PDF + b"% 2\n"


def test_word_file_is_no_signed_scan():
    word = b"PK\x03\x04"
    with pytest.raises(DocumentError):
        scan(word, "qd.docx")


def test_scan_before_the_number_is_refused(unit, secretary):
    with pytest.raises(DocumentError, match="số và ngày"):
        attach_file(found(unit, secretary).document, scan(), by=secretary)


def test_same_number_again_writes_no_event(unit, secretary):
    team = decide(found(unit, secretary), secretary)
    before = Event.objects.count()
    record_number(team.document, number="05", term="2022-2027", date=DECIDED_ON, by=secretary)
    assert Event.objects.count() == before


def test_responsible_changes_to_the_deputy_with_an_event_of_ids(unit, secretary):
    team = found(unit, secretary)
    deputy = make_post(make_user(full_name="Lê Thị Canh"), unit, Role.DEPUTY)
    put_in_charge(team, post=deputy, by=secretary)
    event = Event.objects.get(verb="team_responsible")
    assert (team.responsible, event.to_state) == (deputy, f"post:{deputy.pk}")


def test_dissolved_team_ends_on_its_day_and_may_come_back(unit, secretary):
    team = decide(found(unit, secretary), secretary)
    with pytest.raises(TeamError, match="phải sau ngày 24/2/2023"):
        dissolve(team, on=DECIDED_ON, basis="QĐ 12", by=secretary)
    dissolve(team, on=date(2023, 8, 1), basis="QĐ 12", by=secretary)
    assert is_active_for_kind(team, kind(), date(2023, 7, 31))
    assert not is_active_for_kind(team, kind(), date(2023, 8, 1))
    undo_dissolution(team, by=secretary)
    assert is_active_for_kind(team, kind(), date(2023, 8, 1))


@pytest.mark.parametrize(
    ("fields", "code", "active"),
    [
        ({"founded_on": DECIDED_ON}, "digital_society", True),
        ({"founded_on": date(2023, 3, 2)}, "digital_society", False),
        ({"founded_on": None}, "digital_society", False),
        ({"maintained_since": date(2021, 1, 1)}, "digital_society", False),
        ({"maintained_since": date(2021, 1, 1)}, "public_admin", True),
        ({"maintained_since": date(2023, 3, 2)}, "public_admin", False),
    ],
)
def test_team_is_active_for_its_kind_as_the_plan_counts(unit, fields, code, active):
    team = make_team(unit, code, **fields)
    assert is_active_for_kind(team, kind(code), date(2023, 3, 1)) is active


def test_team_is_not_active_for_a_kind_it_does_not_serve(unit):
    assert not is_active_for_kind(make_team(unit), kind("public_admin"), date(2023, 8, 1))


def test_kept_up_team_with_a_numbered_decision_counts_for_a_kind_that_needs_one(unit, secretary):
    team = found(
        unit,
        secretary,
        maintained_since=date(2021, 3, 1),
        old_decision=("12", "", "2017-2022", date(2021, 3, 1)),
    )
    team = Team.objects.get(pk=team.pk)
    assert is_active_for_kind(team, kind(), date(2023, 3, 1))
    assert not is_active_for_kind(team, kind(), date(2021, 2, 28))


def test_events_of_a_team_hold_no_words_that_people_typed(unit, secretary):
    team = found(unit, secretary, name="Đội Bí Mật", place="Nhà ông Sáu", tasks="Gặp bà Bảy")
    decide(team, secretary, scan=scan())
    dissolve(team, on=date(2023, 8, 1), basis="theo đề nghị của bà Tám", by=secretary)
    said = " ".join(f"{row.from_state} {row.to_state} {row.reason}" for row in Event.objects.all())
    assert not any(word in said for word in ("Bí Mật", "Sáu", "Bảy", "Tám"))
