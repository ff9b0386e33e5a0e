"""«Việc của đơn vị» and the list of a year's reports."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from doanportal import clock
from plans.due_words import due_words, handed_in_words
from plans.status import review, timeliness
from plans.year_calendar import issued_plans, plan_in_force
from reports.presenters import figures
from reports.presenters.home import base_unit_message, next_report, task_groups
from reports.queries_unit import unit_obligations, unit_results, unit_targets
from units.policy import signed_in

FIRST_RESULTS = 5


@require_safe
@signed_in
def home(request):
    """What the unit must do now and by when; a province post goes to the dashboard instead."""
    user = request.user
    if not user.unit_ids:
        return redirect("dashboard") if user.is_province else render(request, "reports/unit/no_post.html")
    obligations = list(unit_obligations(user))
    groups, ahead = task_groups(obligations)
    unit = user.unit_post.unit
    asked = next_report([*(task for group in groups for task in group.tasks), *ahead])
    plan = plan_in_force(plans_of(obligations))
    targets = unit_targets(plan.pk, unit) if plan else []
    context = {
        "groups": groups,
        "ahead": ahead,
        "post": user.unit_post,
        "several_units": len(set(user.unit_ids)) > 1,
        "message": base_unit_message(asked, targets) if asked else "",
        "asked": asked,
        "now": clock.now(),
        **results(unit, plan, targets),
    }
    return render(request, "reports/unit/home.html", context)


def plans_of(obligations):
    """[Plan] under which the unit owes anything, newest first; next year's may be out already."""
    return sorted({row.plan for row in obligations}, key=lambda plan: -plan.year)


def results(unit, plan, targets):
    """The unit's own standing for the page: rows with goal and pace, and the period they go up to."""
    if plan is None:
        return {"results": [], "results_to": ""}
    standing = unit_results(unit, plan, targets=targets)
    latest = max((row.period_key for _, row in standing), default="")
    month = clock.today().replace(day=1)
    rows = []
    for target, row in standing:
        goal = figures.goal_of(target, unit)
        rows.append(
            {
                "target": target,
                "goal": goal.words,
                "bar": figures.bar(target, row, goal, month),
                "words": figures.standing_words(target, row),
            }
        )
    return {
        "results": rows[:FIRST_RESULTS],
        "more_results": rows[FIRST_RESULTS:],
        "has_bars": any(row["bar"] for row in rows),
        "results_to": figures.month_words(latest) if latest else "",
    }


@require_safe
@signed_in
def report_list(request):
    """All obligations of the own unit in a year, with their states."""
    user = request.user
    if not user.unit_ids:
        return redirect("review_queue" if user.is_province else "home")
    plans = issued_plans()
    plan = plan_in_force(plans, year=request.GET.get("nam")) or plan_in_force(plans)
    now = clock.now()
    rows = [
        {
            "obligation": row,
            "due": due_words(row),
            "sent": handed_in_words(row) if row.first_fulfilled_at else "",
            "timeliness": timeliness(row, now=now),
            "review": review(row),
        }
        for row in (unit_obligations(user, plan=plan) if plan else [])
    ]
    context = {"plans": plans, "plan": plan, "rows": rows, "several_units": len(set(user.unit_ids)) > 1}
    return render(request, "reports/unit/report_list.html", context)
