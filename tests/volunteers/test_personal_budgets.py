"""Statements and bytes of the pages about personal data: the same for one row and for thirty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.plans import local, make_plan
from tests.factories.units import make_department, make_member, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from units.models import Role
from volunteers.data_requests import receive
from volunteers.models import PersonalAccess

pytestmark = pytest.mark.django_db
FEW, MANY = 1, 30
HTML_BUDGET = 60 * 1024


@pytest.fixture(autouse=True)
def in_august(at):
    at("2023-08-24T08:00")
    make_plan()  # the frame of every page names it: one statement


@pytest.fixture
def unit():
    return make_unit(code="900")


def fill(unit, user, count):
    """`count` people in a team without consent, each with a request and a line in the log."""
    team = make_team(unit)
    make_consent(make_person(unit))
    for _ in range(count):
        person = make_membership(team).person
        receive(person, kind="access", channel="phone", received_at=local(2023, 8, 23), by=user)
        PersonalAccess.objects.create(actor=user, kind="list", unit=unit, team_id=team.pk, people=count)
    return person, team


def measure(client, url):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    assert len(response.content) < HTML_BUDGET
    statements = [query["sql"] for query in captured.captured_queries]
    assert len(set(statements)) == len(statements), "the same statement twice"
    return len(statements)


def addresses(person, team):
    return {
        "personal_home": reverse("personal_home"),
        "request_list": reverse("request_list"),
        "access_log": reverse("access_log"),
        "access_log of one": reverse("access_log") + f"?nguoi={person.pk}",
        "consent_bulk": reverse("consent_bulk", args=[team.pk]),
        "person_data": reverse("person_data", args=[person.pk]),
        "retention_preview": reverse("retention_preview"),
        "person_erase": reverse("person_erase", args=[person.pk]),
    }


@pytest.mark.parametrize("role", ["unit", "province"])
@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("personal_home", {"unit": 10, "province": 11}),
        ("request_list", {"unit": 7, "province": 8}),
        ("access_log", {"unit": 8, "province": 10}),
        ("access_log of one", {"unit": 9, "province": 11}),
        ("consent_bulk", {"unit": 10, "province": 11}),
        ("person_data", {"unit": 13, "province": 14}),
        ("retention_preview", {"unit": 7, "province": 8}),
        ("person_erase", {"unit": 21, "province": 22}),
    ],
)
def test_page_asks_the_same_of_the_database_at_one_row_and_at_thirty(client, unit, role, name, asked):
    secretary = make_member(unit, Role.SECRETARY)
    user = secretary if role == "unit" else make_member(make_department(), Role.OFFICER)
    client.force_login(user, backend="units.accounts.EmailOrPhoneBackend")
    counts = {}
    for rows in (FEW, MANY):
        person, team = fill(unit, secretary, rows)
        counts[rows] = measure(client, addresses(person, team)[name])
    assert counts == {FEW: asked[role], MANY: asked[role]}
