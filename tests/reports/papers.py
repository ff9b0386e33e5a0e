"""Reading papers back in tests: text, fonts and pages of a PDF, paragraphs and tables of a Word file."""

import io

from docx import Document
from pypdf import PdfReader


def squeezed(text):
    """The text with every run of white space as one space."""
    return " ".join(text.replace("\u00a0", " ").split())


def glued(text):
    """The text without any white space: readers of PDF lose spaces where a narrow cell breaks its line."""
    return "".join(text.split())


def pdf_pages(content):
    """The text of each page."""
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def pdf_text(content):
    return " ".join(pdf_pages(content))


def pdf_sizes(content):
    """(width, height) of each page in whole millimetres."""
    pages = PdfReader(io.BytesIO(content)).pages
    return [tuple(round(float(side) * 25.4 / 72) for side in page.mediabox[2:]) for page in pages]


def pdf_fonts(content):
    """The names of the embedded fonts without their subset tags."""
    names = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        fonts = page["/Resources"].get("/Font", {})
        names |= {font.get_object()["/BaseFont"].split("+")[-1] for font in fonts.values()}
    return names


def word_text(content):
    """All text of the body in document order, tables included, and of the headers."""
    document = Document(io.BytesIO(content))
    parts = [document.element.body, *(section.header._element for section in document.sections)]
    words = [node.text or "" for part in parts for node in part.iter() if node.tag.endswith("}t")]
    return squeezed(" ".join(words))


def word_rows(content):
    """The cells of every table row of the body, as texts."""
    document = Document(io.BytesIO(content))
    rows = []
    for table in document.tables:
        for row in table._tbl.tr_lst:
            cells = [cell for cell in row if cell.tag.endswith("}tc")]
            rows.append(tuple(text_of(cell) for cell in cells))
    return rows


def text_of(cell):
    words = []
    for node in cell.iter():
        if node.tag.endswith("}t"):
            words.append(node.text or "")
        elif node.tag.endswith("}br"):
            words.append("\n")
    return "".join(words)
