"""Signing in and out: both names, the way back, throttling, and no hint which accounts exist."""

import logging
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.units import PASSWORD, make_department, make_member, make_post, make_unit, make_user
from units.models import Role, User

pytestmark = pytest.mark.django_db
LOGIN = "/dang-nhap/"
CANARY = "canary.nobody@nowhere.invalid"


@pytest.fixture
def secretary():
    return make_member(make_unit(), email="hoa@locninh.invalid", phone="0912345678", full_name="Nguyễn Hoa")


def sign_in(client, login, password=PASSWORD, **data):
    return client.post(LOGIN, {"username": login, "password": password, **data})


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "login", ["hoa@locninh.invalid", " HOA@LocNinh.invalid", "+84 912 345 678", "0912.345.678"]
)
def test_address_and_phone_number_both_open_the_portal(client, secretary, login):
    assert sign_in(client, login).status_code == 302
    assert is_signed_in(client)


def test_session_gets_a_new_key_at_sign_in(client, secretary):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    sign_in(client, secretary.email)
    assert client.session.session_key != before


@pytest.mark.parametrize("address", ["/tai-khoan/", "/bao-cao/12/?muc=doi-hinh"])
def test_way_back_is_kept(client, secretary, address):
    assert sign_in(client, secretary.email, next=address)["Location"] == address


@pytest.mark.parametrize(
    "address", ["https://evil.invalid/", "//evil.invalid", "javascript:evil()", "\\\\evil"]
)
def test_way_out_of_the_portal_is_refused(client, secretary, address):
    location = sign_in(client, secretary.email, next=address)["Location"]
    assert location.startswith("/")
    assert "evil" not in location


def test_person_without_post_lands_on_the_own_account_which_explains(client):
    person = make_user()
    response = client.post(LOGIN, {"username": person.email, "password": PASSWORD}, follow=True)
    assert response.request["PATH_INFO"] == reverse("account")
    assert "chưa có việc để làm" in response.content.decode()


def test_signed_in_person_is_led_past_the_sign_in_page(client, secretary):
    client.force_login(secretary)
    assert client.get(LOGIN).status_code == 302


def test_signing_out_takes_a_post_and_ends_the_session(client, secretary):
    client.force_login(secretary)
    assert client.get("/dang-xuat/").status_code == 405
    assert is_signed_in(client)
    response = client.post("/dang-xuat/", follow=True)
    assert not is_signed_in(client)
    assert "Đã đăng xuất" in response.content.decode()


def test_closed_account_is_out_at_the_next_request(client, secretary):
    client.force_login(secretary)
    assert client.get("/tai-khoan/").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/tai-khoan/").status_code == 302


def shown(response):
    """What the page says, without the login that was typed and the token."""
    page = response.content.decode()
    for name, value in response.context["form"].data.items():
        if name == "username":
            page = page.replace(str(value), "LOGIN")
    return page.replace(str(response.context["csrf_token"]), "TOKEN")


@pytest.mark.parametrize("login", [CANARY, "0999 999 999", "chẳng có ai"])
def test_unknown_closed_and_invited_accounts_get_the_answer_of_a_wrong_password(client, secretary, login):
    wrong = sign_in(client, secretary.email, "sai-mat-khau")
    closed, invited = make_user(is_active=False), make_user(password=None)
    assert "Thông tin đăng nhập chưa đúng" in shown(wrong)
    for response in (
        sign_in(client, login, "sai-mat-khau"),
        sign_in(client, closed.email),
        sign_in(client, invited.email, "x"),
    ):
        assert response.status_code == wrong.status_code == 200
        assert shown(response) == shown(wrong)


def test_unknown_account_costs_as_much_hashing_and_as_many_queries_as_a_wrong_password(
    client, secretary, monkeypatch
):
    hashed = []
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or f"md5${salt}$x"
    )
    costs = []
    for login in (secretary.email, CANARY):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            sign_in(client, login, "sai-mat-khau")
        costs.append((len(hashed), len(queries)))
    assert costs[0] == costs[1]
    assert costs[0][0] == 1


