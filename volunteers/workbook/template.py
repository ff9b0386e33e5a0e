"""The workbook to fill in: table with lists and checks, help from the same columns, a hidden mark."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from doanportal import clock
from doanportal.xlsx_sheet import FONT, Heading, Sheet, Year

from .columns import BirthYear, Choice, Count, Day, Kilometres, Phone
from .reading import MARK, MARK_SHEET

HELP_SHEET = "Hướng dẫn"
ROOM = 500  # empty rows below what is there get lists and checks, too
FIRST_ROW = 5
MARKS = 4  # cells of the mark; the lists to choose from stand in the columns after it
HELP_HEADINGS = (
    Heading("Cột", 30),
    Heading("Bắt buộc", 10),
    Heading("Kiểu", 22),
    Heading("Cách ghi", 60),
    Heading("Ví dụ", 30),
)


class TableSheet(Sheet):
    """The table: its last column, the id, is hidden; each column has its format down to empty rows."""

    def __init__(self, workbook, definition, *, title, subtitle):
        self.definition = definition
        headings = [
            Heading(f"{column.heading} (*)" if column.required else column.heading, column.width)
            for column in definition.columns
        ]
        headings.append(Heading(definition.id_heading, 10))
        super().__init__(
            workbook, definition.sheet, title=title, subtitle=subtitle, headings=headings, frozen_columns=1
        )

    def set_up_page(self, headings, header_rows, frozen_columns):
        super().set_up_page(headings, header_rows, frozen_columns)
        dimensions = self.sheet.column_dimensions
        dimensions[get_column_letter(len(headings))].hidden = True
        for number, column in enumerate(self.definition.columns, start=1):
            dimension = dimensions[get_column_letter(number)]
            dimension.number_format = column.number_format
            dimension.font = Font(name=FONT, size=11)


def render_template(definition, *, rows=(), title, subtitle, team_id=None):
    """The bytes of the workbook; `rows`: (id, {key: plain value}) of what is there already."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = title
    workbook.properties.creator = "Cổng Đề án chuyển đổi số"
    sheet = TableSheet(workbook, definition, title=title, subtitle=subtitle)
    for pk, values in rows:
        sheet.row([*(column.cell(values.get(column.key)) for column in definition.columns), Year(pk)])
    last = sheet.written + ROOM
    for validation in validations(definition, last):
        sheet.sheet.data_validations.append(validation)
    sheet.finish()
    write_help(workbook, definition)
    write_mark(workbook, definition, team_id)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def validations(definition, last):
    """Lists to choose from and checks while typing, in the words of the columns."""
    lists = MARKS
    for number, column in enumerate(definition.columns, start=1):
        letter = get_column_letter(number)
        rule = None
        if isinstance(column, Choice):
            lists += 1
            place = f"${get_column_letter(lists)}"
            source = f"'{MARK_SHEET}'!{place}$1:{place}${len(column.choices)}"
            rule = DataValidation("list", formula1=source)
        elif isinstance(column, BirthYear):
            today = clock.today()
            rule = DataValidation(
                "whole", operator="between", formula1=str(today.year - 100), formula2=str(today.year)
            )
        elif isinstance(column, Day):
            rule = DataValidation("date", operator="greaterThan", formula1="32874")
        elif isinstance(column, Count | Kilometres):
            rule = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0")
        elif isinstance(column, Phone):
            rule = DataValidation("textLength", operator="between", formula1="9", formula2="20")
        if rule is not None:
            yield explained(rule, column, f"{letter}{FIRST_ROW}:{letter}{last}")


def explained(rule, column, cells):
    rule.add(cells)
    rule.allow_blank = not column.required
    rule.showErrorMessage = True
    rule.errorStyle = "stop" if isinstance(column, Choice) else "warning"
    rule.errorTitle, rule.error = column.heading[:32], (column.help or column.how)[:225]
    rule.showInputMessage = True
    rule.promptTitle, rule.prompt = column.heading[:32], (column.help or column.how)[:225]
    return rule


def write_help(workbook, definition):
    sheet = Sheet(
        workbook,
        HELP_SHEET,
        title=f"Hướng dẫn ghi: {definition.title}",
        subtitle=f"Cột có dấu (*) là bắt buộc. Điền ở trang tính «{definition.sheet}».",
        headings=HELP_HEADINGS,
    )
    for column in definition.columns:
        words = column.help
        if isinstance(column, Choice):
            words = f"{words} {'; '.join(label for _, label in column.choices)}.".strip()
        sheet.row([column.heading, "có" if column.required else "", column.how, words, column.example])
    for note in definition.notes:
        sheet.note(note)
    sheet.finish()


def write_mark(workbook, definition, team_id):
    """The hidden sheet: which template of which version, and the lists that cells choose from."""
    sheet = workbook.create_sheet(MARK_SHEET)
    sheet.sheet_state = "veryHidden"
    lists = [
        [label for _, label in column.choices] for column in definition.columns if isinstance(column, Choice)
    ]
    first = [MARK, definition.kind, definition.version, team_id]
    for number in range(max([1, *map(len, lists)])):
        marks = first if number == 0 else [None] * len(first)
        sheet.append([*marks, *(words[number] if number < len(words) else None for words in lists)])
