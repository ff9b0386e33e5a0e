"""The rows behind a target's figure: units, months, versions (features F23)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from doanportal.formats import percent
from plans.calendar import month_key, parse_month_key
from plans.models import Target, TargetSource
from volunteers.derived import DERIVED_FACTS, PROVINCE, is_of_province, slots_json

from .rollup import MONTHLY_FORM, Cell, Rollup, TargetLine, UnitLine, rollup
from .rollup.sources import Sources

PAGE_SIZE = 50
# What was handed in, a line a current version, and what the portal counted, a line without a version.
ROWS_SQL = """
WITH <derived facts>
SELECT o.owner_id, o.period_key, v.numerator, v.denominator, v.amount,
       o.id, w.id, w.number, w.submitted_at, v.unchanged, v.method, v.source, v.note
  FROM reports_value v
  JOIN reports_version w ON w.id = v.version_id AND w.state = 'submitted'
  JOIN reports_report r ON r.id = w.report_id
  JOIN plans_obligation o ON o.id = r.obligation_id AND o.plan_id = %(plan)s AND o.kind = 'plan'
                         AND o.period_key <= %(period)s
  JOIN plans_form f ON f.id = o.form_id AND f.code = %(form)s
 WHERE v.target_id = %(target)s
UNION ALL
SELECT owner, month, numerator, denominator, amount, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM derived
 ORDER BY 2
""".replace("<derived facts>", DERIVED_FACTS)


@dataclass(frozen=True)
class Told:
    """What a unit handed in of one target in one month: the version behind the figure."""

    month: date
    numerator: int | None
    denominator: int | None
    amount: object
    obligation_id: int
    version_id: int
    version_number: int
    submitted_at: datetime
    unchanged: bool
    method: str
    source: str
    note: str

    @property
    def percent(self):
        return percent(self.numerator, self.denominator)


@dataclass(frozen=True)
class Counted:
    """What the portal counted itself of one unit or the province in one month."""

    month: date
    numerator: int | None = None
    denominator: int | None = None
    amount: object = None


@dataclass(frozen=True)
class TargetUnit:
    """A unit's figure in the target's detail, and the months that made it, oldest first.

    `counted` are the months that the portal counts; `history` those that the unit handed in.
    """

    line: UnitLine
    cell: Cell
    history: list[Told]
    counted: list[Counted]


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
    province: list[Counted]


def paged(rows, page):
    """(the rows of the page, its number, how many pages), 50 a page; one beyond the last is the last."""
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    return rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], page, pages


def target_detail(plan, target, period, *, page=1, now=None):
    """The TargetDetail of a month: the rows behind a figure, down to versions (F23). Four queries."""
    figures = rollup(plan, period, now=now)
    line = next(row for row in figures.targets if row.target.pk == target.pk)
    sources = Sources(plan, [line.target], period)
    told, counted = load_rows(plan, line.target, sources) if line.has_figures else ({}, {})
    units = [
        TargetUnit(
            unit,
            unit.cells[target.code],
            told.get(unit.unit.pk, []),
            counted_months(line.target, unit.unit.pk, sources, counted),
        )
        for unit in figures.units
        if unit.cells[target.code].applicable
    ]
    shown, page, pages = paged(units, page)
    province = counted_months(line.target, PROVINCE, sources, counted)
    return TargetDetail(
        rollup=figures,
        target=line.target,
        line=line,
        units=units,
        shown=shown,
        page=page,
        pages=pages,
        months=[
            month_point(line.target, date(plan.year, month, 1), units, province)
            for month in range(1, period.month + 1)
        ],
        province=province,
    )


def load_rows(plan, target, sources):
    """({unit id: [Told]} where the unit reports, {(unit id or PROVINCE, month key): figures}). One query."""
    parameters = {
        "plan": plan.pk,
        "target": target.pk,
        "form": MONTHLY_FORM,
        "period": month_key(sources.period),
        "slots": slots_json(sources.slots(every_month=True)),
    }
    with connection.cursor() as cursor:
        cursor.execute(ROWS_SQL, parameters)
        rows = cursor.fetchall()
    told, counted = {}, {}
    for owner_id, key, numerator, denominator, amount, *version in rows:
        month, figures = parse_month_key(key), (numerator, denominator, amount)
        if version[0] is None:
            counted[owner_id, key] = figures
        elif sources.kinds(target, owner_id).get(month) == TargetSource.Kind.REPORTED:
            told.setdefault(owner_id, []).append(Told(month, *figures, *version))
    return told, counted


def counted_months(target, owner_id, sources, counted):
    """[Counted] of the owner's months that the portal counts; flows without any row are 0."""
    found = []
    for month in sources.derived_months(target, owner_id) if target.measure else []:
        figure = counted.get((owner_id, month.key))
        if figure is not None:
            found.append(Counted(month.first, *figure))
        elif target.is_flow:
            found.append(Counted(month.first, amount=0))
    return found


def month_point(target, month, units, province):
    """The sum of what stood at the end of `month`: latest pairs and stocks, or flows to date.

    Of a target of the province's own what the portal counted of units stands apart.
    """
    apart = is_of_province(target)
    standing = [
        standing_figures(target, month, unit.history, [] if apart else unit.counted) for unit in units
    ]
    given = [row for row in standing if row is not None]
    own = standing_figures(target, month, [], province)
    summed = [*given, own] if own is not None else given
    numerators = [row[0] for row in summed if row[0] is not None]
    amounts = [row[2] for row in summed if row[2] is not None]
    return MonthPoint(
        month=month,
        numerator=sum(numerators) if numerators else None,
        denominator=sum(row[1] for row in summed if row[1] is not None) if numerators else None,
        amount=sum(amounts) if amounts else None,
        units=len(given),
    )


def standing_figures(target, month, history, counted):
    """(numerator, denominator, amount) of one unit at the end of `month`, or None."""
    until = sorted((row for row in (*history, *counted) if row.month <= month), key=lambda row: row.month)
    pairs = [row for row in until if row.numerator is not None]
    amounts = [row.amount for row in until if row.amount is not None]
    if pairs:
        return pairs[-1].numerator, pairs[-1].denominator, None
    if amounts:
        return None, None, sum(amounts) if target.is_flow else amounts[-1]
    return None
