"""What every page shows around its content: menu, unit, plan, and the banner of a clock that was moved.

Nothing is asked of the database until a template shows it.
"""

import json
from functools import cache

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from doanportal import clock, held_text
from doanportal.formats import format_date, format_weekday
from doanportal.held_labels import labelled

from .navigation import navigation


def portal(request):
    """clock_banner, nav, unit_name, plan_label, held_forms; what is a person's is empty without a sign-in."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "clock_banner": clock_banner(),
        "nav": SimpleLazyObject(lambda: navigation(user, request.path) if signed_in else []),
        "unit_name": SimpleLazyObject(lambda: unit_name(user) if signed_in else ""),
        "plan_label": SimpleLazyObject(plan_label),
        "held_forms": SimpleLazyObject(lambda: held_forms(request) if signed_in else []),
    }


def clock_banner():
    """«Bản demo: đồng hồ cổng đang là thứ Năm, 24/8/2023 08:00» where the clock was moved, else empty."""
    if not clock.is_shifted():
        return ""
    now = timezone.localtime(clock.now())
    return f"Bản demo: đồng hồ cổng đang là {format_weekday(now)}, {format_date(now)} {now:%H:%M}"


def unit_name(user):
    """The unit of the person's unit-side post, else of the first post."""
    posts = user.current_posts
    post = user.unit_post or (posts[0] if posts else None)
    return post.unit.label if post else ""


def plan_label():
    """The label of the plan in force, from the function the settings name; empty when they name none."""
    path = settings.PORTAL_PLAN_LABEL
    return plan_labeller(path)() if path else ""


@cache
def plan_labeller(path):
    return import_string(path)


def held_forms(request):
    """What this person typed and the portal could not take, for _held_text.html and held-text.js.

    Not where the view has put it back by itself, nor on the answer to the same form sent anew.
    """
    rows = [
        {
            "entry": entry,
            "json": json.dumps(entry["fields"], ensure_ascii=False),
            "rows": labelled(entry["fields"]),
            "elsewhere": request.get_full_path() != entry["page"],
        }
        for entry in held_text.held(request)
        if entry["id"] not in getattr(request, "put_back", ())
        and not (request.method == "POST" and request.path == entry["path"])
    ]
    return [row for row in rows if row["rows"]]
