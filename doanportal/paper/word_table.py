"""Tables of a paper as WordprocessingML: real header rows that repeat, merged cells, widths that hold."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from .model import HeadCell, RowKind, Table

TWIPS_PER_MM = 1440 / 25.4
BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
CELL_PADDING_TWIPS = 50


def element(tag, parent=None, **attributes):
    """<w:tag w:name="value"/>, appended to `parent`."""
    node = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        node.set(qn(f"w:{name}"), str(value))
    if parent is not None:
        parent.append(node)
    return node


def table_element(table: Table, *, width_mm: float, style_id: str):
    """The <w:tbl> of a table, `width_mm` wide; `style_id` is the paragraph style of its cells."""
    widths = [round(share * width_mm * TWIPS_PER_MM) for share in table.shares]
    tbl = element("tbl")
    add_properties(tbl, sum(widths))
    grid = element("tblGrid", tbl)
    for width in widths:
        element("gridCol", grid, w=width)
    for line in head_grid(table.head, len(widths)):
        row = add_row(tbl, repeat=True)
        for start, cell, continued in line:
            span = widths[start : start + cell.colspan]
            merge = "" if cell.rowspan == 1 else ("continue" if continued else "restart")
            text = "" if continued else cell.text
            add_cell(row, text, width=sum(span), span=len(span), merge=merge, style_id=style_id, bold=True)
    following = [row.kind for row in table.rows[1:]] + [RowKind.PLAIN]
    for (row, cells), after in zip(table.lines, following, strict=True):
        # A group's title and the sum are not parted from the rows they belong to.
        keep = row.kind == RowKind.GROUP or after == RowKind.TOTAL
        add_body_row(tbl, row, cells, widths, style_id=style_id, keep=keep)
    return tbl


def add_properties(tbl, width):
    properties = element("tblPr", tbl)
    element("tblW", properties, w=width, type="dxa")
    element("jc", properties, val="center")
    borders = element("tblBorders", properties)
    for side in BORDERS:
        element(side, borders, val="single", sz=4, space=0, color="000000")
    element("tblLayout", properties, type="fixed")
    margins = element("tblCellMar", properties)
    for side in ("left", "right"):
        element(side, margins, w=CELL_PADDING_TWIPS, type="dxa")


def head_grid(head: tuple[tuple[HeadCell, ...], ...], columns: int):
    """Per head row [(first column, cell, continued from the row above)], left to right."""
    open_below: dict[int, tuple[HeadCell, int]] = {}
    for line in head:
        cells, placed, column = list(line), [], 0
        while column < columns:
            if column in open_below:
                cell, left = open_below.pop(column)
                placed.append((column, cell, True))
            else:
                cell = cells.pop(0)
                left = cell.rowspan
                placed.append((column, cell, False))
            if left > 1:
                open_below[column] = (cell, left - 1)
            column += cell.colspan
        yield placed


def add_body_row(tbl, row, cells, widths, *, style_id, keep):
    line = add_row(tbl)
    if row.kind == RowKind.GROUP:
        whole = {"width": sum(widths), "span": len(widths)}
        add_cell(line, row.cells[0], **whole, style_id=style_id, bold=True, align="left", keep=keep)
        return
    for (text, align), width in zip(cells, widths, strict=True):
        bold = row.kind == RowKind.TOTAL
        add_cell(line, text, width=width, style_id=style_id, bold=bold, align=align, keep=keep)


def add_row(tbl, *, repeat=False):
    row = element("tr", tbl)
    properties = element("trPr", row)
    element("cantSplit", properties)
    if repeat:
        element("tblHeader", properties)
    return row


def add_cell(row, text, *, width, style_id, span=1, merge="", bold=False, align="center", keep=False):
    cell = element("tc", row)
    properties = element("tcPr", cell)
    element("tcW", properties, w=width, type="dxa")
    if span > 1:
        element("gridSpan", properties, val=span)
    if merge:
        element("vMerge", properties, val=merge)
    element("vAlign", properties, val="center")
    paragraph = element("p", cell)
    form = element("pPr", paragraph)
    element("pStyle", form, val=style_id)
    if keep:
        element("keepNext", form)
    element("spacing", form, before=10, after=10)
    element("jc", form, val=align)
    if text:
        add_run(paragraph, text, bold=bold)


def add_run(paragraph, text, *, bold):
    run = element("r", paragraph)
    if bold:
        element("b", element("rPr", run))
    for number, line in enumerate(text.split("\n")):
        if number:
            element("br", run)
        content = element("t", run)
        content.text = line
        content.set(qn("xml:space"), "preserve")
