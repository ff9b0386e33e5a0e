"""Counted figures in the rollup: whose rows count, from which month, and nothing twice."""

from datetime import date
from decimal import Decimal

import pytest

from plans.models import Target, TargetSource
from plans.obligations import waive
from reports.rollup import as_json, rollup
from tests.factories.figures import hand_in, make_monthly_form, make_target
from tests.factories.plans import make_obligation, make_plan
from tests.factories.units import make_member, make_unit, make_user
from tests.factories.volunteers import make_activity, make_team
from units.models import Document
from volunteers.models import CameraRoute, OcopProduct

pytestmark = pytest.mark.django_db

MARCH, APRIL, JUNE = date(2023, 3, 1), date(2023, 4, 1), date(2023, 6, 1)
DERIVED = TargetSource.Kind.DERIVED
FLOW, STATE, BOOLEAN = Target.Kind.FLOW, Target.Kind.STATE, Target.Kind.BOOLEAN
DISTRICT_TEAMS = {
    "measure": "active_team",
    "measure_options": {"level": "district", "team_kind": "digital_society"},
}


@pytest.fixture
def plan():
    make_monthly_form()
    return make_plan()


@pytest.fixture
def province(plan):
    return make_unit(code="TD-BP", kind="province")


@pytest.fixture
def units(plan):
    """Two districts and an attached unit, each owing March, April and June."""
    made = {}
    for code, kind in (("A", "district"), ("B", "district"), ("K", "attached")):
        made[code] = make_unit(code=code, kind=kind)
        for period in ("2023-03", "2023-04", "2023-06"):
            make_obligation(made[code], period)
    return made


def report(unit, period, **figures):
    obligation = unit.obligations.get(period_key=period)
    return hand_in(obligation, figures, by=make_member(unit))


def attendances(code="T1", **fields):
    values = {"kind": FLOW, "goal": 5000, "measure": "attendances"}
    values["measure_options"] = {"groups": ["member_youth", "pupils", "young_entrepreneurs"]}
    return make_target(code, **values | fields)


def switch(target, month, *, unit=None, kind=DERIVED):
    TargetSource.objects.create(target=target, unit=unit, kind=kind, from_period=date(2023, month, 1))


def line(period, code="T1"):
    return next(row for row in rollup(make_plan(), period).targets if row.target.code == code)


def cell(period, unit_code, code="T1"):
    found = rollup(make_plan(), period)
    return next(row for row in found.units if row.unit.code == unit_code).cells[code]


def test_district_team_counts_from_the_day_of_its_decision_whenever_it_was_typed(units):
    make_target("T1", source=DERIVED, not_for=["attached"], **DISTRICT_TEAMS)
    team = make_team(units["A"], founded_on=None)
    assert (line(APRIL).numerator, line(APRIL).denominator) == (0, 2)
    Document.objects.filter(pk=team.document_id).update(number="12", date=date(2023, 3, 26))
    assert (line(MARCH).numerator, line(APRIL).numerator) == (0, 1)
    assert (line(APRIL).percent, line(APRIL).period_change) == (Decimal("50.0"), 1)


def test_counted_line_waits_for_no_unit(units):
    make_target("T1", source=DERIVED, not_for=["attached"], **DISTRICT_TEAMS)
    found = line(MARCH)
    assert (found.units_expected, found.units_reported, found.missing) == (2, 2, ())
    assert found.derived and found.complete


def test_dissolved_team_counts_no_more_from_that_day(units):
    make_target("T1", source=DERIVED, not_for=["attached"], **DISTRICT_TEAMS)
    make_team(units["A"], dissolved_on=date(2023, 4, 25), dissolution_basis="QĐ 9")
    assert (line(MARCH).numerator, line(APRIL).numerator) == (1, 0)


def test_team_kept_up_from_before_counts_without_a_decision_only_where_its_kind_needs_none(units):
    make_target("T1", source=DERIVED, **DISTRICT_TEAMS)
    options = {"level": "district", "team_kind": "public_admin"}
    make_target("T2", kind=STATE, goal=11, source=DERIVED, measure="active_team", measure_options=options)
    make_team(units["A"], "digital_society", "public_admin", maintained_since=date(2021, 5, 1))
    assert (line(MARCH).numerator, line(MARCH, "T2").amount) == (0, 1)


