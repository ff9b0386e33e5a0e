"""The council of a round: where it stands, its nominations, one of them, the minutes."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal.downloads import attachment, stored
from doanportal.paper import to_docx, to_pdf
from units.events import record
from units.policy import signed_in

from ..council import missing_to_open, quorum_words
from ..council_votes import ties_of
from ..documents.minutes import minutes_paper
from ..forms_council import clock_words
from ..minutes_files import MOST_AT_ONCE, is_current, request_minutes, state_of
from ..models import Assessment, Council, Nomination, Visibility
from ..policy import can_confirm_votes
from ..queries_council import groups_of, lines_of
from ..voting import Outcome
from .council_access import METHODS, PER_PAGE, TEMPLATES, desk_or_404, page_asked, shown_or_404

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RENDERERS = {"pdf": (to_pdf, "application/pdf"), "docx": (to_docx, WORD)}


@require_safe
@signed_in
def council_detail(request, round_id):
    """The state of the session, what is still to be done, the nominations by form."""
    desk = desk_or_404(request.user, round_id)
    groups = groups_of(desk)
    chosen = request.GET.get("hinh-thuc", "")
    keys = {key for key, *_ in groups}
    ids = [
        pk
        for pk, row in desk.shown.items()
        if chosen not in keys or f"{row.group[0]}-{row.group[1]}" == chosen
    ]
    page = Paginator(ids, PER_PAGE).get_page(page_asked(request))
    context = {
        "desk": desk,
        "groups": groups,
        "chosen": chosen if chosen in keys else "",
        "query": f"hinh-thuc={chosen}&" if chosen in keys else "",
        "page": page,
        "lines": lines_of(desk, page.object_list),
        "numbers": progress(desk),
        "quorum": quorum_words(desk.round, desk.members),
        "starts": clock_words(desk.council.starts_time) if desk.council and desk.council.starts_time else "",
    }
    if desk.keeps and desk.council is not None:
        context |= {
            "ties": ties_of({pk: row for pk, row in desk.shown.items() if desk.sees_votes(row)}),
            "to_open": missing_to_open(desk.round, desk.council, desk.members)
            if desk.council.state == Council.State.PREPARED
            else None,
        }
    return render(request, f"{TEMPLATES}/detail.html", context)


def progress(desk):
    """How far the counting is: of the nominations this person sees here."""
    rows = desk.shown.values()
    return {
        "all": len(rows),
        "confirmed": sum(row.verdict.next_ballot is None for row in rows),
        "to_confirm": sum(row.waiting_count is not None for row in rows),
        "to_count": sum(row.verdict.next_ballot is not None and row.waiting_count is None for row in rows),
        "recommended": sum(row.outcome == Outcome.RECOMMENDED and desk.sees_votes(row) for row in rows),
    }


@require_safe
@signed_in
def council_nomination(request, round_id, nomination_id):
    """What the dossier says in short, remarks and votes as far as this person may see them."""
    desk = desk_or_404(request.user, round_id)
    result = shown_or_404(desk, nomination_id)
    nomination = get_object_or_404(
        Nomination.objects.select_related("unit", "form").filter(round=desk.round), pk=nomination_id
    )
    where = {"unit_id": nomination.unit_id, "stage": nomination.stage}
    sees_remarks = desk.sees(Visibility.What.REMARKS, **where)
    (line,) = lines_of(desk, [nomination_id])
    waiting = result.waiting_count
    context = {
        "desk": desk,
        "nomination": nomination,
        "line": line,
        "result": result,
        "sees_dossier": desk.sees(Visibility.What.DOSSIER, **where),
        "remarks": remarks_of(nomination) if sees_remarks else None,
        "may_confirm": desk.is_sitting
        and waiting is not None
        and can_confirm_votes(request.user, waiting).allowed,
        "may_drop": desk.keeps and desk.is_sitting and waiting is not None and line.sees_votes,
    }
    return render(request, f"{TEMPLATES}/nomination.html", context)


def remarks_of(nomination):
    return list(
        Assessment.objects.filter(nomination=nomination)
        .select_related("department", "version", "by")
        .order_by("at", "pk")
    )


def minutes_desk(user, round_id):
    """The desk of who may see all the votes: the minutes tell every one."""
    desk = desk_or_404(user, round_id)
    if not desk.sees_minutes:
        raise Http404
    return desk


@require_safe
@signed_in
def council_minutes(request, round_id, kind):
    """The minutes as a file, a draft until they are adopted; a long PDF is made by the worker."""
    desk = minutes_desk(request.user, round_id)
    if kind not in RENDERERS:
        raise Http404
    name = f"{'' if desk.is_closed else 'Dự thảo '}Biên bản Hội đồng {desk.round.name}.{kind}"
    long = kind == "pdf" and len(desk.results) > MOST_AT_ONCE
    render_paper, content_type = RENDERERS[kind]
    if long:
        _, finished = state_of(desk.council)
        if finished is None or not finished.file or not is_current(finished, desk.council):
            return redirect("council_minutes_file", round_id)
    else:
        content = render_paper(minutes_paper(desk.round, desk.council))
    record(verb="award_take_minutes", subject=desk.council, actor=request.user, to_state=kind)
    if long:
        return stored(request, finished.file, content_type, name, finished.sha256)
    return attachment(content, content_type, name)


@require_http_methods(METHODS)
@signed_in
def council_minutes_file(request, round_id):
    """The PDF of long minutes: ask for it, see that it is being made, take it."""
    desk = minutes_desk(request.user, round_id)
    if request.method == "POST":
        request_minutes(desk.council, by=request.user)
        return redirect("council_minutes_file", round_id)
    waiting, finished = state_of(desk.council)
    if finished is not None and not is_current(finished, desk.council):
        finished = None
    context = {"desk": desk, "waiting": waiting, "finished": finished, "number": len(desk.results)}
    return render(request, f"{TEMPLATES}/minutes_file.html", context)
