"""The dashboard in words: how far a target is, who has not handed in, the heat map with its links."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from doanportal.formats import format_number, format_percent
from doanportal.templatetags.ui import REVIEW, TIMELINESS, heat_cell
from plans.models import Target
from reports.documents import figures
from reports.follow_up import contact_words
from reports.rollup import TargetLine

MOST_NAMES = 6
# In this order at the head of a row, for those who do not see the marks.
TOLD_MARKS = ("late", "overdue", "waived", "needs_amendment", "waiting")
MARK_WORDS = {code: word for code, (_, _, word) in (TIMELINESS | REVIEW).items()}


@dataclass(frozen=True)
class TargetProgress:
    """A target on the dashboard: its figure, what stands under the bar, and the bar's numbers."""

    line: TargetLine
    figure: str
    notes: list
    tone: str
    has_figures: bool

    @property
    def target(self):
        return self.line.target

    @property
    def goal_share(self):
        """What was reached, in percent of the goal; 0 before anybody reported."""
        return self.line.progress_percent or 0


def target_line(line):
    """The TargetProgress of a TargetLine."""
    has_figures = figures.is_figured(line) and not figures.is_awaited(line)
    return TargetProgress(
        line=line,
        figure=figure_words(line) if has_figures else figures.verdict(line),
        notes=list(note_words(line)) if has_figures else [],
        tone="met" if line.met else "behind" if line.behind else "plain",
        has_figures=has_figures,
    )


def figure_words(line):
    """«68,4% (2.310/3.377)», «6.214/5.000 lượt», «chưa có số liệu»."""
    if line.target.is_ratio:
        if line.numerator is None:
            return "chưa có số liệu"
        pair = figures.pair(line.numerator, line.denominator)
        return f"{format_percent(line.numerator, line.denominator)} ({pair})" if line.denominator else pair
    if line.amount is None:
        return "chưa có số liệu"
    return f"{format_number(line.amount)}/{format_number(line.target.goal)} {line.target.unit_of_measure}"


def note_words(line):
    """What stands under the bar: verdict, goal, in the period, coverage and the month of the figures."""
    if line.met:
        yield "đạt"
    elif line.behind:
        yield "chậm tiến độ"
    elif figures.is_before_turn(line):
        yield figures.BEFORE_TURN
    if line.target.is_ratio:
        yield f"chỉ tiêu {line.target.goal_text}"
    elif line.target.kind == Target.Kind.FLOW and line.period_amount is not None:
        yield f"trong kỳ {format_number(line.period_amount)}"
    if part := figures.province_part(line):
        yield part
    if line.derived:
        yield figures.coverage(line)
        return
    coverage = f"{line.units_reported}/{line.units_expected} đơn vị"
    yield f"{coverage}, kỳ tháng {line.turn.month}" if line.turn else coverage


def card_names(lines):
    """«Bù Đốp (đã gọi 26/8, hẹn 28/8), Hớn Quản»; the rest as a number."""
    names = [missing_words(line) for line in lines[:MOST_NAMES]]
    words = ", ".join(names)
    more = len(lines) - len(names)
    return f"{words} và {more} đơn vị khác" if more else words


def missing_words(line):
    call = line.contact
    if call is None:
        return line.unit.short_name
    return f"{line.unit.short_name} ({contact_words(call.channel, call.on, call.promised_on)})"


@dataclass(frozen=True)
class HeatLine:
    """A unit's row: «Huyện Đoàn» and «Bù Đốp», of which a phone shows only the latter; twelve cells.

    `told`: what the cells sum up to, in words: «muộn 2, chờ tiếp nhận 1».
    """

    kind_words: str
    name: str
    told: str
    cells: SafeString


def heat_groups(found, *, today):
    """[(Group, [HeatLine])]; a cell leads to the report, or to whom to call about it."""
    # One address a unit and month: reverse() six hundred times would be most of the page's time.
    address = reverse("review_detail", args=[0])
    this_month = f"{today:%Y-%m}"
    return [
        (
            group,
            [
                HeatLine(*name_parts(row), told_words(row), heat_cells(row, address, this_month))
                for row in group.rows
            ],
        )
        for group in found.groups
    ]


def name_parts(row):
    """(«Huyện Đoàn », «Bù Đốp»); only the short name where the full one is not made of it."""
    short = row.unit.short_name
    if row.unit.illustrative:
        return "", f"{short} (minh họa)"
    kind, found, _ = row.name.rpartition(f" {short}")
    return (f"{kind} " if found else ""), short


def told_words(row):
    """«muộn 2, chờ tiếp nhận 1»: how often each mark that is not the usual one stands in the row."""
    marks = Counter(mark for cell in row.cells for mark in (cell.timeliness, cell.review))
    return ", ".join(f"{MARK_WORDS[code]} {marks[code]}" for code in TOLD_MARKS if marks[code])


def heat_cells(row, address, this_month):
    """Twelve <td>; months that nobody asks about yet lead nowhere."""
    cells = []
    for cell in row.cells:
        far = cell.timeliness == "not_due" and cell.period_key > this_month
        url = "" if far or cell.obligation_id is None else address.replace("/0/", f"/{cell.obligation_id}/")
        rare = cell.timeliness in ("overdue", "waived") or cell.review == "needs_amendment"
        title = cell.label.split(": ", 1)[1] if rare else ""
        cells.append(heat_cell(cell.timeliness, cell.review, url, title))
    return SafeString("".join(cells))
