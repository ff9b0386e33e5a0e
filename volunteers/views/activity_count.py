"""Đếm lượt: the page for a phone in the hand, and where its taps arrive."""

import json
import uuid

from django.contrib import messages
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from units.policy import is_fetch, post_required

from ..activities import ActivityError
from ..counting import STEPS, count_taps, counts_of, read_tap, read_taps, why_not_count
from ..models import GROUPS
from .activity_access import TEMPLATES, own_activity, year_label

LARGEST_BODY = 64 * 1024
# As the buttons stand, for thumbs: less to the left, more to the right.
BUTTONS = sorted(STEPS)


@require_safe
@never_cache
@post_required
def activity_count(request, activity_id):
    """Five groups, big buttons; each is a form of its own, so that it counts without a script too."""
    activity = own_activity(request, activity_id)
    counts = counts_of(activity)
    context = {
        "activity": activity,
        "plan_label": year_label(activity),
        "why_not": why_not_count(activity),
        "total": sum(counts.values()),
        "cards": [
            (name, label, counts[name], [(step, step_words(step), uuid.uuid4()) for step in BUTTONS])
            for name, label in GROUPS
        ],
    }
    return render(request, f"{TEMPLATES}/count.html", context)


def step_words(step):
    return f"+{step}" if step > 0 else f"−{-step}"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@post_required
def activity_tap(request, activity_id):
    """Taps of a phone: a batch as JSON, or one as a plain form; sent again they count nothing.

    A script that asks by GET is told the numbers as they stand, with what other phones counted; a person
    who comes by address, as after signing in again, is led to the counting page.
    """
    activity = own_activity(request, activity_id)
    if request.method != "POST":
        return (
            JsonResponse(numbers(activity)) if is_fetch(request) else redirect("activity_count", activity_id)
        )
    if request.content_type == "application/json":
        return batch(request, activity)
    try:
        tap = read_tap(request.POST.dict())
        count_taps(activity, [tap], by=request.user)
    except ActivityError as error:
        messages.error(request, str(error))
        return redirect("activity_count", activity_id)
    return HttpResponseRedirect(f"{reverse('activity_count', args=[activity_id])}#nhom-{tap.group}")


def batch(request, activity):
    """{counts, total, saved}: the numbers as they stand, and the keys the phone may forget."""
    if len(request.body) > LARGEST_BODY:
        return JsonResponse({"error": "Gói dữ liệu quá lớn."}, status=413)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):  # no JSON, or brackets without end
        return JsonResponse({"error": "Lượt đếm không đúng dạng. Hãy tải lại trang."}, status=422)
    try:
        taps = read_taps(sent.get("taps") if isinstance(sent, dict) else None)
        activity = count_taps(activity, taps, by=request.user)
    except ActivityError as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse(numbers(activity) | {"saved": [str(tap.key) for tap in taps]})


def numbers(activity):
    counts = counts_of(activity)
    return {"counts": counts, "total": sum(counts.values())}
