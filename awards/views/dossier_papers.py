"""Minutes, files and papers of a dossier; number, day and signed scan of its Tờ trình."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal.downloads import attachment, stored
from doanportal.paper import to_docx, to_pdf
from units.documents import DocumentError, read_signed, usual_term
from units.policy import post_required
from volunteers.models import PersonalAccess

from ..documents import achievement, profile_list, proposal, unit_minutes
from ..dossiers import (
    MINUTES_FIELDS,
    DossierConflict,
    DossierError,
    add_file,
    number_proposal,
    remove_file,
    save_minutes,
)
from ..forms_dossier import FileForm, MinutesForm, ProposalForm
from ..models import Stage, SubjectKind, Visibility
from ..policy import can_prepare
from ..queries_dossier import readable_files, sight_of
from ..stages import StageError
from .dossier import page_of, shut_words
from .dossier_access import (
    MET,
    METHODS,
    REFUSED,
    TEMPLATES,
    desk_or_404,
    nomination_or_404,
    note_people,
    own_desk,
    own_nomination,
    require,
    revision_typed,
    status_of,
    tell,
    theirs,
    typed,
    with_names,
)
from .dossier_nominations import detail_page, file_form, refused

RENDERERS = {
    "pdf": (to_pdf, "application/pdf"),
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
# Paper: (words of the file name, how it is made of a dossier and its nominations)
PAPERS = {
    "to-trinh": ("Tờ trình", proposal.context),
    "bien-ban": ("Biên bản họp xét", unit_minutes.context),
    "trich-ngang-tap-the": (
        "Trích ngang tập thể",
        lambda dossier, rows: profile_list.context(dossier, rows, SubjectKind.COLLECTIVE),
    ),
    "trich-ngang-ca-nhan": (
        "Trích ngang cá nhân",
        lambda dossier, rows: profile_list.context(dossier, rows, SubjectKind.INDIVIDUAL),
    ),
}


@require_safe
@post_required
def dossier_paper(request, dossier_id, paper, kind):
    """A paper of the dossier as PDF or Word, of what stands in the portal now."""
    if paper not in PAPERS or kind not in RENDERERS:
        raise Http404
    desk = desk_or_404(request.user, dossier_id)
    words, context = PAPERS[paper]
    with_names(desk.dossier.unit)
    render_paper, content_type = RENDERERS[kind]
    content = render_paper(context(desk.dossier, desk.nominations))
    note_people(request.user, desk.dossier.unit, desk.nominations, PersonalAccess.Kind.PRINT)
    return attachment(content, content_type, f"{words} {desk.dossier.unit.short_name}.{kind}")


@require_safe
@post_required
def nomination_paper(request, nomination_id, kind):
    """Báo cáo thành tích with the place for the direct manager's confirmation."""
    if kind not in RENDERERS:
        raise Http404
    nomination, _ = nomination_or_404(request.user, nomination_id)
    with_names(nomination.unit)
    render_paper, content_type = RENDERERS[kind]
    content = render_paper(achievement.context(nomination.dossier, nomination))
    note_people(request.user, nomination.unit, [nomination], PersonalAccess.Kind.PRINT)
    return attachment(content, content_type, f"Báo cáo thành tích {nomination.pk}.{kind}")


@require_http_methods(METHODS)
@post_required
def dossier_minutes(request, dossier_id):
    """Minutes of the unit's own meeting: facts, and for each nominee the votes."""
    desk = own_desk(request.user, dossier_id)
    dossier = desk.dossier
    if shut := shut_words(dossier):
        return refused(request, dossier, shut)
    form = MinutesForm(
        typed(request),
        nominations=desk.nominations,
        initial={name: getattr(dossier, name) for name in MINUTES_FIELDS},
    )
    now, status = [], None
    if form.is_valid():
        try:
            save_minutes(
                dossier,
                revision=revision_typed(request),
                facts=form.facts,
                votes=form.votes,
                by=request.user,
            )
        except DossierConflict as error:
            tell(form, error)
            dossier.refresh_from_db()
            now, status = theirs(form, dossier), MET
        except DossierError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lưu biên bản họp xét.")
            return redirect("dossier_detail", dossier.pk)
    page = page_of(dossier) | {
        "form": form,
        "theirs": now,
        "revision": revision_typed(request) if form.is_bound and not now else dossier.revision,
    }
    return render(request, f"{TEMPLATES}/minutes.html", page, status=status or status_of(form))


