"""A paper as Word: paper.docx carries the layout, this module fills it in (docxtpl) and sets the body."""

from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate

from doanportal import clock

from .model import Paper, Style
from .text import clean
from .word_table import element, table_element

TEMPLATE = Path(__file__).with_name("paper.docx")
BODY_WIDTH_MM = 160
WIDE_BODY_WIDTH_MM = 252
WIDE_LEFT_MM = 25
PHOTO_WIDTH_MM = 76
PHOTO_HEIGHT_MM = 95
NO_PHOTO = "Không mở được ảnh này."
SLOT_STYLE = "Doan Slot"
STYLES = {
    Style.BODY: "Doan Body",
    Style.BASIS: "Doan Basis",
    Style.HEADING: "Doan Heading",
    Style.SUBHEADING: "Doan Subheading",
    Style.ITEM: "Doan Item",
    Style.NOTE: "Doan Note",
    Style.CENTER: "Doan Center",
}


def to_docx(paper: Paper) -> bytes:
    """The paper as a Word file. Every text is data: nothing in it is read as template or markup."""
    paper = cleaned(paper)
    template = DocxTemplate(BytesIO(template_bytes()))
    template.render({"paper": paper, "head": paper.letterhead, "signature": paper.signature}, autoescape=True)
    document = template.docx
    slot = next(p for p in document.paragraphs if p.style.name == SLOT_STYLE)
    setter = Setter(document, slot, BODY_WIDTH_MM)
    for block in paper.blocks:
        setter.set(block)
    keep_with_ending(slot)
    for number, annex in enumerate(paper.annexes, start=1):
        add_annex(document, annex, number if len(paper.annexes) > 1 else None)
    set_properties(document, paper)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def keep_with_ending(slot):
    """Nơi nhận and signature never stand alone on a page."""
    for element_before in (slot._p, slot._p.getprevious()):
        if element_before is not None and element_before.tag == qn("w:p"):
            Paragraph(element_before, slot._parent).paragraph_format.keep_with_next = True


@lru_cache(maxsize=1)
def template_bytes() -> bytes:
    return TEMPLATE.read_bytes()


def cleaned(value):
    """The same object with every text in NFC and free of what an XML file refuses."""
    if isinstance(value, str) and not isinstance(value, Style):
        return "\n".join(map(clean, value.split("\n")))
    if isinstance(value, tuple):
        return tuple(map(cleaned, value))
    if is_dataclass(value):
        return replace(value, **{row.name: cleaned(getattr(value, row.name)) for row in fields(value)})
    return value


class Setter:
    """Sets blocks one after another in front of a paragraph."""

    def __init__(self, document, slot, width_mm):
        self.document, self.slot, self.width_mm = document, slot, width_mm

    def set(self, block):
        getattr(self, f"set_{block.kind}")(block)

    def set_text(self, block):
        paragraph = self.slot.insert_paragraph_before("", STYLES[block.style])
        if block.lead:
            paragraph.add_run(f"{block.lead} ").bold = True
        paragraph.add_run(block.text)

    def set_table(self, block):
        style = self.document.styles["Doan Cell Small" if block.small else "Doan Cell"]
        self.slot._p.addprevious(table_element(block, width_mm=self.width_mm, style_id=style.style_id))
        # Word joins two tables that touch.
        self.slot.insert_paragraph_before("", SLOT_STYLE)

    def set_page_break(self, block):
        self.slot.insert_paragraph_before("", SLOT_STYLE).add_run().add_break(WD_BREAK.PAGE)

    def set_photos(self, block):
        """Two photos side by side in a table without lines, each above its caption."""
        table = self.document.add_table(rows=-(-len(block.photos) // 2), cols=2)
        cells = [cell for row in table.rows for cell in row.cells]
        for cell, photo in zip(cells, block.photos, strict=False):
            picture, caption = cell.paragraphs[0], cell.add_paragraph(photo.caption, style="Doan Caption")
            picture.style = caption.style
            picture.paragraph_format.keep_with_next = True
            if photo.content:
                add_picture(picture.add_run(), photo.content)
            else:
                picture.add_run(NO_PHOTO)
        self.slot._p.addprevious(table._tbl)


def add_picture(run, content):
    shape = run.add_picture(BytesIO(content), width=Mm(PHOTO_WIDTH_MM))
    if shape.height > Mm(PHOTO_HEIGHT_MM):
        shape.width = round(shape.width * Mm(PHOTO_HEIGHT_MM) / shape.height)
        shape.height = Mm(PHOTO_HEIGHT_MM)


def add_annex(document, annex, number):
    """A section of its own: its own page numbers, landscape where the annex says so."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    if annex.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = Mm(WIDE_LEFT_MM)
    restart_page_numbers(section)
    document.add_paragraph("PHỤ LỤC" if number is None else f"PHỤ LỤC {number}", style="Doan Annex")
    document.add_paragraph(annex.title, style="Doan Annex")
    document.add_paragraph(annex.reference, style="Doan Annex Note")
    slot = document.add_paragraph(style=SLOT_STYLE)
    width = WIDE_BODY_WIDTH_MM if annex.landscape else BODY_WIDTH_MM
    setter = Setter(document, slot, width)
    for block in annex.blocks:
        setter.set(block)


def restart_page_numbers(section):
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    numbers = element("pgNumType", start=1)
    margins = properties.find(qn("w:pgMar"))
    margins.addnext(numbers)
    # The first page of an annex shows its number like the others.
    for first in properties.findall(qn("w:titlePg")):
        properties.remove(first)


def set_properties(document, paper):
    properties = document.core_properties
    properties.title, properties.author = paper.title[:255], paper.letterhead.issuer_line
    properties.last_modified_by, properties.comments = "", ""
    properties.language = "vi-VN"
    properties.created = properties.modified = clock.now().replace(tzinfo=None, microsecond=0)
