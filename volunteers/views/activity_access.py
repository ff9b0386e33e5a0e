"""What the pages of one activity share: who comes to it, refusals beside their inputs, the lock."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render

from ..policy import can_manage_activity
from ..queries_activities import activity_for

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "volunteers/activities"


def activity_or_404(user, activity_id):
    return get_object_or_404(activity_for(user), pk=activity_id)


def own_activity(request, activity_id):
    """The activity when this person keeps it; a guest's is refused with the reason, a foreign one is 404."""
    activity = activity_or_404(request.user, activity_id)
    decision = can_manage_activity(request.user, activity)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    return activity


def year_label(activity):
    return f"Kế hoạch năm {activity.starts_on.year}" if activity.has_plan else ""


def add_error(form, error):
    """Put a rule's refusal beside the input it is about."""
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, str(error))


def revision_of(request):
    """What the page was made of; -1 for nonsense, which no activity is at."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def answer(request, template, context, form, *, conflict=False):
    """The page again: 200 as asked for, 422 with what is wrong, 409 where somebody else was faster."""
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    return render(request, f"{TEMPLATES}/{template}.html", context, status=status)
