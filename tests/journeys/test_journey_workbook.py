"""A roster from Excel in a browser: five errors, mended, taken over; a large one by the worker."""

import pytest

from tests.factories.units import make_member
from tests.factories.volunteers import make_membership, make_person, make_team
from tests.volunteers.workbooks import person, workbook
from units.models import Unit
from volunteers.models import Membership, WorkbookImport
from volunteers.workbook import imports

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = "2023-03-15T09:00"
GOOD = [
    person("Nguyễn Thị Lan", 1998, "Nữ", "Phó Bí thư Chi đoàn", "Xã Lộc An", "0912 345 678", "", "24/2/2023"),
    person("Trần Văn Hòa", 1996, "Nam"),
    person("Lê Thị Hoa", 1999, "Nữ"),
    person("Điểu Văn Tám", 2001, "Nam"),
]
WRONG = [
    person("Nguyễn Thị Lan", "1998x", "Nữ", "Phó Bí thư Chi đoàn", "Xã Lộc An", "12345", "", "31/2/2023"),
    person("Trần Văn Hòa", 1996, "Nam giới"),
    person("Lê Thị Hoa", 1999, "Nữ"),
    person("", 2001, "Nam"),
]


@pytest.fixture
def lead(portal_at):
    """(base, secretary, team of Lộc Ninh with one member) on 15/3/2023."""
    base = portal_at(NOW)
    unit = Unit.objects.get(code="692")
    team = make_team(unit, name="Đội hình chuyển đổi số Lộc Ninh")
    make_membership(team, make_person(unit, full_name="Phạm Quốc Bảo", birth_year=1995))
    return base, make_member(unit), team


def choose(page, content):
    page.set_input_files(
        "[name=file]",
        {"name": "ds.xlsx", "mimeType": "application/octet-stream", "buffer": content},
    )
    page.click("text=Tải lên và kiểm tra")
    page.wait_for_url("**/nhap-excel/*/")


def test_roster_with_five_errors_is_mended_and_taken_over(lead, visit):
    base, secretary, team = lead
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{base}/nhap-excel/danh-sach/{team.pk}/")
    visitor.look()
    choose(page, workbook(WRONG))
    assert "Lỗi: 5" in page.inner_text("main")
    assert page.locator("text=Ghi vào danh sách").count() == 0
    visitor.look()
    page.click("text=Tải tệp khác")
    choose(page, workbook(GOOD))
    text = page.inner_text("main")
    assert "Lỗi: " not in text and "thêm: 4" in text
    visitor.look()
    page.click("text=Ghi vào danh sách")
    assert "Hãy xác nhận mọi người" in page.inner_text("[data-error-summary]")
    page.check("[name=declared]")
    page.select_option("[name=channel]", "paper")
    page.fill("[name=given_on]", "10/3/2023")
    visitor.look()
    page.click("text=Ghi vào danh sách")
    page.wait_for_selector("text=Đã ghi lúc")
    visitor.look()
    assert Membership.objects.filter(team=team).count() == 5


def test_large_roster_shows_how_far_the_worker_is(lead, visit):
    base, secretary, team = lead
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{base}/nhap-excel/danh-sach/{team.pk}/")
    choose(
        page, workbook([person(f"Lê Văn {chr(65 + n % 26)}{chr(97 + n // 26)}", 1990) for n in range(300)])
    )
    page.wait_for_selector("text=Đang kiểm tra")
    visitor.look()
    imports.check_import(WorkbookImport.objects.get().pk)
    page.wait_for_selector("text=thêm: 300")
    visitor.look()
    page.goto(f"{base}/xuat-excel/danh-sach/{team.pk}/")
    visitor.look()
