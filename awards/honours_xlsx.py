"""The list of who was honoured as a workbook: the rows of the page, then the totals by form."""

from io import BytesIO

from openpyxl import Workbook

from doanportal.xlsx_sheet import Heading, Sheet

from .queries_honours import Honour

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GRANTED = (
    Heading("TT", 6),
    Heading("Tập thể, cá nhân", 32),
    Heading("Chức vụ, đơn vị công tác", 42),
    Heading("Đơn vị", 22),
    Heading("Đối tượng", 10),
    Heading("Hình thức", 34),
    Heading("Thành tích", 44),
    Heading("Số văn bản", 22),
    Heading("Ngày", 12),
    Heading("Sổ vàng", 20),
)
REFUSED = (*GRANTED[:6], Heading("Đợt", 44), Heading("Lý do không đạt", 44), Heading("Công bố ngày", 12))
TOTALS = (Heading("Hình thức", 44), Heading("Tập thể", 10), Heading("Cá nhân", 10), Heading("Cộng", 10))
CHUNK = 500


def render_honours_xlsx(rows, totals, *, title, subtitle, refused=False):
    """The bytes of the workbook; `rows`: with_entries(), read piece by piece."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = title
    workbook.properties.creator = "Ban Phong trào Tỉnh Đoàn"
    sheet = Sheet(
        workbook,
        "Danh sách",
        title=title,
        subtitle=subtitle,
        headings=REFUSED if refused else GRANTED,
        frozen_columns=2,
    )
    cells = refused_cells if refused else granted_cells
    for number, line in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        sheet.row([number, *cells(Honour(line))])
    sheet.note(f"Cộng: {totals.pair[0]} tập thể, {totals.pair[1]} cá nhân.")
    sheet.finish()
    write_totals(workbook, totals, title=title, subtitle=subtitle)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def who(row):
    return [row.name, row.detail, row.unit.short_name, row.subject, row.form.name]


def granted_cells(row):
    return [*who(row), row.line.decision.round.achievement, row.paper, row.on, row.book_words]


def refused_cells(row):
    return [*who(row), row.line.decision.round.name, row.line.reason, row.on]


def write_totals(workbook, totals, *, title, subtitle):
    sheet = Sheet(workbook, "Tổng số", title=title, subtitle=subtitle, headings=TOTALS)
    for form, pair in totals.by_form.items():
        sheet.row([form.name, *pair, sum(pair)])
    sheet.row(["Tổng cộng", *totals.pair, totals.number], bold=True)
    sheet.finish()
