"""Eligibility facts from the portal's own data: shown, never scored, nothing of single people."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.eligibility import eligibility_facts
from plans.models import Obligation, Plan, TargetScope
from tests.awards.dossier_world import unit_of
from tests.factories.plans import local
from tests.factories.reports import hand_in
from tests.factories.units import make_member
from tests.factories.volunteers import make_activity, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    return at("2023-08-24T08:00")


@pytest.fixture
def unit():
    return unit_of()


def facts(unit):
    return {row.label: row.words for row in eligibility_facts(unit, Plan.objects.get(year=2023))}


def test_rate_counts_what_was_due_and_in_time(unit):
    due = Obligation.objects.filter(owner=unit, due_at__lt=local(2023, 8, 24)).order_by("pk")
    number = due.count()
    first, second = due[0], due[1]
    Obligation.objects.filter(pk=first.pk).update(
        first_fulfilled_at=first.due_at, last_fulfilled_at=first.due_at
    )
    late = local(2023, 8, 23)
    Obligation.objects.filter(pk=second.pk).update(first_fulfilled_at=late, last_fulfilled_at=late)
    found = facts(unit)
    assert found["Báo cáo đúng hạn"].startswith(f"1/{number} (")
    assert found["Đã gửi đủ"].startswith(f"2/{number} (")


def test_targets_are_judged_by_the_units_own_pairs(unit):
    hand_in(
        "692",
        "2023-03",
        {"T6.numerator": "60", "T6.denominator": "100", "T10.numerator": "1", "T10.denominator": "100"},
        by=make_member(unit),
        at=local(2023, 3, 24),
    )
    words = facts(unit)["Chỉ tiêu đạt mức phấn đấu"]
    reached, _, judged = words.split(" ")[0].partition("/")
    assert int(judged) >= 2 and 1 <= int(reached) < int(judged)


def test_unit_without_figures_is_said_to_have_none(unit):
    assert facts(unit)["Chỉ tiêu đạt mức phấn đấu"] == "chưa có số liệu"


def test_activities_count_for_their_host_in_the_plans_year(unit):
    make_activity(unit, on=date(2023, 3, 18), residents=30, pupils=12)
    make_activity(unit, on=date(2022, 3, 18), residents=1000)
    make_activity(unit_of("693"), on=date(2023, 3, 18), residents=500)
    make_team(unit)
    found = facts(unit)
    assert found["Hoạt động đã diễn ra"] == "1 hoạt động, 42 lượt người"
    assert found["Đội hình đang hoạt động"] == "1 đội hình"


def test_facts_take_the_same_queries_with_one_and_thirty_activities(unit):
    def count():
        with CaptureQueriesContext(connection) as seen:
            facts(unit)
        return len(seen)

    make_activity(unit, on=date(2023, 3, 18))
    one = count()
    for _ in range(29):
        make_activity(unit, on=date(2023, 3, 18))
    assert (one, count()) == (5, 5)


def test_share_of_the_unit_is_the_goal_where_one_was_assigned(unit):
    plan = Plan.objects.get(year=2023)
    target = plan.targets.get(code="T6")
    TargetScope.objects.create(target=target, unit=unit, applicable=True, share=80)
    hand_in(
        "692",
        "2023-03",
        {"T6.numerator": "60", "T6.denominator": "100"},
        by=make_member(unit),
        at=local(2023, 3, 24),
    )
    with_share = facts(unit)["Chỉ tiêu đạt mức phấn đấu"]
    TargetScope.objects.filter(unit=unit).update(share=50)
    assert facts(unit)["Chỉ tiêu đạt mức phấn đấu"] != with_share
