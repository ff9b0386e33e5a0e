"""The rollup of a month against one bare statement that only sums; and its number of statements."""

from django.db import connection

from benchmarks import world
from benchmarks.floors import rollup as floor
from benchmarks.measure import Count, compare, statements, twice
from plans.calendar import month_key
from reports.rollup import as_json, rollup

MOST_STATEMENTS = 6


def measure():
    yield from measure_at(world.small(), world.SMALL)


def measure_at(plan, units):
    def ours():
        as_json(rollup(plan, world.PERIOD, now=world.NOW))

    def bare():
        with connection.cursor() as cursor:
            floor.sums(cursor, plan.pk, month_key(world.PERIOD))

    yield compare(f"tổng hợp tháng 12, {units} đơn vị, thành JSON", ours, bare)
    sql = statements(ours)
    yield Count(f"tổng hợp, {units} đơn vị", len(sql), MOST_STATEMENTS)
    yield Count(f"tổng hợp, {units} đơn vị: câu lặp lại", twice(sql), 0)
