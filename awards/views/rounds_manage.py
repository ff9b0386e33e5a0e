"""Ban Phong trào prepares rounds: facts, forms and quotas, visibility, opening, extending, closing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from doanportal import clock
from units.documents import DocumentError, read_signed, usual_term
from units.letterhead import PROVINCE_KIND
from units.models import Unit
from units.policy import post_required

from ..forms_rounds import (
    CloseRoundForm,
    ExtendForm,
    NoticeForm,
    QuotaForm,
    RoundFactsForm,
    forms_typed,
    visibility_table,
    visibility_typed,
)
from ..models import AwardForm, Round
from ..policy import can_manage_rounds
from ..queries_rounds import (
    award_forms_for,
    forms_with_quotas,
    open_supplements,
    owing_units,
    plan_choices,
    quota_targets,
    sits,
    table_of_forms,
)
from ..quotas import remove_quota, set_forms, set_quota
from ..rounds import (
    ALL,
    RoundChanged,
    RoundError,
    changeable,
    close_round,
    create_round,
    deadline_of,
    due_of,
    edit_round,
    extend_round,
    missing_to_open,
    number_notice,
    open_round,
    owners_of,
    set_visibility,
)
from .dossier_access import revision_typed, status_of, tell, theirs, typed
from .rounds import TEMPLATES, round_or_404

METHODS = ["GET", "HEAD", "POST"]
REFUSED, MET = 422, 409
FIRST = {
    "supplements_allowed": True,
    "fallback_collectives": True,
    "fallback_individuals": True,
    "quorum_numerator": 2,
    "quorum_denominator": 3,
    "threshold_percent": 70,
    "base": Round.Base.MEMBERS,
    "method": Round.Method.PAPER,
    "most_ballots": 2,
}


def require_manager(user):
    if not (decision := can_manage_rounds(user)):
        raise PermissionDenied(decision.reason)


def managed_round(user, round_id):
    """The round for Ban Phong trào; who else sees it is told who keeps it."""
    award_round = round_or_404(user, round_id)
    require_manager(user)
    return award_round


@require_http_methods(METHODS)
@post_required
def round_create(request):
    require_manager(request.user)
    usual = AwardForm.objects.filter(level=AwardForm.Level.PROVINCE).order_by("display_order").first()
    form = RoundFactsForm(
        typed(request),
        plans=plan_choices(),
        only=ALL,
        initial=FIRST | {"fallback_form": usual.pk if usual else None},
    )
    if form.is_valid():
        try:
            award_round = create_round(facts=form.cleaned_data, by=request.user)
        except RoundError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lập đợt. Tiếp theo: chọn hình thức, số lượng.")
            return redirect("round_forms", award_round.pk)
    return render(request, f"{TEMPLATES}/edit.html", {"form": form}, status=status_of(form))


@require_http_methods(METHODS)
@post_required
def round_edit(request, round_id):
    """All of a draft; after opening the words, and the numbers of the vote until the council sits."""
    award_round = managed_round(request.user, round_id)
    names = changeable(award_round, sits=sits(award_round))
    if not names:
        messages.info(request, "Đợt đã có Quyết định nên không sửa được nữa.")
        return redirect("round_detail", round_id)
    first = {name: getattr(award_round, name) for name in ALL} | {
        "plan": award_round.plan_id,
        "fallback_form": award_round.fallback_form_id,
    }
    form = RoundFactsForm(typed(request), plans=plan_choices(), only=names, initial=first)
    now, status = [], None
    if form.is_valid():
        try:
            edit_round(
                award_round, revision=revision_typed(request), facts=form.cleaned_data, by=request.user
            )
        except RoundChanged as error:
            tell(form, error)
            award_round.refresh_from_db()
            now, status = theirs(form, award_round), MET
        except RoundError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("round_detail", round_id)
    page = {
        "form": form,
        "round": award_round,
        "theirs": now,
        "revision": revision_typed(request) if form.is_bound and not now else award_round.revision,
        "due": due_of(award_round),
        "sits": sits(award_round),
    }
    return render(request, f"{TEMPLATES}/edit.html", page, status=status or status_of(form))


@require_http_methods(METHODS)
@post_required
def round_forms(request, round_id):
    """Forms of the round with their numbers; below, how many a unit may ask for."""
    award_round = managed_round(request.user, round_id)
    action = request.POST.get("viec", "") if request.method == "POST" else ""
    if action == "bo":
        return quota_removed(request, award_round)
    if action == "so-luong":
        return quota_added(request, award_round)
    if request.method != "POST":
        return forms_page(request, award_round)
    used = {(row.form_id, row.subject_kind) for row in award_round.forms.all()}
    rows, wrong = forms_typed(request.POST, award_forms_for(used))
    if not wrong:
        try:
            set_forms(award_round, revision=revision_typed(request), rows=rows, by=request.user)
        except RoundChanged:
            award_round.refresh_from_db()
            words = "Người khác vừa sửa đợt này. Hãy xem lại các ô đồng chí nhập dưới đây rồi lưu lần nữa."
            return forms_page(request, award_round, typed_words=request.POST, message=words, status=MET)
        except RoundError as error:
            return forms_page(
                request, award_round, typed_words=request.POST, message=str(error), status=REFUSED
            )
        messages.success(request, "Đã lưu hình thức của đợt.")
        return redirect("round_forms", round_id)
    return forms_page(request, award_round, typed_words=request.POST, wrong=wrong, status=REFUSED)


def forms_page(request, award_round, *, typed_words=None, wrong=None, message="", quota=None, status=200):
    page = {
        "round": award_round,
        "table": table_of_forms(award_round, typed_words, wrong),
        "wrong": wrong or {},
        "message": message,
        "forms": forms_with_quotas(award_round),
        "quota_form": quota or QuotaForm(**quota_targets(award_round)),
        "draft": award_round.state == Round.State.DRAFT,
        "may_quota": award_round.state in (Round.State.DRAFT, Round.State.OPEN),
        "sits": sits(award_round),
    }
    return render(request, f"{TEMPLATES}/forms.html", page, status=status)


def quota_added(request, award_round):
    form = QuotaForm(request.POST, **quota_targets(award_round))
    if form.is_valid():
        try:
            set_quota(
                award_round,
                round_form=form.cleaned_data["round_form"],
                target=form.chosen_target,
                most=form.cleaned_data["most"],
                by=request.user,
            )
        except RoundError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã ghi số lượng.")
            return redirect("round_forms", award_round.pk)
    return forms_page(request, award_round, quota=form, status=REFUSED)


def quota_removed(request, award_round):
    asked = request.POST.get("quota", "")
    try:
        if asked.isascii() and asked.isdigit() and len(asked) < 18:
            remove_quota(award_round, int(asked), by=request.user)
            messages.success(request, "Đã bỏ số lượng.")
    except RoundError as error:
        return forms_page(request, award_round, message=str(error), status=REFUSED)
    return redirect("round_forms", award_round.pk)


@require_http_methods(METHODS)
@post_required
def round_visibility(request, round_id):
    """Who sees what from which stage, as one table."""
    award_round = managed_round(request.user, round_id)
    message, status = "", 200
    rows = {(row.audience, row.what): row.from_stage for row in award_round.visibilities.all()}
    if request.method == "POST":
        rows = visibility_typed(request.POST)
        try:
            set_visibility(award_round, revision=revision_typed(request), rows=rows, by=request.user)
        except RoundChanged:
            award_round.refresh_from_db()
            message, status = "Người khác vừa sửa đợt này. Hãy xem lại bảng rồi lưu lần nữa.", MET
        except RoundError as error:
            message, status = str(error), REFUSED
        else:
            messages.success(request, "Đã lưu quyền xem.")
            return redirect("round_detail", round_id)
    page = {"round": award_round, "table": visibility_table(rows), "message": message}
    return render(request, f"{TEMPLATES}/visibility.html", page, status=status)


@require_http_methods(METHODS)
@post_required
def round_notice(request, round_id):
    """Number, day and signed scan of the Thông báo, when there is one."""
    award_round = managed_round(request.user, round_id)
    notice = award_round.notice
    if notice is not None and notice.is_issued:
        first = {"number": notice.full_number, "date": notice.date, "term": notice.term}
    else:
        first = {"term": usual_term(Unit.objects.get(kind__code=PROVINCE_KIND, parent=None))}
    files = request.FILES if request.method == "POST" else None
    form = NoticeForm(typed(request), files, initial=first)
    if form.is_valid():
        given = form.cleaned_data
        try:
            number_notice(
                award_round,
                number=given["number"],
                symbol=given["symbol"],
                term=given["term"],
                date=given["date"],
                by=request.user,
                scan=read_signed(given["file"]) if given["file"] else None,
            )
        except DocumentError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã ghi số, ngày của Thông báo.")
            return redirect("round_detail", round_id)
    page = {"round": award_round, "form": form, "file_lost": bool(files), "notice": notice}
    return render(request, f"{TEMPLATES}/notice.html", page, status=status_of(form))


@require_http_methods(METHODS)
@post_required
def round_open(request, round_id):
    """Preview: which units owe a dossier by when; then open, in one act with the notices."""
    award_round = managed_round(request.user, round_id)
    if award_round.state != Round.State.DRAFT:
        messages.info(request, "Đợt đã mở.")
        return redirect("round_detail", round_id)
    message = ""
    if request.method == "POST":
        try:
            open_round(award_round, by=request.user)
        except RoundError as error:
            message = str(error)
        else:
            messages.success(request, "Đã mở đợt, giao hạn và báo cho các đơn vị.")
            return redirect("round_detail", round_id)
    deadline = deadline_of(award_round)
    page = {
        "round": award_round,
        "missing": missing_to_open(award_round, deadline),
        "units": owners_of(deadline) if deadline else [],
        "due": due_of(award_round, deadline),
        "forms": forms_with_quotas(award_round),
        "message": message,
    }
    return render(request, f"{TEMPLATES}/open.html", page, status=REFUSED if message else 200)


@require_http_methods(METHODS)
@post_required
def round_extend(request, round_id):
    award_round = managed_round(request.user, round_id)
    if award_round.state != Round.State.OPEN:
        messages.info(request, "Chỉ gia hạn được khi đợt đang nhận hồ sơ.")
        return redirect("round_detail", round_id)
    form = ExtendForm(typed(request))
    if form.is_valid():
        try:
            number = extend_round(award_round, by=request.user, **form.cleaned_data)
        except RoundError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã gia hạn cho {number} đơn vị và báo cho các đơn vị.")
            return redirect("round_detail", round_id)
    page = {"round": award_round, "form": form, "due": due_of(award_round), "missing": waiting(award_round)}
    return render(request, f"{TEMPLATES}/extend.html", page, status=status_of(form))


def waiting(award_round):
    """[Owing] that have neither handed in nor been waived."""
    return [
        row for row in owing_units(award_round) if row.dossier is None and row.obligation.waived_at is None
    ]


@require_http_methods(METHODS)
@post_required
def round_close(request, round_id):
    """No more hand-ins: names who did not hand in, and what can no longer be supplemented."""
    award_round = managed_round(request.user, round_id)
    if award_round.state != Round.State.OPEN:
        messages.info(request, "Đợt không ở bước nhận hồ sơ.")
        return redirect("round_detail", round_id)
    form = CloseRoundForm(typed(request))
    if form.is_valid():
        try:
            close_round(award_round, by=request.user, reason=form.cleaned_data["reason"])
        except RoundError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã kết thúc nhận hồ sơ.")
            return redirect("round_detail", round_id)
    due = due_of(award_round)
    page = {
        "round": award_round,
        "form": form,
        "due": due,
        "early": clock.now() <= due,
        "missing": waiting(award_round),
        "supplements": open_supplements(award_round),
    }
    return render(request, f"{TEMPLATES}/close.html", page, status=status_of(form))
