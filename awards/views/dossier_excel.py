"""Trích ngang from Excel: the template, the check of a file shown first, then taken over as a whole."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal.downloads import attachment
from units.policy import post_required
from volunteers.forms_workbooks import UploadForm
from volunteers.workbook.findings import WorkbookRefused
from volunteers.workbook.plan import ADD, CHANGE, SAME, WRONG

from .. import workbook_sheet as sheet
from ..dossiers import DossierError
from ..models import SubjectKind
from ..queries_dossier import forms_for
from .dossier import page_of, shut_words
from .dossier_access import METHODS, REFUSED, TEMPLATES, own_desk, typed
from .dossier_nominations import KINDS, refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACTIONS = ((ADD, "thêm"), (CHANGE, "đổi"), (SAME, "giữ nguyên"), (WRONG, "lỗi"))


def place_of(request, dossier_id, subject):
    """(dossier, kind, forms of the round for it); an unknown kind, or one the round has not, is 404."""
    dossier = own_desk(request.user, dossier_id).dossier
    kind = KINDS.get(subject)
    forms = list(forms_for(dossier.round, kind)) if kind else []
    if not forms:
        raise Http404
    return dossier, kind, forms


@require_safe
@post_required
def nomination_template(request, dossier_id, subject):
    """The empty workbook to fill in."""
    dossier, kind, forms = place_of(request, dossier_id, subject)
    content = sheet.template_of(dossier, kind, forms)
    return attachment(content, XLSX, f"Mẫu trích ngang {kind.label}.xlsx")


@require_http_methods(METHODS)
@post_required
def nomination_import(request, dossier_id, subject):
    """Upload and see; the second button takes over what was seen."""
    dossier, kind, forms = place_of(request, dossier_id, subject)
    if shut := shut_words(dossier):
        return refused(request, dossier, shut)
    if request.method == "POST" and request.POST.get("seen"):
        return take_over(request, dossier, kind, forms)
    form = UploadForm(typed(request), request.FILES or None)
    plan = None
    if form.is_valid():
        try:
            reading = sheet.read_upload_rows(form.cleaned_data["file"], sheet.definition_of(kind, forms))
            plan = sheet.check(reading, dossier, kind, forms)
        except WorkbookRefused as error:
            plan = sheet.refused(error)
    return import_page(request, dossier, kind, form, plan)


def import_page(request, dossier, kind, form, plan, *, message=""):
    wrong = bool(message) or (form.is_bound and not form.is_valid())
    page = page_of(dossier) | {
        "form": form,
        "kind": kind,
        "individual": kind == SubjectKind.INDIVIDUAL,
        "message": message,
        "plan": plan,
    }
    if plan is not None:
        ready = bool(plan.writes) and not plan.findings.errors
        wrong = wrong or bool(plan.findings.errors)
        page |= {
            "findings": sheet.shown_findings(plan),
            "actions": [(action, words, plan.counts[action]) for action, words in ACTIONS],
            "seen": sheet.sealed(plan, dossier, kind, request.user) if ready else "",
        }
    return render(request, f"{TEMPLATES}/import.html", page, status=REFUSED if wrong else 200)


def take_over(request, dossier, kind, forms):
    try:
        writes = sheet.unsealed(request.POST["seen"], dossier, kind, request.user)
        added, changed = sheet.take(
            dossier, subject_kind=kind, writes=writes, award_forms=forms, by=request.user
        )
    except (sheet.SheetError, DossierError) as error:
        return import_page(request, dossier, kind, UploadForm(), None, message=str(error))
    messages.success(request, f"Đã ghi từ Excel: thêm {added}, đổi {changed} đề nghị.")
    return redirect("dossier_detail", dossier.pk)
