"""Rows of one sheet as they stream by: only cells with something in them, only columns a table can have.

A cell at XFD1048576 or ten thousand formatted blank rows cost what their bytes cost, nothing else.
"""

import re
from datetime import datetime
from functools import cache
from math import isfinite

from .findings import WorkbookRefused, place
from .package import BROKEN, SAVE_AGAIN
from .xml_stream import MOST_DEPTH, TOO_MUCH, chunks, feed, make_parser

MOST_STRINGS = 500_000
LONGEST_TEXT = 32_767  # what Excel itself allows in a cell
LAST_COLUMN = 100
MOST_COLUMNS = 16_384
MOST_ROWS = 20_000
MOST_MERGES = 200
NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
PHONETIC = {f"{space} rPh" for space in NAMESPACES}


class Formula:
    """A cell that calculates: its value is not taken."""


class ExcelError(str):
    """#REF!, #N/A … in a cell."""


FORMULA = Formula()


def names(local):
    return {f"{space} {local}" for space in NAMESPACES}


ROW, CELL, VALUE, TEXT, INLINE, FORM, MERGE, ITEM = (
    names(local) for local in ("row", "c", "v", "t", "is", "f", "mergeCell", "si")
)
# What a start handler asks first: everything else is only counted.
KNOWN = {
    name: kind
    for kind, group in enumerate((ROW, CELL, VALUE, TEXT, FORM, MERGE, ITEM, PHONETIC, INLINE), start=1)
    for name in group
}
IS_ROW, IS_CELL, IS_VALUE, IS_TEXT, IS_FORMULA, IS_MERGE, IS_ITEM, IS_PHONETIC, IS_INLINE = range(1, 10)


@cache
def column_number(letters):
    """A → 1, XFD → 16384. At most 18,278 different ones, so the cache stays small."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def unescape(text):
    """_x000D_ of the file format is one character."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def read_strings(package):
    """The texts that cells refer to by number."""
    if not package.strings_part or not package.has(package.strings_part):
        return []
    texts, parts = [], []
    size = elements = depth = 0
    taking = phonetic = False

    def start(name, _):
        nonlocal taking, phonetic, size, elements, depth
        elements += 1
        depth += 1
        kind = KNOWN.get(name)
        if kind == IS_ITEM:
            parts.clear()
            size = 0
            if len(texts) >= MOST_STRINGS:
                raise WorkbookRefused(*TOO_MUCH)
        elif kind == IS_TEXT:
            taking = not phonetic
        elif kind == IS_PHONETIC:
            phonetic = True
        elif depth > MOST_DEPTH:
            raise WorkbookRefused(*TOO_MUCH)

    def end(name):
        nonlocal taking, phonetic, depth
        depth -= 1
        kind = KNOWN.get(name)
        if kind == IS_TEXT:
            taking = False
        elif kind == IS_ITEM:
            texts.append(unescape("".join(parts)))
        elif kind == IS_PHONETIC:
            phonetic = False

    def characters(text):
        nonlocal size
        if taking and size <= LONGEST_TEXT:
            size += len(text)
            parts.append(text[: LONGEST_TEXT + 1])

    parser = make_parser(start, end)
    parser.CharacterDataHandler = characters
    for chunk in chunks(package.open(package.strings_part)):
        feed(parser, chunk)
        package.budget.spend(elements)
        elements = 0
    feed(parser, b"", True)
    return texts


