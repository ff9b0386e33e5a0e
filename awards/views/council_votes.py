"""Counting: who does not vote on what, the table of counts, a count taken away again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from units.policy import signed_in

from ..council import CouncilChanged, CouncilError, quorum_words
from ..council_votes import COUNTS, drop_count, enter_counts, note_all_proposed, note_conflicts, stamp
from ..forms_council import LABELS, LETTERS, conflicts_typed, count_row
from ..models import Stage
from ..queries_council import lines_of, proposed
from ..voting import HANDS, PAPER, base_of, needed_votes
from .council_access import (
    MET,
    METHODS,
    PER_PAGE,
    REFUSED,
    TEMPLATES,
    keeper_desk,
    page_asked,
    shown_or_404,
)

SMALL_COLUMNS = {PAPER: COUNTS, HANDS: ("votes_for", "votes_against", "blank")}
HAND_LABELS = LABELS | {"blank": "Không có ý kiến"}


@require_http_methods(METHODS)
@signed_in
def council_conflict(request, round_id, nomination_id):
    """Who does not vote on this nomination; members of its unit are proposed and must be answered for."""
    desk = keeper_desk(request.user, round_id)
    shown_or_404(desk, nomination_id)
    (line,) = lines_of(desk, [nomination_id])
    unit_id = line.nomination.unit_id
    out, kept = reasons(line.out), reasons(line.kept)
    error, status = None, 200
    if request.method == "POST":
        out, kept = conflicts_typed(request.POST, desk.members, lambda one: proposed(one, unit_id))
        try:
            note_conflicts(desk.round, nomination_id, out=out, kept=kept, by=request.user)
        except CouncilError as refusal:
            error, status = refusal, MET if isinstance(refusal, CouncilChanged) else REFUSED
        else:
            messages.success(request, f"Đã ghi: {len(out)} thành viên không biểu quyết.")
            return redirect("council_nomination", round_id, nomination_id)
    rows = []
    for member in desk.members:
        belongs = proposed(member, unit_id)
        # A member of the unit is proposed as not voting until something else is said.
        fresh = belongs and request.method != "POST" and member.pk not in kept
        reason = out.get(member.pk) or kept.get(member.pk) or ("thuộc đơn vị đề nghị" if fresh else "")
        rows.append((member, belongs, member.pk in out or fresh, reason))
    page = {"desk": desk, "line": line, "rows": rows, "error": error, "counted": bool(line.result.counts)}
    return render(request, f"{TEMPLATES}/conflict.html", page, status=status)


def reasons(pairs):
    return {member.pk: reason for member, reason in pairs}


@require_http_methods(METHODS)
@signed_in
def council_conflicts_all(request, round_id):
    """In one act: every member of a nomination's own unit does not vote on it."""
    desk = keeper_desk(request.user, round_id)
    if request.method == "POST":
        try:
            number = note_all_proposed(desk.round, by=request.user)
        except CouncilError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                f"Đã ghi {number} lượt không biểu quyết của thành viên thuộc đơn vị đề nghị."
                if number
                else "Không còn trường hợp nào cần ghi.",
            )
    return redirect("council_count" if desk.is_sitting else "council_detail", round_id)


# The table of counts


class Row:
    """A line of the table: what is stored or was typed, what is wrong with it."""

    def __init__(self, desk, line, typed=None, errors=()):
        self.line, self.errors = line, errors
        self.wrong = {name for name, _ in errors}
        self.words = " ".join(message for _, message in errors)
        self.waiting = line.result.waiting_count
        # Entered by somebody else, and not for these eyes: neither shown nor written over.
        self.blind = self.waiting is not None and not line.sees_votes
        self.ballot = line.result.verdict.next_ballot
        self.stamp = stamp(self.waiting)
        base = base_of(desk.round.base, members=line.members, present=line.present)
        self.needed = needed_votes(base=base, threshold_percent=desk.round.threshold_percent)
        self.base = base
        self.cells = [
            (LETTERS[name], self.value(name, typed), name in self.wrong)
            for name in SMALL_COLUMNS[desk.round.method]
        ]

    def value(self, name, typed):
        if typed is not None:
            return typed[name]
        if self.waiting is not None:
            return str(getattr(self.waiting, name))
        # Usually everybody present gets a paper; a row is only read when votes are typed in it.
        return str(self.line.present) if name == "issued" else ""


