"""What every page of a council begins with: the desk of this person, or 404."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from ..policy import can_keep_council
from ..queries_council import Desk, desk_rounds

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "awards/council"
PER_PAGE = 50
REFUSED, MET = 422, 409


def desk_or_404(user, round_id):
    """For who keeps the council, leads, or sits on it; for all others the page does not exist."""
    desk = Desk(user, get_object_or_404(desk_rounds(user), pk=round_id))
    if not desk.admits:
        raise Http404
    return desk


def keeper_desk(user, round_id):
    """The same for who keeps the council; leaders and members are told why not."""
    desk = desk_or_404(user, round_id)
    decision = can_keep_council(user)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    return desk


def shown_or_404(desk, nomination_id):
    """The Result of a nomination that this person sees here; an own unit's or foreign one is 404."""
    if nomination_id not in desk.shown:
        raise Http404
    return desk.shown[nomination_id]


def page_asked(request):
    return request.POST.get("trang") or request.GET.get("trang")
