"""Nominations: who is proposed, the achievement report with autosave, pieces, supplements."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from units.policy import is_fetch, post_required
from volunteers.models import PersonalAccess

from ..completeness import pieces_of
from ..dossiers import DossierConflict, DossierError, read_file
from ..forms_dossier import (
    NOMINATION_FORMS,
    FileForm,
    ReportForm,
    SupplementFiles,
    WaiveForm,
)
from ..hand_in import check_supplement, open_requests, supplement
from ..models import Nomination, Round, Stage, SubjectKind
from ..nominations import (
    DETAILS,
    REPORT_FIELDS,
    add_nomination,
    confirmation_words,
    edit_nomination,
    remove_nomination,
    report_template,
    save_report,
    waive_piece,
)
from ..queries_dossier import forms_for, outcome_of, stage_words, subject_kinds_of, versions_of
from ..quotas import asked_of
from ..stages import StageError
from .dossier import SUBJECT_WORDS, page_of, shut_words
from .dossier_access import (
    MET,
    METHODS,
    REFUSED,
    TEMPLATES,
    nomination_or_404,
    note_people,
    own_desk,
    own_nomination,
    revision_typed,
    status_of,
    tell,
    theirs,
    typed,
)

KINDS = {words: kind for kind, words in SUBJECT_WORDS.items()}


@require_http_methods(METHODS)
@post_required
def nomination_create(request, dossier_id):
    """Propose a collective or a person: ?doi-tuong= says which."""
    desk = own_desk(request.user, dossier_id)
    dossier = desk.dossier
    if shut := shut_words(dossier):
        return refused(request, dossier, shut)
    asked = asked_of(dossier, desk.nominations)
    kinds = subject_kinds_of(asked)
    words = request.GET.get("doi-tuong") or (SUBJECT_WORDS[kinds[0]] if kinds else "")
    kind = KINDS.get(words)
    if kind not in kinds:
        raise Http404
    form = NOMINATION_FORMS[kind](
        typed(request), award_forms=forms_for(dossier.round, kind), initial={"workplace": ""}
    )
    if form.is_valid():
        try:
            nomination = add_nomination(
                dossier,
                subject_kind=kind,
                form=form.cleaned_data["form"],
                facts=form.facts,
                by=request.user,
            )
        except DossierError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã thêm đề nghị. Tiếp theo: viết báo cáo thành tích, thêm minh chứng.")
            return redirect("nomination_detail", nomination.pk)
    page = page_of(dossier) | {
        "form": form,
        "kind": kind,
        "others": [(SUBJECT_WORDS[row], row.label) for row in kinds if row != kind],
        "asked": [row for row in asked if row.round_form.subject_kind == kind],
    }
    return render(request, f"{TEMPLATES}/nomination_form.html", page, status=status_of(form))


def refused(request, dossier, words):
    """Too late to write: said on the dossier's own page; nothing is lost that could still be kept."""
    page = page_of(dossier) | {"message": words}
    return render(
        request, f"{TEMPLATES}/shut.html", page, status=REFUSED if request.method == "POST" else 200
    )


@require_safe
@post_required
def nomination_detail(request, nomination_id):
    """One nominee with all its pieces; for the unit the ways to complete it."""
    nomination, sight = nomination_or_404(request.user, nomination_id)
    note_people(request.user, nomination.unit, [nomination], PersonalAccess.Kind.PERSON)
    may_write = (
        sight.is_own and nomination.stage == Stage.DRAFT and nomination.round.state == Round.State.OPEN
    )
    return detail_page(request, nomination, sight, file_form=file_form() if may_write else None)


def file_form(data=None, files=None):
    return FileForm(data, files, of_nomination=True, initial={"kind": "evidence"})


