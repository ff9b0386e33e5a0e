"""The Excel annex: the figures of the rollup as numbers, printable, and text that is never a formula."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from plans.models import Target
from reports.rollup import rollup
from reports.rollup_xlsx import render_xlsx
from tests.factories.figures import hand_in, make_monthly_form, make_target
from tests.factories.plans import make_obligation, make_plan
from tests.factories.units import make_member, make_unit

pytestmark = pytest.mark.django_db

MARCH = date(2023, 3, 1)
NASTY = '=HYPERLINK("http://vi.du")'


@pytest.fixture
def figures():
    make_monthly_form(["general", "agriculture"])
    plan = make_plan()
    make_target("T1", goal=60)
    make_target("T2", kind=Target.Kind.FLOW, goal=5000, not_for=["attached"])
    make_target("T3", sector="agriculture", source=None)
    rows = (
        ("A", "district", {"T1": (17, 50), "T2": 1234}),
        ("B", "district", {"T1": (0, 0), "T2": 0}),
        ("K", "attached", {"T1": None}),
    )
    for code, kind, told in rows:
        unit = make_unit(code=code, kind=kind, name=f"Huyện Đoàn {code}")
        obligation = make_obligation(unit, "2023-03")
        hand_in(obligation, told, by=make_member(unit), difficulties=NASTY)
    make_obligation(make_unit(code="M", name="=Đơn vị chưa gửi"), "2023-03")
    return rollup(plan, MARCH)


@pytest.fixture
def book(figures):
    return load_workbook(BytesIO(render_xlsx(figures)))


def rows_of(sheet, first=1):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]


def test_workbook_has_a_sheet_of_totals_one_a_reported_sector_and_the_state_of_reports(book):
    assert book.sheetnames == ["Tổng hợp", "Nhiệm vụ chung", "Tình hình gửi báo cáo"]


def test_totals_are_the_figures_of_the_rollup(book, figures):
    rows = rows_of(book["Tổng hợp"], first=5)
    ratio, flow, silent = rows[:3]
    assert ratio[4:11] == ["-", 17, 50, 0.34, "chưa đạt", 2, 4]
    assert flow[4:6] == [1234, 1234]
    assert silent[8] == "chưa có nguồn số liệu"
    assert Decimal(str(ratio[7])) * 100 == figures.targets[0].percent
    assert ratio[11] == "=Đơn vị chưa gửi; Huyện Đoàn K"


def test_unit_rows_tell_blank_from_zero_and_from_not_applicable(book):
    rows = rows_of(book["Nhiệm vụ chung"], first=6)
    assert [row[1:] for row in rows[:5]] == [
        ["Huyện Đoàn A", 17, 50, 0.34, 1234, 1234],
        ["Huyện Đoàn B", 0, 0, "x", 0, 0],
        ["=Đơn vị chưa gửi", "-", "-", "-", "-", "-"],
        ["Huyện Đoàn K", "-", "-", "-", "x", "x"],
        ["Tổng cộng", 17, 50, 0.34, 1234, 1234],
    ]


def test_text_that_looks_like_a_formula_stays_text(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == NASTY for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_control_characters_are_left_out(figures):
    figures.units[0] = replace(figures.units[0], difficulties="mất\x0bmạng")
    book = load_workbook(BytesIO(render_xlsx(figures)))
    assert book["Tình hình gửi báo cáo"]["H5"].value == "mấtmạng"


def test_numbers_have_formats_that_follow_the_readers_settings(book):
    row = book["Nhiệm vụ chung"][6]
    assert [cell.number_format for cell in row[2:]] == ["#,##0", "#,##0", "0.0%", "#,##0", "#,##0"]


def test_sheets_print_landscape_with_header_and_names_repeated(book):
    sheet = book["Nhiệm vụ chung"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$4:$5", "$A:$B")
    assert sheet.freeze_panes == "C6"


def test_state_sheet_names_who_did_not_hand_in(book):
    rows = {row[1]: row for row in rows_of(book["Tình hình gửi báo cáo"], first=5)}
    assert rows["Huyện Đoàn A"][5:7] == ["đúng hạn", "chờ tiếp nhận"]
    assert rows["=Đơn vị chưa gửi"][4] == "-"
