"""The demo's teams, activities and registers on 24/8/2023: what stands there, and that the rules made it."""

from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.db import transaction

from doanportal import clock
from plans.models import Notice, Obligation
from units.models import Unit, User
from volunteers.models import (
    Activity,
    ActivityPlan,
    CameraRoute,
    Consent,
    Enterprise,
    Membership,
    OcopProduct,
    Person,
    RosterSending,
    Team,
    TeamKind,
)
from volunteers.queries_registers import REGISTERS, register_figures
from volunteers.teams import is_active_for_kind

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2023-08-24T08:00+07:00")
TODAY = NOW.date()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo made once for the whole file."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(NOW):
        call_command("make_demo")
        yield
        transaction.set_rollback(True)


def units_with(kind_code, *, level):
    kind = TeamKind.objects.get(code=kind_code)
    teams = Team.objects.filter(unit__kind__code=level).select_related("document").prefetch_related("kinds")
    return {team.unit_id for team in teams if is_active_for_kind(team, kind, TODAY)}


def held(**conditions):
    return Activity.objects.held().filter(**conditions)


def test_story_has_ten_of_eleven_districts_with_a_team(demo):
    assert len(units_with("digital_society", level="district")) == 10
    assert Unit.objects.filter(kind__code="district").count() == 11


def test_story_has_nine_older_teams_of_districts_and_both_of_the_province(demo):
    assert len(units_with("public_admin", level="district")) == 9
    assert len(units_with("public_admin", level="province")) == 1
    assert len(units_with("digital_society", level="province")) == 1


def test_story_teams_sent_decision_and_roster_in_time(demo):
    owed = Obligation.objects.filter(form__code="team_decision")
    assert owed.count() == 12  # ten districts, two attached units
    assert all(row.first_fulfilled_at and row.first_fulfilled_at <= row.due_at for row in owed)
    assert RosterSending.objects.count() == 13


def test_story_people_are_adults_who_agreed_and_have_nobodys_phone(demo):
    assert not Person.objects.filter(birth_year__gt=2005).exists()
    agreed = set(Consent.objects.values_list("person_id", flat=True))
    assert set(Membership.objects.values_list("person_id", flat=True)) <= agreed
    phones = set(Person.objects.values_list("phone", flat=True))
    assert all(phone.startswith("09000") for phone in phones)
    assert phones.isdisjoint(User.objects.values_list("phone", flat=True))


def test_story_launch_was_counted_everywhere_with_a_photo(demo):
    launches = held(kind__code="launch")
    assert launches.count() == 14
    assert all(row.member_youth > 0 and row.photos.count() == 1 and row.taps.exists() for row in launches)


def test_story_province_has_what_its_targets_count(demo):
    province = held(unit__kind__code="province")
    assert province.filter(targets__code="T2").count() == 1
    assert province.filter(targets__code="T14").count() == 2
    assert province.filter(teams__kinds__code="public_admin", starts_on__gte=date(2023, 7, 1)).exists()


def test_story_august_of_the_played_unit_has_activities_to_prefill(demo):
    period = held(unit__code="692", starts_on__range=(date(2023, 7, 26), date(2023, 8, 25)))
    assert period.count() >= 4
    assert all(row.attendances for row in period)


def test_story_nothing_took_place_after_the_moment(demo):
    assert not held(starts_on__gt=TODAY).exists()
    assert held(parts__isnull=False).count() == 1


def test_story_has_plans_to_send_to_answer_and_one_that_was_late(demo):
    unsent = Obligation.objects.open().filter(form__code="activity_plan", owner__code="692").get()
    assert unsent.due_at > NOW
    assert ActivityPlan.objects.filter(answer="").count() == 1
    assert ActivityPlan.objects.exclude(late_reason="").get().answer == "noted"


def test_story_registers_give_believable_figures(demo):
    user = User.objects.get(email="phongtrao@tinhdoan.example")
    routes, waiting = register_figures(user, REGISTERS["camera"], day=TODAY)
    assert (routes.number, waiting.number) == (3, 1)
    (part, whole) = register_figures(user, REGISTERS["ocop"], day=TODAY)[0].pair
    assert 0 < part < whole == OcopProduct.objects.count() == 12
    for figure in register_figures(user, REGISTERS["doanh-nghiep"], day=TODAY):
        assert 0 < figure.pair[0] < figure.pair[1] < Enterprise.objects.count() == 40
    assert CameraRoute.objects.filter(unit__code="692").exists()


def test_story_leaves_no_mail_of_the_past_to_send(demo):
    assert not Notice.objects.waiting().filter(planned_for__lt=NOW).exists()
