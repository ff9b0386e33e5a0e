"""Who comes to a unit's report, and what they typed before the session ended."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from plans.addresses import has_report
from reports.policy import can_edit, can_review
from reports.queries_unit import report_obligations
from units.policy import is_fetch, sign_in_first

HELD_TEXT = "held_text"
MAX_HELD = 60_000
NOT_TEXT = ("csrfmiddlewaretoken", "revision", "action")


def obligation_or_404(user, obligation_id):
    """The obligation with its form, plan and report; a foreign one, or one no report fulfils, is 404."""
    obligation = any_obligation_or_404(user, obligation_id)
    if not has_report(obligation):
        raise Http404
    return obligation


def any_obligation_or_404(user, obligation_id):
    """The same, also where something else than a report fulfils it."""
    return get_object_or_404(report_obligations(user), pk=obligation_id)


def may_read_people(user, obligation):
    """Lists of people: the unit itself, Ban Phong trào and the department in charge (design.md §3.13)."""
    return can_edit(user, obligation).allowed or can_review(user, obligation).allowed


def keeps_text(view):
    """Ask for a missing sign-in; what a form sent meanwhile waits in the session for the same address."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST" and not is_fetch(request):
            hold_text(request)
        return sign_in_first(request)

    return guarded


def hold_text(request):
    text = {name: value for name, value in request.POST.items() if value and name not in NOT_TEXT}
    if text and sum(len(value) for value in text.values()) <= MAX_HELD:
        request.session[HELD_TEXT] = {"path": request.path, "text": text}


def held_text(request):
    """{name: text} that was typed here before the session ended, or None."""
    held = request.session.get(HELD_TEXT)
    return held["text"] if held and held["path"] == request.path else None


def drop_held_text(request):
    if HELD_TEXT in request.session:
        del request.session[HELD_TEXT]


def posts_only(view):
    """A change by POST; a visit by address, as after signing in again, leads to the report."""

    @wraps(view)
    def guarded(request, obligation_id, *args, **kwargs):
        if request.method != "POST":
            return redirect("report_detail", obligation_or_404(request.user, obligation_id).pk)
        return view(request, obligation_id, *args, **kwargs)

    return guarded
