"""The rollup once more with 700 units: the same number of statements."""

from benchmarks import world
from benchmarks.bench_rollup import measure_at


def measure():
    yield from measure_at(world.large(), world.LARGE)
