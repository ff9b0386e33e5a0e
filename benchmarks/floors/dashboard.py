"""The floor of the dashboard: a bare view that reads and renders the same rows. Nothing of the project."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Engine

from benchmarks.floors.rollup import sums

ROWS = """
SELECT u.id, u.short_name, k.territorial, o.period_key, o.id,
       CASE WHEN o.first_fulfilled_at <= o.due_at THEN 'on_time'
            WHEN o.first_fulfilled_at IS NOT NULL THEN 'late'
            WHEN o.waived_at IS NOT NULL THEN 'waived'
            WHEN o.due_at < %(now)s THEN 'overdue' ELSE 'not_due' END,
       CASE WHEN o.sent_back_at IS NOT NULL THEN 'needs_amendment'
            WHEN o.accepted_at IS NOT NULL THEN 'accepted'
            WHEN o.last_fulfilled_at IS NOT NULL THEN 'waiting' ELSE '' END
FROM plans_obligation o
JOIN plans_form f ON f.id = o.form_id AND f.code = 'monthly_report'
JOIN units_unit u ON u.id = o.owner_id
JOIN units_unitkind k ON k.id = u.kind_id
WHERE o.kind = 'plan' AND o.plan_id = %(plan)s
ORDER BY k.territorial DESC, u.display_order, u.code, o.period_key
"""
TARGETS = (
    "SELECT id, number, short_label, goal, goal_text FROM plans_target WHERE plan_id = %s ORDER BY number"
)
TEMPLATE = Engine().from_string("""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Tổng quan</title></head><body>
<h1>Tổng quan toàn tỉnh</h1>
<p>Đã gửi {{ handed_in }}/{{ units|length }} · đúng hạn {{ on_time }} · chờ tiếp nhận {{ waiting }}</p>
<table>{% for name, cells in units %}<tr><th scope="row">{{ name }}</th>{% for cell in cells %}<td class="heat {{ cell.5 }} {{ cell.6 }}"><a href="/tiep-nhan/{{ cell.4 }}/" title="{{ cell.5 }}, {{ cell.6 }}">{{ cell.5 }}</a></td>{% endfor %}</tr>
{% endfor %}</table>
{% for target in targets %}<div><b>{{ target.1 }}. {{ target.2 }}</b> {{ target.5 }}/{{ target.6 }} {{ target.7 }} <span>chỉ tiêu {{ target.4 }}</span></div>
{% endfor %}</body></html>""")  # noqa: E501


@login_required
def view(request, plan_id, period_key, now):
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"plan": plan_id, "now": now})
        rows = cursor.fetchall()
        cursor.execute(TARGETS, (plan_id,))
        targets = cursor.fetchall()
        totals = sums(cursor, plan_id, period_key)
    units = {}
    for row in rows:
        units.setdefault(row[0], (row[1], []))[1].append(row)
    month = [row for row in rows if row[3] == period_key]
    context = Context(
        {
            "units": list(units.values()),
            "handed_in": sum(row[5] in ("on_time", "late") for row in month),
            "on_time": sum(row[5] == "on_time" for row in month),
            "waiting": sum(row[6] == "waiting" for row in rows),
            "targets": [(*target, *totals.get(target[0], ("", "", ""))[:3]) for target in targets],
        }
    )
    return HttpResponse(TEMPLATE.render(context))
