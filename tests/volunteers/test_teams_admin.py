"""Kinds and consent texts in the admin pages: what is in use keeps its code and its words."""

import pytest
from django.urls import reverse

from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_consent, make_person, make_team
from tests.reports.unit_pages import sign_in
from units.models import Role
from volunteers.loading import load_kinds
from volunteers.models import ActivityKind, ConsentText, TeamKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admin(client):
    load_kinds()
    return sign_in(client, make_member(make_unit(kind="province"), Role.ADMIN, is_staff=True))


def page(name, obj):
    return reverse(f"admin:volunteers_{name}_change", args=[obj.pk])


def test_kind_in_use_keeps_its_code_and_is_not_deleted(client):
    kind = TeamKind.objects.get(code="digital_society")
    make_team(make_unit(), "digital_society")
    text = client.get(page("teamkind", kind)).content.decode()
    assert 'name="code"' not in text and "Không xóa được vì đã có: đội hình" in text
    data = {"name": kind.name, "short_name": "Xã hội số", "needs_decision": "on", "display_order": "1"}
    assert client.post(page("teamkind", kind), data).status_code == 302
    kind.refresh_from_db()
    assert (kind.code, kind.short_name) == ("digital_society", "Xã hội số")


def test_new_kind_is_a_row(client):
    data = {"code": "green", "name": "Đội hình xanh", "short_name": "Xanh", "display_order": "3"}
    assert client.post(reverse("admin:volunteers_teamkind_add"), data).status_code == 302
    assert TeamKind.objects.get(code="green").needs_decision is False


def test_activity_kinds_are_listed(client):
    response = client.get(reverse("admin:volunteers_activitykind_changelist"), {"q": "tap huan"})
    assert ActivityKind.objects.get(code="training").name in response.content.decode()


def test_text_that_somebody_agreed_to_is_closed(client):
    text = ConsentText.objects.get(purpose="roster")
    assert 'name="text"' in client.get(page("consenttext", text)).content.decode()
    make_consent(make_person(make_unit()))
    closed = client.get(page("consenttext", text)).content.decode()
    assert 'name="text"' not in closed and "hãy thêm bản mới" in closed
