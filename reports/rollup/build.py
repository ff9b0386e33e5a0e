"""A month's rollup: numerators and denominators summed over units, never percentages (design.md §3.6)."""

from dataclasses import dataclass
from datetime import date

from doanportal import clock
from doanportal.formats import percent
from plans.calendar import is_alive, month_key, month_period
from plans.models import TargetSource
from plans.status import review, timeliness
from plans.turns import applies_to
from plans.whole_targets import whole_targets
from reports.progress import goal_met, last_turn, pace_of, progress_of
from volunteers.derived import PROVINCE, concerns, is_of_province

from .figures import NO_FIGURES, load_figures
from .lines import BLANK, NOT_APPLICABLE, Cell, Rollup, TargetLine, UnitLine
from .owners import cluster_of, display_name, last_contact, load_owners
from .sources import Sources


class RollupError(ValueError):
    """There is no rollup of that period; the text is for the user, in Vietnamese."""


def rollup(plan, period, *, now=None):
    """The Rollup of the month that begins on `period`, over the current versions; three queries.

    Raises RollupError when nobody owes a monthly report in that period.
    """
    now = now or clock.now()
    key = month_key(period)
    period_from, cutoff_on = month_period(plan, period)
    owners = load_owners(plan, key, on=cutoff_on) if period.year == plan.year else []
    if not any(row.period_key == key for row in owners):
        raise RollupError(
            f"Kỳ {period.month}/{period.year} không có báo cáo tháng theo kế hoạch năm {plan.year}."
        )
    targets = whole_targets(plan.pk)
    sources = Sources(plan, targets, period)
    figures = load_figures(plan, key, sources)
    read = Reading(sources, figures, Applicability(targets), cutoff_on)
    units = [unit_line(row, key, targets, read, now=now) for row in owners]
    return Rollup(
        plan=plan,
        period_key=key,
        period=period,
        generated_at=now,
        period_from=period_from,
        cutoff_on=cutoff_on,
        units_expected=sum(1 for line in units if line.expected),
        units_reported=sum(1 for line in units if line.expected and line.handed_in),
        missing=[line.unit for line in units if line.expected and not line.handed_in],
        late=[line.unit for line in units if line.expected and line.on_time is False],
        waived=[line.unit for line in units if line.waived],
        units=units,
        targets=[target_line(target, units, read) for target in targets],
        difficulties=[(line.unit, line.difficulties) for line in units if line.difficulties],
    )


@dataclass(frozen=True)
class Reading:
    """What all cells and lines of a rollup are read from."""

    sources: Sources
    figures: dict
    applies: "Applicability"
    cutoff_on: date


def unit_line(obligation, key, targets, read, *, now):
    unit = obligation.owner
    unit.display = display_name(obligation)
    ended = obligation.period_key != key
    cells = {
        target.code: cell_of(target, unit, read, ended=ended)
        if read.applies(target, unit)
        else NOT_APPLICABLE
        for target in targets
    }
    common = {"unit": unit, "name": unit.display, "kind_code": unit.kind.code, "cells": cells}
    if ended:
        return UnitLine(**common, timeliness="", review="", on_time=None, obligation=None)
    handed_in = obligation.first_fulfilled_at
    return UnitLine(
        **common,
        timeliness=timeliness(obligation, now=now).value,
        review=review(obligation).value,
        on_time=None if handed_in is None else handed_in <= obligation.due_at,
        obligation=obligation,
        difficulties=obligation.difficulties_text or "",
        contact=last_contact(obligation),
        cluster=cluster_of(obligation),
    )


class Applicability:
    """plans.turns.applies_to, asked once a kind of unit where a target names no single units."""

    def __init__(self, targets):
        self.named = {target.pk: {scope.unit_id for scope in target.scopes.all()} for target in targets}
        self.known = {}

    def __call__(self, target, unit):
        own = unit.pk if unit.pk in self.named[target.pk] else None
        key = target.pk, unit.kind_id, own
        if key not in self.known:
            self.known[key] = applies_to(target, unit)
        return self.known[key]


def cell_of(target, unit, read, *, ended):
    """The Cell of a unit. Of a unit that ended only flows count: whoever takes over has the stocks."""
    figures = read.figures.get((unit.pk, target.pk))
    derived = read.sources.kind(target, unit.pk) == TargetSource.Kind.DERIVED
    if derived and not concerns(target, unit):
        return NOT_APPLICABLE
    if target.is_flow:
        return flow_cell(target, figures, read.sources, unit.pk, derived=derived)
    if derived and not is_alive(unit, read.cutoff_on):
        return NOT_APPLICABLE
    if ended and not derived:
        return BLANK
    return stock_cell(target, figures or NO_FIGURES, derived=derived)


