"""«Lịch trong năm»: own obligations by month, counts for the province, and the file for a phone."""

import pytest

from plans.ics import calendar_text
from tests.factories.plans import local
from tests.factories.units import make_department, make_member
from units.models import Role, Unit

pytestmark = pytest.mark.django_db
BACKEND = "units.accounts.EmailOrPhoneBackend"


@pytest.fixture
def secretary(published_plan, client, at):
    at("2023-03-24T16:20")
    user = make_member(Unit.objects.get(code="692"))
    client.force_login(user, backend=BACKEND)
    return user


def test_calendar_of_a_unit_shows_its_own_due_days(client, secretary):
    html = client.get("/lich/").content.decode()
    assert "Hạn 25/3 (thứ Bảy), đúng hạn đến hết thứ Hai 27/3" in html
    assert html.count("Báo cáo tháng 12/2023") == 1
    assert "Lịch trong năm 2023" in html


def test_calendar_of_the_province_counts_units(client, secretary):
    client.force_login(make_member(make_department(), Role.OFFICER), backend=BACKEND)
    html = client.get("/lich/").content.decode()
    assert "<b>0/14</b>" in html and html.count("Báo cáo tháng 4/2023") == 1


def test_calendar_of_a_year_without_a_plan_is_not_found(client, secretary):
    for year in ("2019", "abc", "99999999999999999999"):
        assert client.get(f"/lich/?nam={year}").status_code == 404


def test_calendar_file_holds_what_is_still_to_do(client, secretary):
    response = client.get("/lich/lich.ics")
    text = response.content.decode().replace("\r\n ", "")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert text.count("BEGIN:VEVENT") == 14
    assert "SUMMARY:Hạn: Báo cáo tháng 3/2023" in text
    assert "DTSTART;VALUE=DATE:20230327" in text


def test_calendar_text_folds_long_lines_between_letters():
    events = [("a@b", local(2023, 3, 27).date(), "đ" * 80 + "; x, y", "hạn")]
    text = calendar_text(events, name="Lịch", now=local(2023, 3, 1))
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\\; x\\, y" in text.replace("\r\n ", "")


def test_calendar_asks_who_it_is(client):
    assert client.get("/lich/").status_code == 302
