"""What stands around every page: menu by posts, badge, unit, plan, and the banner of a moved clock."""

from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from doanportal import clock
from plans.models import Message, Plan
from tests.factories.plans import make_plan
from tests.factories.units import make_department, make_member, make_post, make_unit, make_user
from units import navigation
from units.context import portal
from units.models import Role, User

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "home": "/",
    "report_list": "/bao-cao/",
    "dashboard": "/tong-quan/",
    "review_queue": "/tiep-nhan/",
    "rollup_list": "/tong-hop/",
    "team_list": "/doi-hinh/",
    "activity_list": "/hoat-dong/",
    "register_home": "/danh-muc/",
    "award_home": "/khen-thuong/",
    "personal_home": "/du-lieu-ca-nhan/",
    "calendar": "/lich/",
    "inbox": "/thong-bao/",
    "admin:index": "/admin/",
}


@pytest.fixture
def all_pages(monkeypatch):
    monkeypatch.setattr(navigation, "address", ADDRESSES.get)


def frame(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return portal(request)


def labels(user):
    return [item.label for item in frame(user)["nav"]]


def test_secretary_sees_the_units_menu(all_pages):
    assert labels(make_member(make_unit())) == [
        "Việc của đơn vị",
        "Báo cáo",
        "Đội hình",
        "Hoạt động",
        "Danh mục",
        "Khen thưởng",
        "Lịch trong năm",
        "Thông báo",
        "Dữ liệu cá nhân",
    ]


def test_officer_sees_the_provinces_menu_without_admin(all_pages):
    officer = make_member(make_department(), Role.OFFICER)
    assert labels(officer) == [
        "Tổng quan",
        "Tiếp nhận",
        "Tổng hợp",
        "Đội hình",
        "Hoạt động",
        "Danh mục",
        "Khen thưởng",
        "Lịch trong năm",
        "Thông báo",
        "Dữ liệu cá nhân",
    ]


def test_admin_sees_the_admin_pages(all_pages):
    assert labels(make_member(make_department(), Role.ADMIN, is_staff=True))[-1] == "Quản trị"


def test_holder_of_two_posts_sees_both_menus_once(all_pages):
    person = make_member(make_unit())
    make_post(person, make_department(), Role.OFFICER)
    assert labels(person) == [entry.label for entry in navigation.ENTRIES if entry.label != "Quản trị"]


def test_nobody_sees_a_menu_without_sign_in_or_post(all_pages):
    assert labels(AnonymousUser()) == []
    assert labels(make_user()) == []


def test_page_that_no_app_has_is_left_out():
    assert navigation.address("no_such_page") is None
    assert navigation.address("account") == "/tai-khoan/"


@pytest.mark.parametrize(
    "path, active",
    [
        ("/", "Việc của đơn vị"),
        ("/bao-cao/", "Báo cáo"),
        ("/bao-cao/12/doi-hinh/", "Báo cáo"),
        ("/lich/2023/", "Lịch trong năm"),
        ("/tai-khoan/", None),
    ],
)
def test_line_of_the_page_is_marked(all_pages, path, active):
    nav = frame(make_member(make_unit()), path)["nav"]
    assert [item.label for item in nav if item.active] == ([active] if active else [])


def test_badge_counts_what_waits_in_the_inbox(all_pages):
    person = make_member(make_unit())
    for number in range(2):
        Message.objects.create(
            recipient=person, channel="inbox", slot_on=clock.today(), subject="x", message_id=f"<{number}@x>"
        )
    assert {item.url_name: item.badge for item in frame(person)["nav"] if item.badge} == {"inbox": 2}


def test_frame_asks_nothing_until_shown_and_then_three_times_at_most(all_pages, django_assert_num_queries):
    make_plan()
    person = make_member(make_unit())
    person = User.objects.get(pk=person.pk)
    with django_assert_num_queries(0):
        shown = frame(person)
    with django_assert_num_queries(3):
        assert list(shown["nav"])
        assert str(shown["unit_name"]).startswith("Huyện Đoàn")
        assert str(shown["plan_label"])


@pytest.mark.parametrize("today, year", [("2023-03-24", 2023), ("2026-03-24", 2024), ("2021-01-01", 2023)])
def test_label_names_the_issued_plan_of_the_year_or_the_nearest(today, year):
    make_plan(2023)
    make_plan(2024)
    make_plan(2026, state=Plan.State.DRAFT)
    with clock.at(datetime.fromisoformat(f"{today}T08:00+07:00")):
        assert str(frame(AnonymousUser())["plan_label"]) == f"Kế hoạch năm {year}"


def test_label_is_empty_before_any_plan():
    assert str(frame(AnonymousUser())["plan_label"]) == ""


def test_banner_tells_day_and_time_of_a_moved_clock_only():
    assert frame(AnonymousUser())["clock_banner"] == ""
    with clock.at(datetime.fromisoformat("2023-08-24T08:00+07:00")):
        assert frame(AnonymousUser())["clock_banner"] == (
            "Bản demo: đồng hồ cổng đang là thứ Năm, 24/8/2023 08:00"
        )


def test_unit_side_post_names_the_unit_before_a_province_post():
    person = make_user()
    make_post(person, make_department(), Role.OFFICER)
    make_post(person, make_unit(name="Huyện Đoàn Lộc Ninh"))
    assert str(frame(person)["unit_name"]) == "Huyện Đoàn Lộc Ninh"


def test_work_begins_at_the_first_line_of_the_menu_else_at_the_own_account(all_pages):
    assert navigation.start_address(make_member(make_unit())) == "/"
    assert navigation.start_address(make_member(make_department(), Role.LEADER)) == "/tong-quan/"
    assert navigation.start_address(make_user()) == "/tai-khoan/"
