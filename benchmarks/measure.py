"""How benchmarks measure: our job and its floor by turns, the best time of each, a ratio; or a count."""

import gc
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET ")


@dataclass(frozen=True)
class Ratio:
    """Our time over the floor's; `most` is the budget, None where design.md §9 sets none."""

    name: str
    ours: float
    floor: float
    most: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    @property
    def holds(self) -> bool:
        return self.most is None or self.ratio <= self.most

    def __str__(self) -> str:
        budget = "" if self.most is None else f"  ngân sách ≤ {self.most:.2f}"
        return (
            f"{verdict(self)} {self.name:52} {self.ours * 1000:9.1f} ms  sàn {self.floor * 1000:9.1f} ms  "
            f"tỷ số {self.ratio:5.2f}{budget}"
        )


@dataclass(frozen=True)
class Count:
    """An exact number with its limit: statements, bytes, rows."""

    name: str
    value: int
    most: int
    unit: str = "SQL"

    @property
    def holds(self) -> bool:
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{verdict(self)} {self.name:52} {self.value:9} {self.unit}  ngân sách ≤ {self.most}"


def verdict(line) -> str:
    return "đạt " if line.holds else "VƯỢT"


def compare(
    name: str,
    ours: Callable,
    floor: Callable,
    *,
    times: int = 7,
    most: float | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Ratio:
    """Both jobs by turns, so that a busy moment of the machine hits both; the best time of each.

    `clock` is `time.process_time` for jobs that only compute: what else runs on the machine then counts less.
    """
    ours(), floor()
    best = {ours: float("inf"), floor: float("inf")}
    for _ in range(times):
        for job in (ours, floor):
            best[job] = min(best[job], timed(job, clock))
    return Ratio(name, best[ours], best[floor], most)


def timed(job: Callable, clock: Callable[[], float] = time.perf_counter) -> float:
    gc.collect()
    start = clock()
    job()
    return clock() - start


def statements(job: Callable) -> list[str]:
    """The SQL that a job sends, without transaction control."""
    with CaptureQueriesContext(connection) as queries:
        job()
    return [query["sql"] for query in queries if not query["sql"].startswith(CONTROL)]


def twice(sql: list[str]) -> int:
    """How many statements were sent that had been sent before, values included."""
    return len(sql) - len(set(sql))


def peak_memory(job: Callable[[], bytes]) -> int:
    """The most bytes that Python held at once during the job, beyond its result and what it held before."""
    gc.collect()
    tracemalloc.start()
    try:
        result = job()
        return tracemalloc.get_traced_memory()[1] - len(result)
    finally:
        tracemalloc.stop()
