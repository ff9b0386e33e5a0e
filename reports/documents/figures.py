"""How a figure is written on paper, once for PDF, Word and the giao ban sheet (domain.md §2.5)."""

from doanportal.formats import format_number, format_percent
from plans.models import Target, TargetSource
from plans.status import Review, Timeliness
from plans.turns import FREQUENCY_MONTHS
from volunteers.derived import is_of_province

NOT_REPORTED = "-"
NOT_APPLICABLE = "x"
BEFORE_TURN = "chưa đến kỳ báo cáo"
LEGEND = "Dấu “x”: chỉ tiêu không áp dụng cho đơn vị; dấu “-”: đơn vị chưa có số liệu; “0”: không phát sinh."

SOURCE_WORDS = {
    None: "chưa có nguồn số liệu",
    TargetSource.Kind.DERIVED: "hệ thống tự tính",
    TargetSource.Kind.DEPARTMENT: "Ban chuyên môn nhập",
}


def number(value):
    """1.234,5; "-" where nothing was reported, 0 as 0."""
    return NOT_REPORTED if value is None else format_number(value)


def pair(numerator, denominator):
    """17/50"""
    if numerator is None:
        return NOT_REPORTED
    return f"{format_number(numerator)}/{format_number(denominator)}"


def ratio(numerator, denominator):
    """34,0%; "-" where there is no pair or nothing to divide by."""
    return format_percent(numerator, denominator) if denominator else NOT_REPORTED


def counted(many):
    """05, 12: whole numbers under ten take a leading 0 in the running text of a paper."""
    return f"{many:02d}" if many < 10 else format_number(many)


def signed(value):
    if value is None:
        return NOT_REPORTED
    return f"+{format_number(value)}" if value > 0 else format_number(value)


def is_figured(line):
    """Whether units report the target or the portal counts it, so that there are figures to print."""
    return line.has_figures


def is_before_turn(line):
    """Whether no month of the year has asked units for the target yet, so that nobody's figure is missing."""
    reported = line.source == TargetSource.Kind.REPORTED
    return reported and line.turn is None and line.target.frequency in FREQUENCY_MONTHS


def is_awaited(line):
    """Before the first turn and nobody told its figure early: there is nothing to print."""
    return is_before_turn(line) and not line.units_reported


def missing_units(line):
    """The units whose figure was asked for and is not there, in the rollup's order."""
    return () if is_before_turn(line) or not is_figured(line) else line.missing


def in_period(line):
    """What the period added: the flow, or by how much a ratio's numerator or a stock moved."""
    if not is_figured(line):
        return NOT_REPORTED
    if line.target.kind == Target.Kind.FLOW:
        return number(line.period_amount)
    return signed(line.period_change)


def cumulative(line):
    """Lũy kế: the pair of a ratio, the number of anything else."""
    if not is_figured(line):
        return NOT_REPORTED
    if line.target.kind == Target.Kind.RATIO:
        return pair(line.numerator, line.denominator)
    return number(line.amount)


def rate(line):
    """The ratio, or progress towards the goal (which may pass 100%); "-" where there is none."""
    if not is_figured(line):
        return NOT_REPORTED
    if line.target.kind == Target.Kind.RATIO:
        return ratio(line.numerator, line.denominator)
    if line.progress_percent is None:
        return NOT_REPORTED
    return f"{format_number(line.progress_percent, 1)}%"


def coverage(line):
    """12/14: units whose figure is in the sum, of those to whom the target applies; or that none is asked."""
    if not is_figured(line) or is_awaited(line):
        return NOT_REPORTED
    if line.derived:
        return SOURCE_WORDS[line.source]
    return f"{line.units_reported}/{line.units_expected}"


def province_part(line):
    """«trong đó cấp tỉnh: 2»: what the province holds itself of a larger figure; or ''."""
    province = line.province
    if province is None or is_of_province(line.target):
        return ""
    if line.target.is_ratio:
        return f"trong đó cấp tỉnh: {pair(*pair_of(province))}" if province.denominator else ""
    return f"trong đó cấp tỉnh: {number(province.amount)}" if province.amount else ""


def pair_of(cell):
    return cell.numerator, cell.denominator


def verdict(line):
    if not is_figured(line):
        return SOURCE_WORDS[line.source]
    if line.denominator == 0:
        return "không áp dụng"
    if is_before_turn(line) and not line.met:
        return BEFORE_TURN
    if line.met is None:
        return "chưa đủ số liệu"
    if line.met:
        return "đạt"
    return "chưa đạt, chậm tiến độ" if line.behind else "chưa đạt"


def cell_texts(target, cell):
    """The annex cells of one unit and target: pair and percent, in period and to date, or the number."""
    texts = figure_texts(target, cell)
    return texts if cell.applicable else (NOT_APPLICABLE,) * len(texts)


def figure_texts(target, figure):
    """The same of anything that carries numerator, denominator, amount and period_amount."""
    if target.kind == Target.Kind.RATIO:
        share = NOT_APPLICABLE if figure.denominator == 0 else ratio(figure.numerator, figure.denominator)
        return pair(figure.numerator, figure.denominator), share
    if target.kind == Target.Kind.FLOW:
        return number(figure.period_amount), number(figure.amount)
    return (number(figure.amount),)


def has_province_part(lines):
    """Whether any sum of an annex holds something of the province itself, which then has a row of its own."""
    return any(line.province is not None and not is_of_province(line.target) for line in lines)


def province_texts(line):
    """The annex cells of what the province holds itself; «x» where none of it is counted."""
    if line.province is None:
        return (NOT_APPLICABLE,) * len(figure_texts(line.target, line))
    return figure_texts(line.target, line.province)


def apart_words(lines):
    """Which targets of an annex are the province's own, so that units' figures beside them are not added."""
    numbers = ", ".join(str(line.target.number) for line in lines if is_apart(line))
    return (
        f"Chỉ tiêu {numbers} là của cấp tỉnh: số của đơn vị nêu riêng, không cộng vào tổng."
        if numbers
        else ""
    )


def is_apart(line):
    return line.by_unit and is_of_province(line.target) and line.province is not None


STATE_WORDS = {
    Timeliness.LATE: "gửi muộn",
    Timeliness.OVERDUE: "chưa gửi",
    Timeliness.NOT_DUE: "chưa gửi",
    Timeliness.WAIVED: "được miễn",
}


def remark(unit_line):
    """Ghi chú of a unit's row: late, missing, waived; waiting to be noted or to be amended."""
    words = [
        STATE_WORDS.get(unit_line.timeliness, ""),
        "cần bổ sung" if unit_line.review == Review.NEEDS_AMENDMENT else "",
    ]
    return "; ".join(word for word in words if word)
