"""The paper of a decision: draft and final, number and day, the signed scan."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doanportal.downloads import attachment, stored
from doanportal.paper import to_docx, to_pdf
from units.documents import DocumentError, read_signed, usual_term
from units.events import record
from units.policy import signed_in
from volunteers.access_log import note_access
from volunteers.models import PersonalAccess

from ..decisions import DecisionError, attach_scan, number_decision, unnumber
from ..documents.decision import context as paper_of
from ..forms_decision import NumberForm, ScanForm
from ..models import Decision, DecisionLine, SubjectKind
from .decision_access import (
    METHODS,
    TEMPLATES,
    deciding_desk,
    decision_or_404,
    desk_or_404,
    not_found_unless,
    status_of,
    tell,
    typed,
)
from .dossier_access import PEOPLE_FIELDS

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RENDERERS = {"pdf": (to_pdf, "application/pdf"), "docx": (to_docx, WORD)}


@require_safe
@signed_in
def decision_paper(request, round_id, decision_id, kind):
    """The decision as PDF or Word; marked as a draft until it has its number."""
    desk = desk_or_404(request.user, round_id)
    if kind not in RENDERERS:
        raise Http404
    decision = decision_or_404(desk, decision_id)
    not_found_unless(decision.lines.exists())
    render_paper, content_type = RENDERERS[kind]
    content = render_paper(paper_of(decision))
    record(verb="award_take_decision", subject=decision, actor=request.user, to_state=kind)
    note_people(request.user, decision)
    document = decision.document
    draft = "" if document.number else "Dự thảo "
    number = f" {document.full_number}" if document.number else ""
    return attachment(
        content, content_type, f"{draft}{document.get_type_display()}{number} khen thưởng.{kind}"
    )


def note_people(user, decision):
    people = DecisionLine.objects.filter(
        decision=decision, nomination__subject_kind=SubjectKind.INDIVIDUAL
    ).count()
    note_access(
        actor=user,
        kind=PersonalAccess.Kind.PRINT,
        unit=decision.document.issuer,
        people=people,
        fields=PEOPLE_FIELDS,
    )


@require_http_methods(METHODS)
@signed_in
def decision_number(request, round_id, decision_id):
    """Number, day, term and signed scan as they come back; after publishing only a late scan."""
    desk = deciding_desk(request.user, round_id)
    decision = decision_or_404(desk, decision_id)
    published = decision.state == Decision.State.PUBLISHED
    files = request.FILES if request.method == "POST" else None
    if published:
        form = ScanForm(typed(request), files)
    else:
        form = NumberForm(typed(request), files, initial=first_words(decision))
    if form.is_valid():
        given = form.cleaned_data
        try:
            scan = read_signed(given["file"]) if given["file"] else None
            if published:
                attach_scan(decision, scan, by=request.user)
            else:
                facts = {name: given[name] for name in ("number", "symbol", "term", "date")}
                number_decision(decision, **facts, by=request.user, scan=scan)
        except (DocumentError, DecisionError) as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lưu bản đã ký." if published else "Đã ghi số, ngày của văn bản.")
            return redirect("decision_detail", round_id)
    context = {
        "desk": desk,
        "decision": decision,
        "form": form,
        "published": published,
        "file_lost": bool(files),
    }
    return render(request, f"{TEMPLATES}/number.html", context, status=status_of(form))


def first_words(decision):
    document = decision.document
    if document.is_issued:
        return {"number": document.full_number, "date": document.date, "term": document.term}
    return {"term": usual_term(document.issuer)}


@require_POST
@signed_in
def decision_unnumber(request, round_id, decision_id):
    """Take the number off again: the list can be mended, then numbered anew."""
    desk = deciding_desk(request.user, round_id)
    decision = decision_or_404(desk, decision_id)
    try:
        unnumber(decision, by=request.user)
    except DecisionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã bỏ số và bản đã ký; danh sách sửa được trở lại.")
    return redirect("decision_detail", round_id)


@require_safe
@signed_in
def decision_file(request, round_id, decision_id):
    """The signed scan."""
    desk = desk_or_404(request.user, round_id)
    decision = decision_or_404(desk, decision_id)
    document = decision.document
    not_found_unless(document.file)
    note_people(request.user, decision)
    return stored(request, document.file, document.content_type, document.original_name, document.sha256)
