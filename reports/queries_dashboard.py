"""Reads for the province's dashboard: one set of data for cards, heat map, rates, targets (features F22).

One query more than the rollup, the same number at 11 and 700 units.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Count, F, Min, Q
from django.db.models.functions import JSONObject

from doanportal import clock
from doanportal.formats import percent
from plans.addresses import with_report
from plans.models import Obligation
from plans.rates import Rates, counted
from plans.status import Review, Timeliness, with_status

from .queries_target import paged, target_detail
from .rollup import MONTHLY_FORM, Rollup, UnitLine, rollup

__all__ = ["Dashboard", "dashboard", "target_detail"]

MONTHS = range(1, 13)
GROUP_LABELS = {True: "Đoàn trực thuộc", False: "Đơn vị cấp huyện"}
TIMELINESS_SIGNS = {
    Timeliness.ON_TIME: "Đ",
    Timeliness.LATE: "M",
    Timeliness.OVERDUE: "!",
    Timeliness.WAIVED: "–",
    Timeliness.NOT_DUE: "·",
}
REVIEW_SIGNS = {Review.WAITING: "○", Review.NEEDS_AMENDMENT: "↩", Review.ACCEPTED: "", Review.NONE: ""}


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One unit and month: timeliness and review as two marks. Empty where nothing is owed."""

    month: int
    period_key: str
    obligation_id: int | None = None
    timeliness: str = ""
    review: str = ""

    @property
    def sign(self):
        return TIMELINESS_SIGNS[self.timeliness] if self.timeliness else ""

    @property
    def mark(self):
        return REVIEW_SIGNS[self.review]

    @property
    def label(self):
        """The two facts in words, for screen readers and the tip."""
        if not self.timeliness:
            return f"tháng {self.month}: không phải báo cáo"
        words = [Timeliness(self.timeliness).label]
        if self.review:
            words.append(Review(self.review).label)
        return f"tháng {self.month}: {', '.join(words)}"


@dataclass(frozen=True)
class HeatRow:
    line: UnitLine
    cells: list[HeatCell]

    @property
    def unit(self):
        return self.line.unit

    @property
    def name(self):
        return self.line.name


@dataclass(frozen=True)
class Group:
    """District units or attached ones: their rows on this page, the month's hand-ins, the year's rates."""

    code: str
    label: str
    rows: list[HeatRow]
    units: int
    expected: int
    handed_in: int
    on_time: int
    rates: Rates

    @property
    def late(self):
        return self.handed_in - self.on_time

    @property
    def completeness(self):
        """Fulfilled ÷ due in percent, one decimal; None before anything is due."""
        return percent(self.rates.fulfilled, self.rates.due)

    @property
    def timeliness(self):
        """On time ÷ due in percent, one decimal."""
        return percent(self.rates.on_time, self.rates.due)


@dataclass(frozen=True)
class Cards:
    """The four cards: handed in of the month, not handed in, waiting for review, targets behind the pace."""

    expected: int
    handed_in: int
    on_time: int
    missing: list[UnitLine]
    waiting: int
    longest_wait: timedelta | None
    targets: int
    behind: int

    @property
    def late(self):
        return self.handed_in - self.on_time

    @property
    def longest_wait_days(self):
        """Whole days; None when nothing waits."""
        return None if self.longest_wait is None else self.longest_wait // timedelta(days=1)


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page. Targets and difficulties are the province's also under a cluster filter."""

    rollup: Rollup
    cards: Cards
    groups: list[Group]
    clusters: list[tuple[int, str]]
    cluster: int | None
    page: int
    pages: int
    months: list[date]

    @property
    def targets(self):
        return self.rollup.targets


