"""Dated names: which name a unit carries on a day, and the copy of today's name on the unit itself."""

from doanportal import clock
from doanportal.textfold import fold

from .models import Unit, UnitName


def name_on(unit, day):
    """The UnitName in force on `day`; before the first one the first, after a gap the latest earlier.

    Raises UnitName.DoesNotExist when the unit has no name at all.
    """
    names = sorted(unit.names.all(), key=lambda row: row.valid_from)
    if not names:
        raise UnitName.DoesNotExist(f"Đơn vị {unit.code} chưa có tên.")
    earlier = [row for row in names if row.valid_from <= day]
    return earlier[-1] if earlier else names[0]


def refresh_current_name(unit, *, day=None):
    """Copy today's name and the search key of all names onto the unit; returns the unit, saved."""
    current = name_on(unit, day or clock.today())
    unit.name, unit.short_name = current.full_name, current.short_name
    unit.search_key = fold(" ".join([unit.code, *(row.full_name for row in unit.names.all())]))[:400]
    Unit.objects.filter(pk=unit.pk).update(
        name=unit.name, short_name=unit.short_name, search_key=unit.search_key
    )
    return unit


def refresh_changed_names(*, day=None):
    """Copy the name of `day` (today) onto each unit that carries another one; returns how many changed.

    A name entered ahead of its first day takes effect by itself that way.
    """
    day = day or clock.today()
    changed = [
        unit
        for unit in Unit.objects.prefetch_related("names")
        if unit.names.all() and name_on(unit, day).full_name != unit.name
    ]
    for unit in changed:
        refresh_current_name(unit, day=day)
    return len(changed)
