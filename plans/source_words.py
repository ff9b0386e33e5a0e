"""The sources of a target in words, month by month: for all units, the province, single units."""

from datetime import date

from .models import TargetSource
from .turns import is_of_province, province_source_kind, source_kind

NO_SOURCE = "chưa có nguồn số liệu"
ALL_UNITS, PROVINCE = "Mọi đơn vị", "Cấp tỉnh"


def timeline(target):
    """[«Mọi đơn vị: từ tháng 1 đơn vị báo cáo, từ tháng 6 hệ thống tự tính»], a line for who differs."""
    rows = list(target.sources.select_related("unit__kind").order_by("unit__display_order", "unit_id"))
    lines = [line_of(ALL_UNITS, target, lambda month: source_kind(target, month))]
    if any(is_of_province(row) for row in rows):
        lines.append(line_of(PROVINCE, target, lambda month: province_source_kind(target, month)))
    units = {row.unit_id: row.unit for row in rows if row.unit_id and not is_of_province(row)}
    lines += [
        line_of(unit.short_name or unit.name, target, lambda month, pk=pk: source_kind(target, month, pk))
        for pk, unit in units.items()
    ]
    return lines


def line_of(who, target, kind_in):
    """The months in which the kind of source changes, with what holds from then on."""
    parts, before = [], object()
    for number in range(1, 13):
        kind = kind_in(date(target.plan.year, number, 1))
        if kind != before:
            words = TargetSource.Kind(kind).label if kind else NO_SOURCE
            parts.append(f"từ tháng {number} {words}")
            before = kind
    return f"{who}: {', '.join(parts)}"
