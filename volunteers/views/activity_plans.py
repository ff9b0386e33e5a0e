"""The plan of an assigned activity: sent, read, answered, and the queue of those that wait."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from doanportal.downloads import stored
from doanportal.uploads import UploadError
from plans.due_words import due_words
from plans.status import timeliness
from units.policy import post_required, province_required

from ..activities import ActivityError
from ..activity_plans import answer_plan, is_late, lead_fact, send_plan
from ..forms_activities import AnswerForm, PlanForm
from ..models import Activity, ActivityPlan
from ..policy import can_answer_plan, can_manage_activity
from ..queries_activities import PAGE_SIZE, plans_of, waiting_plans
from .activity_access import METHODS, TEMPLATES, activity_or_404, add_error, answer, own_activity, year_label


@require_safe
@province_required
def activity_plan_queue(request):
    """Plans that wait for an answer, the oldest first; late ones say so."""
    page = Paginator(waiting_plans(request.user), PAGE_SIZE).get_page(request.GET.get("trang"))
    now = clock.now()
    rows = [
        {
            "plan": plan,
            "activity": plan.activity,
            "days": (now - plan.sent_at).days,
            "timeliness": timeliness(plan.activity.obligation) if plan.activity.obligation else "",
            "lead": lead_fact(plan.activity, plan.sent_at),
        }
        for plan in page
    ]
    of_department = bool(request.user.officer_department_ids) and not request.user.is_lead_officer
    context = {"page": page, "rows": rows, "of_department": of_department, "now": now}
    return render(request, f"{TEMPLATES}/plan_queue.html", context)


@require_http_methods(METHODS)
@post_required
def activity_plan_send(request, activity_id):
    """Send the plan, or another version of it; late with a reason, never too late."""
    activity = own_activity(request, activity_id)
    if not activity.assigned or activity.state == Activity.State.CANCELLED:
        messages.error(request, "Chỉ hoạt động được giao, chưa hủy mới gửi phương án.")
        return redirect("activity_detail", activity_id)
    plans = plans_of(activity)
    initial = {"text": plans[0].text} if plans else {}
    form = PlanForm(request.POST, request.FILES) if request.method == "POST" else PlanForm(initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            plan = send_plan(
                activity,
                text=given["text"],
                upload=given["file"],
                late_reason=given["late_reason"],
                by=request.user,
            )
        except UploadError as error:
            form.add_error("file", str(error))
        except ActivityError as error:
            add_error(form, error)
        else:
            messages.success(
                request, f"Đã gửi phương án (bản {plan.number}). Tỉnh Đoàn sẽ trả lời trên cổng."
            )
            return redirect("activity_detail", activity_id)
    context = {
        "activity": activity,
        "form": form,
        "latest": plans[0] if plans else None,
        "late": is_late(activity.obligation),
        "due": due_words(activity.obligation) if activity.obligation else "",
        "plan_label": year_label(activity),
    }
    return answer(request, "plan_send", context, form)


def plan_or_404(request, activity_id, number):
    """A version of the plan for its host and the province; a guest of the activity does not read it."""
    activity = activity_or_404(request.user, activity_id)
    if not (request.user.is_province or can_manage_activity(request.user, activity).allowed):
        raise Http404
    plans = ActivityPlan.objects.select_related("sent_by", "answered_by", "department")
    plan = get_object_or_404(plans, activity=activity, number=number)
    plan.activity = activity
    return plan


@require_http_methods(METHODS)
@post_required
def activity_plan_answer(request, activity_id, number):
    """«Đã tiếp nhận» or «có ý kiến»; nobody approves."""
    plan = plan_or_404(request, activity_id, number)
    decision = can_answer_plan(request.user, plan.activity)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            answer_plan(plan, **form.cleaned_data, by=request.user)
        except ActivityError as error:
            add_error(form, error)
        else:
            messages.success(request, "Đã trả lời phương án; đơn vị đã được báo.")
            return redirect("activity_detail", activity_id)
    context = {
        "activity": plan.activity,
        "plan": plan,
        "form": form,
        "lead": lead_fact(plan.activity, plan.sent_at),
        "plan_label": year_label(plan.activity),
    }
    return answer(request, "plan_answer", context, form)


@require_safe
@post_required
def activity_plan_file(request, activity_id, number):
    """The file of a version, as it was sent."""
    plan = plan_or_404(request, activity_id, number)
    if not plan.file:
        raise Http404
    return stored(request, plan.file, plan.content_type, plan.original_name, plan.sha256)
