"""Accounts and posts in the admin pages."""

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from tests.admin.page import errors_on, form_on
from tests.factories.units import make_department, make_member, make_unit, make_user
from units.models import Post, Role, User

pytestmark = pytest.mark.django_db
ADD = "/admin/units/user/add/"
LIST = "/admin/units/user/"


def page_of(person):
    return reverse("admin:units_user_change", args=[person.pk])


def post_row(unit, role=Role.SECRETARY, number=0, **fields):
    values = {"unit": unit.pk, "role": role, "valid_from": "01/03/2023", "valid_to": "", "basis": ""} | fields
    return {f"posts-{number}-{name}": value for name, value in values.items()} | {
        f"posts-{number}-id": "",
        "posts-TOTAL_FORMS": str(number + 1),
    }


def act(desk, action, *people):
    data = {"action": action, "_selected_action": [person.pk for person in people]}
    return desk.post(LIST, data, follow=True)


def test_person_is_added_with_a_post_and_no_password(desk):
    unit = make_unit(name="Huyện Đoàn Lộc Ninh")
    data = form_on(desk, ADD) | {
        "full_name": "  Nguyễn  Thị Hoa ",
        "email": "Hoa@LocNinh.INVALID",
        "phone": "+84 912.345.678",
    }
    response = desk.post(ADD, data | post_row(unit))
    assert response.status_code == 302, errors_on(response)
    person = User.objects.get(email="hoa@locninh.invalid")
    assert (person.full_name, person.phone) == ("Nguyễn Thị Hoa", "0912345678")
    assert not person.has_usable_password()
    assert not person.is_staff
    assert person.posts.get().unit == unit


def test_neither_password_nor_hash_is_shown(desk):
    person = make_user()
    page = desk.get(page_of(person)).content.decode()
    assert person.password not in page
    assert 'name="password"' not in page


def test_mass_assignment_of_password_and_superuser_is_ignored(desk):
    person = make_user()
    data = form_on(desk, page_of(person)) | {"password": "x", "is_superuser": "on", "search_key": "x"}
    assert desk.post(page_of(person), data).status_code == 302
    fresh = User.objects.get(pk=person.pk)
    assert fresh.password == person.password
    assert not fresh.is_superuser


@pytest.mark.parametrize("phone", ["12", "09123abc45", "điện thoại", "+1 202 555 0100"])
def test_what_is_no_phone_number_is_refused_and_kept_in_the_field(desk, phone):
    person = make_user()
    response = desk.post(page_of(person), form_on(desk, page_of(person)) | {"phone": phone})
    assert "không phải số điện thoại" in errors_on(response)
    assert phone in response.content.decode()


def test_address_of_somebody_else_in_other_case_is_refused(desk):
    make_user(email="hoa@locninh.invalid")
    person = make_user()
    data = form_on(desk, page_of(person)) | {"email": "HOA@locninh.invalid"}
    assert "email" in errors_on(desk.post(page_of(person), data))


def test_accounts_and_posts_are_never_deleted(desk):
    person = make_member(make_unit())
    assert desk.post(f"{page_of(person)[: -len('change/')]}delete/", {"post": "yes"}).status_code == 403
    post = person.posts.get()
    assert desk.post(f"/admin/units/post/{post.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Post.objects.filter(pk=post.pk).exists()


def test_post_in_force_is_ended_not_deleted(desk):
    person = make_member(make_unit())
    data = form_on(desk, page_of(person)) | {"posts-0-DELETE": "on"}
    assert "hãy ghi ngày kết thúc" in errors_on(desk.post(page_of(person), data))


def test_what_a_post_was_cannot_be_rewritten(desk):
    unit, other = make_unit(), make_unit()
    person = make_member(unit)
    data = form_on(desk, page_of(person)) | {
        "posts-0-unit": other.pk,
        "posts-0-role": Role.DEPUTY,
        "posts-0-valid_from": "01/01/2020",
        "posts-0-valid_to": "01/06/2023",
    }
    response = desk.post(page_of(person), data)
    assert response.status_code == 302, errors_on(response)
    post = person.posts.get()
    assert (post.unit, post.role, post.valid_from) == (unit, Role.SECRETARY, date(2023, 1, 1))
    assert post.valid_to == date(2023, 6, 1)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMIN, Role.VIEWER, Role.LEADER])
def test_province_role_at_a_district_is_refused(desk, role):
    person = make_user()
    data = form_on(desk, page_of(person)) | post_row(make_unit(), role)
    assert "là vai trò ở cấp tỉnh" in errors_on(desk.post(page_of(person), data))
    assert not person.posts.exists()


def test_unit_role_at_a_department_is_refused(desk):
    person = make_user()
    data = form_on(desk, page_of(person)) | post_row(make_department(), Role.SECRETARY)
    assert "là vai trò của đơn vị" in errors_on(desk.post(page_of(person), data))


def test_admin_cannot_close_the_own_account(desk, admin_person):
    data = form_on(desk, page_of(admin_person))
    del data["is_active"]
    assert "tự khóa" in errors_on(desk.post(page_of(admin_person), data))


def test_invitations_go_to_the_chosen_who_have_no_password_yet(desk):
    unit = make_unit()
    new = [make_member(unit, role, password=None) for role in (Role.SECRETARY, Role.DEPUTY)]
    old, closed = make_user(), make_user(password=None, is_active=False)
    page = act(desk, "send_invitations", *new, old, closed).content.decode()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in new)
    assert "Đã gửi lời mời cho 2 người." in page
    assert "đã có mật khẩu" in page
    assert "bị khóa" in page


def test_invitation_that_the_mail_server_refuses_is_told_and_changes_nothing(desk, settings):
    settings.EMAIL_BACKEND = "tests.admin.mail_server_away.EmailBackend"
    person = make_user(password=None)
    page = act(desk, "send_invitations", person).content.decode()
    assert "chưa gửi được" in page
    assert User.objects.get(pk=person.pk).password == person.password


def test_phone_number_is_masked_in_the_list(desk):
    make_user(phone="0912345678")
    page = desk.get(LIST).content.decode()
    assert "091…678" in page
    assert "0912345678" not in page


@pytest.mark.parametrize("page", [LIST, "/admin/units/post/", "/admin/units/event/"])
def test_hash_is_not_guessed_by_filtering_a_list(desk, page):
    person = make_member(make_unit())
    path = "" if page == LIST else "actor__" if "event" in page else "user__"
    answer = desk.get(page, {f"{path}password__startswith": person.password[:5]})
    assert answer.status_code == 400
