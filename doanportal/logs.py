"""Log lines without personal values: what the database quotes of a refused row is left out."""

import logging
import re

# «DETAIL:  Failing row contains (12, Nguyễn Văn …)» runs to the next part of the traceback.
QUOTED = re.compile(
    r"^(DETAIL|CONTEXT|LINE \d+):.*?"
    r"(?=\n\n|\n(?:The above exception|During handling)|\nTraceback|\n\S+Error\b|\Z)",
    re.MULTILINE | re.DOTALL,
)
LEFT_OUT = "(chi tiết của cơ sở dữ liệu được lược bỏ)"


class PlainFormatter(logging.Formatter):
    """The usual line; messages and tracebacks lose the rows that PostgreSQL quotes in its errors."""

    def format(self, record):
        return without_rows(super().format(record))


def without_rows(text: str) -> str:
    """The text with DETAIL, CONTEXT and LINE parts of database errors cut out."""
    return QUOTED.sub(LEFT_OUT, text) if "DETAIL:" in text or "CONTEXT:" in text or "LINE " in text else text
