"""What stands on a Union paper, free of any format: PDF and Word are printed from the same objects."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

BLANK = "\u00a0" * 6


@dataclass(frozen=True)
class Letterhead:
    """The head of page 1: issuing body on the left, the Union's title and the date line on the right."""

    issuer_line: str
    place_name: str
    upper_line: str = ""
    number_line: str = ""
    year: int = 0

    @property
    def date_line(self) -> str:
        """Day and month stay blank: the clerk fills them in after signing (domain.md §2.3)."""
        return f"{self.place_name}, ngày{BLANK}tháng{BLANK}năm {self.year}"


@dataclass(frozen=True)
class Signature:
    authority: str
    title: str
    name: str


class Style(StrEnum):
    BODY = "body"
    BASIS = "basis"
    HEADING = "heading"
    SUBHEADING = "subheading"
    ITEM = "item"
    NOTE = "note"
    CENTER = "center"


@dataclass(frozen=True)
class Text:
    """A paragraph; `lead` are its first words in bold («Điều 1.»)."""

    text: str
    style: Style = Style.BODY
    lead: str = ""

    kind = "text"


@dataclass(frozen=True)
class Column:
    """Width as a share of the table's; how the cells of the body stand in it."""

    width: float
    align: str = "center"


@dataclass(frozen=True)
class HeadCell:
    text: str
    colspan: int = 1
    rowspan: int = 1


class RowKind(StrEnum):
    PLAIN = "plain"
    GROUP = "group"
    TOTAL = "total"


@dataclass(frozen=True)
class Row:
    """As many cells as the table has columns; a group row has one, over the whole width."""

    cells: tuple[str, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    head: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[Row, ...]
    small: bool = False

    kind = "table"

    @property
    def shares(self) -> list[float]:
        """Each column's share of the width, 1 in all."""
        whole = sum(column.width for column in self.columns)
        return [column.width / whole for column in self.columns]

    @property
    def css_widths(self) -> list[str]:
        return [f"{share * 100:.3f}%" for share in self.shares]

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, str]]]]:
        """Each row with its cells as (text, align)."""
        aligns = [column.align for column in self.columns]
        return [(row, list(zip(row.cells, aligns, strict=False))) for row in self.rows]


@dataclass(frozen=True)
class Photo:
    """A JPEG of at most a printed page's pixels, or no content where the stored file cannot be opened."""

    content: bytes
    caption: str

    @property
    def address(self) -> str:
        """Where the PDF engine finds it: in memory, by its content."""
        return f"cid:{sha256(self.content).hexdigest()}"


@dataclass(frozen=True)
class Photos:
    photos: tuple[Photo, ...]

    kind = "photos"


@dataclass(frozen=True)
class PageBreak:
    kind = "page_break"


Block = Text | Table | Photos | PageBreak


@dataclass(frozen=True)
class Annex:
    title: str
    reference: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Paper:
    """A whole paper. `mark` is printed across every page («BẢN NHÁP») and empty on a valid one.

    `countersignature`: of whoever signs beside, on the left below the recipients (secretary, confirmation).
    """

    letterhead: Letterhead
    document_type: str
    subject: str
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    signature: Signature
    subject_notes: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    mark: str = ""
    countersignature: Signature | None = None

    @property
    def title(self) -> str:
        return f"{self.document_type} {self.subject}".strip()
