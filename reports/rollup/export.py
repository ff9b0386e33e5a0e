"""The rollup as plain data, in the schema of design.md §7."""

from django.utils import timezone


def as_json(rollup):
    """A dict for json.dumps; numbers as numbers, moments with +07:00, units by their code."""
    return {
        "period": rollup.period_key,
        "generated_at": timezone.localtime(rollup.generated_at).isoformat(timespec="seconds"),
        "units_expected": rollup.units_expected,
        "units_reported": rollup.units_reported,
        "missing": [unit.code for unit in rollup.missing],
        "targets": [target_json(line) for line in rollup.targets],
        "units": [unit_json(line) for line in rollup.units],
    }


def target_json(line):
    return {
        "code": line.target.code,
        "kind": line.target.kind,
        "goal": plain(line.target.goal),
        "numerator": line.numerator,
        "denominator": line.denominator,
        "amount": plain(line.amount),
        "percent": exact(line.percent),
        "met": line.met,
        "derived": line.derived,
        "province_numerator": line.province and line.province.numerator,
        "province_denominator": line.province and line.province.denominator,
        "province_amount": plain(line.province_amount),
        "units_reported": line.units_reported,
        "missing": [unit.code for unit in line.missing],
    }


def unit_json(line):
    return {
        "code": line.unit.code,
        "name": line.name,
        "state": line.state,
        "on_time": line.on_time,
        "targets": [cell_json(code, cell) for code, cell in line.cells.items()],
    }


def cell_json(code, cell):
    return {
        "code": code,
        "applicable": cell.applicable,
        "reported": cell.reported,
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "amount": plain(cell.amount),
        "period_amount": plain(cell.period_amount),
        "percent": exact(cell.percent),
        "unchanged": cell.unchanged,
        "derived": cell.derived,
    }


def plain(number):
    """60 for Decimal('60.00'), 1.5 for Decimal('1.50'), None for None."""
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)


def exact(number):
    """One decimal as float: 34.0 prints as 34.0."""
    return None if number is None else float(number)
