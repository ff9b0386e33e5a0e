"""The floor of a rollup: the sums of the province alone, in one bare statement. Nothing of the project."""

SQL = """
WITH said AS (
    SELECT o.owner_id, v.target_id, o.period_key, v.numerator, v.denominator, v.amount,
           row_number() OVER (
               PARTITION BY o.owner_id, v.target_id ORDER BY (v.numerator IS NULL), o.period_key DESC
           ) AS place
    FROM plans_obligation o
    JOIN plans_form f ON f.id = o.form_id AND f.code = 'monthly_report'
    JOIN reports_report r ON r.obligation_id = o.id
    JOIN reports_version w ON w.report_id = r.id AND w.state = 'submitted'
    JOIN reports_value v ON v.version_id = w.id
    WHERE o.plan_id = %s AND o.kind = 'plan' AND o.period_key <= %s
)
SELECT owner_id, target_id, max(numerator) FILTER (WHERE place = 1),
       max(denominator) FILTER (WHERE place = 1), sum(amount),
       max(amount) FILTER (WHERE period_key = %s)
FROM said GROUP BY owner_id, target_id
"""


def sums(cursor, plan_id, period_key):
    """{target id: [numerator, denominator, amount, amount of the period]} over all units."""
    cursor.execute(SQL, (plan_id, period_key, period_key))
    totals = {}
    for _, target_id, *figures in cursor.fetchall():
        line = totals.setdefault(target_id, [0, 0, 0, 0])
        for place, figure in enumerate(figures):
            line[place] += figure or 0
    return totals
