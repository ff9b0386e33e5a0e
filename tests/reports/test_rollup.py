"""The rollup of a month: pairs summed, blanks kept apart from zeros, coverage and names beside them."""

from datetime import date
from decimal import Decimal

import pytest

from doanportal import clock
from plans.models import Target
from plans.obligations import waive
from reports.drafts import open_draft, save_section
from reports.review import send_back
from reports.rollup import RollupError, as_json, rollup
from tests.factories.figures import hand_in, make_monthly_form, make_target
from tests.factories.plans import local, make_obligation, make_plan
from tests.factories.units import make_member, make_unit, make_user

pytestmark = pytest.mark.django_db

MARCH, APRIL, JUNE = date(2023, 3, 1), date(2023, 4, 1), date(2023, 6, 1)


@pytest.fixture
def plan():
    make_monthly_form()
    return make_plan()


class District:
    """A unit with its secretary and its monthly reports."""

    def __init__(self, code, kind="district"):
        self.unit = make_unit(code=code, kind=kind, name=f"Huyện Đoàn {code}")
        self.secretary = make_member(self.unit)
        self.owed = {}

    def owe(self, *periods):
        self.owed |= {period: make_obligation(self.unit, period) for period in periods}
        return self

    def report(self, period, **options):
        figures = {code: options.pop(code) for code in list(options) if code.startswith("T")}
        return hand_in(self.owed[period], figures, by=self.secretary, **options)


def line(result, code="T1"):
    return next(row for row in result.targets if row.target.code == code)


def test_ratio_of_three_units_follows_the_example_of_the_issue(plan):
    make_target("T1", goal=60)
    a, b, c = (District(code).owe("2023-03", "2023-06") for code in "ABC")
    a.report("2023-03", T1=(10, 20))
    b.report("2023-03", T1=(5, 30))
    a.report("2023-06", T1=(12, 20))
    b.report("2023-06", T1="unchanged")

    first = line(rollup(plan, JUNE))
    assert (first.numerator, first.denominator, first.percent) == (17, 50, Decimal("34.0"))
    assert (first.units_reported, first.units_expected, first.missing) == (2, 3, (c.unit,))

    a.report("2023-06", T1=(15, 25), at=local(2023, 7, 3))
    amended = line(rollup(plan, JUNE))
    assert (amended.numerator, amended.denominator, amended.percent) == (20, 55, Decimal("36.4"))

    c.report("2023-03", T1=(0, 10), at=local(2023, 7, 4))
    complete = line(rollup(plan, JUNE))
    assert (complete.numerator, complete.denominator, complete.percent) == (20, 65, Decimal("30.8"))
    assert (complete.units_reported, complete.units_expected, complete.missing) == (3, 3, ())
    assert complete.met is False


def test_unchanged_pair_follows_a_later_correction_of_the_earlier_month(plan):
    make_target("T1")
    a = District("A").owe("2023-03", "2023-04")
    a.report("2023-03", T1=(10, 20))
    a.report("2023-04", T1="unchanged")
    a.report("2023-03", T1=(11, 20), at=local(2023, 5, 2))
    result = rollup(plan, APRIL)
    assert (line(result).numerator, line(result).denominator) == (11, 20)
    cell = result.units[0].cells["T1"]
    assert (cell.unchanged, cell.period_numerator) == (True, None)


def test_ratio_blank_in_the_month_keeps_the_earlier_pair(plan):
    make_target("T1")
    a = District("A").owe("2023-03", "2023-04")
    a.report("2023-03", T1=(10, 20))
    a.report("2023-04", T1=None)
    assert line(rollup(plan, APRIL)).numerator == 10
    assert line(rollup(plan, APRIL)).missing == ()


def test_ratio_with_zero_denominators_counts_as_reported_without_percent(plan):
    make_target("T1")
    District("A").owe("2023-03").report("2023-03", T1=(0, 0))
    found = line(rollup(plan, MARCH))
    assert (found.numerator, found.denominator, found.percent, found.met) == (0, 0, None, None)
    assert (found.units_reported, found.units_expected) == (1, 1)


def test_ratio_is_never_the_mean_of_percents(plan):
    make_target("T1")
    District("A").owe("2023-03").report("2023-03", T1=(1, 1))
    District("B").owe("2023-03").report("2023-03", T1=(0, 99))
    assert line(rollup(plan, MARCH)).percent == Decimal("1.0")


@pytest.mark.parametrize(("numerator", "met"), [(6, True), (5, False)])
def test_ratio_goal_is_met_exactly_at_the_goal(plan, numerator, met):
    make_target("T1", goal=60)
    District("A").owe("2023-03").report("2023-03", T1=(numerator, 10))
    assert line(rollup(plan, MARCH)).met is met


def test_ratio_just_below_the_goal_is_not_met_though_it_rounds_to_it(plan):
    make_target("T1", goal=100)
    District("A").owe("2023-03").report("2023-03", T1=(9999, 10000))
    found = line(rollup(plan, MARCH))
    assert (found.percent, found.met) == (Decimal("100.0"), False)


