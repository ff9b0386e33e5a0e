"""The rollup as an Excel annex: the figures of page, PDF and DOCX, as numbers that can be calculated with.

Sheets: Tổng hợp (all targets), one a sector (units × targets with Tổng cộng), Tình hình gửi báo cáo.
Written row by row, so that memory stays flat in units.
"""

from io import BytesIO
from itertools import groupby

from openpyxl import Workbook

from doanportal.formats import format_date, format_moment
from doanportal.xlsx_sheet import NOT_APPLICABLE, NOT_REPORTED, Heading, Share, Sheet
from plans.models import Target

from .documents.figures import (
    LEGEND,
    apart_words,
    coverage,
    has_province_part,
    is_awaited,
    is_figured,
    missing_units,
    pair,
    verdict,
)

TARGET_HEADINGS = (
    Heading("TT", 5),
    Heading("Chỉ tiêu", 36),
    Heading("Lĩnh vực", 13),
    Heading("Mức phấn đấu", 16),
    Heading("Trong kỳ", 9),
    Heading("Lũy kế: số đạt, số lượng", 12),
    Heading("Lũy kế: mẫu số", 11),
    Heading("Tỷ lệ", 8),
    Heading("Kết quả", 14),
    Heading("Đơn vị đã báo cáo", 9),
    Heading("Đơn vị phải báo cáo", 9),
    Heading("Đơn vị chưa có số liệu", 28),
    Heading("Trong đó cấp tỉnh", 12),
)
STATUS_HEADINGS = (
    Heading("TT", 5),
    Heading("Đơn vị", 34),
    Heading("Mã", 10),
    Heading("Hạn cuối", 20),
    Heading("Gửi lần đầu", 20),
    Heading("Tình trạng gửi", 16),
    Heading("Tiếp nhận", 18),
    Heading("Khó khăn, vướng mắc", 56),
)


