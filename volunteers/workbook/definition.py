"""A kind of workbook: its sheet, its columns, and what is told on the help sheet."""

from dataclasses import dataclass
from functools import cached_property

from .columns import Column

ID_HEADING = "Mã (không sửa)"


@dataclass(frozen=True)
class Definition:
    """`kind`: as in addresses; `version`: of the template, an older one is still read."""

    kind: str
    title: str
    sheet: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    version: int = 1
    id_heading: str = ID_HEADING

    @cached_property
    def by_name(self):
        """{folded heading or alias: column}."""
        return {name: column for column in self.columns for name in column.names}

    @cached_property
    def by_key(self):
        return {column.key: column for column in self.columns}
