"""Random histories by the real hand-in and review rules: the rollup equals a naive oracle to the digit."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from doanportal import clock
from plans.calendar import parse_month_key
from plans.models import Obligation, Target
from plans.obligations import end_waiver, waive
from plans.rates import rates
from reports.drafts import open_draft
from reports.models import Version
from reports.previous import previous_figures
from reports.review import accept, send_back
from reports.rollup import as_json, rollup
from tests.factories.figures import hand_in, make_monthly_form, make_target
from tests.factories.plans import local, make_obligation, make_plan
from tests.factories.units import make_member, make_unit, make_user
from tests.oracle.rollup import oracle

PERIODS = ("2023-02", "2023-03", "2023-04", "2023-06")
UNITS = (("A", "district"), ("B", "district"), ("K", "attached"))
BLANK, UNCHANGED = None, "unchanged"
START = local(2023, 2, 21)

pairs = st.integers(0, 30).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
ratios = st.one_of(st.just(BLANK), st.just(UNCHANGED), pairs, pairs)
amounts = st.one_of(st.just(BLANK), st.just(0), st.integers(1, 9999))
reports = st.builds(
    dict,
    T1=ratios,
    T2=ratios,
    T3=amounts,
    T4=amounts,
    nil=st.booleans(),
)
acts = st.tuples(
    st.sampled_from(["report"] * 6 + ["send_back", "accept", "waive", "end_waiver", "draft"]),
    st.integers(0, len(UNITS) - 1),
    st.sampled_from(PERIODS),
    st.integers(0, 20),
    reports,
)
histories = st.lists(acts, min_size=2, max_size=12)


@dataclass
class World:
    """A small province: three units, four months, targets of every kind that units report."""

    plan: object = None
    officer: object = None
    secretaries: dict = field(default_factory=dict)
    obligations: dict = field(default_factory=dict)
    now: object = None

    @classmethod
    def build(cls):
        make_monthly_form()
        world = cls(plan=make_plan(), officer=make_user())
        make_target("T1", goal=60, frequency=Target.Frequency.QUARTERLY)
        make_target("T2", goal=50, not_for=["attached"])
        make_target("T3", kind=Target.Kind.FLOW, goal=5000)
        make_target("T4", kind=Target.Kind.STATE, goal=11)
        make_target("T5", kind=Target.Kind.FLOW, goal=3, source=None)
        for code, kind in UNITS:
            unit = make_unit(code=code, kind=kind)
            world.secretaries[code] = make_member(unit)
            for period in PERIODS:
                world.obligations[code, period] = make_obligation(unit, period)
        return world


def typed(obligation, code, report):
    """What the unit can say: its own targets, and «không thay đổi» only where there was a figure."""
    figures = {target: figure for target, figure in report.items() if target != "nil"}
    if code == "K":
        figures.pop("T2")
    if report["nil"]:
        figures = {target: figure for target, figure in figures.items() if isinstance(figure, tuple)}
    known = previous_figures(obligation)
    known = {target.code for target in Target.objects.filter(pk__in=known) if known[target.pk].has_pair}
    return {
        target: BLANK if figure == UNCHANGED and target not in known else figure
        for target, figure in figures.items()
    }


def blanks_confirmed(figures, code, report):
    """A nil report may leave a ratio without any figure before: that blank is confirmed too."""
    if not report["nil"]:
        return figures
    asked = ["T1"] if code == "K" else ["T1", "T2"]
    return dict.fromkeys(asked, BLANK) | figures


def act(world, what, unit_number, period, wait, report):
    """One thing somebody does, when it can be done; time never runs backwards."""
    code = UNITS[unit_number][0]
    obligation = Obligation.objects.get(pk=world.obligations[code, period].pk)
    opens = local(*obligation.period_from.timetuple()[:3])
    world.now = max(world.now + timedelta(days=wait, hours=1), opens)
    secretary = world.secretaries[code]
    current = Version.objects.current().filter(report__obligation=obligation).first()
    event(what)
    if what == "report":
        figures = blanks_confirmed(typed(obligation, code, report), code, report)
        hand_in(obligation, figures, by=secretary, at=world.now, nil=report["nil"])
    elif what == "draft":
        with clock.at(world.now):
            open_draft(obligation, by=secretary, reason="Đang sửa")
    elif what == "send_back" and current and obligation.sent_back_at is None:
        send_back(
            current,
            by=world.officer,
            remarks=[],
            message="Xem lại",
            due_on=world.now.date() + timedelta(days=3),
            at=world.now,
        )
    elif what == "accept" and current and obligation.sent_back_at is None:
        accept(current, by=world.officer, at=world.now)
    elif what == "waive" and obligation.first_fulfilled_at is None and obligation.waived_at is None:
        waive(obligation, by=world.officer, reason="Đang sáp nhập", at=world.now)
    elif what == "end_waiver" and obligation.waived_at is not None:
        end_waiver(obligation, by=world.officer, reason="Hết lý do")


def assert_equals_oracle(world):
    for period in PERIODS:
        ours = rollup(world.plan, parse_month_key(period), now=world.now)
        with connection.cursor() as cursor:
            theirs = oracle(cursor.cursor, world.plan.year, period, world.now)
        assert comparable(ours) == theirs
        for line in ours.targets:
            assert line.units_reported <= line.units_expected
            assert line.percent is None or 0 <= line.percent <= 100


def comparable(ours):
    """as_json plus the figures that pages and papers show beside them, in the shape of the oracle."""
    data = as_json(ours)
    del data["generated_at"]
    data["late"] = [unit.code for unit in ours.late]
    for row, line in zip(data["targets"], ours.targets, strict=True):
        row["period_amount"] = whole(line.period_amount)
        row["period_change"] = whole(line.period_change)
        row["units_expected"] = line.units_expected
    for row, line in zip(data["units"], ours.units, strict=True):
        del row["name"]
        for told in row["targets"]:
            cell = line.cells[told["code"]]
            before = cell.previous_numerator if cell.previous_amount is None else cell.previous_amount
            told["before"] = whole(before)
    return data


def whole(number):
    return None if number is None else int(number)


def assert_rates_stay_within_bounds(world):
    for now in (world.now, local(2024, 1, 1)):
        found = rates(Obligation.objects.all(), now=now)
        assert 0 <= found.on_time <= found.fulfilled <= found.due


def play(world, history):
    """One history over the empty year; nothing of it is left behind."""
    world.now = START
    with transaction.atomic():
        for step in history:
            act(world, *step)
        assert_equals_oracle(world)
        assert_rates_stay_within_bounds(world)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_rollup_of_random_history_equals_oracle():
    world = World.build()
    given(histories)(lambda history: play(world, history))()


@pytest.mark.chaos
@pytest.mark.django_db
def test_rollup_of_a_thousand_histories_equals_oracle():
    world = World.build()
    many = settings(max_examples=1000, derandomize=False, suppress_health_check=list(HealthCheck))
    many(given(histories)(lambda history: play(world, history)))()