class SheetReader:
    """Reads one sheet; after rows() has ended, `merges` and `far` (the first cell beyond any table) stand."""

    def __init__(self, package, part, strings):
        self.package, self.part, self.strings = package, part, strings
        self.merges, self.far = [], ""
        self.ready = []

    def rows(self):
        """Yield (row number, {column number: value}) of every row with a value."""
        parser = self.parser()
        seen = 0
        for chunk in chunks(self.package.open(self.part)):
            feed(parser, chunk)
            self.package.budget.spend(self.elements)
            self.elements = 0
            seen += len(self.ready)
            yield from self.drain(seen)
        feed(parser, b"", True)
        yield from self.drain(seen + len(self.ready))

    def drain(self, seen):
        if seen > MOST_ROWS:
            raise WorkbookRefused(
                f"Trang tính có hơn {MOST_ROWS:,} dòng có dữ liệu.".replace(",", "."),
                "Chia thành nhiều tệp rồi tải lên từng tệp.",
            )
        ready, self.ready = self.ready, []
        yield from ready

    def parser(self):
        self.elements = 0
        strings = self.strings
        row_number = depth = column = size = 0
        cells = kind_of_cell = None
        text = []
        taking = formula = in_cell = phonetic = False

        def start(name, attributes):
            nonlocal row_number, depth, column, size, cells, kind_of_cell, taking, formula, in_cell, phonetic
            self.elements += 1
            depth += 1
            kind = KNOWN.get(name)
            if kind == IS_CELL:
                reference = attributes.get("r")
                match = REFERENCE.fullmatch(reference) if reference and len(reference) < 12 else None
                if cells is None or (reference is not None and match is None):
                    raise WorkbookRefused(BROKEN, SAVE_AGAIN)
                column = column_number(match[1]) if match else column + 1
                kind_of_cell = attributes.get("t")
                in_cell, formula, size = True, False, 0
                text.clear()
            elif kind in (IS_VALUE, IS_TEXT):
                taking = in_cell and not phonetic
            elif kind == IS_ROW:
                if cells is not None:
                    raise WorkbookRefused(BROKEN, SAVE_AGAIN)
                given = attributes.get("r")
                if given is None:
                    row_number += 1
                elif given.isascii() and given.isdigit() and 0 < len(given) < 8:
                    row_number = int(given)
                else:
                    raise WorkbookRefused(BROKEN, SAVE_AGAIN)
                cells, column = {}, 0
            elif kind == IS_FORMULA:
                formula = in_cell
            elif kind == IS_PHONETIC:
                phonetic = True
            elif kind == IS_MERGE:
                if len(self.merges) < MOST_MERGES:
                    self.merges.append(attributes.get("ref", "")[:24])
            elif depth > MOST_DEPTH:
                raise WorkbookRefused(*TOO_MUCH)

        def end(name):
            nonlocal depth, cells, taking, in_cell, phonetic
            depth -= 1
            kind = KNOWN.get(name)
            if kind == IS_CELL:
                in_cell = False
                if formula or text:
                    value = FORMULA if formula else self.value(kind_of_cell, "".join(text), strings)
                    if value is None:
                        return
                    if column <= LAST_COLUMN:
                        cells[column] = value
                    elif not self.far:
                        self.far = place(row_number, min(column, MOST_COLUMNS))
            elif kind in (IS_VALUE, IS_TEXT):
                taking = False
            elif kind == IS_ROW:
                if cells:
                    self.ready.append((row_number, cells))
                cells = None
            elif kind == IS_PHONETIC:
                phonetic = False

        def characters(data):
            nonlocal size
            if taking and size <= LONGEST_TEXT:
                size += len(data)
                text.append(data[: LONGEST_TEXT + 1])

        parser = make_parser(start, end)
        parser.CharacterDataHandler = characters
        return parser

    @staticmethod
    def value(kind, raw, strings):
        """What a cell holds: text, an int or a float, a day; None for blanks."""
        if kind == "s":
            try:
                text = strings[int(raw)] if len(raw) < 10 else None
            except (ValueError, IndexError):
                text = None
            if text is None:
                raise WorkbookRefused(f"{BROKEN} Thiếu phần chữ dùng chung (sharedStrings).", SAVE_AGAIN)
            return text if text.strip() else None
        if kind in (None, "n"):
            return number(raw)
        if kind in ("inlineStr", "str"):
            text = unescape(raw)
            return text if text.strip() else None
        if kind == "b":
            return raw.strip() == "1"
        if kind == "e":
            return ExcelError(raw[:10])
        if kind == "d":
            try:
                return datetime.fromisoformat(raw.strip()[:40]).date()
            except ValueError:
                return raw
        raise WorkbookRefused(BROKEN, SAVE_AGAIN)


def number(raw):
    """An int where it is whole, else a float; the text itself where it is no number."""
    if raw.isascii() and raw.isdigit() and len(raw) < 16:
        return int(raw)
    try:
        value = float(raw) if len(raw) < 40 else None
    except ValueError:
        value = None
    if value is None or not isfinite(value):
        return raw[:40] if raw.strip() else None
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
