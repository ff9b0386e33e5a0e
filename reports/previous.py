"""What a unit has before a period and, where the portal counts itself, in it (design.md §3.7)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from doanportal import clock
from plans.models import TargetSource
from plans.turns import source_kind
from plans.whole_targets import whole_targets
from volunteers.derived import DERIVED_FACTS, Slot, concerns, is_of_province, slots_json

from .rollup.figures import MONTHLY_FORM
from .rollup.sources import plan_months

RECENT_MONTHS = 3
MONTHS_A_YEAR = 12
# What stands beside a figure that nobody typed.
COUNTED_SOURCE = "hệ thống tự tính theo danh sách trên cổng"


@dataclass
class Previous:
    """The latest pair before a period, and the flows of the months before it."""

    numerator: int | None = None
    denominator: int | None = None
    period_key: str = ""
    last_amount: Decimal | None = None
    amount_to_date: Decimal | None = None
    recent_amounts: list[Decimal] = field(default_factory=list)

    @property
    def has_pair(self):
        return self.numerator is not None


class Counted(NamedTuple):
    """What the portal counted of one target in the period: a pair or an amount."""

    numerator: int | None = None
    denominator: int | None = None
    amount: Decimal | None = None


class UnitFigures(NamedTuple):
    """{target id: Previous} of the periods before, and {target id: Counted} of the period itself."""

    previous: dict
    counted: dict


class Fact(NamedTuple):
    """One figure of one target and month; `month` is the first day of the cut-off's month."""

    target_id: int
    period_key: str
    month: object
    numerator: int | None
    denominator: int | None
    amount: Decimal | None
    counted: bool


SQL = """
WITH <derived facts>
SELECT v.target_id, o.period_key, date_trunc('month', o.cutoff_on)::date,
       v.numerator, v.denominator, v.amount, false
  FROM plans_obligation o
  JOIN reports_report r ON r.obligation_id = o.id
  JOIN reports_version w ON w.report_id = r.id AND w.state = 'submitted'
  JOIN reports_value v ON v.version_id = w.id
 WHERE o.owner_id = %(owner)s AND o.plan_id = %(plan)s AND o.kind = 'plan'
   AND (%(form)s::bigint IS NULL OR o.form_id = %(form)s)
   AND (%(before)s::text IS NULL OR o.period_key < %(before)s)
UNION ALL
SELECT target, month, NULL, numerator, denominator, amount, true FROM derived
 ORDER BY 2
""".replace("<derived facts>", DERIVED_FACTS)


def previous_figures(obligation, targets=None):
    """{target id: Previous} of the unit's figures in earlier periods of the plan."""
    if targets is None:
        targets = whole_targets(obligation.plan_id)
    return unit_figures(obligation, targets).previous


def unit_figures(obligation, targets):
    """The UnitFigures of an obligation's owner; `targets` are those that apply to it. One query.

    Each month counts by its own source: what was reported of a month that the portal counts is left out.
    """
    months = months_of(obligation)
    facts = load_facts(
        obligation.owner_id,
        obligation.plan_id,
        slots_of(targets, obligation.owner, months),
        form_id=obligation.form_id,
        before=obligation.period_key,
    )
    return fold(facts, targets, obligation.owner_id, months, asked=obligation.period_key)


def unit_standing(unit, plan, targets):
    """{target id: Previous} of what the unit stands at after its latest month handed in. One query."""
    months = plan_months(plan, last_month(plan))
    facts = load_facts(unit.pk, plan.pk, slots_of(targets, unit, months))
    latest = max((fact.period_key for fact in facts if not fact.counted), default="")
    facts = [fact for fact in facts if fact.period_key <= latest]
    months = [month for month in months if month.key <= latest]
    standing = fold(facts, targets, unit.pk, months).previous
    by_id = {target.pk: target for target in targets}
    return {pk: row for pk, row in standing.items() if row.amount_to_date or not is_of_province(by_id[pk])}


def last_month(plan):
    """The first day of this month, or of the plan's last or first one where today is outside its year."""
    return min(max(clock.today(), plan.first_period), date(plan.year, MONTHS_A_YEAR, 1)).replace(day=1)


def months_of(obligation):
    """[(key, first of the month, period from, cut-off)] up to the period; other forms know theirs alone."""
    first = obligation.cutoff_on.replace(day=1)
    if obligation.form.code == MONTHLY_FORM:
        return plan_months(obligation.plan, first)
    return [(obligation.period_key, first, obligation.period_from, obligation.cutoff_on)]


def slots_of(targets, unit, months):
    """The Slots of one unit in the months that the portal counts itself."""
    return [
        Slot(target, key, period_from, cutoff_on, unit.pk)
        for target in targets
        if target.measure and concerns(target, unit)
        for key, first, period_from, cutoff_on in months
        if source_kind(target, first, unit.pk) == TargetSource.Kind.DERIVED
    ]


def load_facts(owner_id, plan_id, slots, *, form_id=None, before=None):
    """[Fact]: what was handed in, in that form before that period, and what the slots count. One query."""
    parameters = {
        "owner": owner_id,
        "plan": plan_id,
        "form": form_id,
        "before": before,
        "slots": slots_json(slots),
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, parameters)
        return [Fact._make(row) for row in cursor.fetchall()]


def fold(facts, targets, unit_id, months, *, asked=None):
    """The UnitFigures of the facts; flows counted without any row are 0."""
    by_id = {target.pk: target for target in targets}
    found = {}
    for fact in facts:
        target = by_id.get(fact.target_id)
        if target is None:
            continue
        if not fact.counted and source_kind(target, fact.month, unit_id) != TargetSource.Kind.REPORTED:
            continue
        found[target.pk, fact.period_key] = fact
    for target in targets:
        if not (target.is_flow and target.measure):
            continue
        for key, first, _, _ in months:
            if source_kind(target, first, unit_id) == TargetSource.Kind.DERIVED:
                found.setdefault((target.pk, key), Fact(target.pk, key, first, None, None, Decimal(0), True))
    previous, counted = {}, {}
    for fact in sorted(found.values(), key=lambda fact: fact.period_key):
        if fact.period_key == asked:
            counted[fact.target_id] = Counted(fact.numerator, fact.denominator, fact.amount)
        else:
            note(previous.setdefault(fact.target_id, Previous()), fact)
    return UnitFigures(previous, without_idle(counted, previous, by_id))


def note(previous, fact):
    if fact.numerator is not None:
        previous.numerator, previous.denominator = fact.numerator, fact.denominator
        previous.period_key = fact.period_key
    if fact.amount is not None:
        previous.last_amount = fact.amount
        previous.amount_to_date = (previous.amount_to_date or 0) + fact.amount
        previous.recent_amounts = [*previous.recent_amounts, fact.amount][-RECENT_MONTHS:]
        previous.period_key = fact.period_key


def without_idle(counted, previous, by_id):
    """A target of the province's own says something about a unit only where the unit has rows too."""
    return {
        pk: figure
        for pk, figure in counted.items()
        if not is_of_province(by_id[pk]) or figure.amount or (pk in previous and previous[pk].amount_to_date)
    }
