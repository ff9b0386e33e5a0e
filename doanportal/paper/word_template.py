"""Make paper.docx, the Word template of the Union's paper: python -m doanportal.paper.word_template.

Whoever prefers may open paper.docx in Word and change the layout there instead: the styles named
"Doan …", the {{ words }} and the paragraph of style "Doan Slot" (where the body goes) must stay.
"""

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .word import TEMPLATE

FONT = "Times New Roman"
CENTER, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
FIRST_LINE = Mm(12.7)

# name: (size, bold, italic, alignment, first line, space after, keep with next)
STYLES = {
    "Doan Body": (14, False, False, JUSTIFY, FIRST_LINE, 6, False),
    "Doan Basis": (14, False, True, JUSTIFY, FIRST_LINE, 6, False),
    "Doan Heading": (14, True, False, LEFT, FIRST_LINE, 6, True),
    "Doan Subheading": (14, True, True, LEFT, FIRST_LINE, 6, True),
    "Doan Item": (14, False, False, JUSTIFY, FIRST_LINE, 6, False),
    "Doan Center": (14, True, False, CENTER, None, 6, True),
    "Doan Note": (11.5, False, True, JUSTIFY, None, 3, False),
    "Doan Slot": (2, False, False, LEFT, None, 0, False),
    "Doan Upper": (14, False, False, CENTER, None, 0, False),
    "Doan Issuer": (14, True, False, CENTER, None, 0, False),
    "Doan Union": (15, True, False, CENTER, None, 0, False),
    "Doan Date": (14, False, True, CENTER, None, 0, False),
    "Doan Type": (16, True, False, CENTER, None, 0, True),
    "Doan Subject": (14, True, False, CENTER, None, 0, True),
    "Doan Subject Note": (14, False, True, CENTER, None, 0, True),
    "Doan Dashes": (14, False, False, CENTER, None, 10, False),
    "Doan Recipients Label": (13, False, False, LEFT, None, 2, True),
    "Doan Recipients": (12, False, False, LEFT, None, 0, True),
    "Doan Signature": (14, True, False, CENTER, None, 0, True),
    "Doan Cell": (11.5, False, False, CENTER, None, 0, False),
    "Doan Cell Small": (10.5, False, False, CENTER, None, 0, False),
    "Doan Annex": (14, True, False, CENTER, None, 0, True),
    "Doan Annex Note": (14, False, True, CENTER, None, 8, True),
    "Doan Caption": (12, False, True, CENTER, None, 6, False),
    "Doan Page Number": (13, False, False, CENTER, None, 0, False),
    "Doan Mark": (20, True, False, CENTER, None, 0, False),
}


def build(path=TEMPLATE):
    """Write the template; returns its path."""
    document = Document()
    set_defaults(document)
    for name, values in STYLES.items():
        add_style(document, name, *values)
    document.styles["Doan Mark"].font.color.rgb = RGBColor(0x80, 0x80, 0x80)
    document.styles["Doan Recipients Label"].font.underline = True
    set_page(document.sections[0])
    add_letterhead(document)
    add_title(document)
    document.add_paragraph(style="Doan Slot")
    add_ending(document)
    document.save(path)
    return path


def set_defaults(document):
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    properties = normal.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    for script in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(script), "vi-VN")
    properties.append(language)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0


def add_style(document, name, size, bold, italic, alignment, first_line, after, keep):
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    form = style.paragraph_format
    form.alignment, form.first_line_indent, form.space_after = alignment, first_line, Pt(after)
    form.keep_with_next, form.widow_control = keep, True


def set_page(section):
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    first, others = section.first_page_header, section.header
    restyle(first.paragraphs[0], "Doan Mark", "{{ paper.mark }}")
    restyle(others.paragraphs[0], "Doan Page Number")
    add_page_number(others.paragraphs[0])
    others.add_paragraph("{%p if paper.mark %}", style="Doan Mark")
    others.add_paragraph("{{ paper.mark }}", style="Doan Mark")
    others.add_paragraph("{%p endif %}", style="Doan Mark")


def restyle(paragraph, style, text=""):
    paragraph.style = style
    if text:
        paragraph.add_run(text)


def add_page_number(paragraph):
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def add_table(document, *widths):
    table = document.add_table(rows=1, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    layout = table._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    layout.append(margins)
    for cell, column, width in zip(table.rows[0].cells, table.columns, widths, strict=True):
        cell.width = column.width = Mm(width)
    return table.rows[0].cells


def fill(cell, *lines):
    """Paragraphs of (style, text) in a cell."""
    for number, (style, text) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        restyle(paragraph, style, text)
    return cell.paragraphs


def add_letterhead(document):
    # «BCH ĐOÀN TỈNH BÌNH PHƯỚC» takes 73,5 mm in bold 14, the date line with its blanks 82 mm.
    left, right = add_table(document, 77.5, 82.5)
    fill(
        left,
        ("Doan Upper", "{%p if head.upper_line %}"),
        ("Doan Upper", "{{ head.upper_line }}"),
        ("Doan Upper", "{%p endif %}"),
        ("Doan Issuer", "{{ head.issuer_line }}"),
        ("Doan Upper", "***"),
        ("Doan Upper", "{%p if head.number_line %}"),
        ("Doan Upper", "{{ head.number_line }}"),
        ("Doan Upper", "{%p endif %}"),
    )
    title, date = fill(right, ("Doan Union", "ĐOÀN TNCS HỒ CHÍ MINH"), ("Doan Date", "{{ head.date_line }}"))
    rule_below(title)
    title.paragraph_format.left_indent = title.paragraph_format.right_indent = Mm(6)
    date.paragraph_format.space_before = Pt(8)


def rule_below(paragraph):
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("w:val", "single"), ("w:sz", "6"), ("w:space", "1"), ("w:color", "000000")):
        line.set(qn(name), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def add_title(document):
    first = document.add_paragraph("{{ paper.document_type }}", style="Doan Type")
    first.paragraph_format.space_before = Pt(14)
    document.add_paragraph("{{ paper.subject }}", style="Doan Subject")
    document.add_paragraph("{%p for note in paper.subject_notes %}", style="Doan Subject Note")
    document.add_paragraph("{{ note }}", style="Doan Subject Note")
    document.add_paragraph("{%p endfor %}", style="Doan Subject Note")
    document.add_paragraph("-----------", style="Doan Dashes")


def add_ending(document):
    left, right = add_table(document, 76, 84)
    *_, beside, _ = fill(
        left,
        ("Doan Recipients Label", "{%p if paper.recipients %}"),
        ("Doan Recipients Label", "Nơi nhận:"),
        ("Doan Recipients Label", "{%p endif %}"),
        ("Doan Recipients", "{%p for line in paper.recipients %}"),
        ("Doan Recipients", "{{ line }}"),
        ("Doan Recipients", "{%p endfor %}"),
        ("Doan Signature", "{%p if paper.countersignature %}"),
        ("Doan Signature", "{{ paper.countersignature.authority }}"),
        ("Doan Signature", "{{ paper.countersignature.title }}"),
        ("Doan Signature", "{{ paper.countersignature.name }}"),
        ("Doan Signature", "{%p endif %}"),
    )
    beside.paragraph_format.space_before = Mm(26)
    *_, name = fill(
        right,
        ("Doan Signature", "{{ signature.authority }}"),
        ("Doan Signature", "{{ signature.title }}"),
        ("Doan Signature", "{{ signature.name }}"),
    )
    name.paragraph_format.space_before = Mm(26)


if __name__ == "__main__":
    build()
