"""Templates and exports: read back as they were written, no formula, who took them and why."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_membership, make_person, make_team
from tests.volunteers.workbooks import findings, start
from volunteers.models import CameraRoute, Person, PersonalAccess
from volunteers.workbook.exports import export_register, export_roster, register_template, roster_template
from volunteers.workbook.kinds import DEFINITIONS, REGISTERS
from volunteers.workbook.reading import MARK_SHEET
from volunteers.workbook.template import HELP_SHEET, render_template

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march(at):
    at("2023-03-15T09:00")


@pytest.fixture
def team():
    return make_team(make_unit(name="Huyện Đoàn Lộc Ninh"))


@pytest.fixture
def by(team):
    return make_member(team.unit, full_name="Nguyễn Bí Thư")


def cells(content):
    book = load_workbook(BytesIO(content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_template_has_table_help_and_a_hidden_mark(kind):
    definition = DEFINITIONS[kind]
    book = load_workbook(BytesIO(render_template(definition, title="Mẫu", subtitle="Thử")))
    assert book.sheetnames == [definition.sheet, HELP_SHEET, MARK_SHEET]
    assert book[MARK_SHEET].sheet_state == "veryHidden"
    assert [cell.value for cell in book[MARK_SHEET][1]][:3] == ["doanportal", kind, definition.version]
    helped = [row[0].value for row in book[HELP_SHEET].iter_rows(min_row=5)]
    assert helped[: len(definition.columns)] == [column.heading for column in definition.columns]
    assert book[definition.sheet].data_validations.dataValidation


def test_filled_template_comes_back_unchanged(team, by):
    make_membership(team, make_person(team.unit, full_name="Nguyễn Thị Lan", birth_year=1998), role="Trực")
    row = start(roster_template(team, filled=True, by=by, reason="Cập nhật"), team=team, by=by)
    assert findings(row, "error") == []
    assert row.summary["counts"] == {"same": 1}


def test_filled_template_is_an_export_with_its_reason(team, by):
    make_membership(team)
    roster_template(team, filled=True, by=by, reason="Cập nhật danh sách")
    access = PersonalAccess.objects.get()
    assert (access.kind, access.people, access.reason, access.team_id) == (
        "export",
        1,
        "Cập nhật danh sách",
        team.pk,
    )


def test_empty_template_shows_nobody(team, by):
    make_membership(team)
    roster_template(team, filled=False, by=by)
    assert PersonalAccess.objects.count() == 0


def test_template_of_another_kind_is_refused(team, by):
    file = render_template(DEFINITIONS["camera"], title="Mẫu", subtitle="Thử")
    row = start(file, team=team, by=by)
    assert (row.state, findings(row)[0][2]) == (
        "refused",
        "Tệp này là mẫu khác, không phải mẫu «Danh sách thành viên đội hình».",
    )


def test_register_template_comes_back_unchanged(team, by):
    CameraRoute.objects.create(
        unit=team.unit, name="Tuyến A", kind="road", place="Xã B", length_km="2.125", cameras=6, value=10**9
    )
    file = register_template(REGISTERS["camera"], team.unit, filled=True)
    row = start(file, unit=team.unit, kind="camera", by=by)
    assert (findings(row, "error"), row.summary["counts"]) == ([], {"same": 1})


def exported(team, by, **more):
    asked = {"day": date(2023, 3, 15), "reason": "Gửi kèm Quyết định", "phones": False} | more
    with export_roster(team, by=by, **asked) as file:
        return file.read()


def test_export_says_who_when_and_why_and_is_written_down(team, by):
    make_membership(team, make_person(team.unit, full_name="Nguyễn Thị Lan", phone="0912345678"))
    content = exported(team, by)
    mark = "Tải bởi Nguyễn Bí Thư, lúc 9 giờ ngày 15/3/2023, lý do: Gửi kèm Quyết định"
    book = load_workbook(BytesIO(content))
    assert mark in book.worksheets[0]["A2"].value
    assert book.worksheets[0].oddFooter.left.text == mark
    assert book.properties.description == mark
    access = PersonalAccess.objects.get()
    assert (access.kind, access.people, access.reason) == ("export", 1, "Gửi kèm Quyết định")
    assert "điện thoại" not in access.fields
    assert "Nguyễn Thị Lan" in str(cells(content)) and "0912345678" not in str(cells(content))


def test_export_with_phones_says_so_in_the_log(team, by):
    make_membership(team, make_person(team.unit, phone="0912345678"))
    assert "0912345678" in str(cells(exported(team, by, phones=True)))
    assert "điện thoại" in PersonalAccess.objects.get().fields


def test_export_is_of_the_day(team, by):
    make_membership(team, make_person(team.unit, full_name="Đã Rời"), left=date(2023, 3, 1))
    make_membership(team, make_person(team.unit, full_name="Còn Lại"))
    assert "Đã Rời" not in str(cells(exported(team, by)))
    assert "Đã Rời" in str(cells(exported(team, by, day=date(2023, 2, 28))))


def test_export_of_a_restricted_person_is_a_mark(team, by, at):
    lan = make_membership(team, make_person(team.unit, full_name="Nguyễn Thị Lan")).person
    Person.objects.filter(pk=lan.pk).update(restricted_at=at("2023-03-15T09:00"))
    text = str(cells(exported(team, by)))
    assert "Nguyễn Thị Lan" not in text and "(đang hạn chế xử lý)" in text
    assert PersonalAccess.objects.count() == 0


def test_text_like_a_formula_stays_text(team, by):
    make_membership(team, make_person(team.unit, position="=cmd|' /C calc'!A0"))
    for content in (exported(team, by), roster_template(team, filled=True, by=by, reason="Cập nhật")):
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        (found,) = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd")]
        assert found.data_type == "s"


def test_register_export_holds_what_the_person_may_see(team, by):
    CameraRoute.objects.create(unit=team.unit, name="Tuyến của mình", kind="road", place="Xã B")
    CameraRoute.objects.create(unit=make_unit(), name="Tuyến nơi khác", kind="road", place="Xã C")
    with export_register("camera", user=by) as file:
        text = str(cells(file.read()))
    assert "Tuyến của mình" in text and "Tuyến nơi khác" not in text
