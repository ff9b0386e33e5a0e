"""The figures of all units in one SQL aggregate over current versions (design.md §3.5, §3.6)."""

from typing import NamedTuple

from django.db import connection

from plans.models import ObligationKind

MONTHLY_FORM = "monthly_report"


class Figures(NamedTuple):
    """What the current versions of one unit say of one target, up to the period asked for."""

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


# A numerator and its denominator are null together (value_numerator_within_denominator), so both arrays
# have the same pairs in the same order.
SQL = """
SELECT o.owner_id, v.target_id,
       (array_agg(v.numerator ORDER BY o.period_key DESC) FILTER (WHERE v.numerator IS NOT NULL))[1],
       (array_agg(v.denominator ORDER BY o.period_key DESC) FILTER (WHERE v.numerator IS NOT NULL))[1],
       (array_agg(v.numerator ORDER BY o.period_key DESC)
            FILTER (WHERE v.numerator IS NOT NULL AND o.period_key < %(period)s))[1],
       max(v.numerator) FILTER (WHERE o.period_key = %(period)s),
       max(v.denominator) FILTER (WHERE o.period_key = %(period)s),
       bool_or(v.unchanged) FILTER (WHERE o.period_key = %(period)s),
       sum(v.amount),
       (array_agg(v.amount ORDER BY o.period_key DESC) FILTER (WHERE v.amount IS NOT NULL))[1],
       (array_agg(v.amount ORDER BY o.period_key DESC)
            FILTER (WHERE v.amount IS NOT NULL AND o.period_key < %(period)s))[1],
       max(v.amount) FILTER (WHERE o.period_key = %(period)s)
  FROM plans_obligation o
  JOIN plans_form f ON f.id = o.form_id AND f.code = %(form)s
  JOIN reports_report r ON r.obligation_id = o.id
  JOIN reports_version w ON w.report_id = r.id AND w.state = 'submitted'
  JOIN reports_value v ON v.version_id = w.id
 WHERE o.plan_id = %(plan)s AND o.kind = %(kind)s AND o.period_key <= %(period)s
 GROUP BY o.owner_id, v.target_id
"""


def load_figures(plan, period_key):
    """{(unit id, target id): Figures} up to and with the period. One query."""
    parameters = {
        "plan": plan.pk,
        "period": period_key,
        "form": MONTHLY_FORM,
        "kind": ObligationKind.PLAN.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, parameters)
        return {row[:2]: Figures._make(row) for row in cursor.fetchall()}
