"""What the portal itself knows of a unit's merit: shown beside a dossier, never scored (features.md §4)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from doanportal import clock
from doanportal.formats import format_number, format_percent, percent
from plans.models import Obligation
from plans.rates import rates
from plans.turns import share_of
from reports.previous import unit_standing
from reports.queries_unit import unit_targets
from units.models import Unit
from volunteers.derived.counts import active_teams, attendances, held


@dataclass(frozen=True)
class Fact:
    """One line: what it is about, the figures in words, where they come from."""

    label: str
    words: str
    source: str


def eligibility_facts(unit, plan):
    """[Fact] of the unit under the plan as of now, in a fixed order. Four queries.

    Names of people and anything of single persons are not in it.
    """
    return [*reporting_facts(unit, plan), target_fact(unit, plan), *activity_facts(unit, plan)]


def reporting_facts(unit, plan):
    found = rates(Obligation.objects.filter(owner=unit, plan=plan))
    source = "các nghĩa vụ theo kế hoạch đã đến hạn"
    if not found.due:
        return [Fact("Báo cáo đúng hạn", "chưa có nghĩa vụ nào đến hạn", source)]
    return [
        Fact(
            "Báo cáo đúng hạn",
            f"{found.on_time}/{found.due} ({format_percent(found.on_time, found.due)})",
            source,
        ),
        Fact(
            "Đã gửi đủ",
            f"{found.fulfilled}/{found.due} ({format_percent(found.fulfilled, found.due)})",
            source,
        ),
    ]


def target_fact(unit, plan):
    """How many ratios reach the province's goal, and shares of the unit that were assigned are reached."""
    targets = unit_targets(plan.pk, unit)
    standing = unit_standing(unit, plan, targets)
    judged = [
        reached
        for target in targets
        if target.pk in standing and (reached := is_reached(target, standing[target.pk], unit)) is not None
    ]
    source = "số liệu đơn vị đã báo cáo và cổng tự tính, lũy kế đến kỳ gần nhất"
    if not judged:
        return Fact("Chỉ tiêu đạt mức phấn đấu", "chưa có số liệu", source)
    return Fact("Chỉ tiêu đạt mức phấn đấu", f"{sum(judged)}/{len(judged)} chỉ tiêu có số liệu", source)


def is_reached(target, figures, unit):
    """True or False, None where one unit cannot be judged: goals are the province's (design.md §3.9)."""
    if target.is_ratio:
        reached = percent(figures.numerator, figures.denominator)
        return None if reached is None else reached >= (share_of(target, unit) or target.goal)
    share = share_of(target, unit)
    if share is None:
        return None
    amount = figures.amount_to_date if target.is_flow else figures.last_amount
    return None if amount is None else amount >= share


def activity_facts(unit, plan):
    year = date(plan.year, 1, 1), date(plan.year, 12, 31)
    counted = Unit.objects.filter(pk=unit.pk).values_list(
        Coalesce(held(Count, "pk", unit.pk, *year), 0),
        Coalesce(held(Sum, attendances(), unit.pk, *year), 0),
        Coalesce(active_teams(unit.pk, clock.today()), 0),
    )
    number, people, teams = counted.get()
    return [
        Fact(
            "Hoạt động đã diễn ra",
            f"{format_number(number)} hoạt động, {format_number(people)} lượt người",
            f"danh sách hoạt động năm {plan.year}, đơn vị chủ trì",
        ),
        Fact("Đội hình đang hoạt động", f"{format_number(teams)} đội hình", "danh sách đội hình hôm nay"),
    ]
