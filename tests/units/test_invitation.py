"""The first password: by a link that works once, for a time, and only until a newer one is sent."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from tests.factories.units import make_department, make_post, make_unit, make_user
from units.accounts import AccountError, invite
from units.models import Event, Role, User

pytestmark = pytest.mark.django_db
NEW = {"new_password1": "tinh-nguyen-2023", "new_password2": "tinh-nguyen-2023"}


@pytest.fixture
def admin_person():
    person = make_user(is_staff=True)
    make_post(person, make_department("VP", "Văn phòng"), Role.ADMIN)
    return person


@pytest.fixture
def invited():
    person = make_user(email="hoa@locninh.invalid", full_name="Nguyễn Hoa", password=None)
    make_post(person, make_unit())
    return person


def link_in(letter):
    """The path of the one link of a letter."""
    return re.search(r"http://127\.0\.0\.1:8000(/loi-moi/\S+)", letter.body)[1]


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_letter_is_polite_and_names_no_password(invited, admin_person):
    invite(invited, by=admin_person)
    letter = mail.outbox[0]
    assert letter.to == ["hoa@locninh.invalid"]
    assert letter.body.startswith("Kính gửi đồng chí Nguyễn Hoa,")
    assert "7 ngày" in letter.body
    assert "\n" not in letter.subject
    assert "Nguyễn Hoa" not in letter.subject


def test_link_sets_the_first_password_signs_in_and_is_used_up(client, invited, admin_person):
    invite(invited, by=admin_person)
    link = link_in(mail.outbox[0])
    page = client.get(link, follow=True)
    assert "Đặt mật khẩu lần đầu" in page.content.decode()
    # The token leaves the address before the page is shown.
    assert page.request["PATH_INFO"].endswith("/moi/")
    response = client.post(page.request["PATH_INFO"], NEW)
    assert response.status_code == 302
    assert fresh(invited).check_password("tinh-nguyen-2023")
    assert client.session["_auth_user_id"] == str(invited.pk)
    client.logout()
    again = client.get(link, follow=True)
    assert "không còn dùng được" in again.content.decode()
    assert Event.objects.about(invited).filter(verb="set_password", to_state="first").count() == 1


def test_second_post_with_the_used_link_changes_nothing(client, invited, admin_person):
    invite(invited, by=admin_person)
    address = client.get(link_in(mail.outbox[0]), follow=True).request["PATH_INFO"]
    client.post(address, NEW)
    client.post(address, {"new_password1": "khac-hoan-toan-9", "new_password2": "khac-hoan-toan-9"})
    assert fresh(invited).check_password("tinh-nguyen-2023")


def test_newer_invitation_ends_the_older_one(client, invited, admin_person):
    invite(invited, by=admin_person)
    invite(fresh(invited), by=admin_person)
    older, newer = (link_in(letter) for letter in mail.outbox)
    assert "không còn dùng được" in client.get(older, follow=True).content.decode()
    assert "Đặt mật khẩu lần đầu" in client.get(newer, follow=True).content.decode()


def test_link_expires_after_a_week(client, invited, admin_person):
    invite(invited, by=admin_person)
    link = link_in(mail.outbox[0])
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert "Đặt mật khẩu lần đầu" in client.get(link, follow=True).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert "không còn dùng được" in client.get(link, follow=True).content.decode()


def test_account_closed_meanwhile_is_not_opened_by_the_link(client, invited, admin_person):
    invite(invited, by=admin_person)
    User.objects.filter(pk=invited.pk).update(is_active=False)
    assert "không còn dùng được" in client.get(link_in(mail.outbox[0]), follow=True).content.decode()


def test_link_of_one_person_with_the_id_of_another_is_refused(client, invited, admin_person):
    other = make_user(password=None)
    for person in (invited, other):
        invite(person, by=admin_person)
    mine, theirs = (link_in(letter).split("/") for letter in mail.outbox)
    mixed = "/".join([*mine[:2], theirs[2], *mine[3:]])
    assert "không còn dùng được" in client.get(mixed, follow=True).content.decode()


@pytest.mark.parametrize("token", ["x", "a:b:c", "moi", "%00", "🎉"])
def test_made_up_link_is_refused(client, token):
    assert "không còn dùng được" in client.get(f"/loi-moi/MQ/{token}/", follow=True).content.decode()


@pytest.mark.parametrize(
    "fields, reason", [({"is_active": False}, "bị khóa"), ({"password": "x" * 12}, "đã có mật khẩu")]
)
def test_invitation_that_is_not_due_is_refused_with_the_reason(admin_person, fields, reason):
    person = make_user(**({"password": None} | fields))
    with pytest.raises(AccountError, match=reason):
        invite(person, by=admin_person)
    assert mail.outbox == []


def test_nobody_but_an_admin_invites(invited):
    with pytest.raises(AccountError):
        invite(invited, by=make_user(is_staff=True))
    assert mail.outbox == []


def test_weak_first_password_is_refused_in_vietnamese(client, invited, admin_person):
    invite(invited, by=admin_person)
    address = client.get(link_in(mail.outbox[0]), follow=True).request["PATH_INFO"]
    page = client.post(address, {"new_password1": "123456", "new_password2": "123456"}).content.decode()
    assert "Mật khẩu quá ngắn: cần ít nhất 10 ký tự." in page
    assert "password is" not in page
    assert not fresh(invited).has_usable_password()
