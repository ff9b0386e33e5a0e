"""A roster from Excel: who is who, what changes, whose consent is missing, taken over once."""

from datetime import date

import pytest

from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from tests.volunteers.workbooks import HEADINGS, ID, findings, person, start, workbook
from units.models import Event
from volunteers.models import CommandPost, Consent, Membership, Person, WorkbookImport
from volunteers.workbook import imports

pytestmark = pytest.mark.django_db
TOLD = {"channel": "paper", "given_on": "2023-03-01"}


@pytest.fixture(autouse=True)
def _in_march(at):
    at("2023-03-15T09:00")


@pytest.fixture
def team():
    return make_team(make_unit(name="Huyện Đoàn Lộc Ninh"))


@pytest.fixture
def by(team):
    return make_member(team.unit)


def take(row, by, **more):
    return imports.request_take(row, by=by, seen=row.summary["digest"], declaration=TOLD | more)


def test_new_people_are_written_with_membership_and_consent(team, by):
    row = start(
        workbook([person("Nguyễn Thị Lan", 1998, "Nữ", "Bí thư Chi đoàn", "Xã Lộc An", "0912 345 678")]),
        team=team,
        by=by,
        as_of=date(2023, 2, 24),
    )
    assert (row.state, findings(row, "error")) == ("checked", [])
    assert Person.objects.count() == 0
    row = take(row, by)
    assert row.state == "taken"
    lan = Person.objects.get()
    assert (lan.full_name, lan.birth_year, lan.gender, lan.phone) == (
        "Nguyễn Thị Lan",
        1998,
        "female",
        "0912345678",
    )
    assert lan.search_key == "nguyen thi lan" and lan.sort_key
    membership = Membership.objects.get()
    assert (membership.person, membership.valid_from, membership.valid_to) == (lan, date(2023, 2, 24), None)
    consent = Consent.objects.get()
    assert (consent.by, consent.channel, consent.given_on) == ("self", "paper", date(2023, 3, 1))


def test_taken_import_keeps_counts_and_nothing_else(team, by):
    row = take(start(workbook([person()]), team=team, by=by), by)
    assert (row.file.name, row.findings) == ("", [])
    assert "lan" not in str(row.summary).lower()
    assert "danh-sach" not in row.original_name
    assert row.summary["counts"] == {"add": 1}


def test_take_twice_writes_once(team, by):
    row = start(workbook([person()]), team=team, by=by)
    take(row, by)
    again = take(row, by)
    assert again.state == "taken"
    assert (Person.objects.count(), Membership.objects.count()) == (1, 1)


def test_take_needs_the_declaration(team, by):
    row = start(workbook([person()]), team=team, by=by)
    with pytest.raises(imports.ImportRefused):
        imports.request_take(row, by=by, seen=row.summary["digest"])
    assert Person.objects.count() == 0


def test_row_with_an_error_holds_everything_back(team, by):
    row = start(workbook([person(), person("Trần Văn Hòa", "năm 2O05")]), team=team, by=by)
    assert findings(row, "error") == [("error", "B3", "Năm sinh: «năm 2O05» không phải năm sinh.")]
    with pytest.raises(imports.ImportRefused):
        take(row, by)
    assert Person.objects.count() == 0


def test_all_errors_are_told_at_once(team, by):
    rows = [
        person("", 1998),
        person("Trần Văn Hòa", 1798),
        person("Lê Thị Hoa", 1999, "Nam giới"),
        person("Lê Văn Tám", 2001, "Nam", "", "", "12345"),
        person("Lê Văn Chín", 2001, "Nam", "", "", "", "", "31/2/2023"),
    ]
    row = start(workbook(rows), team=team, by=by)
    assert [cell for _, cell, _ in findings(row, "error")] == ["A2", "B3", "C4", "F5", "H6"]


def test_person_of_the_unit_by_name_and_year_is_used_again(team, by):
    lan = make_person(team.unit, full_name="Nguyễn Thị Lan", birth_year=1998, phone="0912345678")
    make_consent(lan)
    row = start(workbook([person()]), team=team, by=by)
    assert [message for level, _, message in findings(row, "note") if "không lập người mới" in message]
    take(row, by)
    assert Person.objects.count() == 1
    lan.refresh_from_db()
    assert (lan.phone, Membership.objects.get().person) == ("0912345678", lan)


def test_marks_of_a_name_make_another_person_with_a_warning(team, by):
    make_person(team.unit, full_name="Nguyễn Văn Hưng", birth_year=1998)
    row = start(workbook([person("Nguyễn Văn Hùng", 1998)]), team=team, by=by)
    assert "Gần giống người đã có" in findings(row, "warning")[0][2]
    take(row, by)
    assert Person.objects.count() == 2


