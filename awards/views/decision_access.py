"""What every page of decisions begins with: the desk of this person, or 404; who decides, or why not."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from ..models import Decision
from ..policy import can_decide
from ..queries_decision import DecisionDesk, decision_rounds

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "awards/decision"
PER_PAGE = 50
REFUSED, MET = 422, 409
OWN_CASE = "Văn bản này có hồ sơ của đơn vị đồng chí; người khác trong Ban xử lý."


def desk_or_404(user, round_id):
    """For who may see outcomes before they are published; for all others the page does not exist."""
    desk = DecisionDesk(user, get_object_or_404(decision_rounds(user), pk=round_id))
    if not desk.admits:
        raise Http404
    return desk


def deciding_desk(user, round_id):
    """The same for who decides; others who see outcomes are told why not."""
    desk = desk_or_404(user, round_id)
    require(can_decide(user))
    return desk


def require(decision):
    if not decision.allowed:
        raise PermissionDenied(decision.reason)


def decision_or_404(desk, decision_id):
    """A decision of the round, whole: with an own unit's case in it somebody else handles it."""
    decision = get_object_or_404(
        Decision.objects.select_related("document__issuer", "round__plan", "round__notice").filter(
            round=desk.round
        ),
        pk=decision_id,
    )
    if not desk.covers(decision):
        raise PermissionDenied(OWN_CASE)
    return decision


def page_asked(request):
    return request.POST.get("trang") or request.GET.get("trang")


def status_of(form):
    return REFUSED if form.is_bound and form.errors else 200


def typed(request):
    return request.POST if request.method == "POST" else None


def tell(form, error):
    """Put a rule's words at the field they are about, else above the form."""
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, str(error))


def not_found_unless(value):
    if not value:
        raise Http404
    return value
