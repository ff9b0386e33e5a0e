"""What is offered to a report's questions from the lists: teams and people of a day, activities of days."""

from datetime import date

import pytest

from plans.models import FormField
from tests.factories.units import make_unit
from tests.factories.volunteers import make_activity, make_membership, make_person, make_team
from volunteers.derived import offered_count

pytestmark = pytest.mark.django_db

DAYS = date(2023, 2, 26), date(2023, 3, 25)


@pytest.fixture
def unit(published_plan):
    return make_unit(code="692X")


def offered(unit):
    fields = FormField.objects.exclude(prefill="").annotate(number=offered_count(unit.pk, *DAYS))
    return dict(fields.values_list("prefill", "number"))


def test_unit_without_rows_is_offered_nothing(unit):
    assert set(offered(unit).values()) == {None}


def test_person_in_two_teams_is_counted_once(unit):
    person = make_person(unit)
    teams = [make_team(unit), make_team(unit)]
    for team in teams:
        make_membership(team, person)
    make_membership(teams[0], joined=date(2023, 3, 26))
    make_membership(teams[0], left=date(2023, 3, 25))
    found = offered(unit)
    assert (found["teams_active"], found["teams_members"]) == (2, 1)


def test_team_without_number_or_dissolved_is_not_active(unit):
    make_membership(make_team(unit, founded_on=None))
    make_membership(make_team(unit, dissolved_on=date(2023, 3, 1), dissolution_basis="QĐ 2"))
    found = offered(unit)
    assert (found["teams_active"], found["teams_members"]) == (0, 0)


def test_activities_are_those_the_unit_held_in_the_period(unit):
    make_activity(unit, on=date(2023, 3, 18), member_youth=100, residents=20)
    make_activity(unit, on=date(2023, 3, 25))
    make_activity(unit, on=date(2023, 3, 26), residents=7)
    make_activity(unit, on=date(2023, 3, 18), held=False, residents=7)
    make_activity(make_unit(), on=date(2023, 3, 18), joint=[unit], residents=7)
    found = offered(unit)
    assert (found["activities_held"], found["activities_attendances"]) == (2, 120)
