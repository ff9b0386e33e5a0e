"""The pace: how much of a goal the year asks for by now, and who is behind it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from plans.models import Target
from reports.progress import goal_met, last_turn, pace_of, progress_of
from reports.rollup.lines import TargetLine


def target(kind=Target.Kind.RATIO, goal=60, frequency=Target.Frequency.MONTHLY):
    return Target(kind=kind, goal=Decimal(goal), frequency=frequency)


def line(numerator, denominator, *, month=6, reported=11, goal=60):
    figures = {"numerator": numerator, "denominator": denominator, "amount": None}
    asked = target(goal=goal)
    return TargetLine(
        target=asked,
        source="reported",
        units_reported=reported,
        units_expected=11,
        pace=pace_of(asked, date(2023, month, 1)),
        progress=progress_of(asked, **figures),
        met=goal_met(asked, **figures),
    )


@pytest.mark.parametrize(
    ("frequency", "month", "pace"),
    [
        (Target.Frequency.MONTHLY, 3, Fraction(1, 4)),
        (Target.Frequency.MONTHLY, 12, Fraction(1)),
        (Target.Frequency.QUARTERLY, 2, None),
        (Target.Frequency.QUARTERLY, 8, Fraction(1, 2)),
        (Target.Frequency.HALF_YEAR, 11, Fraction(1, 2)),
        (Target.Frequency.DERIVED, 8, Fraction(2, 3)),
    ],
)
def test_pace_is_that_of_the_last_month_in_turn(frequency, month, pace):
    assert pace_of(target(frequency=frequency), date(2023, month, 1)) == pace


def test_pace_of_a_yes_or_no_target_is_none():
    assert pace_of(target(Target.Kind.BOOLEAN, goal=1), date(2023, 6, 1)) is None


def test_last_turn_is_never_in_the_year_before():
    assert last_turn(target(frequency=Target.Frequency.QUARTERLY), date(2023, 1, 1)) is None


def test_progress_is_the_part_of_the_goal_and_may_pass_it():
    flow = target(Target.Kind.FLOW, goal=7)
    assert progress_of(flow, numerator=None, denominator=None, amount=Decimal(11)) == Fraction(11, 7)
    assert progress_of(target(), numerator=30, denominator=100, amount=None) == Fraction(1, 2)


def test_progress_without_figures_is_none():
    assert progress_of(target(), numerator=0, denominator=0, amount=None) is None


@pytest.mark.parametrize(("numerator", "behind"), [(29, True), (30, False)])
def test_target_is_behind_only_below_the_pace(numerator, behind):
    assert line(numerator, 100).behind is behind


def test_target_with_missing_units_is_not_called_behind():
    assert line(1, 100, reported=10).behind is False


def test_target_already_met_is_not_behind_in_any_month():
    assert line(60, 100, month=12).behind is False


def test_pace_is_shown_as_part_of_the_goal_and_in_the_targets_own_measure():
    shown = line(15, 100, month=3)
    assert (shown.pace_percent, shown.pace_value, shown.progress_percent) == (
        Decimal("25.0"),
        Decimal("15"),
        Decimal("25.0"),
    )
