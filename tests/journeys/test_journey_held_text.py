"""The session ends while somebody types: after signing in, the words stand in the form again."""

import pytest
from django.conf import settings

from tests.factories.units import PASSWORD, make_member
from units.models import Role, Unit
from volunteers.loading import load_kinds
from volunteers.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Ngày cao điểm hỗ trợ dịch vụ công trực tuyến"


def type_activity(page, base):
    page.goto(f"{base}/hoat-dong/lap/")
    page.select_option("#id_kind", "service_guidance")
    page.fill("#id_title", TITLE)
    page.fill("#id_place", "Trung tâm Phục vụ hành chính công huyện")
    page.fill("#id_starts_on", "18/3/2023")


def press(page):
    page.get_by_role("button", name="Lập hoạt động", exact=True).last.click()


def sign_in(page, user):
    page.fill("[name=username]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/dang-nhap/" not in url)


def begin(portal_at, code="692"):
    base = portal_at("2023-03-03T09:00")
    load_kinds()
    return base, make_member(Unit.objects.get(code=code), Role.SECRETARY)


def test_words_typed_before_the_session_ended_are_in_the_form_again(portal_at, visit):
    base, secretary = begin(portal_at)
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    type_activity(page, base)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    press(page)
    page.wait_for_url("**/dang-nhap/**")
    visitor.look()
    sign_in(page, secretary)
    page.get_by_text("Đã điền lại nội dung đồng chí gõ").wait_for()
    visitor.look()
    assert page.input_value("#id_title") == TITLE
    assert page.input_value("#id_kind") == "service_guidance"
    press(page)
    page.wait_for_url("**/hoat-dong/*/")
    visitor.settle()
    assert page.locator("[data-held]").count() == 0
    assert Activity.objects.get().title == TITLE


def test_next_person_on_the_phone_finds_an_empty_form(portal_at, visit):
    base, secretary = begin(portal_at)
    other = make_member(Unit.objects.get(code="693"), Role.SECRETARY)
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    type_activity(page, base)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    press(page)
    page.wait_for_url("**/dang-nhap/**")
    sign_in(page, other)
    visitor.settle()
    assert page.input_value("#id_title") == ""
    assert TITLE not in page.content()


def test_words_stand_in_a_fold_to_be_copied_without_scripts(portal_at, visit):
    base, secretary = begin(portal_at)
    visitor = visit(base, java_script_enabled=False)
    page = visitor.page
    visitor.sign_in(secretary)
    type_activity(page, base)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    press(page)
    page.wait_for_url("**/dang-nhap/**")
    sign_in(page, secretary)
    page.get_by_text("Xem nội dung đã gõ").click()
    assert TITLE in [field.input_value() for field in page.locator("[data-held] textarea").all()]