def detail_page(request, nomination, sight, *, file_form=None, waive_form=None, status=200):
    prefetch_related_objects([nomination], "files", "checklist")
    requests = list(open_requests(nomination)) if nomination.stage == Stage.CLUSTER else []
    page = page_of(nomination.dossier) | {
        "nomination": nomination,
        "individual": nomination.subject_kind == SubjectKind.INDIVIDUAL,
        "pieces": pieces_of(nomination),
        "files": list(nomination.files.all()),
        "stage": stage_words(nomination, sight),
        "outcome": outcome_of(nomination, sight),
        "confirmation": confirmation_words(nomination),
        "versions": versions_of(nomination) if nomination.stage != Stage.DRAFT else [],
        "requests": requests,
        "may_supplement": sight.is_own
        and bool(requests)
        and nomination.round.state == Round.State.OPEN
        and nomination.round.supplements_allowed,
        "may_write": file_form is not None,
        "file_form": file_form,
        "waive_form": waive_form,
        "is_own": sight.is_own,
    }
    return render(request, f"{TEMPLATES}/nomination.html", page, status=status)


@require_http_methods(METHODS)
@post_required
def nomination_edit(request, nomination_id):
    nomination, _ = own_nomination(request.user, nomination_id)
    if shut := shut_words(nomination.dossier):
        return refused(request, nomination.dossier, shut)
    kind = SubjectKind(nomination.subject_kind)
    form = NOMINATION_FORMS[kind](
        typed(request),
        award_forms=forms_for(nomination.round, kind),
        initial={name: getattr(nomination, name) for name in DETAILS} | {"form": nomination.form_id},
    )
    now, status = [], None
    if form.is_valid():
        try:
            edit_nomination(
                nomination,
                revision=revision_typed(request),
                form=form.cleaned_data["form"],
                facts=form.facts,
                by=request.user,
            )
        except DossierConflict as error:
            tell(form, error)
            nomination.refresh_from_db()
            now, status = theirs(form, nomination), MET
        except (DossierError, StageError) as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("nomination_detail", nomination.pk)
    page = page_of(nomination.dossier) | {
        "form": form,
        "kind": kind,
        "nomination": nomination,
        "theirs": now,
        "revision": revision_typed(request) if form.is_bound and not now else nomination.revision,
        "asked": [row for row in asked_of(nomination.dossier) if row.round_form.subject_kind == kind],
    }
    return render(request, f"{TEMPLATES}/nomination_form.html", page, status=status or status_of(form))


@require_http_methods(METHODS)
@post_required
def nomination_remove(request, nomination_id):
    """Take it out of the draft; the page by address asks first."""
    nomination, _ = own_nomination(request.user, nomination_id)
    dossier = nomination.dossier
    if shut := shut_words(dossier):
        return refused(request, dossier, shut)
    if request.method == "POST":
        try:
            remove_nomination(nomination, by=request.user)
        except (DossierError, StageError) as error:
            return refused(request, dossier, str(error))
        messages.success(request, "Đã bỏ đề nghị khỏi hồ sơ.")
        return redirect("dossier_detail", dossier.pk)
    return render(request, f"{TEMPLATES}/remove.html", page_of(dossier) | {"nomination": nomination})


@require_http_methods(METHODS)
@post_required
def nomination_report(request, nomination_id):
    """The achievement report in the browser: saved while typing, both texts shown where two people meet."""
    nomination, _ = own_nomination(request.user, nomination_id)
    if shut := shut_words(nomination.dossier):
        return gone(request, nomination, shut)
    first = {name: getattr(nomination, name) for name in REPORT_FIELDS}
    if not first["report"]:
        first["report"] = report_template(nomination.subject_kind)
    form = ReportForm(typed(request), initial=first)
    if request.method == "POST" and request.POST.get("autosave"):
        return autosave(request, nomination, form)
    now, status = [], None
    if form.is_valid():
        try:
            save_report(
                nomination, revision=revision_typed(request), facts=form.cleaned_data, by=request.user
            )
        except DossierConflict as error:
            tell(form, error)
            nomination.refresh_from_db()
            now, status = theirs(form, nomination), MET
        except (DossierError, StageError) as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lưu báo cáo thành tích.")
            return redirect("nomination_detail", nomination.pk)
    page = page_of(nomination.dossier) | {
        "form": form,
        "nomination": nomination,
        "theirs": now,
        "revision": revision_typed(request) if form.is_bound and not now else nomination.revision,
    }
    return render(request, f"{TEMPLATES}/report.html", page, status=status or status_of(form))


