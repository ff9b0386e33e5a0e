"""The rows behind a target's figure: units, months, versions (features F23)."""

from dataclasses import dataclass
from datetime import date, datetime

from doanportal.formats import percent
from plans.calendar import month_key, parse_month_key
from plans.models import ObligationKind, Target, TargetSource

from .models import Value, Version
from .rollup import MONTHLY_FORM, Cell, Rollup, TargetLine, UnitLine, rollup

PAGE_SIZE = 50
FIGURE_FIELDS = ("numerator", "denominator", "amount", "unchanged", "method", "source", "note")


@dataclass(frozen=True)
class Told:
    """What a unit handed in of one target in one month: the version behind the figure."""

    month: date
    obligation_id: int
    version_id: int
    version_number: int
    submitted_at: datetime
    numerator: int | None
    denominator: int | None
    amount: object
    unchanged: bool
    method: str
    source: str
    note: str

    @property
    def percent(self):
        return percent(self.numerator, self.denominator)


@dataclass(frozen=True)
class TargetUnit:
    """A unit's figure in the target's detail, and the months that made it, oldest first."""

    line: UnitLine
    cell: Cell
    history: list[Told]


@dataclass(frozen=True)
class MonthPoint:
    """The province's cumulative figure at the end of a month; None before anybody reported."""

    month: date
    numerator: int | None
    denominator: int | None
    amount: object
    units: int

    @property
    def percent(self):
        return percent(self.numerator, self.denominator)


@dataclass(frozen=True)
class TargetDetail:
    """`units` are all, of whom `shown` stand on the page; line and months are sums over all."""

    rollup: Rollup
    target: Target
    line: TargetLine
    units: list[TargetUnit]
    shown: list[TargetUnit]
    page: int
    pages: int
    months: list[MonthPoint]


def paged(rows, page):
    """(the rows of the page, its number, how many pages), 50 a page; one beyond the last is the last."""
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    return rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], page, pages


def target_detail(plan, target, period, *, page=1, now=None):
    """The TargetDetail of a month: the rows behind a figure, down to versions (F23). Four queries."""
    figures = rollup(plan, period, now=now)
    line = next(row for row in figures.targets if row.target.pk == target.pk)
    told = load_told(plan, target, period) if line.source == TargetSource.Kind.REPORTED else {}
    units = [
        TargetUnit(unit, unit.cells[target.code], told.get(unit.unit.pk, []))
        for unit in figures.units
        if unit.cells[target.code].applicable
    ]
    shown, page, pages = paged(units, page)
    return TargetDetail(
        rollup=figures,
        target=line.target,
        line=line,
        units=units,
        shown=shown,
        page=page,
        pages=pages,
        months=[
            month_point(target, date(plan.year, month, 1), units) for month in range(1, period.month + 1)
        ],
    )


def load_told(plan, target, period):
    """{unit id: [Told]} of the current versions up to the month. One query."""
    rows = (
        Value.objects.filter(
            target=target,
            version__state=Version.State.SUBMITTED,
            version__report__obligation__plan=plan,
            version__report__obligation__kind=ObligationKind.PLAN,
            version__report__obligation__form__code=MONTHLY_FORM,
            version__report__obligation__period_key__lte=month_key(period),
        )
        .select_related("version__report__obligation")
        .order_by("version__report__obligation__period_key")
    )
    found = {}
    for value in rows:
        version = value.version
        obligation = version.report.obligation
        found.setdefault(obligation.owner_id, []).append(
            Told(
                month=parse_month_key(obligation.period_key),
                obligation_id=obligation.pk,
                version_id=version.pk,
                version_number=version.number,
                submitted_at=version.submitted_at,
                **{name: getattr(value, name) for name in FIGURE_FIELDS},
            )
        )
    return found


def month_point(target, month, units):
    """The sum over units of what stood at the end of `month`: latest pairs, or flows to date."""
    standing = [standing_figures(target, month, unit.history) for unit in units]
    given = [row for row in standing if row is not None]
    numerators = [row[0] for row in given if row[0] is not None]
    amounts = [row[2] for row in given if row[2] is not None]
    return MonthPoint(
        month=month,
        numerator=sum(numerators) if numerators else None,
        denominator=sum(row[1] for row in given if row[1] is not None) if numerators else None,
        amount=sum(amounts) if amounts else None,
        units=len(given),
    )


def standing_figures(target, month, history):
    """(numerator, denominator, amount) of one unit at the end of `month`, or None."""
    until = [told for told in history if told.month <= month]
    pairs = [told for told in until if told.numerator is not None]
    amounts = [told.amount for told in until if told.amount is not None]
    if pairs:
        return pairs[-1].numerator, pairs[-1].denominator, None
    if amounts:
        return None, None, sum(amounts) if target.is_flow else amounts[-1]
    return None
