"""The founding decision: its draft as PDF and Word; number, date and scan as they come back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doanportal import clock
from doanportal.downloads import attachment, stored
from plans.due_words import due_words
from plans.models import Obligation
from units.documents import DocumentError, read_signed, usual_term
from units.events import record
from units.models import Document
from units.policy import post_required

from ..access_log import note_access
from ..documents.team_decision import RENDERERS, NoRoster, context
from ..forms_teams import DecisionForm
from ..models import PersonalAccess, Team
from ..policy import can_record_decision, can_see_people
from ..queries_teams import DRAFTED
from ..team_papers import can_note_papers, note_papers
from ..teams import (
    DECISION_FORM,
    TeamError,
    cause_of,
    decision_obligation,
    decision_symbol,
    record_decision,
)
from .team_access import METHODS, TEMPLATES, managed_team, require, status_of, team_or_404, tell, with_names


@require_safe
@post_required
def team_decision(request, team_id, kind):
    """The draft to be signed, with the roster of today. Making it is written down as a view of people."""
    if kind not in RENDERERS:
        raise Http404
    team = managed_team(request.user, team_id)
    require(can_see_people(request.user, team.unit))
    if team.is_maintained:
        raise PermissionDenied("Đội hình duy trì từ trước không cần Quyết định thành lập mới.")
    with_names(team.unit)
    try:
        paper, rows = context(team)
    except NoRoster as error:
        messages.warning(request, str(error))
        return redirect("team_detail", team.pk)
    render_paper, content_type = RENDERERS[kind]
    content = render_paper(paper)
    with transaction.atomic():
        note_access(
            actor=request.user,
            kind=PersonalAccess.Kind.PRINT,
            unit=team.unit,
            team=team,
            people=len(rows),
        )
        record(verb=DRAFTED, subject=team, actor=request.user, unit=team.unit, to_state=kind)
    return attachment(content, content_type, f"Dự thảo Quyết định {team.unit.short_name}.{kind}")


@require_http_methods(METHODS)
@post_required
def team_decision_record(request, team_id):
    """Number, date, signed scan; also their correction. For the province's team văn thư may do it too."""
    team = team_or_404(request.user, team_id)
    require(can_record_decision(request.user, team))
    with_names(team.unit)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=first_words(team),
    )
    if form.is_valid():
        try:
            keep(team, form.cleaned_data, by=request.user)
        except (DocumentError, TeamError) as error:
            tell(form, error)
        else:
            messages.success(request, told(team, form.cleaned_data))
            return redirect("team_detail", team.pk)
    document = team.document
    page = {
        "team": team,
        "form": form,
        "document": document,
        "file_lost": request.method == "POST" and bool(request.FILES),
    }
    return render(request, f"{TEMPLATES}/decision.html", page, status=status_of(form))


def first_words(team):
    document = team.document
    if document is not None and document.is_issued:
        return {"number": document.full_number, "date": document.date, "term": document.term}
    return {"term": usual_term(team.unit)}


def keep(team, given, *, by):
    scan = read_signed(given["file"]) if given["file"] else None
    return record_decision(
        team,
        number=given["number"],
        symbol=given["symbol"] or ("" if team.document else decision_symbol(team.unit)),
        term=given["term"],
        date=given["date"],
        by=by,
        scan=scan,
    )


def told(team, given):
    """What was kept, and by when decision and roster are owed."""
    words = "Đã ghi số, ngày và bản đã ký." if given["file"] else "Đã ghi số, ngày của Quyết định."
    owed = decision_obligation(team)
    if owed is None or owed.waived_at:
        return words
    if owed.first_fulfilled_at:
        return f"{words} Quyết định và danh sách đã gửi Tỉnh Đoàn."
    return f"{words} {due_words(owed)}: gửi bản đã ký cùng danh sách đội hình."


@require_safe
@post_required
def team_of_obligation(request, obligation_id):
    """Where D7 is worked on: the team it is about; a foreign one is 404."""
    obligation = get_object_or_404(
        Obligation.objects.visible_to(request.user).filter(form__code=DECISION_FORM), pk=obligation_id
    )
    kind, _, team_id = obligation.cause.partition(":")
    if not team_id.isdigit() or cause_of(team_id) != f"{kind}:{team_id}":
        raise Http404
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=team_id)
    return redirect("team_detail", team.pk)


@require_safe
@post_required
def document_file(request, document_id):
    """A signed paper. That of a team lists people: only for who may read those, and written down."""
    document = get_object_or_404(
        Document.objects.visible_to(request.user)
        .select_related("issuer__kind", "founded_team")
        .exclude(file=""),
        pk=document_id,
    )
    team = getattr(document, "founded_team", None)
    if team is not None:
        require(can_see_people(request.user, document.issuer))
        members = team_or_404(request.user, team.pk).members
        note_access(
            actor=request.user,
            kind=PersonalAccess.Kind.PRINT,
            unit=document.issuer,
            team=team,
            # The roster of then is on the paper, not in the portal: at least one person is shown.
            people=max(members, 1),
            fields="Quyết định và danh sách kèm theo",
        )
    return stored(request, document.file, document.content_type, document.original_name, document.sha256)


@require_POST
@post_required
def team_papers_note(request, team_id):
    """«Đã tiếp nhận» of the decision and roster that the unit sent."""
    team = team_or_404(request.user, team_id)
    obligation = decision_obligation(team)
    if obligation is None or obligation.accepted_at is None:
        require(can_note_papers(request.user, team, obligation))
        try:
            note_papers(team, by=request.user, at=clock.now())
        except TeamError as error:
            messages.warning(request, str(error))
            return redirect("team_detail", team.pk)
    messages.success(request, "Đã tiếp nhận Quyết định và danh sách; đơn vị được báo.")
    return redirect("team_detail", team.pk)
