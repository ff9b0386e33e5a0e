"""A year of reports in bulk: the plan of 2023, as many units as asked, figures of every month.

Rows are written directly, not handed in one by one: what is measured here is reading.
"""

from datetime import datetime, timedelta
from functools import cache
from random import Random

from django.db import connection, transaction

from plans.calendar import month_key, parse_month_key
from plans.loading import load_plan
from plans.models import Obligation, Target
from plans.publishing import publish
from plans.stages import load_stages
from plans.turns import applies_to, is_in_turn, is_reported
from reports.demo.accounts import add_accounts, add_units
from reports.models import Report, Value, Version
from reports.rollup import monthly_obligations
from units.models import Role, User

PERIOD = parse_month_key("2023-12")
NOW = datetime.fromisoformat("2023-12-28T08:00:00+07:00")
# These have not handed in December: one writes all the while, one hands in.
WRITING_UNIT, HANDING_IN_UNIT = "692", "693"
OFFICER = "phongtrao@tinhdoan.example"
SMALL, LARGE = 50, 700


@cache
def small():
    """The Plan of a province with 50 reporting units and eleven months handed in."""
    plan = load_plan()
    load_stages()
    grow(plan, SMALL)
    add_accounts(year=plan.year, seed=1)
    return plan


@cache
def large():
    """The same with 700 units."""
    plan = small()
    grow(plan, LARGE)
    return plan


def open_report(plan, unit):
    """The obligation of the open monthly report of that unit."""
    return (
        monthly_obligations(plan)
        .select_related("owner", "owner__kind", "form")
        .get(period_key=month_key(PERIOD), owner__code=unit)
    )


def secretary(unit):
    return User.objects.get(posts__unit__code=unit, posts__role=Role.SECRETARY)


def officer():
    return User.objects.get(email=OFFICER)


@transaction.atomic
def grow(plan, units):
    add_units(units, year=plan.year)
    publish(plan)
    author = User.objects.first() or User.objects.create_user("do@thu.invalid", full_name="Người đo")
    hand_in_all(plan, author)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def hand_in_all(plan, author):
    """A version with figures for every monthly obligation that has none; one in five comes late."""
    chance = Random(2023)
    targets = list(Target.objects.filter(plan=plan).prefetch_related("sources", "scopes"))
    owed = list(
        monthly_obligations(plan)
        .filter(report=None)
        .exclude(owner__code__in=(WRITING_UNIT, HANDING_IN_UNIT), period_key=month_key(PERIOD))
        .select_related("owner")
    )
    reports = Report.objects.bulk_create(Report(obligation=row) for row in owed)
    drafts = Version.objects.bulk_create(
        Version(report=report, number=1, typed_by=author) for report in reports
    )
    Value.objects.bulk_create(
        [value for draft in drafts for value in figures(draft, targets, chance)], batch_size=5000
    )
    for row, draft in zip(owed, drafts, strict=True):
        at = row.due_at + timedelta(days=1 if chance.random() < 0.2 else -1)
        row.draft_started_at = row.first_fulfilled_at = row.last_fulfilled_at = at
        row.accepted_at = at if chance.random() < 0.8 else None
        draft.state, draft.submitted_at, draft.submitted_by = Version.State.SUBMITTED, at, author
        draft.receipt_code = f"B{draft.pk:08d}"
    Obligation.objects.bulk_update(
        owed, ["draft_started_at", "first_fulfilled_at", "last_fulfilled_at", "accepted_at"], batch_size=1000
    )
    Version.objects.bulk_update(
        drafts, ["state", "submitted_at", "submitted_by", "receipt_code"], batch_size=1000
    )


def figures(draft, targets, chance):
    obligation = draft.report.obligation
    month = parse_month_key(obligation.period_key)
    for target in targets:
        if not is_reported(target, month) or not applies_to(target, obligation.owner):
            continue
        if not target.is_ratio:
            yield Value(version=draft, target=target, amount=chance.randrange(500))
        elif is_in_turn(target, month):
            whole = chance.randrange(1, 5000)
            yield Value(
                version=draft, target=target, numerator=chance.randrange(whole + 1), denominator=whole
            )
        elif month.month > 3:
            yield Value(version=draft, target=target, unchanged=True)
