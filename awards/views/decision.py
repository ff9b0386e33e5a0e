"""Outcomes before the Standing Committee: the table, the council's word for all, preview and publishing."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from doanportal import clock
from doanportal.typed import clean_line
from units.policy import signed_in

from .. import publishing
from ..decisions import DecisionChanged, DecisionError, follow_council, save_outcomes
from ..forms_decision import outcome_rows
from ..models import Decision, Nomination
from ..queries_decision import TABS, case_rows, cases_of, overview_of, whole
from .decision_access import (
    MET,
    PER_PAGE,
    REFUSED,
    TEMPLATES,
    deciding_desk,
    decision_or_404,
    desk_or_404,
    page_asked,
)

LONGEST_QUERY = 100
LETTERS_SHOWN = 25


@require_safe
@signed_in
def decision_detail(request, round_id):
    """Every case that came before the Standing Committee with the council's word and its outcome."""
    return outcomes_page(request, desk_or_404(request.user, round_id))


@require_POST
@signed_in
def decision_outcome(request, round_id):
    """Save the rows of the page that were changed; what could not be saved comes back as typed."""
    desk = deciding_desk(request.user, round_id)
    given, wrong = outcome_rows(request.POST)
    shown = set(desk.cases().filter(pk__in=given).values_list("pk", flat=True))
    saved, refused = save_outcomes(
        desk.round, {pk: typed for pk, typed in given.items() if pk in shown}, by=request.user
    )
    wrong |= refused
    if saved:
        messages.success(request, f"Đã ghi kết quả của {len(saved)} hồ sơ; chưa công bố, đơn vị chưa thấy.")
    if wrong:
        return outcomes_page(request, desk, given=given, wrong=wrong, status=REFUSED)
    if not saved:
        messages.info(request, "Không có gì thay đổi.")
    return redirect(address(request, round_id))


def address(request, round_id):
    """The same tab, search and page again."""
    kept = {name: request.POST.get(name, "") for name in ("loc", "q", "trang")}
    query = urlencode({name: value[:LONGEST_QUERY] for name, value in kept.items() if value})
    path = reverse("decision_detail", args=[round_id])
    return f"{path}?{query}" if query else path


class Counted(Paginator):
    """A paginator that is told how many there are: the overview has counted them already."""

    def __init__(self, rows, per_page, number):
        super().__init__(rows, per_page)
        self.count = number


def outcomes_page(request, desk, *, given=None, wrong=None, status=200):
    asked = request.POST if request.method == "POST" else request.GET
    tab = asked.get("loc", "")
    tab = tab if tab in dict(TABS) else ""
    query = clean_line(asked.get("q", ""), LONGEST_QUERY)
    overview = overview_of(desk, tab=tab, query=query)
    if given is None:
        rows = Counted(case_rows(desk, tab=tab, query=query), PER_PAGE, overview.found)
        page = rows.get_page(page_asked(request))
        found = list(page.object_list)
    else:
        # What was sent is shown again, even where saving moved a row to another tab.
        page, found = None, list(whole(desk.cases().filter(pk__in=[*given, *wrong])))
    rows = [row_of(case, given or {}, wrong or {}) for case in cases_of(desk, found, overview.decisions)]
    kept = urlencode({name: value for name, value in (("loc", tab), ("q", query)) if value})
    context = {
        "desk": desk,
        "tabs": overview.tabs,
        "tab": tab,
        "q": query,
        "query": f"{kept}&" if kept else "",
        "page": page,
        "rows": rows,
        "wrong": [(row["case"].nomination, row["words"]) for row in rows if row["words"]],
        "decisions": overview.decisions,
    }
    return render(request, f"{TEMPLATES}/detail.html", context, status=status)


def row_of(case, given, wrong):
    """The row with what stands there, or what was typed where it could not be saved."""
    pk = case.nomination.pk
    words = wrong.get(pk, "")
    typed = given.get(pk) if words else None
    if typed is not None:
        outcome, reason = typed.outcome, typed.reason
    else:
        outcome, reason = (case.line.outcome, case.line.reason) if case.line else ("", "")
    return {"case": case, "outcome": outcome, "reason": reason, "words": words}


@require_POST
@signed_in
def decision_follow(request, round_id):
    """Write what the council said wherever nothing is written yet."""
    desk = deciding_desk(request.user, round_id)
    written = follow_council(desk.round, by=request.user)
    if written:
        messages.success(request, f"Đã ghi {written} kết quả theo Hội đồng. Xem lại trước khi công bố.")
    else:
        messages.info(request, "Không còn hồ sơ nào chưa ghi mà Hội đồng đã có kết quả.")
    return redirect("decision_detail", round_id)


# Preview and the one act


@require_safe
@signed_in
def decision_preview(request, round_id, decision_id):
    """Everything that publishing will do: list, golden book, every notice and to whom."""
    desk = deciding_desk(request.user, round_id)
    return preview_page(request, desk, decision_or_404(desk, decision_id))


@require_POST
@signed_in
def decision_publish(request, round_id, decision_id):
    desk = deciding_desk(request.user, round_id)
    decision = decision_or_404(desk, decision_id)
    try:
        entries = publishing.publish(decision, seen=request.POST.get("seen", ""), by=request.user)
    except DecisionChanged as error:
        decision = decision_or_404(desk, decision_id)
        return preview_page(request, desk, decision, words=str(error), status=MET)
    except DecisionError as error:
        decision = decision_or_404(desk, decision_id)
        return preview_page(request, desk, decision, words=str(error), status=REFUSED)
    book = f" Đã vào sổ vàng {len(entries)} dòng." if entries else ""
    messages.success(request, f"Đã công bố. Các đơn vị nhận thông báo về hồ sơ của mình.{book}")
    return redirect("decision_detail", round_id)


def preview_page(request, desk, decision, *, words="", status=200):
    if decision.state == Decision.State.PUBLISHED:
        messages.info(request, "Quyết định này đã công bố.")
        return redirect("decision_detail", desk.round.pk)
    now = clock.now()
    plan = publishing.publication_of(decision, now=now)
    names = publishing.post_names(plan.letters, on=timezone.localtime(now).date())
    page = Paginator(plan.letters, LETTERS_SHOWN).get_page(page_asked(request))
    refused = sum(line.outcome == Nomination.Outcome.REFUSED for line in plan.lines)
    context = {
        "desk": desk,
        "decision": decision,
        "plan": plan,
        "letters": [(letter, [names.get(user.pk, "") for user in letter.people]) for letter in page],
        "page": page,
        "query": "",
        "refused": refused,
        "higher": len(plan.lines) - len(plan.granted) - refused,
        "words": words,
        "unreached": [letter.unit for letter in plan.letters if not letter.people],
    }
    return render(request, f"{TEMPLATES}/preview.html", context, status=status)
