"""The rollup engine: one set of figures for dashboard, page, PDF, DOCX, XLSX and JSON (design.md §6)."""

from .build import RollupError, rollup
from .export import as_json
from .figures import MONTHLY_FORM
from .lines import Cell, LastContact, Rollup, TargetLine, UnitLine
from .owners import monthly_obligations

__all__ = [
    "MONTHLY_FORM",
    "Cell",
    "LastContact",
    "Rollup",
    "RollupError",
    "TargetLine",
    "UnitLine",
    "as_json",
    "monthly_obligations",
    "rollup",
]
