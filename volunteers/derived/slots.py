"""What is to be counted: a target, a month, and whose rows. Handed to the one statement as JSON."""

import json
from dataclasses import dataclass
from datetime import date

from plans.models import Target

# The owner of all that the province and its departments hold; unit ids begin at 1.
PROVINCE = 0
TEAMS = "active_team"
PROVINCE_LEVEL = "province"


@dataclass(frozen=True, slots=True)
class Slot:
    """One target in one month: a flow within [first_day, cutoff], anything else as it stood on the cut-off.

    `unit_id`: one unit, PROVINCE, or None for all reporting units except `others`.
    """

    target: Target
    month: str
    first_day: date
    cutoff: date
    unit_id: int | None = None
    others: tuple[int, ...] = ()


def is_of_province(target):
    """Whether only the province's own rows make the target: T2, T3, T14, T16. Units' rows stand apart."""
    return target.measure_options.get("level") == PROVINCE_LEVEL


def concerns(target, unit):
    """Whether the unit can have a figure of its own: a team target names the level of units it counts."""
    level = target.measure_options.get("level")
    return target.measure != TEAMS or not level or level == unit.kind.code


def slots_json(slots):
    """The slots as the parameter `slots` of DERIVED_FACTS."""
    return json.dumps([slot_row(slot) for slot in slots])


def slot_row(slot):
    options = slot.target.measure_options
    return {
        "target": slot.target.pk,
        "unit": slot.unit_id,
        "others": list(slot.others),
        "month": slot.month,
        "first_day": slot.first_day.isoformat(),
        "cutoff": slot.cutoff.isoformat(),
        "measure": slot.target.measure,
        "is_pair": slot.target.is_ratio,
        "level": options.get("level"),
        "team_kind": options.get("team_kind"),
        "needs_activity": bool(options.get("needs_activity")),
        "groups": options.get("groups", []),
        "years": options.get("recognised_years", []),
        "which": options.get("which"),
    }
