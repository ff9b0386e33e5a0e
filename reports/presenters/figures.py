"""Figures in words: pairs with their percent, last month, goals, and the pace they are held against."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from doanportal.formats import format_number, format_percent
from plans.models import TargetSource
from plans.turns import is_reported, share_of, source_kind
from reports.derived_links import rows_url, rows_words
from reports.parsing import ValueData
from reports.previous import COUNTED_SOURCE
from reports.progress import pace_of, progress_of
from volunteers.derived import is_of_province

BEHIND = "chậm tiến độ"
NOT_TYPED = {
    None: "chưa có nguồn số liệu",
    TargetSource.Kind.DERIVED: "hệ thống tự tính",
    TargetSource.Kind.DEPARTMENT: "Ban của Tỉnh Đoàn nhập",
}


@dataclass(frozen=True)
class Bar:
    """A bar towards the goal in percent of it, cut at 100, and where the year's pace stands."""

    share: int
    pace: int | None
    met: bool
    words: str

    @property
    def tone(self):
        """The tone of the bar; behind only where the words say so."""
        return "met" if self.met else "behind" if self.words == BEHIND else "plain"


@dataclass(frozen=True)
class Goal:
    words: str
    value: Decimal
    own: bool


def pair_words(numerator, denominator):
    """«12/41 (29,3%)»; «0/0» without a percent."""
    pair = f"{format_number(numerator)}/{format_number(denominator)}"
    return f"{pair} ({format_percent(numerator, denominator)})" if denominator else pair


def amount_words(amount, target):
    return f"{format_number(amount)} {target.unit_of_measure}"


def goal_of(target, unit):
    """The unit's own goal where one was given, else the province's (design.md §3.9)."""
    share = share_of(target, unit)
    if share is None:
        return Goal(f"Chỉ tiêu toàn tỉnh {target.goal_text}", target.goal, own=False)
    measure = "%" if target.is_ratio else f" {target.unit_of_measure}"
    return Goal(f"Chỉ tiêu giao cho đơn vị {format_number(share)}{measure}", Decimal(str(share)), own=True)


def month_words(period_key):
    """«tháng 3» of 2023-03."""
    return f"tháng {int(period_key.split('-')[1])}" if "-" in period_key else period_key


def bar(target, standing, goal, month):
    """The Bar of a standing (Previous); None where it misleads: a unit's flow against the province's goal."""
    if goal.own or target.is_ratio:
        reached = progress_of(
            target,
            numerator=standing.numerator,
            denominator=standing.denominator,
            amount=standing.amount_to_date,
        )
    else:
        reached = None
    if reached is None or not goal.value:
        return None
    if goal.own:
        reached = reached * Fraction(target.goal) / Fraction(goal.value)
    pace = pace_of(target, month)
    if reached >= 1:
        words = "đạt"
    elif pace is None:
        words = ""
    else:
        words = "kịp tiến độ" if reached >= pace else BEHIND
    return Bar(
        share=min(100, int(reached * 100)),
        pace=None if pace is None else round(pace * 100),
        met=reached >= 1,
        words=words,
    )


def before_words(target, before):
    """What stood before this period: «Kỳ trước (tháng 2): 12/41 (29,3%)», sums to date for flows."""
    if target.is_ratio:
        if not before.has_pair:
            return "Kỳ trước chưa có số liệu"
        return (
            f"Kỳ trước ({month_words(before.period_key)}): {pair_words(before.numerator, before.denominator)}"
        )
    if before.last_amount is None:
        return "Kỳ trước chưa có số liệu"
    return (
        f"Kỳ trước: {amount_words(before.last_amount, target)} · "
        f"lũy kế đến kỳ trước: {amount_words(before.amount_to_date, target)}"
    )


def standing_words(target, standing):
    """What a unit stands at: «41,8% (92/220)», «1.020 lượt»."""
    if not target.is_ratio:
        return amount_words(standing.amount_to_date, target)
    pair = f"{format_number(standing.numerator)}/{format_number(standing.denominator)}"
    percent = format_percent(standing.numerator, standing.denominator)
    return f"{percent} ({pair})" if standing.denominator else pair


def not_typed_words(target, month, unit_id=None):
    """Why the unit does not type this target, or '' where it reports it."""
    if is_reported(target, month, unit_id):
        return ""
    words = NOT_TYPED[source_kind(target, month, unit_id)]
    return f"chỉ tiêu của cấp tỉnh, {words}" if is_of_province(target) else words


@dataclass(frozen=True)
class FigureRow:
    """One figure to read: this period, what it makes to date, last period, goal; and words beside it."""

    target: object
    name: str
    now: str
    to_date: str
    before: str
    goal: str
    note: str = ""
    blank: bool = False
    unchanged: bool = False
    wrong: bool = False
    counted: bool = False
    apart: bool = False
    rows_url: str = ""
    rows_words: str = ""


def figure_row(target, value, before, unit, *, typed=""):
    """The FigureRow of a value (Value, ValueData or None for blank); `typed`: what cannot be read yet."""
    texts = {"target": target, "name": f"{target.code}.{'numerator' if target.is_ratio else 'amount'}"}
    texts["goal"] = goal_of(target, unit).words.replace("Chỉ tiêu ", "", 1)
    had = pair_words(before.numerator, before.denominator) if before.has_pair else "–"
    if target.is_ratio:
        texts["before"] = had
    else:
        texts["before"] = format_number(before.last_amount)
    if value is None or value.is_blank:
        to_date = had if target.is_ratio else format_number(before.amount_to_date)
        if typed:
            return FigureRow(now=typed, to_date=to_date, wrong=True, **texts)
        return FigureRow(now="để trống", to_date=to_date, blank=True, **texts)
    if value.unchanged:
        now, to_date = "không thay đổi", had
    elif target.is_ratio:
        now = to_date = pair_words(value.numerator, value.denominator)
    else:
        now = format_number(value.amount)
        to_date = format_number(value.amount + (before.amount_to_date or 0))
    return FigureRow(now=now, to_date=to_date, note=beside_words(value), unchanged=value.unchanged, **texts)


def counted_value(counted):
    """What the portal counted as a value like those that are typed."""
    return ValueData(**counted._asdict(), source=COUNTED_SOURCE)


def counted_row(target, value, before, obligation):
    """The FigureRow of what the portal counted itself, with the way to its rows."""
    row = figure_row(target, value, before, obligation.owner)
    return replace(
        row,
        note="",
        counted=True,
        apart=is_of_province(target),
        rows_url=rows_url(
            target, period_key=obligation.period_key, cutoff_on=obligation.cutoff_on, unit=obligation.owner
        ),
        rows_words=rows_words(target),
    )


def beside_words(value):
    """Method, source, note and the reason of an odd figure, one line."""
    parts = (
        ("Lý do", value.soft_flag_reason),
        ("Cách ước tính", value.method),
        ("Nguồn", value.source),
        ("Ghi chú", value.note),
    )
    return " · ".join(f"{label}: {text}" for label, text in parts if text)