def test_ratio_change_is_the_rise_of_the_numerator_since_the_month_before(plan):
    make_target("T1")
    a, b = (District(code).owe("2023-03", "2023-04") for code in "AB")
    a.report("2023-03", T1=(10, 20))
    b.report("2023-03", T1=(5, 30))
    a.report("2023-04", T1=(14, 20))
    assert line(rollup(plan, APRIL)).period_change == 4
    assert line(rollup(plan, MARCH)).period_change is None


def test_flow_sums_the_year_and_shows_the_month_apart(plan):
    make_target("T1", kind=Target.Kind.FLOW, goal=30)
    a, b = (District(code).owe("2023-03", "2023-04") for code in "AB")
    a.report("2023-03", T1=7)
    b.report("2023-03", T1=3)
    a.report("2023-04", T1=20)
    b.report("2023-04", T1=0)
    found = line(rollup(plan, APRIL))
    assert (found.amount, found.period_amount, found.met) == (30, 20, True)
    assert (found.units_reported, found.percent) == (2, None)


def test_flow_blank_in_the_month_is_missing_and_not_zero(plan):
    make_target("T1", kind=Target.Kind.FLOW)
    a = District("A").owe("2023-03", "2023-04")
    a.report("2023-03", T1=7)
    a.report("2023-04", T1=None)
    found = line(rollup(plan, APRIL))
    assert (found.amount, found.period_amount, found.missing) == (7, None, (a.unit,))
    assert rollup(plan, APRIL).units[0].cells["T1"].period_amount is None


def test_nil_report_is_zero_for_flows_and_leaves_ratios(plan):
    make_target("T1")
    make_target("T2", kind=Target.Kind.FLOW)
    a = District("A").owe("2023-03", "2023-04")
    a.report("2023-03", T1=(10, 20), T2=4)
    a.report("2023-04", nil=True)
    result = rollup(plan, APRIL)
    assert line(result).numerator == 10
    assert (line(result, "T2").amount, line(result, "T2").period_amount) == (4, 0)
    assert line(result, "T2").missing == ()


def test_state_is_the_latest_amount_summed(plan):
    make_target("T1", kind=Target.Kind.STATE, goal=11)
    a, b = (District(code).owe("2023-03", "2023-04") for code in "AB")
    a.report("2023-03", T1=2)
    b.report("2023-03", T1=5)
    a.report("2023-04", T1=6)
    found = line(rollup(plan, APRIL))
    assert (found.amount, found.period_amount, found.met) == (11, 6, True)


def test_waived_unit_is_neither_expected_nor_missing(plan):
    make_target("T1", kind=Target.Kind.FLOW)
    make_target("T2")
    a, b = (District(code).owe("2023-03", "2023-04") for code in "AB")
    for unit in (a, b):
        unit.report("2023-03", T1=1, T2=(1, 2))
    b.report("2023-04", T1=2, T2="unchanged")
    waive(a.owed["2023-04"], by=a.secretary, reason="Đang sáp nhập")
    result = rollup(plan, APRIL)
    assert (result.units_expected, result.units_reported) == (1, 1)
    assert (result.waived, result.missing) == ([a.unit], [])
    assert (line(result).units_expected, line(result).missing, line(result).amount) == (1, (), 4)
    assert (line(result, "T2").units_expected, line(result, "T2").numerator) == (2, 2)


def test_open_draft_does_not_count_until_it_is_handed_in(plan):
    make_target("T1", kind=Target.Kind.FLOW)
    a = District("A").owe("2023-03")
    a.report("2023-03", T1=7)
    with clock.at(local(2023, 3, 27)):
        draft = open_draft(a.owed["2023-03"], by=a.secretary, reason="Đếm lại")
        section = draft.sections.get(form_section__code="general")
        save_section(draft, section.form_section, {"T1.amount": "9"}, by=a.secretary, revision=0)
    assert draft.values.get().amount == 9
    assert line(rollup(plan, MARCH)).amount == 7


def test_report_that_must_be_amended_still_counts(plan):
    make_target("T1", kind=Target.Kind.FLOW)
    a = District("A").owe("2023-03")
    version = a.report("2023-03", T1=7)
    send_back(
        version,
        by=make_user(),
        remarks=[],
        message="Xem lại",
        due_on=date(2023, 3, 30),
        at=local(2023, 3, 28),
    )
    result = rollup(plan, MARCH)
    assert (line(result).amount, result.units[0].state) == (7, "needs_amendment")


def test_target_out_of_scope_leaves_the_unit_out(plan):
    make_target("T1", not_for=["attached"])
    make_target("T2", kind=Target.Kind.FLOW)
    District("A").owe("2023-03").report("2023-03", T1=(1, 2), T2=1)
    District("K", kind="attached").owe("2023-03").report("2023-03", T2=1)
    result = rollup(plan, MARCH)
    assert (line(result).units_expected, line(result, "T2").units_expected) == (1, 2)
    assert result.units[1].cells["T1"].applicable is False