def countable(desk):
    """Ids of the nominations whose ballot is open: to be counted, or counted and not confirmed."""
    return [
        pk
        for pk, row in desk.shown.items()
        if row.verdict.next_ballot is not None and row.stage == Stage.COUNCIL
    ]


@require_http_methods(METHODS)
@signed_in
def council_count(request, round_id):
    """Fifty rows of numbers, by keyboard from cell to cell; ?ho-so= shows one. What is right is kept."""
    desk = keeper_desk(request.user, round_id)
    if not desk.is_sitting:
        messages.info(request, "Chỉ nhập kết quả kiểm phiếu khi Hội đồng đang họp.")
        return redirect("council_detail", round_id)
    asked, wrong = {}, {}
    if request.method == "POST":
        asked = {pk: count_row(request.POST, pk, method=desk.round.method) for pk in ids_posted(request)}
        refusal, wrong = keep_counts(request, desk, asked)
        if refusal is None and not wrong:
            return redirect(after_counting(request, round_id))
        if refusal is not None:
            messages.error(request, str(refusal))
        desk = keeper_desk(request.user, round_id)
    return count_page(request, desk, asked, wrong)


def ids_posted(request):
    """Ids of the rows that the page showed, at most a page of them."""
    texts = request.POST.getlist("id")[:PER_PAGE]
    return list(dict.fromkeys(int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 18))


def keep_counts(request, desk, asked):
    """(why nothing could be kept or None, {nomination id: [(field, message)]})"""
    wrong = {pk: list(row.errors) for pk, row in asked.items() if row.errors}
    given = {
        pk: (row.ballot, row.seen, row.given)
        for pk, row in asked.items()
        if row.given is not None and pk in desk.shown
    }
    try:
        kept, refused = enter_counts(desk.round, given, by=request.user)
    except CouncilError as error:
        return error, wrong
    if kept:
        messages.success(request, f"Đã lưu kết quả của {len(kept)} hồ sơ, chờ người thứ hai xác nhận.")
    elif not wrong and not refused:
        messages.info(request, "Chưa có số nào mới để lưu.")
    return None, wrong | refused


def after_counting(request, round_id):
    """The same page again, or the following one."""
    text = request.POST.get("trang", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    if request.POST.get("action") == "next":
        number += 1
    return f"{reverse('council_count', args=[round_id])}?trang={number}"


def count_page(request, desk, asked, wrong):
    ids = countable(desk)
    one = request.GET.get("ho-so", "")
    if one.isascii() and one.isdigit() and len(one) < 18:
        ids = [pk for pk in ids if pk == int(one)]
    if asked:
        # After a refusal the same rows stand there, as typed.
        shown = [pk for pk in asked if pk in desk.shown and desk.shown[pk].verdict.next_ballot is not None]
        page = None
    else:
        page = Paginator(ids, PER_PAGE).get_page(page_asked(request))
        shown = list(page.object_list)
    rows = []
    for line in lines_of(desk, shown):
        pk = line.nomination.pk
        typed = asked[pk].typed if pk in wrong else None
        rows.append(Row(desk, line, typed, wrong.get(pk, ())))
    labels = HAND_LABELS if desk.round.method == HANDS else LABELS
    context = {
        "desk": desk,
        "rows": rows,
        "page": page,
        "number": page.number if page else page_asked(request) or "1",
        "columns": [(LETTERS[name], labels[name]) for name in SMALL_COLUMNS[desk.round.method]],
        "wrong": [(row.line.nomination, row.words) for row in rows if row.errors],
        "unnoted": any(row.line.unnoted for row in rows),
        "quorum": quorum_words(desk.round, desk.members),
    }
    return render(request, f"{TEMPLATES}/count.html", context, status=REFUSED if asked else 200)


@require_http_methods(METHODS)
@signed_in
def council_count_drop(request, round_id, nomination_id):
    """Take away a count that is not confirmed; a visit by address leads to the nomination."""
    desk = keeper_desk(request.user, round_id)
    shown_or_404(desk, nomination_id)
    if request.method == "POST":
        try:
            drop_count(desk.round, nomination_id, by=request.user)
        except CouncilError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Đã bỏ kết quả chưa xác nhận.")
    return redirect("council_nomination", round_id, nomination_id)
