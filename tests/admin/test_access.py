"""Who gets into the admin pages."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.factories.units import make_department, make_member, make_post, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.django_db
PAGES = ["admin:index", "admin:units_unit_changelist", "admin:units_user_add", "admin:jsi18n"]


@pytest.mark.parametrize("page", PAGES[:3])
def test_admin_post_without_any_django_permission_opens_pages(desk, page):
    assert desk.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_anonymous_is_led_to_the_portals_sign_in_and_back(client, page):
    address = reverse(page)
    response = client.get(address, follow=False)
    while response.status_code == 302 and response["Location"].startswith("/admin/"):
        response = client.get(response["Location"])
    assert response["Location"].startswith(reverse("login"))
    assert f"next={address}" in response["Location"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_any_other_post_finds_no_admin_pages_even_with_the_staff_flag(client, role):
    client.force_login(make_member(make_department(), role, is_staff=True))
    for page in [*PAGES, "admin:login"]:
        assert client.get(reverse(page)).status_code == 404, page


def test_admin_post_without_the_staff_flag_finds_no_admin_pages(client, office):
    client.force_login(make_member(office, Role.ADMIN))
    assert client.get(reverse("admin:index")).status_code == 404


def test_admin_post_that_ended_is_refused_at_the_next_request(desk, admin_person):
    assert desk.get(reverse("admin:index")).status_code == 200
    post = admin_person.posts.get()
    post.valid_to = post.valid_from.replace(month=2)
    post.save()
    assert desk.get(reverse("admin:index")).status_code == 404


def test_account_that_was_closed_is_signed_out_at_the_next_request(desk, admin_person):
    admin_person.is_active = False
    admin_person.save()
    assert desk.get(reverse("admin:index")).status_code == 302


def test_superuser_without_post_opens_pages(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert client.get(reverse("admin:index")).status_code == 200


def test_index_shows_the_portals_title_and_no_django_groups(desk):
    page = desk.get(reverse("admin:index")).content.decode()
    assert "Quản trị – Cổng Tỉnh Đoàn" in page
    assert reverse("account") in page
    assert "auth/group" not in page
    assert "axes" not in page


def test_password_change_of_the_admin_is_the_portals(desk):
    assert desk.get("/admin/password_change/")["Location"] == reverse("password_change")


def test_post_by_a_secretary_changes_nothing(client):
    unit = make_unit(name="Huyện Đoàn Bù Đốp")
    client.force_login(make_member(unit, is_staff=True))
    response = client.post(reverse("admin:units_unit_change", args=[unit.pk]), {"code": "999"})
    assert response.status_code == 404
    unit.refresh_from_db()
    assert unit.code != "999"
    assert not LogEntry.objects.exists()


def test_whole_lists_are_never_deleted(desk):
    make_unit()
    page = desk.get(reverse("admin:units_unit_changelist")).content.decode()
    assert "delete_selected" not in page


def test_admin_with_two_posts_is_admin(client, office):
    person = make_user(is_staff=True)
    make_post(person, make_unit(), Role.SECRETARY)
    make_post(person, office, Role.ADMIN)
    client.force_login(person)
    assert client.get(reverse("admin:index")).status_code == 200
