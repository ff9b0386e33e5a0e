"""What is kept of an upload until it is taken over: plain rows and what was found, packed; never the file."""

import gzip
import json
from dataclasses import asdict, dataclass, field

from .findings import Finding, Findings, place
from .plan import Line
from .reading import Row

QUICK = 1  # the least effort of gzip: names pack well at any


@dataclass
class Content:
    """The normal form of a workbook: rows, where each column stood, findings of the reading, the preview."""

    sheet: str
    columns: dict
    rows: list
    read_findings: list
    read_counts: dict
    lines: list = field(default_factory=list)

    def cell(self, row, key):
        """«C7», or the row where the file has no such column."""
        at = self.columns.get(key)
        return place(row.number, at) if at else f"dòng {row.number}"

    def findings(self):
        """Fresh Findings that begin with those of the reading."""
        found = Findings(self.sheet)
        found.rows = list(self.read_findings)
        found.counts.update(self.read_counts)
        return found


def content_of(reading):
    findings = reading.findings
    return Content(reading.sheet, reading.columns, reading.rows, findings.rows, dict(findings.counts))


def pack(content):
    rows = [[row.number, row.id, row.wrong, row.values] for row in content.rows]
    data = {
        "sheet": content.sheet,
        "columns": content.columns,
        "rows": rows,
        "findings": [list(asdict(finding).values()) for finding in content.read_findings],
        "counts": content.read_counts,
        "lines": [[line.action, line.number, line.label, line.changes] for line in content.lines],
    }
    return gzip.compress(json.dumps(data, ensure_ascii=False).encode(), QUICK)


def unpack(packed):
    data = json.loads(gzip.decompress(packed))
    return Content(
        sheet=data["sheet"],
        columns=data["columns"],
        rows=[Row(number, values, id_, wrong) for number, id_, wrong, values in data["rows"]],
        read_findings=[Finding(*parts) for parts in data["findings"]],
        read_counts=data["counts"],
        lines=[Line(*parts) for parts in data["lines"]],
    )
