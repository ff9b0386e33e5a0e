"""The Excel annex against openpyxl's bare writer, and its memory as the units grow."""

import time
from dataclasses import replace
from io import BytesIO

from openpyxl import load_workbook

from benchmarks import world
from benchmarks.floors import xlsx as floor
from benchmarks.measure import Count, compare, peak_memory
from reports.rollup import rollup
from reports.rollup_xlsx import render_xlsx

ROWS = 10_000
MOST_RATIO = 1.6
MOST_BYTES_A_ROW = 400


def measure():
    figures = rollup(world.small(), world.PERIOD, now=world.NOW)
    many = with_rows(figures, ROWS)
    sheets = read(render_xlsx(many))
    yield compare(
        f"xuất Excel {ROWS} đơn vị, sàn là openpyxl trần",
        lambda: render_xlsx(many),
        lambda: floor.write_values(sheets),
        times=3,
        clock=time.process_time,
        most=MOST_RATIO,
    )
    small, big = memory(figures, 1000), memory(figures, 4000)
    yield Count("xuất Excel: bộ nhớ thêm mỗi dòng", max(0, big - small) // 3000, MOST_BYTES_A_ROW, "byte")


def memory(figures, rows):
    """Peak bytes while the annex of so many units is written, without the Rollup itself."""
    many = with_rows(figures, rows)
    return peak_memory(lambda: render_xlsx(many))


def with_rows(figures, rows):
    """The Rollup with its units repeated until there are `rows`."""
    times = -(-rows // len(figures.units))
    return replace(figures, units=(figures.units * times)[:rows])


def read(content):
    """[(name, rows of values)] of a workbook: what the floor has to write."""
    book = load_workbook(BytesIO(content), read_only=True)
    return [(sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in book]