@require_http_methods(METHODS)
@post_required
def dossier_number(request, dossier_id):
    """Number, day and signed scan of the Tờ trình as they come back from the clerk."""
    desk = own_desk(request.user, dossier_id)
    dossier = desk.dossier
    if shut := shut_words(dossier):
        return refused(request, dossier, shut)
    with_names(dossier.unit)
    files = request.FILES if request.method == "POST" else None
    form = ProposalForm(typed(request), files, initial=first_words(dossier))
    if form.is_valid():
        given = form.cleaned_data
        try:
            number_proposal(
                dossier,
                number=given["number"],
                symbol=given["symbol"],
                term=given["term"],
                date=given["date"],
                by=request.user,
                scan=read_signed(given["file"]) if given["file"] else None,
            )
        except (DocumentError, DossierError) as error:
            tell(form, error)
        else:
            words = "Đã ghi số, ngày và bản đã ký." if given["file"] else "Đã ghi số, ngày của Tờ trình."
            messages.success(request, words)
            return redirect("dossier_detail", dossier.pk)
    page = page_of(dossier) | {"form": form, "file_lost": bool(files), "document": dossier.proposal}
    return render(request, f"{TEMPLATES}/number.html", page, status=status_of(form))


def first_words(dossier):
    document = dossier.proposal
    if document is not None and document.is_issued:
        return {"number": document.full_number, "date": document.date, "term": document.term}
    return {"term": usual_term(dossier.unit)}


@require_safe
@post_required
def dossier_proposal_file(request, dossier_id):
    """The signed Tờ trình, for whoever reads the dossier."""
    desk = desk_or_404(request.user, dossier_id)
    document = desk.dossier.proposal
    if document is None or not document.file:
        raise Http404
    note_people(request.user, desk.dossier.unit, desk.nominations, PersonalAccess.Kind.PRINT)
    return stored(request, document.file, document.content_type, document.original_name, document.sha256)


@require_http_methods(["POST"])
@post_required
def nomination_file_add(request, nomination_id):
    """Attach evidence, or the scan of the confirmed report, to a nomination."""
    nomination, sight = own_nomination(request.user, nomination_id)
    form = file_form(request.POST, request.FILES)
    if shut := shut_words(nomination.dossier):
        return refused(request, nomination.dossier, shut)
    if form.is_valid() and keep(form, nomination.dossier, by=request.user, nomination=nomination):
        messages.success(request, "Đã thêm tệp.")
        return redirect("nomination_detail", nomination.pk)
    return detail_page(request, nomination, sight, file_form=form, status=REFUSED)


@require_http_methods(METHODS)
@post_required
def dossier_file_add(request, dossier_id):
    """Attach a scan of the minutes or another paper to the dossier itself."""
    desk = own_desk(request.user, dossier_id)
    dossier = desk.dossier
    if shut := shut_words(dossier):
        return refused(request, dossier, shut)
    files = request.FILES if request.method == "POST" else None
    form = FileForm(typed(request), files, of_nomination=False, initial={"kind": "minutes"})
    if form.is_valid() and keep(form, dossier, by=request.user):
        messages.success(request, "Đã thêm tệp.")
        return redirect("dossier_detail", dossier.pk)
    page = page_of(dossier) | {"form": form}
    return render(request, f"{TEMPLATES}/file.html", page, status=status_of(form))


def keep(form, dossier, *, by, nomination=None):
    """Whether the file was taken; what is wrong with it stands on the form."""
    given = form.cleaned_data
    try:
        add_file(
            dossier,
            upload=given["file"],
            kind=given["kind"],
            caption=given["caption"],
            by=by,
            nomination=nomination,
        )
    except DossierError as error:
        tell(form, error)
        return False
    return True


def file_or_404(user, file_id):
    """The file; that of a nomination from the stage on from which the nomination is seen."""
    file = get_object_or_404(readable_files(user), pk=file_id)
    sight = sight_of(user, file.dossier)
    stage = file.nomination.stage if file.nomination else Stage.CLUSTER
    if not sight.sees(Visibility.What.DOSSIER, stage):
        raise Http404
    return file


@require_safe
@post_required
def dossier_file(request, file_id):
    file = file_or_404(request.user, file_id)
    if file.nomination is not None:
        note_people(request.user, file.dossier.unit, [file.nomination], PersonalAccess.Kind.PERSON)
    return stored(request, file.file, file.content_type, file.original_name, file.sha256)


@require_http_methods(["POST"])
@post_required
def file_remove(request, file_id):
    """Take a file off again, before hand-in."""
    file = file_or_404(request.user, file_id)
    require(can_prepare(request.user, file.dossier.unit))
    try:
        remove_file(file, by=request.user)
    except (DossierError, StageError) as error:
        return refused(request, file.dossier, str(error))
    messages.success(request, "Đã bỏ tệp.")
    if file.nomination_id:
        return redirect("nomination_detail", file.nomination_id)
    return redirect("dossier_detail", file.dossier_id)
