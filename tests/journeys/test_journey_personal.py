"""Personal data in a real browser: the number by a click, a request with its clocks, erasure; both widths."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories.units import make_department, make_member
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team, unit_of
from units.models import Role
from volunteers.models import Person, PersonalAccess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Nguyễn Hoàng Thị Phương Thảo Nguyên"


def people(unit):
    """A team with somebody of a long name and somebody without consent."""
    team = make_team(unit, debut_on=date(2023, 3, 4))
    person = make_person(unit, full_name=NAME, birth_year=1996, phone="0911222333")
    make_membership(team, person)
    make_consent(person)
    make_membership(team)
    return team, person


def test_secretary_shows_a_number_writes_down_a_request_and_erases(portal_at, visit):
    base = portal_at("2023-08-24T08:00")
    unit = unit_of("692")
    secretary = make_member(unit, Role.SECRETARY)
    team, person = people(unit)
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)

    page.goto(base + reverse("personal_home"))
    visitor.look()
    page.fill("[name=text]", "thao nguyen")
    page.get_by_role("button", name="Tìm").click()
    visitor.look()
    page.get_by_role("link", name=NAME).click()
    visitor.settle()
    assert "0911222333" not in page.content()
    page.get_by_role("button", name="Xem số").click()
    page.wait_for_selector("a[href='tel:0911222333']")
    visitor.look()
    assert PersonalAccess.objects.filter(kind="phone", person=person, actor=secretary).count() == 1

    page.get_by_role("link", name="Ghi yêu cầu").click()
    visitor.look()
    page.get_by_role("button", name="Ghi yêu cầu").click()
    page.wait_for_selector("[data-error-summary]")
    visitor.look()
    page.get_by_label("xóa thông tin").check()
    page.get_by_label("qua điện thoại").check()
    page.fill("[name=received_on]", "23/8/2023")
    page.get_by_role("button", name="Ghi yêu cầu").click()
    page.get_by_role("button", name="Đã trả lời người yêu cầu").click()
    visitor.look()
    page.get_by_role("link", name="Đến trang xóa thông tin").click()
    visitor.look()
    page.get_by_label("theo yêu cầu của người đó").check()
    page.get_by_label("Tôi đã xem các chỗ").check()
    page.get_by_role("button", name="Xóa, không khôi phục được").click()
    page.wait_for_selector("text=đã thực hiện")
    visitor.look()
    assert Person.objects.get(pk=person.pk).full_name == ""

    for name in ("request_list", "access_log", "retention_preview"):
        page.goto(base + reverse(name))
        visitor.look()
    page.goto(base + reverse("consent_bulk", args=[team.pk]))
    visitor.look()
    page.goto(base + reverse("consent_text", args=["roster"]))
    visitor.look()


def test_ban_phong_trao_looks_at_all_units(portal_at, visit):
    base = portal_at("2023-08-24T08:00")
    people(unit_of("692"))
    people(unit_of("691"))
    visitor = visit(base)
    visitor.sign_in(make_member(make_department(), Role.OFFICER))
    for name in ("personal_home", "access_log"):
        visitor.page.goto(base + reverse(name))
        visitor.look()
