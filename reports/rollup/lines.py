"""What a rollup is made of: a cell a unit and target, a line a target, a line a unit (domain.md §7.3)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from doanportal.formats import percent
from plans.models import Obligation, Plan, Target, TargetSource
from plans.status import Review, Timeliness
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Cell:
    """What one unit says of one target. Pairs and `amount` are cumulative to the cut-off; None is not 0.

    `previous_…` are the numerator and the stock at the end of the month before. `derived`: the portal counts
    it itself in this month. `apart`: what it counted is shown but not added to the province's figure, of
    which only `reported_…` is a part.
    """

    applicable: bool
    reported: bool
    numerator: int | None = None
    denominator: int | None = None
    amount: Decimal | None = None
    period_amount: Decimal | None = None
    period_numerator: int | None = None
    period_denominator: int | None = None
    unchanged: bool = False
    previous_numerator: int | None = None
    previous_amount: Decimal | None = None
    derived: bool = False
    apart: bool = False
    reported_amount: Decimal | None = None
    reported_period: Decimal | None = None

    @property
    def added_amount(self):
        return self.reported_amount if self.apart else self.amount

    @property
    def added_period(self):
        return self.reported_period if self.apart else self.period_amount

    @property
    def percent(self):
        """One decimal, half up; None without a pair and for «không áp dụng» (denominator 0)."""
        return percent(self.numerator, self.denominator)


NOT_APPLICABLE = Cell(applicable=False, reported=False)
BLANK = Cell(applicable=True, reported=False)


@dataclass(frozen=True)
class LastContact:
    """The last call or chat logged about a report: the day, by what, and the day that was promised."""

    on: date
    channel: str
    promised_on: date | None


@dataclass(frozen=True)
class UnitLine:
    """One unit in the period. `obligation` is None for a unit that ended earlier in the year."""

    unit: Unit
    name: str
    kind_code: str
    timeliness: str
    review: str
    on_time: bool | None
    obligation: Obligation | None
    cells: dict[str, Cell]
    difficulties: str = ""
    contact: LastContact | None = None
    cluster: tuple[int, str] | None = None

    @property
    def handed_in(self):
        return self.obligation is not None and self.obligation.first_fulfilled_at is not None

    @property
    def waived(self):
        return self.obligation is not None and self.obligation.waived_at is not None

    @property
    def expected(self):
        """Whether a report of this unit counts: owed in the period and not waived (design.md §3.4)."""
        return self.obligation is not None and self.obligation.waived_at is None

    @property
    def state(self):
        """The review state once handed in, the timeliness before; «ended» for a unit that is gone."""
        if self.obligation is None:
            return "ended"
        return self.review if self.handed_in else self.timeliness

    @property
    def timeliness_label(self):
        return Timeliness(self.timeliness).label if self.timeliness else "đã kết thúc hoạt động"

    @property
    def review_label(self):
        return Review(self.review).label


@dataclass(frozen=True)
class TargetLine:
    """One target of the province. `period_change` is the rise of numerator or stock since the month before.

    `province`: what the province and its departments hold themselves, a part of the figure; None where
    nothing of it is counted. `percent` is of ratios only. Parts of the goal: `progress` reached, `pace`
    asked for by now, as fractions; the percents beside them have one decimal and `progress_percent` may
    pass 100.
    """

    target: Target
    source: str | None
    units_reported: int = 0
    units_expected: int = 0
    missing: tuple[Unit, ...] = ()
    numerator: int | None = None
    denominator: int | None = None
    amount: Decimal | None = None
    period_amount: Decimal | None = None
    period_change: int | Decimal | None = None
    percent: Decimal | None = None
    met: bool | None = None
    turn: date | None = None
    pace: Fraction | None = None
    progress: Fraction | None = None
    province: Cell | None = None

    @property
    def derived(self):
        """Whether the portal counts all of it itself, so that no unit is waited for."""
        return self.source == TargetSource.Kind.DERIVED

    @property
    def has_figures(self):
        """Whether units report the target or the portal counts it, so that there are figures to show."""
        return self.source in (TargetSource.Kind.REPORTED, TargetSource.Kind.DERIVED)

    @property
    def by_unit(self):
        """Whether units have figures of their own; not where the province's own teams are all there is."""
        return self.has_figures and not (self.derived and self.units_expected == 0)

    @property
    def province_amount(self):
        return None if self.province is None else self.province.amount

    @property
    def complete(self):
        if self.derived:
            return True
        return self.units_expected > 0 and self.units_reported == self.units_expected

    @property
    def behind(self):
        """Behind the pace, the goal not met, and no unit's figure missing (features F24)."""
        if self.pace is None or self.progress is None or self.met or not self.complete:
            return False
        return self.progress < self.pace

    @property
    def pace_percent(self):
        """The part of the goal, in percent, that the year asks for by now."""
        return None if self.pace is None else percent(self.pace.numerator, self.pace.denominator)

    @property
    def pace_value(self):
        """What the goal asks for by now in the target's own measure: percent points or a count."""
        if self.pace is None:
            return None
        return self.target.goal * self.pace.numerator / self.pace.denominator

    @property
    def progress_percent(self):
        return None if self.progress is None else percent(self.progress.numerator, self.progress.denominator)


@dataclass(frozen=True)
class Rollup:
    """The figures of a month, one set for page, PDF, DOCX, XLSX and JSON."""

    plan: Plan
    period_key: str
    period: date
    generated_at: datetime
    period_from: date
    cutoff_on: date
    units_expected: int
    units_reported: int
    missing: list[Unit]
    late: list[Unit]
    waived: list[Unit]
    units: list[UnitLine]
    targets: list[TargetLine]
    difficulties: list[tuple[Unit, str]]

    @property
    def on_time(self):
        """How many of the expected units handed in on time."""
        return sum(1 for line in self.units if line.expected and line.on_time)
