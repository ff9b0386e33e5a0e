"""The Union's official paper: one description of it, printed as PDF and as Word (domain.md §2)."""

from .model import (
    BLANK,
    Annex,
    Block,
    Column,
    HeadCell,
    Letterhead,
    PageBreak,
    Paper,
    Photo,
    Photos,
    Row,
    RowKind,
    Signature,
    Style,
    Table,
    Text,
)
from .render import paper_html, to_pdf
from .word import to_docx

__all__ = [
    "BLANK",
    "Annex",
    "Block",
    "Column",
    "HeadCell",
    "Letterhead",
    "PageBreak",
    "Paper",
    "Photo",
    "Photos",
    "Row",
    "RowKind",
    "Signature",
    "Style",
    "Table",
    "Text",
    "paper_html",
    "to_docx",
    "to_pdf",
]