def gone(request, nomination, words):
    """Too late: a script is told in its own words, a person on a page."""
    if is_fetch(request):
        return JsonResponse({"error": words}, status=REFUSED)
    return refused(request, nomination.dossier, words)


def autosave(request, nomination, form):
    """The answer that draft.js understands; what is wrong stays out, the rest is kept."""
    form.is_valid()
    facts = {name: form.cleaned_data[name] for name in REPORT_FIELDS if name in form.cleaned_data}
    try:
        saved = save_report(nomination, revision=revision_typed(request), facts=facts, by=request.user)
    except DossierConflict:
        row = Nomination.objects.get(pk=nomination.pk)
        words = {name: form.fields[name].prepare_value(getattr(row, name)) or "" for name in REPORT_FIELDS}
        return JsonResponse({"revision": row.revision, "theirs": words}, status=MET)
    except (DossierError, StageError) as error:
        return JsonResponse({"error": str(error)}, status=REFUSED)
    return JsonResponse(
        {
            "saved_at": f"{timezone.localtime(clock.now()):%H:%M}",
            "revision": saved.revision,
            "errors": {name: " ".join(words) for name, words in form.errors.items()},
            "soft": {},
        }
    )


@require_http_methods(["POST"])
@post_required
def nomination_waive(request, nomination_id):
    """Why a piece is not needed; an empty reason takes it back."""
    nomination, sight = own_nomination(request.user, nomination_id)
    form = WaiveForm(request.POST)
    if form.is_valid():
        try:
            waive_piece(nomination, by=request.user, **form.cleaned_data)
        except (DossierError, StageError) as error:
            tell(form, error)
        else:
            messages.success(request, "Đã ghi.")
            return redirect("nomination_detail", nomination.pk)
    return detail_page(request, nomination, sight, file_form=file_form(), waive_form=form, status=REFUSED)


@require_http_methods(METHODS)
@post_required
def nomination_supplement(request, nomination_id):
    """Answer a request for supplements: words and files in one go, a new version beside the first."""
    nomination, _ = own_nomination(request.user, nomination_id)
    try:
        requests = check_supplement(nomination, nomination.round)
    except StageError as error:
        return refused(request, nomination.dossier, str(error))
    kind = SubjectKind(nomination.subject_kind)
    details = NOMINATION_FORMS[kind](
        typed(request),
        award_forms=forms_for(nomination.round, kind),
        initial={name: getattr(nomination, name) for name in DETAILS},
    )
    # What is asked for, of which form and how many, was decided at hand-in.
    del details.fields["form"], details.fields["over_quota_reason"]
    report = ReportForm(typed(request), initial={name: getattr(nomination, name) for name in REPORT_FIELDS})
    files = SupplementFiles(typed(request), request.FILES or None)
    parts = (details, report, files)
    status = None
    # Each is checked, so that the page says at once all there is to mend.
    wrong = [form for form in parts if not form.is_valid()]
    if request.method == "POST" and not wrong:
        try:
            version = supplement(
                nomination,
                revision=revision_typed(request),
                facts=details.facts | report.cleaned_data,
                files=[(read_file(upload), piece, "") for upload, piece in files.uploads],
                by=request.user,
            )
        except DossierConflict as error:
            tell(details, error)
            nomination.refresh_from_db()
            status = MET
        except (DossierError, StageError) as error:
            field = getattr(error, "field", "")
            tell(files if field == "file" else details, error)
            status = REFUSED
        else:
            messages.success(request, f"Đã gửi bổ sung: bản {version.number} của đề nghị.")
            return redirect("nomination_detail", nomination.pk)
    elif request.method == "POST":
        status = REFUSED
    now = theirs(details, nomination) + theirs(report, nomination) if status == MET else []
    page = page_of(nomination.dossier) | {
        "nomination": nomination,
        "requests": requests,
        "details": details,
        "report": report,
        "files": files,
        "theirs": now,
        "file_lost": request.method == "POST" and bool(request.FILES),
        "revision": revision_typed(request) if request.method == "POST" and not now else nomination.revision,
    }
    return render(request, f"{TEMPLATES}/supplement.html", page, status=status or 200)
