"""The province's page of teams: which units founded, showed, decided and listed, and who has not."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from doanportal import clock
from units.models import Role
from units.policy import province_required

from ..queries_team_overview import SENDER, overview
from .team_access import TEMPLATES

LONGEST_PAGE = 5  # digits


@require_safe
@province_required
def team_overview(request):
    """One kind of team at a time: figures, units by columns, the message to copy."""
    asked = request.GET.get("trang", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_PAGE else 1
    found = overview(
        code=request.GET.get("loai", "")[:50], page=page, sender=sender_of(request.user), now=clock.now()
    )
    context = {
        "found": found,
        "page_before": found.page - 1 if found and found.page > 1 else None,
        "page_after": found.page + 1 if found and found.page < found.pages else None,
        "now": clock.now(),
        "may_found": request.user.is_lead_officer,
    }
    return render(request, f"{TEMPLATES}/overview.html", context)


def sender_of(user):
    """Who asks in the message: the officer's own department, Ban Phong trào for everybody else."""
    if user.is_lead_officer:
        return SENDER
    officer = next((post for post in user.current_posts if post.role == Role.OFFICER), None)
    return officer.unit.name if officer else SENDER