def test_target_without_source_has_no_figures(plan):
    make_target("T1", source=None)
    District("A").owe("2023-03").report("2023-03")
    found = line(rollup(plan, MARCH))
    assert (found.source, found.numerator, found.met, found.units_expected) == (None, None, None, 0)
    assert (found.pace_percent, found.behind, found.missing) == (None, False, ())


def test_units_missing_late_and_on_time_are_told_apart(plan):
    a, b, c = (District(code).owe("2023-03") for code in "ABC")
    a.report("2023-03")
    b.report("2023-03", at=local(2023, 3, 28))
    result = rollup(plan, MARCH, now=local(2023, 3, 29))
    assert (result.missing, result.late, result.on_time) == ([c.unit], [b.unit], 1)
    assert [(row.state, row.on_time) for row in result.units] == [
        ("waiting", True),
        ("waiting", False),
        ("overdue", None),
    ]


def test_names_are_those_of_the_period(plan):
    a = District("A").owe("2023-03")
    a.unit.names.update(valid_to=date(2023, 6, 1))
    name = a.unit.names.get()
    name.pk, name.full_name, name.valid_from, name.valid_to = None, "Thị Đoàn A", date(2023, 6, 1), None
    name.save(force_insert=True)
    a.unit.name, a.unit.illustrative = "Thị Đoàn A", True
    a.unit.save()
    a.owe("2023-06")
    assert rollup(plan, MARCH).units[0].name == "Huyện Đoàn A (minh họa)"
    assert rollup(plan, JUNE).units[0].unit.display == "Thị Đoàn A (minh họa)"


def test_unit_that_ended_keeps_its_flows_but_not_its_stocks(plan):
    make_target("T1")
    make_target("T2", kind=Target.Kind.FLOW)
    a = District("A").owe("2023-03", "2023-04")
    gone = District("B").owe("2023-03")
    a.report("2023-03", T1=(1, 2), T2=1)
    gone.report("2023-03", T1=(5, 6), T2=10)
    a.report("2023-04", T1=(6, 8), T2=2)
    result = rollup(plan, APRIL)
    assert (line(result).numerator, line(result, "T2").amount) == (6, 13)
    assert (result.units_expected, line(result, "T2").units_expected) == (1, 1)
    assert (result.units[1].state, result.units[1].obligation) == ("ended", None)


def test_difficulties_come_with_the_unit_that_wrote_them(plan):
    a = District("A").owe("2023-03")
    District("B").owe("2023-03").report("2023-03")
    a.report("2023-03", difficulties="Thiếu máy tính bảng")
    assert rollup(plan, MARCH).difficulties == [(a.unit, "Thiếu máy tính bảng")]


@pytest.mark.parametrize("period", [date(2023, 1, 1), date(2024, 3, 1)])
def test_period_without_reports_is_refused_with_words(plan, period):
    District("A").owe("2023-03")
    with pytest.raises(RollupError, match="không có báo cáo tháng"):
        rollup(plan, period)


@pytest.mark.parametrize("units", [1, 30])
def test_rollup_takes_three_queries_however_many_units(plan, units, django_assert_num_queries):
    make_target("T1", not_for=["attached"])
    make_target("T2", kind=Target.Kind.FLOW)
    for number in range(units):
        make_obligation(make_unit(code=f"U{number}"), "2023-03")
    District("A").owe("2023-03").report("2023-03", T1=(1, 2), T2=3)
    with django_assert_num_queries(3):
        as_json(rollup(plan, MARCH))


def test_json_has_the_schema_of_the_design(plan):
    make_target("T1", goal=60)
    make_target("T2", kind=Target.Kind.FLOW, goal=5)
    District("A").owe("2023-03").report("2023-03", T1=(1, 3), T2=4)
    b = District("B").owe("2023-03")
    data = as_json(rollup(plan, MARCH, now=local(2023, 3, 24, 8)))
    assert data["generated_at"] == "2023-03-24T08:00:00+07:00"
    assert (data["period"], data["units_expected"], data["units_reported"]) == ("2023-03", 2, 1)
    assert data["missing"] == [b.unit.code]
    assert data["targets"][0] == {
        "code": "T1",
        "kind": "ratio",
        "goal": 60,
        "numerator": 1,
        "denominator": 3,
        "amount": None,
        "percent": 33.3,
        "met": False,
        "derived": False,
        "province_numerator": None,
        "province_denominator": None,
        "province_amount": None,
        "units_reported": 1,
        "missing": ["B"],
    }
    assert data["targets"][1]["amount"] == 4
    assert [(row["code"], row["state"], row["on_time"]) for row in data["units"]] == [
        ("A", "waiting", True),
        ("B", "not_due", None),
    ]
    assert list(data["units"][0]) == ["code", "name", "state", "on_time", "targets"]