def test_several_teams_of_a_unit_count_once(units):
    options = {"level": "district", "team_kind": "public_admin"}
    make_target("T1", kind=STATE, goal=11, source=DERIVED, measure="active_team", measure_options=options)
    for _ in range(3):
        make_team(units["A"], "public_admin")
    assert line(MARCH).amount == 1


def test_provinces_team_needs_an_activity_in_the_period_where_the_target_says_so(units, province):
    options = {"level": "province", "team_kind": "public_admin", "needs_activity": True}
    make_target("T1", kind=BOOLEAN, goal=1, source=DERIVED, measure="active_team", measure_options=options)
    team = make_team(province, "public_admin")
    make_activity(province, on=date(2023, 4, 3), teams=[team])
    assert (line(MARCH).met, line(APRIL).met, line(JUNE).met) == (False, True, False)
    assert cell(APRIL, "A").applicable is False
    assert line(APRIL).by_unit is False


def test_joint_activity_counts_for_its_host_alone(units):
    attendances(source=DERIVED)
    make_activity(
        units["A"], on=date(2023, 3, 18), targets=["T1"], joint=[units["B"]], member_youth=100, residents=900
    )
    assert (cell(MARCH, "A").amount, cell(MARCH, "B").amount, line(MARCH).amount) == (100, 0, 100)


def test_activity_that_is_planned_cancelled_or_of_another_target_does_not_count(units):
    attendances(source=DERIVED)
    make_activity(units["A"], held=False, targets=["T1"], pupils=5)
    make_activity(units["A"], held=False, targets=["T1"], state="cancelled", cancel_reason="Mưa", pupils=7)
    make_activity(units["A"], pupils=9)
    assert line(MARCH).amount == 0


def test_day_after_the_cutoff_belongs_to_the_next_month(units):
    attendances(source=DERIVED)
    make_activity(units["A"], on=date(2023, 3, 25), targets=["T1"], pupils=3)
    make_activity(units["A"], on=date(2023, 3, 26), targets=["T1"], pupils=40)
    assert (line(MARCH).amount, line(APRIL).period_amount, line(APRIL).amount) == (3, 40, 43)


def test_units_events_stand_apart_from_a_target_of_the_province(units, province):
    make_target("T1", kind=FLOW, source=DERIVED, measure="activities", measure_options={"level": "province"})
    department = make_unit(code="BPT", kind="department")
    for host in (units["A"], units["B"], department):
        make_activity(host, targets=["T1"])
    assert (cell(MARCH, "A").amount, line(MARCH).amount, line(MARCH).province_amount) == (1, 1, 1)


def test_month_of_the_switch_parts_what_is_reported_from_what_is_counted(units):
    target = attendances()
    report(units["A"], "2023-03", T1=100)
    make_activity(units["A"], on=date(2023, 3, 18), targets=["T1"], pupils=100)
    make_activity(units["A"], on=date(2023, 4, 18), targets=["T1"], pupils=30)
    switch(target, 4)
    assert (line(MARCH).amount, line(APRIL).amount, line(APRIL).period_amount) == (100, 130, 30)


def test_value_handed_in_for_a_month_that_is_counted_never_counts(units):
    target = attendances()
    report(units["A"], "2023-04", T1=500)
    switch(target, 4)
    assert line(APRIL).amount == 0
    assert cell(APRIL, "A").derived


def test_snapshot_of_a_hand_in_is_not_added_to_what_it_copies(units):
    attendances(source=DERIVED)
    make_activity(units["A"], on=date(2023, 3, 18), targets=["T1"], pupils=30)
    version = report(units["A"], "2023-03")
    assert version.values.get().amount == 30
    make_activity(units["A"], on=date(2023, 3, 19), targets=["T1"], pupils=5)
    assert (line(MARCH).amount, line(APRIL).amount) == (35, 35)


def test_one_unit_may_switch_alone(units):
    target = attendances()
    switch(target, 3, unit=units["A"])
    report(units["A"], "2023-03")
    report(units["B"], "2023-03", T1=70)
    make_activity(units["A"], targets=["T1"], pupils=30)
    make_activity(units["B"], targets=["T1"], pupils=999)
    found = line(MARCH)
    assert (found.amount, found.derived) == (100, False)
    assert (found.units_reported, found.units_expected) == (2, 3)
    assert [unit.code for unit in found.missing] == ["K"]