def test_namesake_of_another_unit_is_not_named(team, by):
    make_person(make_unit(), full_name="Nguyễn Thị Lan", birth_year=1998)
    row = start(workbook([person()]), team=team, by=by)
    assert findings(row, "warning") == []
    take(row, by)
    assert Person.objects.filter(unit=team.unit).count() == 1


def test_hidden_id_of_a_foreign_person_is_a_finding(team, by):
    stranger = make_person(make_unit(), full_name="Phạm Bí Mật")
    row = start(
        workbook([[*person("Phạm Bí Mật"), stranger.pk]], headings=["Họ và tên", "Năm sinh", ID]),
        team=team,
        by=by,
    )
    assert [message for _, _, message in findings(row, "error")] == [
        "Mã ở cột ẩn không khớp người nào của đơn vị."
    ]


def test_hidden_id_changes_the_person_it_names(team, by):
    lan = make_membership(team, make_person(team.unit, full_name="Nguyễn Thị Lan", birth_year=1998)).person
    make_consent(lan)
    row = start(
        workbook(
            [["Nguyễn Thị Lân", 1998, "Phó Bí thư", lan.pk]],
            headings=["Họ và tên", "Năm sinh", "Chức vụ", ID],
        ),
        team=team,
        by=by,
    )
    take(row, by)
    lan.refresh_from_db()
    assert (lan.full_name, lan.position, lan.revision) == ("Nguyễn Thị Lân", "Phó Bí thư", 1)
    assert lan.search_key == "nguyen thi lan"
    assert Event.objects.filter(verb="edit_person", to_state="full_name position").count() == 1


def test_last_day_ends_the_membership_and_the_seat(team, by):
    lan = make_membership(team, make_person(team.unit, full_name="Nguyễn Thị Lan", birth_year=1998)).person
    CommandPost.objects.create(
        unit=team.unit, team=team, person=lan, role="leader", valid_from=date(2023, 2, 24)
    )
    make_consent(lan)
    rows = [person("Nguyễn Thị Lan", 1998, *[None] * 6, "10/3/2023")]
    take(start(workbook(rows), team=team, by=by), by)
    assert Membership.objects.get().valid_to == date(2023, 3, 11)
    assert CommandPost.objects.get().valid_to == date(2023, 3, 11)


def test_people_missing_from_the_file_stay_and_are_counted(team, by):
    make_membership(team)
    row = start(workbook([person()]), team=team, by=by)
    assert row.summary["facts"]["not_in_file"] == 1
    take(row, by)
    assert Membership.objects.filter(valid_to=None).count() == 2


def test_doubles_in_the_file_are_an_error(team, by):
    row = start(workbook([person(), person("NGUYỄN THỊ LAN", 1998)]), team=team, by=by)
    assert findings(row, "error") == [("error", "A3", "Trùng với dòng 2.")]


def test_child_without_guardian_is_an_error(team, by):
    row = start(workbook([person("Trần Bé", 2009)]), team=team, by=by)
    assert "có thể chưa đủ 16 tuổi" in findings(row, "error")[0][2]


def test_child_with_guardian_is_written_with_that_consent(team, by):
    row = start(
        workbook([person("Trần Bé", 2009, *[None] * 8, "Trần Văn Hòa", "20/2/2023")]), team=team, by=by
    )
    assert take(row, by).state == "taken"
    consent = Consent.objects.get()
    assert (consent.by, consent.guardian_name, consent.given_on) == (
        "guardian",
        "Trần Văn Hòa",
        date(2023, 2, 20),
    )


def test_consent_on_a_day_when_somebody_was_perhaps_a_child_is_refused(team, by):
    row = start(workbook([person("Trần Em", 2006)]), team=team, by=by)
    with pytest.raises(imports.ImportRefused):
        take(row, by, given_on="2022-12-01")


def test_sensitive_columns_are_named_and_dropped(team, by):
    headings = ["Họ và tên", "Năm sinh", "Dân tộc", "Tôn giáo", "Đảng viên", "Số CCCD", "Ảnh thẻ"]
    rows = [["Nguyễn Thị Lan", 1998, "Xtiêng", "Tin Lành", "x", "070098001234", "lan.jpg"]]
    row = start(workbook(rows, headings=headings), team=team, by=by)
    assert [message for _, _, message in findings(row, "warning")] == [
        f"Cột «{name}» không được thu thập (dữ liệu nhạy cảm), đã bỏ qua." for name in headings[2:]
    ]
    kept = str(row.findings) + str(vars(imports.stored_content(row)))
    for secret in ("Xtiêng", "Tin Lành", "070098001234", "lan.jpg"):
        assert secret not in kept


