"""Which source each figure has, month by month: one for each unit and target, one for the province (§3.7)."""

import json
from datetime import date
from typing import NamedTuple

from plans.calendar import month_key, month_period
from plans.models import TargetSource
from plans.turns import is_of_province, province_source_kind, source_kind
from volunteers.derived import PROVINCE, Slot

EVERYBODY_ELSE = None
DERIVED, REPORTED = TargetSource.Kind.DERIVED, TargetSource.Kind.REPORTED


class Month(NamedTuple):
    """A month of the plan: its key, its first of the month, and the days its figures are of."""

    key: str
    first: date
    period_from: date
    cutoff_on: date


def plan_months(plan, period):
    """The plan's Months of that year up to and with the one that begins on `period`."""
    firsts = [date(plan.year, number, 1) for number in range(plan.first_period.month, period.month + 1)]
    return [Month(month_key(first), first, *month_period(plan, first)) for first in firsts]


class Sources:
    """The sources of a plan's targets up to a month.

    A group is whoever shares one: a unit with rows of its own, the PROVINCE, or EVERYBODY_ELSE.
    """

    def __init__(self, plan, targets, period):
        self.months = plan_months(plan, period)
        self.period = period
        self.targets = targets
        self.own = {target.pk: units_with_rows(target) for target in targets}
        self.known = {}

    def kinds(self, target, unit_id):
        """{first of the month: kind of source or None} of a unit or the PROVINCE."""
        group = unit_id if unit_id == PROVINCE or unit_id in self.own[target.pk] else EVERYBODY_ELSE
        key = target.pk, group
        if key not in self.known:
            self.known[key] = {
                month.first: province_source_kind(target, month.first)
                if group == PROVINCE
                else source_kind(target, month.first, group)
                for month in self.months
            }
        return self.known[key]

    def kind(self, target, unit_id=EVERYBODY_ELSE):
        """The kind of source in the month asked for."""
        return self.kinds(target, unit_id).get(self.period)

    def ever_derived(self, target, unit_id):
        return DERIVED in self.kinds(target, unit_id).values()

    def derived_months(self, target, unit_id):
        return [month for month in self.months if self.kinds(target, unit_id)[month.first] == DERIVED]

    def told_json(self):
        """[{target, unit, others, months}]: in which months a reported figure counts."""
        rows = []
        for target in self.targets:
            own = self.own[target.pk]
            for group in (EVERYBODY_ELSE, *own):
                kinds = self.kinds(target, group)
                months = [month.key for month in self.months if kinds[month.first] == REPORTED]
                if months:
                    others = own if group is EVERYBODY_ELSE else ()
                    rows.append({"target": target.pk, "unit": group, "others": others, "months": months})
        return json.dumps(rows)

    def slots(self, *, every_month=False):
        """The Slots to be counted for all units and the province.

        Of what is no flow only the last derived month and the one before it say anything, except where
        `every_month` is asked for.
        """
        slots = []
        for target in self.targets:
            if not target.measure:
                continue
            own = self.own[target.pk]
            for group in (EVERYBODY_ELSE, *own, PROVINCE):
                months = self.derived_months(target, group)
                if not target.is_flow and not every_month:
                    months = latest_two(months, self.period)
                others = own if group is EVERYBODY_ELSE else ()
                slots += [
                    Slot(target, month.key, month.period_from, month.cutoff_on, group, others)
                    for month in months
                ]
        return slots


def units_with_rows(target):
    """The ids of the units, without the province, that have sources of their own."""
    rows = target.sources.all()
    return tuple(sorted({row.unit_id for row in rows if row.unit_id and not is_of_province(row)}))


def latest_two(months, period):
    """The last month, and the last one before `period`."""
    before = [month for month in months if month.first < period]
    return [*before[-1:], *(month for month in months if month.first == period)]