def flow_cell(target, figures, sources, owner_id, *, derived):
    """What was reported and counted month by month; counted is a number also where there is no row: 0."""
    figures = figures or NO_FIGURES
    amount, period_amount = figures.amount_total, figures.period_amount
    if sources.ever_derived(target, owner_id):
        amount = amount or 0
    if derived:
        period_amount = period_amount or 0
    return Cell(
        applicable=True,
        reported=period_amount is not None,
        amount=amount,
        period_amount=period_amount,
        unchanged=bool(figures.unchanged),
        derived=derived,
        apart=owner_id != PROVINCE and is_of_province(target),
        reported_amount=figures.reported_total,
        reported_period=figures.reported_period,
    )


def stock_cell(target, figures, *, derived):
    if target.is_ratio:
        return Cell(
            applicable=True,
            reported=figures.numerator is not None,
            numerator=figures.numerator,
            denominator=figures.denominator,
            period_numerator=figures.period_numerator,
            period_denominator=figures.period_denominator,
            unchanged=bool(figures.unchanged),
            previous_numerator=figures.previous_numerator,
            derived=derived,
        )
    return Cell(
        applicable=True,
        reported=figures.amount_latest is not None,
        amount=figures.amount_latest,
        period_amount=figures.period_amount,
        previous_amount=figures.previous_amount,
        unchanged=bool(figures.unchanged),
        derived=derived,
    )


def province_cell(target, read):
    """What the province and its departments hold themselves, or None where nothing of it is counted."""
    if not read.sources.ever_derived(target, PROVINCE):
        return None
    figures = read.figures.get((PROVINCE, target.pk))
    derived = read.sources.kind(target, PROVINCE) == TargetSource.Kind.DERIVED
    if target.is_flow:
        return flow_cell(target, figures, read.sources, PROVINCE, derived=derived)
    return None if figures is None else stock_cell(target, figures, derived=derived)


def target_line(target, units, read):
    """The province's TargetLine; figures are None where nobody reports and nothing is counted."""
    lines = [(line, line.cells[target.code]) for line in units if line.cells[target.code].applicable]
    source = source_of(target, [line.unit.pk for line, _ in lines], read.sources)
    if source not in (TargetSource.Kind.REPORTED, TargetSource.Kind.DERIVED):
        return TargetLine(target=target, source=source)
    derived, period = source == TargetSource.Kind.DERIVED, read.sources.period
    # A waived unit is not asked, but what it said earlier of a ratio or stock still stands.
    expected = [(line, cell) for line, cell in lines if line.expected or (line.waived and cell.reported)]
    province = province_cell(target, read)
    cells = [cell for _, cell in lines] + ([province] if province else [])
    line = {
        "target": target,
        "source": source,
        "units_expected": len(expected),
        "units_reported": sum(1 for _, cell in expected if cell.reported),
        "missing": tuple(line.unit for line, cell in expected if not cell.reported),
        "turn": None if derived else last_turn(target, period),
        "pace": pace_of(target, period, derived=derived),
        "province": province,
    }
    sums = ratio_sums(cells) if target.is_ratio else amount_sums(cells)
    return TargetLine(
        **line,
        **sums,
        met=goal_met(target, **cumulative(sums)),
        progress=progress_of(target, **cumulative(sums)),
    )


def source_of(target, unit_ids, sources):
    """Reported where any unit still reports; derived where all is counted; else what holds for all."""
    kinds = {sources.kind(target, unit_id) for unit_id in unit_ids}
    if TargetSource.Kind.REPORTED in kinds:
        return TargetSource.Kind.REPORTED
    kinds.add(sources.kind(target, PROVINCE))
    return TargetSource.Kind.DERIVED if TargetSource.Kind.DERIVED in kinds else sources.kind(target)


def cumulative(sums):
    return {name: sums.get(name) for name in ("numerator", "denominator", "amount")}


def ratio_sums(cells):
    numerator = total(cell.numerator for cell in cells)
    denominator = total(cell.denominator for cell in cells)
    return {
        "numerator": numerator,
        "denominator": denominator,
        "percent": percent(numerator, denominator),
        "period_change": rise(numerator, (cell.previous_numerator for cell in cells)),
    }


def amount_sums(cells):
    amount = total(cell.added_amount for cell in cells)
    return {
        "amount": amount,
        "period_amount": total(cell.added_period for cell in cells),
        "period_change": rise(amount, (cell.previous_amount for cell in cells)),
    }


def rise(now, previous):
    """By how much a cumulative sum moved since the month before; None where either is unknown."""
    before = total(previous)
    return None if now is None or before is None else now - before


def total(numbers):
    """The sum of what was given, None when nothing was: blank is not 0."""
    given = [number for number in numbers if number is not None]
    return sum(given) if given else None
