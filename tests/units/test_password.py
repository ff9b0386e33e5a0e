"""A forgotten password, and a changed one."""

import re

import pytest
from django.core import mail
from django.test import Client
from kombu.exceptions import OperationalError

from doanportal.celery import app as celery_app
from tests.factories.units import PASSWORD, make_member, make_unit, make_user
from units import tasks
from units.models import Event, User

pytestmark = pytest.mark.django_db
FORGOTTEN = "/mat-khau/quen/"
NEW = {"new_password1": "tinh-nguyen-2023", "new_password2": "tinh-nguyen-2023"}


@pytest.fixture(autouse=True)
def worker_at_once():
    """The worker does its work in the test itself."""
    celery_app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    celery_app.conf.update(task_always_eager=False, task_eager_propagates=False)


@pytest.fixture
def secretary():
    return make_member(make_unit(), email="hoa@locninh.invalid", phone="0912345678")


def link_in(letter):
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", letter.body)[1]


def new_password_form(client, link):
    """The address of the form behind a link of a letter."""
    page = client.get(link, follow=True)
    assert "Đặt mật khẩu" in page.content.decode()
    return page.request["PATH_INFO"]


@pytest.mark.parametrize("login", ["hoa@locninh.invalid", "HOA@LocNinh.invalid", "+84 912 345 678"])
def test_link_goes_to_the_accounts_own_mailbox(client, secretary, login):
    client.post(FORGOTTEN, {"login": login})
    assert [letter.to for letter in mail.outbox] == [["hoa@locninh.invalid"]]
    assert "24 giờ" in mail.outbox[0].body


