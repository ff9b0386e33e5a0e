"""Reports, their frozen versions, what is in them, their review, and files made of them."""

from .answer import Answer, Evidence, Section, Value
from .report import Report, SignedCopy, Version
from .review import Acceptance, Remark, SendBack
from .rollup_file import RollupFile

__all__ = [
    "Acceptance",
    "Answer",
    "Evidence",
    "Remark",
    "Report",
    "RollupFile",
    "Section",
    "SendBack",
    "SignedCopy",
    "Value",
    "Version",
]
