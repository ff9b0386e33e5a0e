"""What a check has to say: how grave, where, what, and how to mend it."""

from collections import Counter
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

ERROR, WARNING, NOTE = "error", "warning", "note"
LEVELS = {ERROR: "Lỗi", WARNING: "Cảnh báo", NOTE: "Lưu ý"}
# So many are kept and shown; the rest is counted: a sheet that is wrong all over is not read to the end.
MOST = 5000
EXAMPLES = 3


class WorkbookRefused(ValueError):
    """The file is not read at all: what is wrong with it, and how to mend that, both in Vietnamese."""

    def __init__(self, message, cure=""):
        super().__init__(message)
        self.cure = cure


@dataclass(frozen=True)
class Finding:
    level: str
    sheet: str
    cell: str
    message: str
    cure: str = ""

    @property
    def level_name(self):
        return LEVELS[self.level]


def place(row, column):
    """«C7» of a row number and a column number, both from 1."""
    return f"{get_column_letter(column)}{row}"


class Findings:
    """Collects findings of one sheet, gravest last to be cut; alike notes of a column become one line."""

    def __init__(self, sheet=""):
        self.sheet = sheet
        self.rows = []
        self.counts = Counter()
        self.alike = {}

    def add(self, level, cell, message, cure=""):
        self.counts[level] += 1
        if len(self.rows) < MOST:
            self.rows.append(Finding(level, self.sheet, cell, message, cure))

    def error(self, cell, message, cure=""):
        self.add(ERROR, cell, message, cure)

    def warning(self, cell, message, cure=""):
        self.add(WARNING, cell, message, cure)

    def note(self, cell, message, cure=""):
        self.add(NOTE, cell, message, cure)

    def note_alike(self, cell, message, cure=""):
        """One line for all cells of which the same is to be said."""
        self.alike.setdefault((message, cure), []).append(cell)

    def close(self):
        """The alike notes as findings; call it once, when all is read."""
        for (message, cure), cells in self.alike.items():
            shown = ", ".join(cells[:EXAMPLES])
            more = f" và {len(cells) - EXAMPLES} ô khác" if len(cells) > EXAMPLES else ""
            self.note(f"{shown}{more}", message, cure)
        self.alike = {}
        return self

    @property
    def errors(self):
        return self.counts[ERROR]
