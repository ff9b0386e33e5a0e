"""Who comes to a unit's report, and what they typed before the session ended."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from doanportal import held_text as held
from plans.addresses import has_report
from reports.policy import can_edit, can_review
from reports.queries_unit import report_obligations
from units.policy import sign_in_first


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
    """Ask for a missing sign-in; the view itself puts back what a form sent meanwhile (held_text)."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return sign_in_first(request, fills_itself=True)

    return guarded


def held_text(request):
    """What was sent here before the session ended, as it was posted, or None; the page then shows it."""
    entry = held.held_at(request, request.path)
    if entry is None:
        return None
    request.put_back = (entry["id"],)
    return held.as_posted(entry)


def drop_held_text(request):
    held.drop(request, path=request.path)


def posts_only(view):
    """A change by POST; a visit by address, as after signing in again, leads to the report."""

    @wraps(view)
    def guarded(request, obligation_id, *args, **kwargs):
        if request.method != "POST":
            return redirect("report_detail", obligation_or_404(request.user, obligation_id).pk)
        return view(request, obligation_id, *args, **kwargs)

    return guarded
