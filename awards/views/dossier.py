"""The unit's dossier of a round: what is there, what is missing, the next step; hand-in and receipt."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from plans.due_words import due_words, left_words
from plans.models import Obligation
from units.models import Unit
from units.policy import post_required

from ..completeness import completeness_of
from ..dossiers import FORM, DossierError, check_draft, is_late, obligation_of, round_id_of, start_dossier
from ..eligibility import eligibility_facts
from ..forms_dossier import ConfirmForm
from ..hand_in import hand_in, hand_in_nothing
from ..models import Dossier, Round, SubjectKind
from ..policy import can_hand_in
from ..queries_dossier import history, next_step, stage_words, subject_kinds_of
from ..stages import StageError
from .dossier_access import (
    METHODS,
    REFUSED,
    TEMPLATES,
    desk_or_404,
    head_or_404,
    note_people,
    own_desk,
    require,
    status_of,
    typed,
)

SURE = "Tôi đã xem lại; hồ sơ gửi rồi không sửa, không rút lại được."
NOT_SURE = "Hãy đánh dấu xác nhận trước khi gửi."
NOTHING = "Đợt này đơn vị không đề nghị tập thể, cá nhân nào."
SUBJECT_WORDS = {SubjectKind.COLLECTIVE: "tap-the", SubjectKind.INDIVIDUAL: "ca-nhan"}


@require_safe
@post_required
def dossier_detail(request, dossier_id):
    """Everything of the dossier that this person may see; for the unit one button for what comes next."""
    desk = desk_or_404(request.user, dossier_id)
    dossier, nominations = desk.dossier, desk.nominations
    note_people(request.user, dossier.unit, nominations)
    found = completeness_of(dossier, nominations)
    draft = dossier.handed_in_at is None
    open_round = dossier.round.state == Round.State.OPEN
    may_write = desk.may_write and draft and open_round
    page = page_of(dossier) | {
        "lines": [(row, pieces, stage_words(row, desk.sight)) for row, pieces in found.nominations],
        "asked": [row for row in found.asked if row.asked or row.most is not None],
        "found": found,
        "waiting": [row for row in nominations if row.open_requests] if open_round else [],
        "may_write": may_write,
        "is_own": desk.sight.is_own,
        "shut": draft and not open_round,
        "step": next_step(dossier, found, user=request.user) if may_write else None,
        "subjects": [(SUBJECT_WORDS[kind], kind.label) for kind in subject_kinds_of(found.asked)],
        "files": dossier.own_files,
        "may_say_nothing": may_write and not nominations and can_hand_in(request.user, dossier.unit).allowed,
    }
    return render(request, f"{TEMPLATES}/detail.html", page)


def page_of(dossier):
    """What the head of each page of a dossier shows: round, due time, whether it is late."""
    owed = dossier.obligation
    waits = owed is not None and dossier.handed_in_at is None and not owed.waived_at
    return {
        "dossier": dossier,
        "round": dossier.round,
        "unit": dossier.unit,
        "due": due_words(owed) if owed else "",
        "left": left_words(owed, now=clock.now()) if waits else "",
        "late": is_late(dossier),
    }


@require_http_methods(METHODS)
@post_required
def dossier_start(request, round_id):
    """The own unit's dossier of the round: shown when there is one; begun by POST."""
    award_round = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    units = list(Unit.objects.filter(pk__in=request.user.unit_ids).select_related("kind").order_by("pk"))
    if not units:
        raise PermissionDenied("Hồ sơ do người của đơn vị lập. Đồng chí xem hồ sơ đã gửi ở trang của đợt.")
    unit = unit_asked(request, units)
    found = Dossier.objects.filter(round=award_round, unit=unit).first()
    if found is not None:
        return redirect("dossier_detail", found.pk)
    message = ""
    if request.method == "POST":
        try:
            dossier = start_dossier(award_round=award_round, unit=unit, by=request.user)
        except DossierError as error:
            message = str(error)
        else:
            return redirect("dossier_detail", dossier.pk)
    owed = obligation_of(award_round, unit)
    page = {
        "round": award_round,
        "unit": unit,
        "units": units,
        "owed": owed,
        "message": message,
        "is_open": award_round.state == Round.State.OPEN,
        "due": due_words(owed) if owed else "",
    }
    return render(request, f"{TEMPLATES}/start.html", page, status=REFUSED if message else 200)


def unit_asked(request, units):
    """?don-vi= where this person works for several units; 404 for one that is not among them."""
    asked = request.POST.get("don-vi") or request.GET.get("don-vi")
    if not asked:
        return units[0]
    found = [unit for unit in units if str(unit.pk) == asked]
    if not found:
        raise Http404
    return found[0]


