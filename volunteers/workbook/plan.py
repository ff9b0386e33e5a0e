"""What taking a workbook over would do: a line for each row, old and new, and the writes themselves."""

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256

from .findings import Findings

ADD, CHANGE, SAME, WRONG = "add", "change", "same", "wrong"
ACTIONS = {ADD: "thêm", CHANGE: "đổi", SAME: "giữ nguyên", WRONG: "lỗi"}


@dataclass
class Line:
    """One row of the file beside what is there: `changes` are (heading, old, new) in words."""

    action: str
    number: int
    label: str
    changes: list = field(default_factory=list)
    stamp: str = ""  # which row of which revision stands behind it

    @property
    def action_name(self):
        return ACTIONS[self.action]


@dataclass
class Plan:
    findings: Findings
    lines: list = field(default_factory=list)
    writes: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)  # counts beside those of the lines

    def add(self, action, number, label, changes=(), stamp=""):
        self.lines.append(Line(action, number, label, list(changes), stamp))

    @property
    def counts(self):
        return Counter(line.action for line in self.lines)

    @property
    def digest(self):
        """Differs as soon as taking over would do anything else than what was shown."""
        shown = [[line.action, line.number, line.changes, line.stamp] for line in self.lines]
        return sha256(
            json.dumps([shown, self.facts], ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()