class TestThrottle:
    def fail(self, client, login, times=10):
        for _ in range(times):
            response = sign_in(client, login, "sai-mat-khau")
        return response

    def test_nine_failures_still_let_in(self, client, secretary):
        self.fail(client, secretary.email, 9)
        assert sign_in(client, secretary.email).status_code == 302

    def test_ten_failures_lock_even_with_the_right_password_and_say_until_when(self, client, secretary, at):
        at("2023-03-24T20:40")
        response = self.fail(client, secretary.email)
        assert response.status_code == 429
        page = response.content.decode()
        assert "sau 15 phút nữa" in page
        assert "20 giờ 55 ngày 24/3/2023" in page
        assert reverse("password_reset") in page
        assert response["Retry-After"] == "900"
        assert sign_in(client, secretary.email).status_code == 429
        assert not is_signed_in(client)

    def test_every_spelling_of_the_account_counts_together(self, client, secretary):
        for login in ("hoa@locninh.invalid", "HOA@locninh.invalid", "0912345678", "+84 912 345 678"):
            self.fail(client, login, 3)
        assert sign_in(client, secretary.email).status_code == 429

    def test_lock_ends_after_a_quarter_of_an_hour_and_is_not_prolonged_meanwhile(self, client, secretary):
        start = timezone.now()
        with time_machine.travel(start, tick=False):
            self.fail(client, secretary.email)
        with time_machine.travel(start + timedelta(minutes=14), tick=False):
            response = self.fail(client, secretary.email, 5)
            assert "sau 1 phút nữa" in response.content.decode()
        with time_machine.travel(start + timedelta(minutes=15, seconds=1), tick=False):
            assert sign_in(client, secretary.email).status_code == 302

    def test_stranger_elsewhere_cannot_lock_the_secretary_out(self, client, secretary):
        for _ in range(12):
            client.post(
                LOGIN,
                {"username": secretary.email, "password": "sai"},
                REMOTE_ADDR="203.0.113.9",
            )
        assert sign_in(client, secretary.email).status_code == 302

    def test_colleague_at_the_same_address_is_not_locked_out(self, client, secretary):
        colleague = make_member(make_unit())
        self.fail(client, secretary.email)
        assert sign_in(client, colleague.email).status_code == 302

    def test_unknown_account_is_locked_alike(self, client):
        assert self.fail(client, CANARY).status_code == 429

    def test_thousand_tries_never_get_past_the_tenth(self, client, secretary):
        answers = [sign_in(client, secretary.email, f"doan-{n}").status_code for n in range(40)]
        assert answers == [200] * 9 + [429] * 31

    def test_admin_unlocks(self, client, secretary):
        self.fail(client, secretary.email)
        admin = make_user(is_staff=True)
        make_post(admin, make_department("VP", "Văn phòng"), Role.ADMIN)
        client.force_login(admin)
        client.post("/admin/units/user/", {"action": "unlock_accounts", "_selected_action": [secretary.pk]})
        client.logout()
        assert sign_in(client, secretary.email).status_code == 302

    def test_neither_table_nor_log_holds_a_typed_name(self, client, secretary, caplog):
        caplog.set_level(logging.DEBUG)
        self.fail(client, CANARY)
        self.fail(client, secretary.email)
        rows = str(list(AccessAttempt.objects.values()))
        assert AccessAttempt.objects.count() == 2
        for text in (rows, caplog.text):
            assert CANARY not in text
            assert secretary.email not in text
            assert "sai-mat-khau" not in text


class TestCsrfToken:
    def test_signed_in_script_gets_a_token_that_works(self, secretary):
        client = Client(enforce_csrf_checks=True)
        client.force_login(secretary)
        token = client.get("/csrf/").json()["token"]
        assert client.post("/dang-xuat/", headers={"X-CSRFToken": token}).status_code == 302

    def test_script_without_session_gets_401(self, client):
        response = client.get("/csrf/", headers={"Accept": "application/json"})
        assert response.status_code == 401
        assert "token" not in response.json()

    def test_answer_is_never_kept(self, client, secretary):
        client.force_login(secretary)
        assert "no-store" in client.get("/csrf/")["Cache-Control"]
