"""The gates of the views, and decisions with a reason."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from tests.factories.units import make_department, make_member, make_post, make_unit, make_user
from units import policy
from units.models import Role, User

pytestmark = pytest.mark.django_db
GATES = {
    "unit_required": {Role.SECRETARY, Role.DEPUTY, Role.EDITOR},
    "province_required": set(Role) - {Role.SECRETARY, Role.DEPUTY, Role.EDITOR},
    "lead_officer_required": {Role.OFFICER},
    "post_required": set(Role),
    "admin_required": {Role.ADMIN},
}


def ask(gate, user, **headers):
    request = RequestFactory().get("/trang/?a=1", headers=headers)
    request.user = user
    return getattr(policy, gate)(lambda request: HttpResponse("inside"))(request)


def member(role):
    unit_side = role in (Role.SECRETARY, Role.DEPUTY, Role.EDITOR)
    return make_member(make_unit() if unit_side else make_department(), role, is_staff=True)


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("role", Role)
def test_gate_lets_in_its_roles_and_is_absent_for_the_others(gate, role):
    person = member(role)
    if role in GATES[gate]:
        assert ask(gate, person).content == b"inside"
    else:
        with pytest.raises(Http404):
            ask(gate, person)


@pytest.mark.parametrize("gate", [*GATES, "signed_in"])
def test_anonymous_person_is_led_to_the_sign_in_and_back(gate):
    response = ask(gate, AnonymousUser())
    assert (response.status_code, response["Location"]) == (302, "/dang-nhap/?next=/trang/%3Fa%3D1")


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"X-Requested-With": "XMLHttpRequest"},
        {"X-Requested-With": "fetch"},
        {"Sec-Fetch-Mode": "cors"},
        {"Accept": "application/json"},
    ],
)
def test_anonymous_script_gets_401(headers):
    assert ask("unit_required", AnonymousUser(), **headers).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"X-Requested-With": "com.zing.zalo"}, {"Sec-Fetch-Mode": "navigate"}, {"Accept": "text/html"}],
)
def test_person_in_any_browser_is_led_to_the_sign_in(headers):
    assert ask("unit_required", AnonymousUser(), **headers).status_code == 302


def test_officer_of_another_department_is_no_lead_officer():
    officer = make_member(make_department("BXDD", "Ban Xây dựng Đoàn"), Role.OFFICER)
    with pytest.raises(Http404):
        ask("lead_officer_required", officer)


def test_post_counts_from_its_first_to_the_day_before_its_end(at):
    person = make_user()
    make_post(person, make_unit(), valid_from=date(2023, 3, 1), valid_to=date(2023, 4, 1))
    for moment, inside in (
        ("2023-02-28T23:59", False),
        ("2023-03-01T00:00", True),
        ("2023-03-31T23:59", True),
    ):
        at(moment)
        assert bool(User.objects.get(pk=person.pk).unit_ids) is inside
    at("2023-04-01T00:00")
    with pytest.raises(Http404):
        ask("unit_required", User.objects.get(pk=person.pk))


def test_decision_is_true_only_when_allowed():
    assert policy.ALLOWED
    assert not policy.denied("vì thế")
    assert policy.denied("vì thế").reason == "vì thế"


def test_unit_sees_itself_and_no_neighbour_a_province_post_sees_both():
    own, neighbour = make_unit(), make_unit()
    secretary = make_member(own)
    officer = make_member(make_department(), Role.OFFICER)
    assert policy.can_see_unit(secretary, own)
    assert not policy.can_see_unit(secretary, neighbour)
    assert policy.can_see_unit(officer, neighbour)
    assert policy.can_work_for(secretary, own)
    assert not policy.can_work_for(officer, own)
