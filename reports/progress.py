"""How far a target has come and how far the year asks for: the pace (features F24).

The pace is even over the twelve months; a target of which figures are asked only quarterly or half-yearly
is measured by the last month whose turn it was, the month its figures are of.
"""

from datetime import date
from fractions import Fraction

from plans.models import Target
from plans.turns import is_in_turn

MONTHS_A_YEAR = 12


def last_turn(target, first_of_month):
    """The first day of the last month of the year, up to this one, that asked for the target; or None."""
    months = (date(first_of_month.year, month, 1) for month in range(first_of_month.month, 0, -1))
    return next((month for month in months if is_in_turn(target, month)), None)


def pace_of(target, first_of_month, *, derived=False):
    """The part of the goal (0 to 1) asked for by the end of the month; None where there is no pace.

    None for yes/no targets and before the first turn of the year. Targets out of all turns (on notice,
    `derived` in that month) follow the calendar month.
    """
    if target.kind == Target.Kind.BOOLEAN or not target.goal:
        return None
    if derived or target.frequency in (Target.Frequency.DERIVED, Target.Frequency.ON_NOTICE):
        return Fraction(first_of_month.month, MONTHS_A_YEAR)
    turn = last_turn(target, first_of_month)
    return None if turn is None else Fraction(turn.month, MONTHS_A_YEAR)


def goal_met(target, *, numerator, denominator, amount):
    """Whether the goal is reached, decided on whole numbers; None without figures."""
    if target.is_ratio:
        return None if not denominator else numerator * 100 >= target.goal * denominator
    return None if amount is None else amount >= target.goal


def progress_of(target, *, numerator, denominator, amount):
    """The part of the goal that is reached, as a Fraction, above 1 when passed; None without figures."""
    if not target.goal:
        return None
    if target.is_ratio:
        return None if not denominator else Fraction(numerator * 100, denominator) / Fraction(target.goal)
    return None if amount is None else Fraction(amount) / Fraction(target.goal)