def dashboard(plan, period, *, cluster=None, page=1, now=None):
    """The Dashboard of the month that begins on `period`; `cluster` is an id.

    Pages of 50 units; a page beyond the last is the last. Raises RollupError like rollup(). Four queries.
    """
    now = now or clock.now()
    figures = rollup(plan, period, now=now)
    lines = [line for line in figures.units if cluster is None or in_cluster(line, cluster)]
    shown, page, pages = paged(lines, page)
    years = load_years(plan, lines, shown, now=now)
    return Dashboard(
        rollup=figures,
        cards=cards(figures, lines, years, now=now),
        groups=groups(lines, shown, years, plan.year),
        clusters=clusters(figures.units),
        cluster=cluster,
        page=page,
        pages=pages,
        months=[date(plan.year, month, 1) for month in MONTHS],
    )


def in_cluster(line, cluster):
    return line.cluster is not None and line.cluster[0] == cluster


def clusters(lines):
    """[(id, name)] of the clusters the units belong to, by name."""
    return sorted({line.cluster for line in lines if line.cluster}, key=lambda cluster: cluster[1])


def load_years(plan, lines, shown, *, now):
    """{unit id: {due, fulfilled, on_time, waiting, waiting_since, cells}} of the plan's year. One query.

    Rates and cells are of monthly reports, what waits is of all forms, as in the review queue. `cells` only
    of the units that are shown: at 700 units their months would be most of the work.
    """
    monthly = Q(form__code=MONTHLY_FORM)
    due = monthly & counted(now=now)
    waiting = Q(review_state=Review.WAITING) & with_report()
    rows = (
        with_status(Obligation.objects.of_plan().filter(plan=plan), now=now)
        .filter(owner__in=[line.unit.pk for line in lines])
        .order_by()
        .values("owner_id")
        .annotate(
            due=Count("pk", filter=due),
            fulfilled=Count("pk", filter=due & Q(first_fulfilled_at__isnull=False)),
            on_time=Count("pk", filter=due & Q(first_fulfilled_at__lte=F("due_at"))),
            waiting=Count("pk", filter=waiting),
            waiting_since=Min("last_fulfilled_at", filter=waiting),
            cells=JSONBAgg(
                JSONObject(
                    period_key="period_key",
                    obligation_id="pk",
                    timeliness="timeliness_state",
                    review="review_state",
                ),
                filter=monthly & Q(owner__in=[line.unit.pk for line in shown]),
            ),
        )
    )
    return {row["owner_id"]: row for row in rows}


def cards(figures, lines, years, *, now):
    expected = [line for line in lines if line.expected]
    handed_in = [line for line in expected if line.handed_in]
    since = [row["waiting_since"] for row in years.values() if row["waiting_since"] is not None]
    return Cards(
        expected=len(expected),
        handed_in=len(handed_in),
        on_time=sum(1 for line in handed_in if line.on_time),
        missing=[line for line in expected if not line.handed_in],
        waiting=sum(row["waiting"] for row in years.values()),
        longest_wait=now - min(since) if since else None,
        targets=len(figures.targets),
        behind=sum(1 for line in figures.targets if line.behind),
    )


def groups(lines, shown, years, year):
    """The Groups that have units, districts first."""
    found = []
    for attached in (False, True):
        members = [line for line in lines if is_attached(line) is attached]
        if not members:
            continue
        expected = [line for line in members if line.expected]
        handed_in = [line for line in expected if line.handed_in]
        found.append(
            Group(
                code="attached" if attached else "district",
                label=GROUP_LABELS[attached],
                rows=[
                    HeatRow(line, heat_cells(years[line.unit.pk]["cells"], year))
                    for line in shown
                    if is_attached(line) is attached
                ],
                units=len(members),
                expected=len(expected),
                handed_in=len(handed_in),
                on_time=sum(1 for line in handed_in if line.on_time),
                rates=summed([years[line.unit.pk] for line in members]),
            )
        )
    return found


def is_attached(line):
    return not line.unit.kind.territorial


def summed(rows):
    return Rates(**{name: sum(row[name] for row in rows) for name in ("due", "fulfilled", "on_time")})


def heat_cells(found, year):
    by_key = {cell["period_key"]: cell for cell in found}
    cells = []
    for month in MONTHS:
        key = f"{year}-{month:02d}"
        cells.append(HeatCell(month, **by_key[key]) if key in by_key else HeatCell(month, key))
    return cells