@require_safe
@post_required
def dossier_of_obligation(request, obligation_id):
    """Where an obligation of a round is worked on; for a province post the dossier, else the round."""
    obligation = get_object_or_404(
        Obligation.objects.visible_to(request.user).filter(form__code=FORM), pk=obligation_id
    )
    rounds = Round.objects.visible_to(request.user)
    award_round = get_object_or_404(rounds, pk=round_id_of(obligation.cause))
    found = (
        Dossier.objects.visible_to(request.user).filter(round=award_round, unit=obligation.owner_id).first()
    )
    if found is not None:
        return redirect("dossier_detail", found.pk)
    if obligation.owner_id in request.user.unit_ids:
        return redirect("dossier_start", award_round.pk)
    return render(
        request,
        f"{TEMPLATES}/not_yet.html",
        {"round": award_round, "unit": obligation.owner, "owed": obligation},
    )


@require_safe
@post_required
def dossier_facts(request, dossier_id):
    """What the portal itself knows of the unit: shown, never scored."""
    desk = head_or_404(request.user, dossier_id)
    page = page_of(desk.dossier) | {"facts": eligibility_facts(desk.dossier.unit, desk.dossier.round.plan)}
    return render(request, f"{TEMPLATES}/facts.html", page)


@require_safe
@post_required
def dossier_history(request, dossier_id):
    """What was done by whom while the dossier was made: for the unit alone."""
    desk = own_desk(request.user, dossier_id)
    page = page_of(desk.dossier) | {"happenings": history(desk.dossier, desk.nominations)}
    return render(request, f"{TEMPLATES}/history.html", page)


@require_safe
@post_required
def dossier_check(request, dossier_id):
    """Check-your-answers before hand-in; who may not hand in reads it too."""
    desk = own_desk(request.user, dossier_id, whole=True)
    if desk.dossier.handed_in_at is not None:
        return redirect("dossier_receipt", dossier_id)
    return check_page(request, desk, confirm_form())


def confirm_form(data=None, *, label=SURE):
    return ConfirmForm(data, label=label, error=NOT_SURE)


def check_page(request, desk, form, *, message=""):
    dossier, nominations = desk.dossier, desk.nominations
    note_people(request.user, dossier.unit, nominations)
    page = page_of(dossier) | {
        "found": completeness_of(dossier, nominations),
        "form": form,
        "message": message,
        "may_hand_in": can_hand_in(request.user, dossier.unit),
        "is_open": dossier.round.state == Round.State.OPEN,
    }
    return render(request, f"{TEMPLATES}/check.html", page, status=REFUSED if message else status_of(form))


@require_http_methods(METHODS)
@post_required
def dossier_hand_in(request, dossier_id):
    """Send it; a second press of the button leads to the same receipt. A visit by address shows the check."""
    desk = own_desk(request.user, dossier_id, whole=True)
    if request.method != "POST":
        return redirect("dossier_check", dossier_id)
    require(can_hand_in(request.user, desk.dossier.unit))
    if desk.dossier.handed_in_at is not None:
        return redirect("dossier_receipt", dossier_id)
    form = confirm_form(request.POST)
    if not form.is_valid():
        return check_page(request, desk, form)
    try:
        hand_in(desk.dossier, by=request.user)
    except (DossierError, StageError) as error:
        return check_page(request, desk, form, message=str(error))
    messages.success(request, "Đã gửi hồ sơ đề nghị khen thưởng.")
    return redirect("dossier_receipt", dossier_id)


@require_http_methods(METHODS)
@post_required
def dossier_nothing(request, dossier_id):
    """«Đợt này đơn vị không đề nghị»: also a hand-in, with a confirmation."""
    desk = own_desk(request.user, dossier_id)
    dossier = desk.dossier
    if dossier.handed_in_at is not None:
        return redirect("dossier_receipt", dossier_id)
    require(can_hand_in(request.user, dossier.unit))
    form = ConfirmForm(typed(request), label=NOTHING, error="Hãy đánh dấu xác nhận trước khi gửi.")
    if form.is_valid():
        try:
            hand_in_nothing(dossier, by=request.user)
        except DossierError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi: đợt này đơn vị không đề nghị.")
            return redirect("dossier_receipt", dossier_id)
    page = page_of(dossier) | {"form": form, "nominations": len(desk.nominations)}
    return render(request, f"{TEMPLATES}/nothing.html", page, status=status_of(form))


@require_safe
@post_required
def dossier_receipt(request, dossier_id):
    """When it was sent, by whom, what of: the paper trail of the unit."""
    desk = desk_or_404(request.user, dossier_id)
    dossier = desk.dossier
    if dossier.handed_in_at is None:
        return redirect("dossier_detail", dossier_id)
    note_people(request.user, dossier.unit, desk.nominations)
    page = page_of(dossier) | {
        "nominations": desk.nominations,
        "files": dossier.files.count(),
    }
    return render(request, f"{TEMPLATES}/receipt.html", page)


def shut_words(dossier):
    """Why the unit can no longer write in the dossier, or ''."""
    try:
        check_draft(dossier)
    except DossierError as error:
        return str(error)
    return ""
