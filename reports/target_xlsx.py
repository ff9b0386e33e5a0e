"""The rows behind a target's figure as a workbook: units, and the months and versions that made them."""

from io import BytesIO

from openpyxl import Workbook

from doanportal.formats import format_date, format_moment, percent
from doanportal.xlsx_sheet import NOT_APPLICABLE, NOT_REPORTED, Heading, Share, Sheet
from plans.models import Target

from .documents.figures import apart_words, coverage
from .rollup_xlsx import figures_of

UNIT = (Heading("TT", 5), Heading("Đơn vị", 36), Heading("Mã", 10))
FIGURES = {
    Target.Kind.RATIO: (Heading("Tử số", 12), Heading("Mẫu số", 12), Heading("Tỷ lệ", 9)),
    Target.Kind.FLOW: (Heading("Trong kỳ", 12), Heading("Lũy kế", 12)),
    Target.Kind.STATE: (Heading("Hiện có", 12),),
    Target.Kind.BOOLEAN: (Heading("Hiện có", 12),),
}
COUNTED_WORDS = "hệ thống tự tính"
SOURCE = (Heading("Số liệu của kỳ", 12), Heading("Bản", 6), Heading("Gửi lúc", 24), Heading("Ghi chú", 50))


def render_target_xlsx(found):
    """The bytes of the workbook of a TargetDetail: a sheet of units and a sheet of hand-ins."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = f"Chỉ tiêu {found.target.number}"
    workbook.properties.creator = "Ban Phong trào Tỉnh Đoàn"
    write_units(workbook, found)
    write_told(workbook, found)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def subtitle(found):
    period = found.rollup.period
    units = (
        coverage(found.line)
        if found.line.derived
        else f"{found.line.units_reported}/{found.line.units_expected} đơn vị"
    )
    return (
        f"Lũy kế đến {format_date(found.rollup.cutoff_on)} (kỳ tháng {period.month}/{period.year}); "
        f"{units}; "
        f"số liệu lúc {format_moment(found.rollup.generated_at)}"
    )


def write_units(workbook, found):
    target = found.target
    sheet = Sheet(
        workbook,
        "Đơn vị",
        title=f"{target.number}. {target.short_label}",
        subtitle=subtitle(found),
        headings=(*UNIT, *FIGURES[target.kind], *SOURCE),
        frozen_columns=2,
    )
    for number, row in enumerate(found.units, start=1):
        sheet.row([number, row.line.name, row.line.unit.code, *figures_of(target, row.cell), *source_of(row)])
    if found.line.province is not None:
        sheet.row(["", "Cấp tỉnh", "", *figures_of(target, found.line.province), "", "", "", COUNTED_WORDS])
    sheet.row(["", "Tổng cộng", "", *figures_of(target, found.line), "", "", "", ""], bold=True)
    sheet.note("“-”: chưa có số liệu.")
    if words := apart_words([found.line]):
        sheet.note(words)
    sheet.finish()


def source_of(row):
    """Where a unit's figure comes from: the portal's own rows, else the hand-in."""
    if row.cell.derived:
        return ["", "", "", COUNTED_WORDS]
    return source(next((told for told in reversed(row.history) if not told.unchanged), None))


def source(told):
    """Month, version, moment and notes of the hand-in that a figure comes from."""
    if told is None:
        return ["", "", "", ""]
    month = f"{told.month.month}/{told.month.year}"
    return [month, told.version_number, format_moment(told.submitted_at), notes(told)]


def notes(told):
    return "; ".join(text for text in (told.method, told.source, told.note) if text)


def write_told(workbook, found):
    target = found.target
    figures = FIGURES[target.kind] if target.is_ratio else (Heading("Số lượng", 12),)
    sheet = Sheet(
        workbook,
        "Theo kỳ",
        title=f"{target.number}. {target.short_label}: số liệu theo kỳ",
        subtitle=subtitle(found),
        headings=(*UNIT, *figures, *SOURCE),
        frozen_columns=2,
    )
    number = 0
    for row in found.units:
        for told in row.history:
            number += 1
            sheet.row([number, row.line.name, row.line.unit.code, *told_figures(target, told), *source(told)])
        number = write_counted(sheet, target, row.line.name, row.line.unit.code, row.counted, number)
    write_counted(sheet, target, "Cấp tỉnh", "", found.province, number)
    sheet.finish()


def write_counted(sheet, target, name, code, counted, number):
    """The months that the portal counted itself; returns the number of the last line."""
    for row in counted:
        number += 1
        figures = [row.amount]
        if target.is_ratio:
            figures = [row.numerator, row.denominator, share(row.numerator, row.denominator)]
        month = f"{row.month.month}/{row.month.year}"
        sheet.row([number, name, code, *figures, month, "", "", COUNTED_WORDS])
    return number


def told_figures(target, told):
    if not target.is_ratio:
        return [NOT_REPORTED if told.amount is None else told.amount]
    if told.unchanged:
        return ["không thay đổi", "", ""]
    if told.numerator is None:
        return [NOT_REPORTED] * 3
    return [told.numerator, told.denominator, share(told.numerator, told.denominator)]


def share(numerator, denominator):
    found = percent(numerator, denominator)
    return NOT_APPLICABLE if found is None else Share(found / 100)