def test_number_of_an_identity_card_in_another_column_is_not_repeated(team, by):
    row = start(
        workbook([person("Lan Anh", 1998, "", "CCCD 070098001234", "", "070098001234")]), team=team, by=by
    )
    assert len(findings(row, "error")) == 2
    assert "070098001234" not in str(row.findings) + str(vars(imports.stored_content(row)))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1995 ", 1995),
        (1995.0, 1995),
        ("15/3/1995", 1995),
        (34773, 1995),
        (date(1995, 3, 15), 1995),
    ],
)
def test_birth_year_is_understood(team, by, typed, kept):
    take(start(workbook([person("Lan Anh", typed)]), team=team, by=by), by)
    assert Person.objects.get().birth_year == kept


@pytest.mark.parametrize("typed", ["0912 345 678", 912345678.0, 912345678, "+84 912.345.678", "0912-345-678"])
def test_phone_is_understood(team, by, typed):
    take(start(workbook([person("Lan Anh", 1995, "", "", "", typed)]), team=team, by=by), by)
    assert Person.objects.get().phone == "0912345678"


@pytest.mark.parametrize("typed", ["24/02/2023", "2023-02-24 00:00:00", date(2023, 2, 24), 44981])
def test_day_is_understood(team, by, typed):
    take(start(workbook([person("Lan Anh", 1995, *[None] * 5, typed)]), team=team, by=by), by)
    assert Membership.objects.get().valid_from == date(2023, 2, 24)


def test_change_after_the_check_is_shown_again_before_anything_is_written(team, by):
    row = start(workbook([person()]), team=team, by=by)
    make_consent(make_person(team.unit, full_name="Nguyễn Thị Lan", birth_year=1998))
    row = take(row, by)
    assert (row.state, row.summary["changed"]) == ("checked", True)
    assert Membership.objects.count() == 0
    assert take(row, by).state == "taken"


def test_new_upload_forgets_the_errors_of_the_one_before(team, by):
    first = start(workbook([person("Lan Anh", "x")]), team=team, by=by)
    second = start(workbook([person("Lan Anh", 1999)]), team=team, by=by)
    first.refresh_from_db()
    assert (first.state, first.findings, first.file.name) == ("dropped", [], "")
    assert findings(second, "error") == []


def test_restricted_person_is_an_error(team, by, at):
    lan = make_person(team.unit, full_name="Nguyễn Thị Lan", birth_year=1998)
    Person.objects.filter(pk=lan.pk).update(restricted_at=at("2023-03-15T09:00"))
    row = start(workbook([person()]), team=team, by=by)
    assert findings(row, "error") == [("error", "A2", "Người này đang được hạn chế xử lý dữ liệu.")]


def test_import_is_one_event_without_names(team, by):
    row = take(start(workbook([person()]), team=team, by=by), by)
    event = Event.objects.get(verb="import_workbook")
    assert (event.subject_id, event.unit, event.reason) == (row.pk, team.unit, "thêm 1, đổi 0")
    assert not Event.objects.filter(reason__icontains="Lan").exists()


def test_refusal_of_the_database_writes_nothing_and_quotes_nothing(team, by, caplog, monkeypatch):
    row = start(workbook([person()]), team=team, by=by)
    original = Person.set_keys

    def spoil(self):
        original(self)
        self.phone = "sai"

    monkeypatch.setattr(Person, "set_keys", spoil)
    row = take(row, by)
    assert row.state == "checked"
    assert "trái với dữ liệu đang có" in findings(row, "error")[0][2]
    assert Person.objects.count() == 0
    assert "Nguyễn" not in caplog.text and "person_phone_digits" in caplog.text


def test_old_headings_and_a_title_above_are_found(team, by):
    rows = [["", ""], ["STT", "Họ tên", "Ngày sinh", "SĐT"], [1, "Nguyễn Thị Lan", "1/5/1998", "0912345678"]]
    row = start(workbook(rows, headings=["DANH SÁCH ĐỘI HÌNH"], sheet="Sheet1"), team=team, by=by)
    assert (row.rows, findings(row, "error")) == (1, [])


def test_large_file_waits_for_the_worker(team, by):
    rows = [person(f"Nguyễn Văn {chr(65 + n % 26)}{chr(97 + n // 26)}", 1990) for n in range(201)]
    row = start(workbook(rows), team=team, by=by)
    assert (row.state, row.rows) == ("checking", 201)
    imports.check_import(row.pk)
    imports.check_import(row.pk)
    row.refresh_from_db()
    assert (row.state, row.rows_done) == ("checked", 201)
    row = take(row, by)
    assert row.state == "taking"
    imports.take_import(row.pk)
    imports.take_import(row.pk)
    assert WorkbookImport.objects.get().state == "taken"
    assert Membership.objects.count() == 201


def test_headings_of_the_tests_are_those_of_the_template():
    assert [column.heading for column in imports.DEFINITIONS["danh-sach"].columns] == HEADINGS
