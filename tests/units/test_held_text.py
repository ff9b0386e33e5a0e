"""Text sent after the session ended: held an hour for the person whose page it was, and nobody else."""

from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from doanportal import held_text
from tests.factories.plans import local
from tests.factories.units import PASSWORD, make_member
from tests.factories.volunteers import make_activity, unit_of
from tests.sessions import end_session, open_page, send_after_the_end
from units.models import Role
from volunteers.loading import load_kinds
from volunteers.models import Activity

pytestmark = pytest.mark.django_db

TITLE = "Ngày cao điểm hỗ trợ dịch vụ công"
TYPED = {"title": TITLE, "place": "Nhà văn hóa xã", "kind": "service_guidance", "starts_on": "18/3/2023"}


@pytest.fixture
def secretary(at, published_plan):
    at("2023-03-01T09:00")
    load_kinds()
    return make_member(unit_of("692"), Role.SECRETARY)


@pytest.fixture
def new_activity():
    return reverse("activity_create")


@pytest.fixture
def browser(client, secretary):
    sign_in(client, secretary)
    return client


def sign_in(client, user, back="/tai-khoan/"):
    client.get(reverse("login"))
    sent = {"username": user.email, "password": PASSWORD, "next": back}
    return client.post(reverse("login"), sent)


def body(client, address):
    return client.get(address).content.decode()


def rows_held():
    return [row for one in Session.objects.all() for row in one.get_decoded().get(held_text.KEY, [])]


def test_form_sent_after_the_end_waits_behind_the_sign_in(browser, secretary, new_activity):
    response = send_after_the_end(browser, new_activity, TYPED)
    assert response.url == f"/dang-nhap/?next={new_activity}"
    assert sign_in(browser, secretary, new_activity).url == new_activity
    page = body(browser, new_activity)
    assert TITLE in page and "trước khi phiên đăng nhập hết hạn" in page


def test_form_that_was_taken_is_held_no_longer(browser, secretary, new_activity):
    send_after_the_end(browser, new_activity, TYPED)
    sign_in(browser, secretary)
    assert browser.post(new_activity, TYPED).status_code == 302
    assert Activity.objects.get().title == TITLE
    assert rows_held() == []


def test_another_person_on_the_same_phone_sees_nothing_and_ends_it(browser, secretary, new_activity):
    send_after_the_end(browser, new_activity, TYPED)
    sign_in(browser, make_member(unit_of("693"), Role.SECRETARY))
    assert TITLE not in body(browser, new_activity)
    assert rows_held() == []
    sign_in(browser, secretary)
    assert TITLE not in body(browser, new_activity)


def test_stranger_without_a_page_of_ours_stores_nothing_and_gets_the_words_back(
    client, new_activity, secretary
):
    response = client.post(new_activity, TYPED)
    assert response.status_code == 403
    assert TITLE in response.content.decode()
    assert not Session.objects.exists()


def test_password_is_never_held_nor_shown(browser, secretary):
    address = reverse("password_change")
    response = send_after_the_end(
        browser, address, {"old_password": "bí-mật-cũ", "new_password1": "bí-mật-mới"}
    )
    assert "bí-mật" not in response.content.decode()
    assert rows_held() == []


def test_text_longer_than_is_held_is_shown_at_once(browser, new_activity):
    text = "Ghi chú. " * 7_000
    response = send_after_the_end(browser, new_activity, TYPED | {"note": text})
    assert response.status_code == 403 and text[:200] in response.content.decode()
    assert rows_held() == []


def test_text_is_gone_after_an_hour(browser, secretary, new_activity, at):
    send_after_the_end(browser, new_activity, TYPED)
    at("2023-03-01T10:01")
    assert held_text.tidy_sessions() is None
    assert rows_held() == []
    sign_in(browser, secretary)
    assert TITLE not in body(browser, new_activity)


def test_text_is_there_for_the_whole_hour(browser, secretary, new_activity, at):
    send_after_the_end(browser, new_activity, TYPED)
    at("2023-03-01T09:59")
    held_text.tidy_sessions()
    sign_in(browser, secretary)
    assert TITLE in body(browser, new_activity)


def test_address_that_only_takes_posts_leads_back_to_the_page_of_the_form(browser, secretary):
    activity = make_activity(secretary.current_posts[0].unit, on=date(2023, 3, 1), held=False)
    page = reverse("activity_detail", args=[activity.pk])
    response = send_after_the_end(
        browser, reverse("activity_cancel", args=[activity.pk]), {"reason": "Mưa"}, page=page
    )
    assert response.url == f"/dang-nhap/?next={page}"
    sign_in(browser, secretary)
    assert "Mưa" in body(browser, page)


def test_page_older_than_the_sign_in_gives_its_text_back(secretary, new_activity, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(secretary, backend="units.accounts.EmailOrPhoneBackend")
    secret = open_page(client)
    end_session(client)
    # Signed in again in another window: the browser has a new secret, the old page the old one.
    client.handler.enforce_csrf_checks = False
    sign_in(client, secretary)
    client.handler.enforce_csrf_checks = True
    response = client.post(
        new_activity,
        TYPED | {"csrfmiddlewaretoken": secret},
        headers={"Referer": "http://testserver/hoat-dong/"},
    )
    assert response.status_code == 302
    page = body(client, new_activity)
    assert TITLE in page and "đăng nhập lại ở cửa sổ khác" in page


def test_text_put_away_by_hand_is_gone(browser, secretary, new_activity):
    send_after_the_end(browser, new_activity, TYPED)
    sign_in(browser, secretary)
    body(browser, new_activity)
    entry = rows_held()[0]
    assert browser.post(reverse("held_text"), {"bo": entry["id"]}).status_code == 302
    assert rows_held() == []


def test_event_log_and_next_address_hold_no_typed_word(browser, new_activity, caplog):
    response = send_after_the_end(browser, new_activity, TYPED)
    assert "Ng%C3%A0y" not in response.url and TITLE not in response.url
    assert TITLE not in caplog.text


def test_moment_of_the_clock_is_that_of_business(browser, new_activity):
    send_after_the_end(browser, new_activity, TYPED)
    assert rows_held()[0]["at"] == local(2023, 3, 1, 9).timestamp()
