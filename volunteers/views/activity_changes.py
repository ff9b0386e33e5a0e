"""One activity moved, cancelled, closed with its result."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from doanportal import clock
from doanportal.formats import format_date, format_number
from plans.event_obligations import event_deadline
from units.policy import post_required

from ..activities import (
    COUNTED,
    LEAD_TIME,
    ActivityError,
    CountsMoved,
    StaleActivity,
    cancel_activity,
    move_activity,
    record_result,
)
from ..activity_plans import is_plain
from ..counting import counted_so_far
from ..forms_activities import CancelForm, MoveForm, ResultForm
from ..models import Activity
from .activity_access import (
    METHODS,
    activity_or_404,
    add_error,
    answer,
    own_activity,
    revision_of,
    year_label,
)


@require_http_methods(METHODS)
@post_required
def activity_move(request, activity_id):
    """Another day, with the reason; an assigned one's plan is due by the new day."""
    activity = own_activity(request, activity_id)
    initial = {name: getattr(activity, name) for name in ("starts_on", "starts_time", "ends_on")}
    form = MoveForm(request.POST) if request.method == "POST" else MoveForm(initial=initial)
    now = None
    if form.is_bound and form.is_valid():
        try:
            moved = move_activity(
                activity, **form.cleaned_data, revision=revision_of(request), by=request.user
            )
        except ActivityError as error:
            add_error(form, error)
            now = getattr(error, "activity", None)
        else:
            messages.success(request, f"Đã dời sang ngày {format_date(moved.starts_on)}.")
            return redirect("activity_detail", activity_id)
    deadline = event_deadline(LEAD_TIME, activity.starts_on) if activity.obligation_id else None
    context = {
        "activity": activity,
        "form": form,
        "now": now,
        "revision": (now or activity).revision,
        "plan_label": year_label(activity),
        "deadline": deadline,
        "plain": deadline is not None and is_plain(deadline),
        "today": clock.today(),
    }
    return answer(request, "move", context, form, conflict=now is not None)


@require_http_methods(METHODS)
@post_required
def activity_cancel(request, activity_id):
    activity = own_activity(request, activity_id)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            cancel_activity(activity, reason=form.cleaned_data["reason"], by=request.user)
        except ActivityError as error:
            add_error(form, error)
        else:
            messages.success(request, "Đã hủy hoạt động.")
            return redirect("activity_detail", activity_id)
    context = {"activity": activity, "form": form, "plan_label": year_label(activity)}
    return answer(request, "cancel", context, form)


@require_http_methods(METHODS)
@post_required
def activity_result(request, activity_id):
    """The result, with what phones counted beside the totals; a total may be typed by hand."""
    activity = own_activity(request, activity_id)
    if activity.state == Activity.State.CANCELLED or clock.today() < activity.starts_on:
        messages.error(request, why_not_result(activity))
        return redirect("activity_detail", activity_id)
    names = ("result", "volunteers", "value", "cost", *COUNTED)
    initial = {name: getattr(activity, name) for name in names}
    form = ResultForm(request.POST) if request.method == "POST" else ResultForm(initial=initial)
    now, conflict = activity, False
    if form.is_bound and form.is_valid():
        try:
            record_result(
                activity,
                result=form.cleaned_data,
                seen=form.seen,
                revision=revision_of(request),
                by=request.user,
            )
        except StaleActivity as error:
            add_error(form, error)
            now, conflict = error.activity, True
        except CountsMoved as error:
            add_error(form, error)
            now, conflict = activity_or_404(request.user, activity_id), True
        except ActivityError as error:
            add_error(form, error)
        else:
            messages.success(request, "Đã ghi kết quả hoạt động.")
            return redirect("activity_detail", activity_id)
    counted = counted_so_far(activity)
    # What the person saw when they began stays, unless they have just been told what it is now.
    seen = form.seen if form.is_bound and not conflict else {name: getattr(now, name) for name in COUNTED}
    context = {
        "activity": activity,
        "form": form,
        "now": now if conflict else None,
        "revision": now.revision if conflict else posted_revision(request, activity),
        "groups": [
            (
                form[name],
                counted.get(name),
                "" if seen[name] is None else format_number(seen[name]),
                getattr(now, name),
            )
            for name in COUNTED
        ],
        "plan_label": year_label(activity),
    }
    return answer(request, "result", context, form, conflict=conflict)


def why_not_result(activity):
    if activity.state == Activity.State.CANCELLED:
        return "Hoạt động đã hủy nên không ghi kết quả."
    return f"Ghi kết quả được từ ngày diễn ra, {format_date(activity.starts_on)}."


def posted_revision(request, activity):
    return revision_of(request) if request.method == "POST" else activity.revision
