"""The figures of all units in one SQL aggregate (design.md §3.5 to §3.7).

Each month of each unit and target has one source: a reported value of the current version, or what the
portal counts itself. What was reported of a month whose source is another one never enters.
"""

from typing import NamedTuple

from django.db import connection

from plans.models import ObligationKind
from volunteers.derived import DERIVED_FACTS, slots_json

MONTHLY_FORM = "monthly_report"


class Figures(NamedTuple):
    """What one unit (or the PROVINCE) has of one target, up to the period asked for.

    `reported_…` leave out what the portal counted itself.
    """

    owner_id: int
    target_id: int
    numerator: int | None
    denominator: int | None
    previous_numerator: int | None
    period_numerator: int | None
    period_denominator: int | None
    unchanged: bool | None
    amount_total: object
    amount_latest: object
    previous_amount: object
    period_amount: object
    reported_total: object
    reported_period: object


NO_FIGURES = Figures(*[None] * len(Figures._fields))

# A numerator and its denominator are null together (value_numerator_within_denominator), so both arrays
# have the same pairs in the same order.
SQL = """
WITH <derived facts>,
told AS MATERIALIZED (
    SELECT *
      FROM jsonb_to_recordset(%(told)s::jsonb) AS t(
           target bigint, unit bigint, others bigint[], months text[])
),
facts AS (
    SELECT o.owner_id AS owner, v.target_id AS target, o.period_key AS month,
           v.numerator, v.denominator, v.amount, v.unchanged, false AS derived
      FROM plans_obligation o
      JOIN plans_form f ON f.id = o.form_id AND f.code = %(form)s
      JOIN reports_report r ON r.obligation_id = o.id
      JOIN reports_version w ON w.report_id = r.id AND w.state = 'submitted'
      JOIN reports_value v ON v.version_id = w.id
      JOIN told t ON t.target = v.target_id AND o.period_key = ANY(t.months)
                 AND (t.unit = o.owner_id OR (t.unit IS NULL AND o.owner_id <> ALL(t.others)))
     WHERE o.plan_id = %(plan)s AND o.kind = %(kind)s AND o.period_key <= %(period)s
    UNION ALL
    SELECT owner, target, month, numerator, denominator, amount, false, true FROM derived
)
SELECT owner, target,
       (array_agg(numerator ORDER BY month DESC) FILTER (WHERE numerator IS NOT NULL))[1],
       (array_agg(denominator ORDER BY month DESC) FILTER (WHERE numerator IS NOT NULL))[1],
       (array_agg(numerator ORDER BY month DESC)
            FILTER (WHERE numerator IS NOT NULL AND month < %(period)s))[1],
       max(numerator) FILTER (WHERE month = %(period)s),
       max(denominator) FILTER (WHERE month = %(period)s),
       bool_or(unchanged) FILTER (WHERE month = %(period)s),
       sum(amount),
       (array_agg(amount ORDER BY month DESC) FILTER (WHERE amount IS NOT NULL))[1],
       (array_agg(amount ORDER BY month DESC) FILTER (WHERE amount IS NOT NULL AND month < %(period)s))[1],
       max(amount) FILTER (WHERE month = %(period)s),
       sum(amount) FILTER (WHERE NOT derived),
       max(amount) FILTER (WHERE month = %(period)s AND NOT derived)
  FROM facts
 GROUP BY owner, target
""".replace("<derived facts>", DERIVED_FACTS)


def load_figures(plan, period_key, sources):
    """{(unit id or PROVINCE, target id): Figures} up to and with the period. One query."""
    parameters = {
        "plan": plan.pk,
        "period": period_key,
        "form": MONTHLY_FORM,
        "kind": ObligationKind.PLAN.value,
        "told": sources.told_json(),
        "slots": slots_json(sources.slots()),
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, parameters)
        return {row[:2]: Figures._make(row) for row in cursor.fetchall()}
