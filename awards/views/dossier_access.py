"""What every page of a dossier begins with: the dossier this person may see, and who may write in it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404

from volunteers.access_log import note_access
from volunteers.models import PersonalAccess

from ..models import Dossier, Nomination, SubjectKind, Visibility
from ..policy import can_prepare
from ..queries_dossier import (
    Sight,
    is_hidden_fallback,
    nominations_of,
    nominations_readable,
    readable_dossiers,
    sees_dossier,
    sight_of,
)

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "awards/dossier"
REFUSED, MET = 422, 409
PEOPLE_FIELDS = "họ tên, năm sinh, giới tính, chức vụ, đơn vị công tác"


@dataclass
class Desk:
    """A dossier as one person sees it."""

    dossier: Dossier
    sight: Sight
    nominations: list
    user: object

    @property
    def may_write(self):
        return bool(can_prepare(self.user, self.dossier.unit))


def desk_or_404(user, dossier_id, *, whole=True):
    """The Desk of a dossier; a foreign one, or one not yet to be seen, is 404."""
    dossier = get_object_or_404(readable_dossiers(user), pk=dossier_id)
    sight = sight_of(user, dossier)
    nominations = nominations_of(dossier, sight, whole=whole)
    if not sees_dossier(dossier, sight, nominations):
        raise Http404
    return Desk(dossier, sight, nominations, user)


def head_or_404(user, dossier_id):
    """The Desk for a page that shows no nominations: for the own unit they are not read."""
    dossier = get_object_or_404(readable_dossiers(user), pk=dossier_id)
    sight = sight_of(user, dossier)
    if not sight.is_own:
        return desk_or_404(user, dossier_id, whole=False)
    return Desk(dossier, sight, [], user)


def own_desk(user, dossier_id, *, whole=False):
    """The same for the people of the unit; others who see it are told why they may not write."""
    desk = desk_or_404(user, dossier_id, whole=whole)
    require(can_prepare(user, desk.dossier.unit))
    return desk


def nomination_or_404(user, nomination_id):
    """(nomination, Sight): foreign, hidden or not yet to be seen is 404."""
    nomination = get_object_or_404(nominations_readable(user), pk=nomination_id)
    nomination.dossier.unit, nomination.dossier.round = nomination.unit, nomination.round
    sight = sight_of(user, nomination.dossier)
    if is_hidden_fallback(nomination, sight) or not sight.sees(Visibility.What.DOSSIER, nomination.stage):
        raise Http404
    return nomination, sight


def own_nomination(user, nomination_id):
    nomination, sight = nomination_or_404(user, nomination_id)
    require(can_prepare(user, nomination.unit))
    return nomination, sight


def require(decision):
    if not decision.allowed:
        raise PermissionDenied(decision.reason)


def with_names(unit):
    """The unit with its dated names loaded: papers and numbers need them."""
    prefetch_related_objects([unit], "names")
    return unit


def tell(form, error):
    """Put a rule's words at the field they are about, else above the form."""
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, str(error))


def status_of(form):
    return REFUSED if form.is_bound and form.errors else 200


def revision_typed(request):
    """The revision the page was opened with; one that cannot be read counts as outdated."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def typed(request):
    return request.POST if request.method == "POST" else None


def note_people(user, unit, nominations, kind=PersonalAccess.Kind.LIST):
    """Write down that this person read personal fields; collectives have none."""
    individuals = [row for row in nominations if row.subject_kind == SubjectKind.INDIVIDUAL]
    note_access(actor=user, kind=kind, unit=unit, people=len(individuals), fields=PEOPLE_FIELDS)


def theirs(form, row: Nomination | Dossier):
    """[(label, text now)] of what stands in the portal where it differs from what was typed."""
    shown = []
    for name, field in form.fields.items():
        if not hasattr(row, name):
            continue
        now = getattr(row, name)
        display = getattr(row, f"get_{name}_display", None)
        text = str(display() if display else field.prepare_value(now) if now is not None else "")
        if text != str(form.data.get(form.add_prefix(name), "")).replace("\r\n", "\n").strip():
            shown.append((field.label, text or "(để trống)"))
    return shown
