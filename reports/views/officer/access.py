"""Gates of the officers' pages, and the ways back after an act."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme

from plans.current import current_plan
from plans.models import Obligation
from units.policy import province_required

from ..unit.access import keeps_text


def officer_page(view):
    """For province posts only; what was typed when the session ended waits for the sign-in."""
    return keeps_text(province_required(view))


def refused(request, decision, *args):
    """Back to the page `args` names, with the reason why the act is not this person's."""
    messages.error(request, decision.reason)
    return redirect(*args)


def plan_or_404():
    """The plan in force; 404 as long as none is published."""
    plan = current_plan()
    if plan is None:
        raise Http404
    return plan


def plan_obligation_or_404(user, obligation_id):
    """The obligation of kind plan with what the acts on it read."""
    return get_object_or_404(
        Obligation.objects.visible_to(user)
        .of_plan()
        .select_related("owner__kind", "form", "deadline", "plan"),
        pk=obligation_id,
    )


def query_of(request, names, **changes):
    """?… of those names of the address, with `changes` on top (None leaves one out); '' when empty."""
    kept = {name: request.GET[name] for name in names if request.GET.get(name) is not None}
    kept |= {name.replace("_", "-"): value for name, value in changes.items()}
    return f"?{urlencode(given)}" if (given := {k: v for k, v in kept.items() if v is not None}) else ""


def way_back(request, default):
    """The address the form came from, when it is one of the portal; else `default`."""
    asked = request.POST.get("ve", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if safe else default


def posts_to(url_name):
    """A view decorator: a visit by address, as after signing in again, leads to the page of that name."""

    def decorate(view):
        @wraps(view)
        def guarded(request, obligation_id, *args, **kwargs):
            if request.method != "POST":
                return redirect(url_name, obligation_id)
            return view(request, obligation_id, *args, **kwargs)

        return guarded

    return decorate
