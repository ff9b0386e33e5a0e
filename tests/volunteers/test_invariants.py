"""What the database refuses, whoever writes."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.units import make_post, make_unit, make_user
from tests.factories.volunteers import (
    make_activity,
    make_consent,
    make_membership,
    make_person,
    make_team,
)
from units.models import Role
from volunteers.models import ActivityUnit, CommandPost, Consent, Membership, PersonalAccess, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit(code="900")


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_person_of_another_unit_is_refused_as_a_member(unit):
    team, stranger = make_team(unit), make_person(make_unit(code="901"))
    refused(lambda: make_membership(team, stranger))


def test_membership_that_overlaps_is_refused(unit):
    row = make_membership(make_team(unit), joined=date(2023, 2, 1), left=date(2023, 5, 1))
    refused(lambda: make_membership(row.team, row.person, joined=date(2023, 4, 30)))
    make_membership(row.team, row.person, joined=date(2023, 5, 1))
    assert Membership.objects.count() == 2


def test_second_leader_at_the_same_time_is_refused(unit):
    team = make_team(unit)
    for person in (make_person(unit), make_person(unit)):
        act = {
            "unit": unit,
            "team": team,
            "person": person,
            "role": "leader",
            "valid_from": date(2023, 2, 24),
        }
        if not CommandPost.objects.exists():
            CommandPost.objects.create(**act)
        else:
            refused(lambda act=act: CommandPost.objects.create(**act))


def test_team_led_by_an_editor_or_a_stranger_is_refused(unit):
    editor = make_post(make_user(), unit, Role.EDITOR)
    stranger = make_post(make_user(), make_unit(code="902"), Role.SECRETARY)
    for post in (editor, stranger):
        refused(lambda post=post: make_team(unit, responsible=post))


def test_child_without_guardians_consent_is_refused(unit):
    team, child = make_team(unit), make_person(unit, birth_year=2007)
    refused(lambda: make_membership(team, child, joined=date(2023, 12, 31)))
    make_consent(child, by=Consent.By.GUARDIAN, guardian_name="Trần Thị Mẹ")
    make_membership(team, child, joined=date(2023, 3, 1))
    assert team.memberships.count() == 1


def test_sixteen_since_last_year_needs_no_guardian(unit):
    team, member = make_team(unit), make_person(unit, birth_year=2006)
    make_membership(team, member, joined=date(2023, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert team.memberships.count() == 1


def test_anonymised_person_keeps_no_name(unit):
    person = make_person(unit)
    refused(lambda: type(person).objects.filter(pk=person.pk).update(anonymised_at=person.created_at))


def test_consent_is_never_rewritten(unit):
    consent = make_consent(make_person(unit))
    refused(lambda: Consent.objects.filter(pk=consent.pk).update(given_on=date(2022, 1, 1)))
    refused(lambda: consent.delete())


def test_access_log_is_append_only_and_an_export_has_a_reason(unit):
    user, person = make_user(), make_person(unit)
    row = PersonalAccess.objects.create(actor=user, kind="phone", unit=unit, person=person)
    refused(lambda: row.delete())
    refused(lambda: PersonalAccess.objects.create(actor=user, kind="export", unit=unit))


def test_host_is_not_a_guest_of_its_own_activity(unit):
    activity = make_activity(unit)
    refused(lambda: ActivityUnit.objects.create(activity=activity, unit=unit))


def test_team_without_decision_or_start_is_refused(unit):
    team = make_team(unit)
    refused(lambda: Team.objects.filter(pk=team.pk).update(document=None))
