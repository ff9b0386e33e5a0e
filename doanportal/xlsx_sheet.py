"""One printable sheet of an Excel file: title, repeated header, numbers as numbers, text never a formula."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.xml.functions import fromstring

FONT = "Times New Roman"
# Excel shows these by the reader's own settings: 1.234 and 34,0% on a Vietnamese machine.
WHOLE, FRACTION, PERCENT = "#,##0", "#,##0.##", "0.0%"
DAY, PLAIN = "dd/mm/yyyy", "0"
# Where a number would stand: nothing was reported, not applicable.
MARKS = NOT_REPORTED, NOT_APPLICABLE = "-", "x"
A4 = 9
LONGEST_TEXT = 32_767
# What XML cannot hold: control characters, halves of pairs, the two that are no characters.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
column_letter = cache(get_column_letter)
LINE_HEIGHT = 15
LETTERS_PER_WIDTH = 1.15  # a column's width counts digits of a wider font
GROUP_LINES = 3
MOST_LINES = 27  # a row is at most 409 points high
LINE = Side(style="thin", color="808080")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD_FILL = PatternFill("solid", fgColor="E8EEF7")


class Share(Decimal):
    """A part of 1 that is shown as a percentage."""


class Year(int):
    """A number that is shown without groups of thousands."""


@dataclass(frozen=True)
class Heading:
    text: str
    width: int


class StyledCell(Cell):
    """Looks its style up in the workbook once, not at each writing; style it before its first writing."""

    __slots__ = ("known_style",)

    @property
    def style_text(self):
        try:
            return self.known_style
        except AttributeError:
            self.known_style = str(self.style_id)
            return self.known_style


class StyledRows(WriteOnlyWorksheet):
    """Takes rows of cells as they are and writes each row as one piece.

    The ordinary one first tries each cell as a value and lets that fail, then opens and closes every element
    of a cell by itself: most of the writing time.
    """

    def _write_rows(self):
        writer = self._writer
        file = writer.xf.send(True)
        with file.element("sheetData"):
            number = 1
            try:
                while True:
                    file.write(row_element((yield), number, self.row_dimensions.get(number, {})))
                    number += 1
            except GeneratorExit:
                pass
        writer.xf.send(None)


def row_element(cells, number, dimensions):
    """<row> with its cells; text inline, numbers and days as Excel counts them.

    Put together as text and parsed once: half the time of an element at a time.
    """
    attributes = "".join(f" {name}={quoteattr(str(value))}" for name, value in dict(dimensions).items())
    parts = [f'<row r="{number}"{attributes}>']
    for column, cell in enumerate(cells, start=1):
        value = cell._value
        place = f'<c r="{column_letter(column)}{number}" s="{cell.style_text}"'
        if value is None:
            parts.append(f"{place}/>")
        elif cell.data_type == "s":
            space = ' xml:space="preserve"' if value[0].isspace() or value[-1].isspace() else ""
            parts.append(f'{place} t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>')
        else:
            parts.append(f"{place}><v>{to_excel(value) if cell.data_type == 'd' else value}</v></c>")
    parts.append("</row>")
    return fromstring("".join(parts))


class Sheet:
    """A sheet that is written once from top to bottom: header, rows, notes, then finish()."""

    def __init__(self, workbook, name, *, title, subtitle, headings, groups=(), frozen_columns=0):
        self.sheet = StyledRows(workbook, sheet_name(name))
        workbook._add_sheet(self.sheet)
        self.cells = {}
        self.written = self.grouped = 0
        self.widths = [heading.width for heading in headings]
        header_rows = [4, 5] if groups else [4, 4]
        self.set_up_page(headings, header_rows, frozen_columns)
        self.append([self.cell(title, "title")])
        self.append([self.cell(subtitle, "plain")])
        self.append([])
        if groups:
            self.height(GROUP_LINES)
            self.append(cell for text, width in groups for cell in self.group(text, width))
        self.height(lines_needed([heading.text for heading in headings], self.widths))
        self.append(self.cell(heading.text, "head") for heading in headings)

    def set_up_page(self, headings, header_rows, frozen_columns):
        sheet = self.sheet
        for number, heading in enumerate(headings, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = heading.width
        sheet.freeze_panes = f"{get_column_letter(frozen_columns + 1)}{header_rows[1] + 1}"
        sheet.print_title_rows = f"{header_rows[0]}:{header_rows[1]}"
        if frozen_columns:
            sheet.print_title_cols = f"A:{get_column_letter(frozen_columns)}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = True
        sheet.oddFooter.right.text = "Trang &P/&N"

    def group(self, text, width):
        """A heading over `width` columns, merged in the row that is written next."""
        row, first = self.written + 1, self.grouped + 1
        self.grouped += width
        if width > 1:
            self.sheet.merged_cells.add(
                f"{get_column_letter(first)}{row}:{get_column_letter(self.grouped)}{row}"
            )
        yield self.cell(text, "group")
        for _ in range(width - 1):
            yield self.cell("", "group")

    def row(self, values, *, bold=False):
        kind = "total" if bold else "body"
        self.height(lines_needed(values, self.widths))
        self.append(self.cell(value, kind) for value in values)

    def note(self, text):
        self.append([self.cell(text, "note")])

    def height(self, lines):
        """Room for that many lines in the row that is written next: not every reader fits rows by itself."""
        if lines > 1:
            self.sheet.row_dimensions[self.written + 1].height = lines * LINE_HEIGHT

    def append(self, cells):
        self.sheet.append(cells)
        self.written += 1
        # The row is in the file by now; its height would only pile up.
        self.sheet.row_dimensions.pop(self.written, None)

    def finish(self):
        """Name the printed area, which is known only now."""
        self.sheet.print_area = f"A1:{get_column_letter(len(self.widths))}{self.written}"

    def cell(self, value, kind):
        """A styled cell with the value; text is stored as text whatever it begins with.

        One object serves all cells of a kind and shape: it is written before the next is asked for.
        """
        if isinstance(value, str):
            shape = "mark" if value in MARKS else "text"
        else:
            value, shape = number_and_format(value)
        cell = self.cells.get((kind, shape))
        if cell is None:
            cell = self.cells[kind, shape] = StyledCell(self.sheet, row=1, column=1)
            style_cell(cell, kind, shape)
        # Set directly: the cell's own setter tries out types that are known here.
        if isinstance(value, str):
            cell._value, cell.data_type = storable(value), "s"
        else:
            cell._value, cell.data_type = value, "d" if shape == DAY else "n"
        return cell


def storable(text):
    """Text, or None for "": without the control characters that a file cannot hold, as long as a cell may be.

    It is written as text whatever it begins with, never as a formula.
    """
    return UNWRITABLE.sub("", text)[:LONGEST_TEXT] or None


def style_cell(cell, kind, shape):
    cell.font = Font(
        name=FONT, size=13 if kind == "title" else 11, bold=kind in ("title", "head", "group", "total")
    )
    if kind in ("title", "plain", "note"):
        cell.alignment = Alignment(vertical="center")
        return
    cell.border = BOX
    if kind in ("head", "group"):
        cell.fill = HEAD_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        return
    cell.alignment = Alignment(
        horizontal="left" if shape == "text" else "right", vertical="top", wrap_text=shape == "text"
    )
    if shape not in ("text", "mark"):
        cell.number_format = shape


def lines_needed(values, widths):
    """How many lines the longest text of a row takes in its column."""
    most = 1
    for value, width in zip(values, widths, strict=True):
        room = width * LETTERS_PER_WIDTH
        if isinstance(value, str) and (len(value) > room or "\n" in value):
            most = max(most, sum(max(1, ceil(len(part) / room)) for part in value.split("\n")))
    return min(most, MOST_LINES)


def number_and_format(value):
    """The number as Excel takes it, whole ones without decimals (12, not 12.00), and how it is shown."""
    if type(value) is int:
        return value, WHOLE
    if isinstance(value, date):
        return value, DAY
    if isinstance(value, Year):
        return int(value), PLAIN
    if isinstance(value, Share):
        return Decimal(value), PERCENT
    whole = int(value)
    return (whole, WHOLE) if whole == value else (value, FRACTION)


def sheet_name(name):
    """A name Excel takes: without : \\ / ? * [ ], at most 31 letters."""
    return "".join("-" if letter in ":\\/?*[]" else letter for letter in name)[:31]