def test_province_may_switch_alone_and_is_added_to_what_units_report(units, province):
    target = attendances()
    switch(target, 4, unit=province)
    report(units["A"], "2023-03", T1=100)
    for on in (date(2023, 3, 18), date(2023, 4, 18)):
        make_activity(province, on=on, targets=["T1"], pupils=7)
    assert (line(MARCH).amount, line(APRIL).amount, line(APRIL).province_amount) == (100, 107, 7)
    assert line(APRIL).derived is False


def test_stock_of_a_month_that_is_counted_replaces_what_was_reported(units):
    target = make_target("T1", measure="ocop_products", measure_options={"recognised_years": [2022, 2023]})
    report(units["A"], "2023-03", T1=(3, 9))
    for day, digitised in ((date(2022, 5, 1), date(2023, 4, 25)), (date(2021, 5, 1), None)):
        OcopProduct.objects.create(
            unit=units["A"], name=f"Trà {day:%Y}", owner="HTX", recognised_on=day,
            digitised_on=digitised, digital_how="QR" if digitised else "",
        )  # fmt: skip
    switch(target, 4)
    assert (cell(MARCH, "A").numerator, cell(MARCH, "A").denominator) == (3, 9)
    assert (cell(APRIL, "A").numerator, cell(APRIL, "A").denominator) == (1, 1)
    assert (cell(APRIL, "B").numerator, cell(APRIL, "B").denominator) == (0, 0)
    switch(target, 6, kind="reported")
    assert cell(JUNE, "A").numerator == 1


def test_camera_routes_count_on_the_day_they_were_handed_over(units):
    make_target("T1", kind=FLOW, goal=4, source=DERIVED, measure="camera_routes")
    fields = {"kind": "road", "place": "Ấp 1", "cameras": 2, "length_km": 1, "minutes": "01/BB"}
    for number, day in enumerate((date(2023, 1, 2), date(2023, 3, 26), date(2022, 12, 31), None)):
        more = fields | ({} if day else {"minutes": ""})
        CameraRoute.objects.create(unit=units["A"], name=f"Tuyến {number}", handed_over_on=day, **more)
    assert (line(MARCH).amount, line(APRIL).amount) == (1, 2)


def test_waived_unit_has_its_counted_figures(units):
    attendances(source=DERIVED)
    make_activity(units["A"], targets=["T1"], pupils=30)
    waive(units["A"].obligations.get(period_key="2023-03"), by=make_user(), reason="Sáp nhập")
    assert (line(MARCH).amount, line(MARCH).units_expected) == (30, 3)


def test_unit_that_ended_keeps_its_counted_flows_but_leaves_the_stocks(units):
    attendances(source=DERIVED)
    make_target("T2", source=DERIVED, not_for=["attached"], **DISTRICT_TEAMS)
    make_activity(units["A"], on=date(2023, 3, 1), targets=["T1"], pupils=30)
    make_team(units["A"])
    units["A"].closed_on = date(2023, 4, 1)
    units["A"].save()
    units["A"].obligations.exclude(period_key="2023-03").delete()
    assert line(APRIL).amount == 30
    assert (line(APRIL, "T2").numerator, line(APRIL, "T2").denominator) == (0, 1)


def test_target_to_be_counted_without_a_way_to_count_has_no_source(units):
    make_target("T1", kind=FLOW, source=DERIVED)
    assert (line(MARCH).source, line(MARCH).amount) == (None, None)


@pytest.mark.parametrize("rows", [1, 30])
def test_rollup_with_counted_targets_takes_three_queries(plan, units, rows, django_assert_num_queries):
    attendances(source=DERIVED)
    make_target("T2", source=DERIVED, **DISTRICT_TEAMS)
    for _ in range(rows):
        make_activity(units["A"], targets=["T1"], pupils=1)
        make_team(units["B"])
    with django_assert_num_queries(3):
        data = as_json(rollup(plan, MARCH))
    assert (data["targets"][0]["amount"], data["targets"][0]["derived"]) == (rows, True)
