"""Every admin change writes an event and a log entry that name rows and fields, never what was typed."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.admin.page import form_on
from tests.factories.units import make_member, make_unit, make_user
from units.models import Event, Unit, User

pytestmark = pytest.mark.django_db
CANARIES = ("Canh Hoàng", "canary.hoang", "0987654321")


def page_of(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def everything_logged():
    events = Event.objects.values_list("verb", "subject_type", "from_state", "to_state", "reason")
    entries = LogEntry.objects.values_list("object_repr", "change_message")
    return str([*events, *entries])


def test_change_of_a_unit_is_in_both_logs(desk, admin_person):
    unit = make_unit()
    desk.post(page_of(unit), form_on(desk, page_of(unit)) | {"display_order": "99"})
    event = Event.objects.about(unit).get()
    assert (event.verb, event.actor) == ("admin_change", admin_person)
    assert "thứ tự" in event.reason.lower()
    assert LogEntry.objects.get().user_id == admin_person.pk


def test_change_of_a_row_inside_a_page_has_an_event_of_its_own(desk):
    unit = make_unit()
    desk.post(page_of(unit), form_on(desk, page_of(unit)) | {"names-0-place_name": "Lộc Ninh"})
    event = Event.objects.about(unit.names.get()).get()
    assert (event.verb, event.reason) == ("admin_change", "Đã thay đổi: địa danh.")


def test_deleted_row_leaves_an_event(desk):
    unit = make_unit()
    pk = unit.pk
    desk.post(reverse("admin:units_unit_delete", args=[pk]), {"post": "yes"})
    assert Event.objects.get(subject_type="units.unit", subject_id=pk, verb="admin_delete")
    assert not Unit.objects.filter(pk=pk).exists()


def test_personal_values_reach_no_log_when_an_account_is_added_and_changed(desk):
    unit = make_unit()
    person = make_member(unit)
    data = form_on(desk, page_of(person)) | {
        "full_name": CANARIES[0],
        "email": f"{CANARIES[1]}@thu.invalid",
        "phone": CANARIES[2],
        "posts-0-valid_to": "01/06/2023",
    }
    assert desk.post(page_of(person), data).status_code == 302
    added = form_on(desk, "/admin/units/user/add/") | {
        "full_name": f"{CANARIES[0]} Hai",
        "email": f"{CANARIES[1]}.hai@thu.invalid",
        "posts-TOTAL_FORMS": "0",
    }
    assert desk.post("/admin/units/user/add/", added).status_code == 302
    assert User.objects.filter(full_name__startswith=CANARIES[0]).count() == 2
    logged = everything_logged()
    assert "số điện thoại" in logged.lower()
    assert not [canary for canary in CANARIES if canary in logged]


def test_event_of_a_post_names_the_unit(desk):
    unit = make_unit()
    person = make_member(unit)
    desk.post(page_of(person), form_on(desk, page_of(person)) | {"posts-0-valid_to": "01/06/2023"})
    assert Event.objects.get(subject_type="units.post").unit == unit


def test_actions_on_accounts_are_logged_by_id(desk, admin_person):
    person = make_user(password=None, full_name=CANARIES[0])
    desk.post("/admin/units/user/", {"action": "send_invitations", "_selected_action": [person.pk]})
    event = Event.objects.about(person).get()
    assert (event.verb, event.actor) == ("invite", admin_person)
    assert CANARIES[0] not in everything_logged()


def test_event_page_shows_and_offers_nothing_to_change(desk, admin_person):
    unit = make_unit()
    desk.post(page_of(unit), form_on(desk, page_of(unit)) | {"display_order": "99"})
    event = Event.objects.about(unit).get()
    page = desk.get(page_of(event)).content.decode()
    assert f"đơn vị số {unit.pk}" in page
    assert desk.post(page_of(event), {"reason": "x"}).status_code == 403
    assert desk.get("/admin/units/event/add/").status_code == 403
