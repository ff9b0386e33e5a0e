"""Whose turn it is: which targets a month asks for, which source holds, to whom a target applies."""

from units.letterhead import PROVINCE_KIND

from .models import Target, TargetSource

FREQUENCY_MONTHS = {
    Target.Frequency.MONTHLY: range(1, 13),
    Target.Frequency.QUARTERLY: (3, 6, 9, 12),
    Target.Frequency.HALF_YEAR: (6, 12),
}


def is_in_turn(target, first_of_month):
    """Whether the month asks for this target (domain.md §7.3, How often). Out of turn it is folded."""
    return first_of_month.month in FREQUENCY_MONTHS.get(target.frequency, ())


def source_kind(target, first_of_month, unit_id=None):
    """The TargetSource kind in force in that month, or None: «chưa có nguồn số liệu» (design.md §3.7).

    For one unit, its own rows stand beside those for all units: the latest holds, at a tie the own one.
    """
    rows = [row for row in target.sources.all() if row.unit_id is None or row.unit_id == unit_id]
    return kind_in_force(target, rows, first_of_month)


def province_source_kind(target, first_of_month):
    """The same for what the province itself holds: its own rows beside those for all."""
    rows = [row for row in target.sources.all() if row.unit_id is None or is_of_province(row)]
    return kind_in_force(target, rows, first_of_month)


def is_of_province(source):
    return source.unit_id is not None and source.unit.kind.code == PROVINCE_KIND


def kind_in_force(target, rows, first_of_month):
    """The kind of the latest row; «hệ thống tự tính» without a way to count is no source."""
    in_force = [row for row in rows if row.from_period <= first_of_month]
    if not in_force:
        return None
    kind = max(in_force, key=lambda row: (row.from_period, row.unit_id is not None)).kind
    return None if kind == TargetSource.Kind.DERIVED and not target.measure else kind


def is_reported(target, first_of_month, unit_id=None):
    return source_kind(target, first_of_month, unit_id) == TargetSource.Kind.REPORTED


def applies_to(target, unit):
    """Whether the target applies to the unit: its own scope row first, then that of its kind, else yes."""
    by_kind = True
    for scope in target.scopes.all():
        if scope.unit_id == unit.pk:
            return scope.applicable
        if scope.unit_kind_id is not None and scope.unit_kind_id == unit.kind_id:
            by_kind = scope.applicable
    return by_kind


def share_of(target, unit):
    """The unit's own assigned goal, or None: goals are the province's otherwise (design.md §3.9)."""
    return next((scope.share for scope in target.scopes.all() if scope.unit_id == unit.pk), None)
