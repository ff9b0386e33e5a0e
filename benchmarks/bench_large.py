"""Once more with 700 units: the same number of statements, pages no longer."""

from benchmarks import bench_pages, bench_rollup, world


def measure():
    plan = world.large()
    yield from bench_rollup.measure_at(plan, world.LARGE)
    yield from bench_pages.measure_at(plan, world.LARGE)