def test_link_is_built_from_the_setting_not_from_the_request(client, secretary, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(FORGOTTEN, {"login": secretary.email}, headers={"Host": "evil.invalid"})
    assert "evil" not in mail.outbox[0].body


def test_link_sets_a_new_password_once_and_ends_other_sessions(client, secretary):
    elsewhere = Client()
    elsewhere.force_login(secretary)
    client.post(FORGOTTEN, {"login": secretary.email})
    link = link_in(mail.outbox[0])
    response = client.post(new_password_form(client, link), NEW, follow=True)
    assert "Đã đặt mật khẩu mới" in response.content.decode()
    assert User.objects.get(pk=secretary.pk).check_password("tinh-nguyen-2023")
    assert "_auth_user_id" not in client.session
    assert elsewhere.get("/tai-khoan/").status_code == 302
    assert "không còn dùng được" in client.get(link, follow=True).content.decode()


def test_link_expires_after_a_day(client, secretary, at):
    at("2023-03-24T08:00")
    client.post(FORGOTTEN, {"login": secretary.email})
    at("2023-03-25T08:00")
    assert "Lưu mật khẩu" in client.get(link_in(mail.outbox[0]), follow=True).content.decode()
    at("2023-03-25T08:01")
    assert "không còn dùng được" in client.get(link_in(mail.outbox[0]), follow=True).content.decode()


def test_locked_out_secretary_signs_in_with_the_new_password_at_once(client, secretary):
    for _ in range(10):
        client.post("/dang-nhap/", {"username": secretary.email, "password": "sai"})
    client.post(FORGOTTEN, {"login": secretary.email})
    client.post(new_password_form(client, link_in(mail.outbox[0])), NEW)
    response = client.post("/dang-nhap/", {"username": "0912345678", "password": "tinh-nguyen-2023"})
    assert response.status_code == 302
    assert "_auth_user_id" in client.session


def answer_to(login):
    response = Client().post(FORGOTTEN, {"login": login})
    followed = Client().get(response["Location"]).content.decode()
    return response.status_code, response["Location"], followed.replace(login, "LOGIN")


def test_answer_is_the_same_for_existing_closed_and_unknown_accounts(secretary):
    closed = make_user(is_active=False)
    answers = [
        answer_to(login) for login in (secretary.email, closed.email, "khong.co@dau.invalid", "0999999999")
    ]
    assert len(set(answers)) == 1
    assert len(mail.outbox) == 1


def test_page_hands_over_one_task_whoever_is_asked_for(client, secretary, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.send_password_link, "delay", asked.append)
    for login in (secretary.email, "khong.co@dau.invalid"):
        client.post(FORGOTTEN, {"login": login})
    assert asked == [secretary.pk, 0]
    assert mail.outbox == []


def test_letter_goes_out_without_a_broker_too(client, secretary, monkeypatch):
    def away(user_id):
        raise OperationalError("broker away")

    monkeypatch.setattr(tasks.send_password_link, "delay", away)
    assert client.post(FORGOTTEN, {"login": secretary.email}).status_code == 302
    assert len(mail.outbox) == 1


def test_mailbox_cannot_be_flooded(client, secretary, at):
    at("2023-03-24T08:00")
    for _ in range(8):
        client.post(FORGOTTEN, {"login": secretary.email})
    assert len(mail.outbox) == 3
    at("2023-03-24T09:01")
    client.post(FORGOTTEN, {"login": secretary.email})
    assert len(mail.outbox) == 4


def test_invited_person_who_lost_the_letter_gets_an_invitation(client):
    person = make_user(password=None)
    client.post(FORGOTTEN, {"login": person.email})
    assert "/loi-moi/" in mail.outbox[0].body


def test_reset_link_does_not_open_an_account_closed_meanwhile(client, secretary):
    client.post(FORGOTTEN, {"login": secretary.email})
    User.objects.update(is_active=False)
    assert "không còn dùng được" in client.get(link_in(mail.outbox[0]), follow=True).content.decode()


def test_changed_password_keeps_this_session_and_ends_the_others(client, secretary):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(secretary)
    response = client.post("/mat-khau/", {"old_password": PASSWORD, **NEW}, follow=True)
    assert "Đã đổi mật khẩu" in response.content.decode()
    assert client.get("/tai-khoan/").status_code == 200
    assert elsewhere.get("/tai-khoan/").status_code == 302
    assert Event.objects.about(secretary).get().to_state == "change"


def test_wrong_old_password_changes_nothing(client, secretary):
    client.force_login(secretary)
    client.post("/mat-khau/", {"old_password": "sai", **NEW})
    assert User.objects.get(pk=secretary.pk).check_password(PASSWORD)


@pytest.mark.parametrize("page", ["/mat-khau/", "/tai-khoan/"])
def test_own_pages_ask_for_a_sign_in(client, page):
    assert client.get(page)["Location"] == f"/dang-nhap/?next={page}"


def test_help_of_the_password_rules_is_vietnamese(client, secretary):
    client.force_login(secretary)
    page = client.get("/mat-khau/").content.decode()
    assert "ít nhất 10" in page
    assert "Your password" not in page


def test_own_name_and_phone_are_saved_and_no_more(client, secretary):
    client.force_login(secretary)
    typed = {"full_name": " Nguyễn  Thị Hoa", "phone": "+84 987 654 321", "email": "x@y.vn", "is_staff": "on"}
    assert client.post("/tai-khoan/", typed).status_code == 302
    person = User.objects.get(pk=secretary.pk)
    assert (person.full_name, person.phone) == ("Nguyễn Thị Hoa", "0987654321")
    assert (person.email, person.is_staff) == ("hoa@locninh.invalid", False)
    event = Event.objects.about(person).get()
    assert "Hoa" not in event.to_state + event.reason


def test_phone_number_of_somebody_else_is_refused_and_the_head_keeps_the_saved_name(client, secretary):
    make_user(phone="0987654321")
    client.force_login(secretary)
    response = client.post("/tai-khoan/", {"full_name": "Tên Chưa Lưu", "phone": "0987 654 321"})
    assert "đã dùng cho một tài khoản khác" in response.content.decode()
    assert response.context["user"].full_name == secretary.full_name
