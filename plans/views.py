"""«Lịch trong năm»: the year's obligations as a page and as a file for a phone's calendar."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from doanportal import clock
from units.policy import post_required

from .ics import calendar_text
from .year_calendar import by_month, issued_plans, own_entries, plan_in_force, province_entries


def chosen_plan(request):
    """The plan of ?nam=, else the one in force; None before any is published. One query."""
    year = request.GET.get("nam", "")
    plan = plan_in_force(issued_plans(), year=year)
    if plan is None and year:
        raise Http404
    return plan


def entries_for(user, plan):
    """The own obligations for a unit's post, the counts of all units for the province."""
    if plan is None:
        return []
    return own_entries(user, plan) if user.unit_ids else province_entries(plan)


@require_safe
@post_required
def calendar(request):
    plan = chosen_plan(request)
    today = clock.today()
    months = by_month(entries_for(request.user, plan))
    past = [month for month in months if month.first < today.replace(day=1)]
    if len(past) == len(months):
        past = []
    context = {
        "plan": plan,
        "past": past,
        "months": months[len(past) :],
        "own": bool(request.user.unit_ids),
        "this_month": today.replace(day=1),
        "today": today,
    }
    return render(request, "plans/calendar.html", context)


@require_safe
@post_required
def calendar_ics(request):
    """The same entries; who handed in already has no entry of it any more."""
    plan = chosen_plan(request)
    if plan is None:
        raise Http404
    open_entries = [
        entry
        for entry in entries_for(request.user, plan)
        if entry.obligation is None or not (entry.obligation.first_fulfilled_at or entry.obligation.waived_at)
    ]
    events = [(entry.uid, entry.day, f"Hạn: {entry.title}", entry.due) for entry in open_entries]
    text = calendar_text(events, name=f"Lịch báo cáo {plan.year}", now=clock.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"lich-bao-cao-{plan.year}.ics")
    return response
