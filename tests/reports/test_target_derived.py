"""A counted target on the province's pages and papers: one set of figures, each leading to its rows."""

import io
import json
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from doanportal.paper import RowKind, Table
from plans.models import TargetSource
from reports.documents.brief import base_context
from reports.documents.rollup import context
from reports.queries_target import target_detail
from reports.rollup import as_json, rollup
from reports.rollup_xlsx import render_xlsx
from tests.factories.reports import hand_in
from tests.factories.units import make_member
from tests.factories.volunteers import make_activity, make_team
from units.models import Role, Unit

from .unit_pages import member_of, sign_in

pytestmark = pytest.mark.django_db

APRIL = date(2023, 4, 1)
BUDGET = 10


@pytest.fixture
def page(published_plan, client, at):
    at("2023-04-26T08:00")
    sign_in(client, make_member(Unit.objects.get(code="BPT"), Role.OFFICER))
    return client


@pytest.fixture
def april(published_plan, page):
    """T5 is reported until March and counted from April; teams, and a workshop of the province."""
    target = published_plan.targets.get(code="T5")
    hand_in("692", "2023-03", {"T5.amount": "410"}, by=member_of("692"))
    TargetSource.objects.create(target=target, kind="derived", from_period=APRIL)
    make_activity("692", on=date(2023, 4, 10), targets=["T5"], pupils=1000)
    make_activity("BPT", on=date(2023, 4, 11), targets=["T2", "T5"], kind="business_support", pupils=20)
    make_activity("693", on=date(2023, 4, 11), targets=["T2"], kind="business_support")
    make_team("692")
    make_team("TD-BP")
    return target


def html(response):
    assert response.status_code == 200
    return response.content.decode()


def target_page(page, code):
    return html(page.get(reverse("target_detail", args=[code, "2023-04"])))


def test_target_page_leads_to_the_activities_and_tells_the_months_reported_before(page, april):
    text = target_page(page, "T5")
    assert "/hoat-dong/?ky=2023&amp;chi-tieu=T5&amp;trang-thai=held&amp;don-vi=692" in text
    assert "trước đó đơn vị báo cáo" in text
    assert "trong đó cấp tỉnh: 20" in text and "hệ thống tự tính" in text
    assert "1.430/5.000 lượt" in text


def test_rows_behind_each_figure_open(page, april):
    for code in ("T2", "T3", "T4", "T5", "T16", "T17"):
        text = target_page(page, code)
        addresses = {part.split('"')[0] for part in text.split('href="')[1:]}
        rows = [row for row in addresses if row.startswith(("/hoat-dong/?", "/doi-hinh/toan-tinh/?"))]
        assert rows, code
        assert page.get(rows[0].replace("&amp;", "&")).status_code == 200


def test_target_of_the_province_shows_units_apart(page, april):
    text = target_page(page, "T2")
    assert "1/1 hội thảo" in text
    assert "Chỉ tiêu 2 là của cấp tỉnh: số của đơn vị nêu riêng, không cộng vào tổng." in text


def test_months_of_the_target_page_end_in_the_figure_of_the_rollup(page, april, published_plan):
    for code in ("T2", "T3", "T4", "T5", "T17"):
        target = published_plan.targets.get(code=code)
        found = target_detail(published_plan, target, APRIL)
        last = found.months[-1]
        assert (last.numerator, last.denominator, last.amount) == (
            found.line.numerator,
            found.line.denominator,
            found.line.amount,
        ), code


def test_registers_behind_a_counted_figure_open(page, published_plan):
    for code in ("T6", "T7", "T8", "T15"):
        target = published_plan.targets.get(code=code)
        TargetSource.objects.create(target=target, kind="derived", from_period=APRIL)
        text = target_page(page, code)
        address = text.split('href="/danh-muc/')[1].split('"')[0].replace("&amp;", "&")
        assert page.get(f"/danh-muc/{address}").status_code == 200


def test_screen_json_paper_workbook_and_brief_agree_to_the_digit(page, april, published_plan):
    figures = rollup(published_plan, APRIL)
    data = {row["code"]: row for row in as_json(figures)["targets"]}
    assert (data["T5"]["amount"], data["T5"]["province_amount"]) == (1430, 20)
    assert (data["T4"]["numerator"], data["T4"]["denominator"]) == (1, 11)
    assert (data["T2"]["amount"], data["T3"]["amount"], data["T17"]["amount"]) == (1, 1, 0)
    address = reverse("rollup_detail", args=["2023-04"])
    shown = json.loads(page.get(address, {"dinh-dang": "json"}).content)
    assert shown["targets"] == as_json(figures)["targets"]
    paper = context(figures)
    table = next(block for block in paper.blocks if isinstance(block, Table))
    rows = {row.cells[0]: row.cells for row in table.rows if row.kind == RowKind.PLAIN}
    assert rows["5"][1].endswith("(trong đó cấp tỉnh: 20)")
    assert (rows["5"][3:5], rows["4"][4:6]) == (("1.020", "1.430"), ("1/11", "9,1%"))
    sheet = load_workbook(io.BytesIO(render_xlsx(figures)))["Tổng hợp"]
    cells = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=5)}
    assert (cells[5][4:6], cells[5][12], cells[4][5:7]) == ([1020, 1430], 20, [1, 11])
    assert cells[5][9] == "hệ thống tự tính"
    brief = {row["number"]: row for row in base_context(figures)["targets"]}
    assert (brief[5]["cumulative"], brief[5]["part"]) == ("1.430", "trong đó cấp tỉnh: 20")
    text = html(page.get(address))
    assert "trong đó cấp tỉnh: 20" in text and "1/11" in text and "Cấp tỉnh" in text


def test_workbook_of_a_target_has_the_counted_months(page, april):
    address = reverse("target_detail", args=["T5", "2023-04"])
    book = load_workbook(io.BytesIO(page.get(address, {"dinh-dang": "xlsx"}).content))
    units = {row[1].value: [cell.value for cell in row] for row in book["Đơn vị"].iter_rows(min_row=5)}
    assert units["Huyện Đoàn Lộc Ninh"][3:5] == [1000, 1410]
    assert units["Cấp tỉnh"][3:5] == [20, 20]
    assert units["Tổng cộng"][3:5] == [1020, 1430]
    told = [[cell.value for cell in row][1:5] for row in book["Theo kỳ"].iter_rows(min_row=5)]
    assert ["Huyện Đoàn Lộc Ninh", "692", 410, "3/2023"] in told
    assert ["Huyện Đoàn Lộc Ninh", "692", 1000, "4/2023"] in told


@pytest.mark.parametrize("rows", [1, 30])
def test_province_s_pages_keep_their_budget(page, april, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_activity("694", on=date(2023, 4, 12), targets=["T5", "T2"], pupils=1)
        make_team("694")
    for address in (
        reverse("dashboard"),
        reverse("target_detail", args=["T5", "2023-04"]),
        reverse("rollup_detail", args=["2023-04"]),
    ):
        page.get(address)
        with django_assert_max_num_queries(BUDGET):
            page.get(address)