def render_xlsx(rollup):
    """The bytes of the workbook of a Rollup."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = f"Tổng hợp {period_words(rollup)}"
    workbook.properties.creator = "Ban Phong trào Tỉnh Đoàn"
    workbook.properties.created = workbook.properties.modified = rollup.generated_at.replace(
        tzinfo=None, microsecond=0
    )
    write_targets(workbook, rollup)
    for sector, lines in by_sector(rollup.targets):
        write_sector(workbook, rollup, sector, lines)
    write_status(workbook, rollup)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def period_words(rollup):
    return f"tháng {rollup.period.month} năm {rollup.period.year}"


def subtitle(rollup):
    return (
        f"Kỳ {format_date(rollup.period_from)} đến {format_date(rollup.cutoff_on)}; "
        f"{rollup.units_reported}/{rollup.units_expected} đơn vị đã gửi báo cáo; "
        f"lập lúc {format_moment(rollup.generated_at)}"
    )


def by_sector(targets):
    """[(sector, lines)] in the order of sectors, only of targets of which units have figures."""
    lines = [line for line in targets if line.by_unit]
    lines.sort(key=lambda line: (line.target.sector.display_order, line.target.number))
    return [(sector, list(group)) for sector, group in groupby(lines, key=lambda line: line.target.sector)]


def write_targets(workbook, rollup):
    names = {line.unit.pk: line.name for line in rollup.units}
    sheet = Sheet(
        workbook,
        "Tổng hợp",
        title=f"Tổng hợp kết quả thực hiện các chỉ tiêu {period_words(rollup)}",
        subtitle=subtitle(rollup),
        headings=TARGET_HEADINGS,
        frozen_columns=2,
    )
    for line in rollup.targets:
        sheet.row(target_row(line, names))
    sheet.note(LEGEND)
    sheet.finish()


def target_row(line, names):
    target = line.target
    head = [target.number, target.short_label, target.sector.name, target.goal_text]
    if not is_figured(line):
        return [*head, *[NOT_REPORTED] * 4, verdict(line), NOT_REPORTED, NOT_REPORTED, "", ""]
    return [
        *head,
        given(line.period_amount if target.is_flow else line.period_change),
        given(line.numerator if target.is_ratio else line.amount),
        given(line.denominator) if target.is_ratio else "",
        share(line) if target.is_ratio else "",
        verdict(line),
        *units_counted(line),
        "; ".join(names[unit.pk] for unit in missing_units(line)),
        province_part_figure(line),
    ]


def units_counted(line):
    """How many units reported and how many have to; words where the portal counts for all."""
    if line.derived:
        return [coverage(line), NOT_REPORTED]
    return [NOT_REPORTED] * 2 if is_awaited(line) else [line.units_reported, line.units_expected]


def province_part_figure(line):
    """What the province holds of the figure itself: a number, a pair in words, or nothing."""
    if line.province is None:
        return ""
    if line.target.is_ratio:
        return pair(line.province.numerator, line.province.denominator)
    return given(line.province.amount)


def write_sector(workbook, rollup, sector, lines):
    """Units as rows, a pair and its percent (or in period and to date) as columns, Tổng cộng below."""
    headings = [Heading("TT", 5), Heading("Đơn vị", 36)]
    groups = [("", 2)]
    for line in lines:
        columns = columns_of(line.target)
        headings += [Heading(words, 12) for words in columns]
        groups.append((f"{line.target.number}. {line.target.short_label}", len(columns)))
    sheet = Sheet(
        workbook,
        sector.name,
        title=f"Lĩnh vực {sector.name}: số liệu theo đơn vị {period_words(rollup)}",
        subtitle=subtitle(rollup),
        headings=headings,
        groups=groups,
        frozen_columns=2,
    )
    for number, unit in enumerate(rollup.units, start=1):
        figures = [figure for line in lines for figure in cell_figures(line.target, unit)]
        sheet.row([number, unit.name, *figures])
    if has_province_part(lines):
        sheet.row(["", "Cấp tỉnh", *(figure for line in lines for figure in province_figures(line))])
    totals = [figure for line in lines for figure in figures_of(line.target, line)]
    sheet.row(["", "Tổng cộng", *totals], bold=True)
    sheet.note(LEGEND)
    if words := apart_words(lines):
        sheet.note(words)
    sheet.finish()


def columns_of(target):
    if target.kind == Target.Kind.RATIO:
        return "Tử số", "Mẫu số", "Tỷ lệ"
    if target.kind == Target.Kind.FLOW:
        return "Trong kỳ", "Lũy kế"
    return ("Hiện có",)


def cell_figures(target, unit):
    cell = unit.cells[target.code]
    if not cell.applicable:
        return [NOT_APPLICABLE] * len(columns_of(target))
    return figures_of(target, cell)


def province_figures(line):
    if line.province is None:
        return [NOT_APPLICABLE] * len(columns_of(line.target))
    return figures_of(line.target, line.province)


def figures_of(target, figure):
    """The columns of one target, of a unit's Cell or of the province's TargetLine."""
    if target.kind == Target.Kind.RATIO:
        return [given(figure.numerator), given(figure.denominator), share(figure)]
    if target.kind == Target.Kind.FLOW:
        return [given(figure.period_amount), given(figure.amount)]
    return [given(figure.amount)]


def given(number):
    return NOT_REPORTED if number is None else number


def share(figure):
    """The percent as Excel has it: 0.34 shown as 34,0%, rounded as on the paper."""
    if figure.denominator == 0:
        return NOT_APPLICABLE
    return NOT_REPORTED if figure.percent is None else Share(figure.percent / 100)


def write_status(workbook, rollup):
    sheet = Sheet(
        workbook,
        "Tình hình gửi báo cáo",
        title=f"Tình hình gửi báo cáo {period_words(rollup)}",
        subtitle=subtitle(rollup),
        headings=STATUS_HEADINGS,
        frozen_columns=2,
    )
    for number, line in enumerate(rollup.units, start=1):
        obligation = line.obligation
        sheet.row(
            [
                number,
                line.name,
                line.unit.code,
                moment(obligation and obligation.due_at),
                moment(obligation and obligation.first_fulfilled_at),
                line.timeliness_label,
                line.review_label,
                line.difficulties,
            ]
        )
    sheet.finish()


def moment(value):
    return format_moment(value) if value else NOT_REPORTED
