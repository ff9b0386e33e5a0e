"""The dashboard: one set of data, two marks a month, and the same few queries at any size."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Contact, Target
from plans.obligations import waive
from reports.queries_dashboard import dashboard, target_detail
from reports.review import accept
from reports.rollup import RollupError
from tests.factories.figures import hand_in, make_monthly_form, make_target
from tests.factories.plans import local, make_obligation, make_plan
from tests.factories.units import make_cluster, make_member, make_unit, make_user

pytestmark = pytest.mark.django_db

MARCH, APRIL = date(2023, 3, 1), date(2023, 4, 1)


@pytest.fixture
def plan():
    make_monthly_form()
    make_target("T1", goal=60)
    return make_plan()


def owing(code, *periods, kind="district"):
    unit = make_unit(code=code, kind=kind, name=f"Huyện Đoàn {code}")
    return {period: make_obligation(unit, period) for period in periods}


def report(obligation, pair=(1, 2), **options):
    return hand_in(obligation, {"T1": pair}, by=make_member(obligation.owner), **options)


def test_heat_map_shows_timeliness_and_review_as_two_marks(plan):
    a = owing("A", "2023-03", "2023-04")
    accept(report(a["2023-03"]), by=make_user(), at=local(2023, 3, 29))
    report(a["2023-04"], at=local(2023, 4, 27))
    found = dashboard(plan, APRIL, now=local(2023, 4, 28))
    cells = found.groups[0].rows[0].cells
    assert [cell.sign for cell in cells] == ["", "", "Đ", "M", *[""] * 8]
    assert [cell.mark for cell in cells[2:4]] == ["", "○"]
    assert cells[3].label == "tháng 4: muộn, chờ tiếp nhận"
    assert cells[3].obligation_id == a["2023-04"].pk


def test_waived_overdue_and_not_due_months_have_their_own_signs(plan):
    a = owing("A", "2023-03", "2023-04", "2023-05")
    waive(a["2023-03"], by=make_user(), reason="Đang sáp nhập")
    found = dashboard(plan, APRIL, now=local(2023, 4, 28))
    assert [cell.sign for cell in found.groups[0].rows[0].cells[2:5]] == ["–", "!", "·"]


def test_cards_count_the_month_and_name_who_is_missing_with_the_last_call(plan):
    a, b, c = (owing(code, "2023-03")["2023-03"] for code in "ABC")
    report(a)
    report(b, at=local(2023, 3, 29))
    for day in (26, 28):
        Contact.objects.create(
            obligation=c, by=make_user(), at=local(2023, 3, day), promised_on=date(2023, 3, day + 2)
        )
    cards = dashboard(plan, MARCH, now=local(2023, 4, 1)).cards
    assert (cards.handed_in, cards.expected, cards.on_time, cards.late) == (2, 3, 1, 1)
    assert [line.name for line in cards.missing] == ["Huyện Đoàn C"]
    contact = cards.missing[0].contact
    assert (contact.on, contact.channel, contact.promised_on) == (
        date(2023, 3, 28),
        "gọi điện",
        date(2023, 3, 30),
    )


def test_waiting_card_says_how_long_the_oldest_has_waited(plan):
    a, b = (owing(code, "2023-03")["2023-03"] for code in "AB")
    report(a, at=local(2023, 3, 24, 8))
    report(b, at=local(2023, 3, 27, 8))
    cards = dashboard(plan, MARCH, now=local(2023, 3, 30, 7)).cards
    assert (cards.waiting, cards.longest_wait_days) == (2, 5)


def test_nothing_waiting_has_no_longest_wait(plan):
    owing("A", "2023-03")
    assert dashboard(plan, MARCH).cards.longest_wait_days is None


def test_target_behind_the_pace_is_counted_only_with_full_data(plan):
    a, b = (owing(code, "2023-03")["2023-03"] for code in "AB")
    report(a, (1, 100))
    assert dashboard(plan, MARCH).cards.behind == 0
    report(b, (1, 100))
    cards = dashboard(plan, MARCH).cards
    assert (cards.behind, cards.targets) == (1, 1)


def test_attached_units_are_a_group_of_their_own_with_their_own_rates(plan):
    report(owing("A", "2023-03")["2023-03"])
    owing("B", "2023-03")
    report(owing("K", "2023-03", kind="attached")["2023-03"], at=local(2023, 3, 30))
    district, attached = dashboard(plan, MARCH, now=local(2023, 4, 1)).groups
    assert [row.name for row in district.rows] == ["Huyện Đoàn A", "Huyện Đoàn B"]
    assert (district.completeness, district.timeliness) == (Decimal("50.0"), Decimal("50.0"))
    assert (attached.label, attached.completeness, attached.timeliness) == (
        "Đoàn trực thuộc",
        Decimal("100.0"),
        Decimal("0.0"),
    )


def test_report_that_came_before_it_was_due_enters_the_rates_when_due(plan):
    report(owing("A", "2023-03")["2023-03"], at=local(2023, 3, 20))
    assert dashboard(plan, MARCH, now=local(2023, 3, 21)).groups[0].completeness is None


def test_cluster_filter_narrows_units_but_not_the_targets(plan):
    a, b = (owing(code, "2023-03")["2023-03"] for code in "AB")
    report(a, (10, 20))
    report(b, (5, 30))
    cluster = make_cluster(a.owner)
    found = dashboard(plan, MARCH, cluster=cluster.pk)
    assert [row.name for row in found.groups[0].rows] == ["Huyện Đoàn A"]
    assert (found.cards.expected, found.targets[0].denominator) == (1, 50)
    assert found.clusters == [(cluster.pk, cluster.name)]


def test_heat_map_shows_fifty_units_a_page_and_counts_all(plan):
    for number in range(51):
        make_obligation(make_unit(code=f"U{number:02}"), "2023-03")
    second = dashboard(plan, MARCH, page=2)
    assert (second.page, second.pages, len(second.groups[0].rows)) == (2, 2, 1)
    assert (second.groups[0].units, second.cards.expected) == (51, 51)
    assert dashboard(plan, MARCH, page=9).page == 2


def test_cards_equal_the_rollup_of_the_month(plan):
    report(owing("A", "2023-03")["2023-03"])
    owing("B", "2023-03")
    found = dashboard(plan, MARCH)
    assert (found.cards.expected, found.cards.handed_in) == (
        found.rollup.units_expected,
        found.rollup.units_reported,
    )
    assert [line.unit for line in found.cards.missing] == found.rollup.missing


@pytest.mark.parametrize("units", [11, 120])
def test_dashboard_takes_four_queries_none_twice(plan, units):
    for number in range(units):
        make_obligation(make_unit(code=f"U{number:03}"), "2023-03")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        dashboard(plan, MARCH)
    texts = [query["sql"] for query in queries]
    assert len(texts) == len(set(texts)) == 4


def test_period_without_reports_is_refused(plan):
    owing("A", "2023-03")
    with pytest.raises(RollupError):
        dashboard(plan, date(2023, 1, 1))


def test_target_detail_shows_units_and_the_versions_behind_the_figure(plan):
    a = owing("A", "2023-03", "2023-04")
    report(a["2023-03"], (5, 20))
    report(a["2023-04"], (8, 20))
    report(owing("B", "2023-03", "2023-04")["2023-03"], (1, 10))
    target = Target.objects.get(code="T1")
    detail = target_detail(plan, target, APRIL)
    assert [unit.line.name for unit in detail.units] == ["Huyện Đoàn A", "Huyện Đoàn B"]
    assert [(told.month.month, told.numerator) for told in detail.units[0].history] == [(3, 5), (4, 8)]
    assert [(point.month.month, point.numerator, point.denominator) for point in detail.months] == [
        (1, None, None),
        (2, None, None),
        (3, 6, 30),
        (4, 9, 30),
    ]
    assert (detail.line.numerator, detail.line.denominator) == (9, 30)


def test_target_detail_of_a_flow_adds_the_months(plan):
    flow = make_target("T2", kind=Target.Kind.FLOW, goal=10)
    a = owing("A", "2023-03", "2023-04")
    for period, amount in (("2023-03", 3), ("2023-04", 4)):
        hand_in(a[period], {"T1": None, "T2": amount}, by=make_member(a[period].owner))
    detail = target_detail(plan, flow, APRIL)
    assert [point.amount for point in detail.months] == [None, None, 3, 7]
    assert detail.line.amount == 7


def test_target_detail_without_source_has_no_history(plan):
    silent = make_target("T3", source=None)
    owing("A", "2023-03")
    detail = target_detail(plan, silent, MARCH)
    assert (detail.line.source, detail.units[0].history) == (None, [])
