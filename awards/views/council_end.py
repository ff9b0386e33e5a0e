"""After counting: the second person, the chair's word on a tie, the minutes adopted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from doanportal.typed import clean_line
from units.policy import signed_in

from ..council import CouncilChanged, CouncilError, close_council, left_behind, missing_to_close
from ..council_votes import confirm_by_counting_again, confirm_counts, rule_tie, stamp, ties_of
from ..forms_council import LABELS, LETTERS, CloseForm, clock_words, count_row
from ..models import Stage
from ..policy import can_confirm_votes
from ..queries_council import lines_of
from ..voting import HANDS, Why
from .council_access import (
    MET,
    METHODS,
    PER_PAGE,
    REFUSED,
    TEMPLATES,
    desk_or_404,
    keeper_desk,
    page_asked,
    shown_or_404,
)
from .council_votes import HAND_LABELS, SMALL_COLUMNS, ids_posted

LONGEST_REASON = 300


def waiting_ids(desk):
    return [
        pk for pk, row in desk.shown.items() if row.waiting_count is not None and row.stage == Stage.COUNCIL
    ]


@require_http_methods(METHODS)
@signed_in
def council_confirm(request, round_id):
    """Counts that wait for a second person: one by one, or all that this page shows, as shown."""
    desk = desk_or_404(request.user, round_id)
    if not desk.is_sitting:
        messages.info(request, "Chỉ xác nhận kết quả kiểm phiếu khi Hội đồng đang họp.")
        return redirect("council_detail", round_id)
    wrong, status = {}, 200
    if request.method == "POST":
        wrong, status = confirm_shown(request, desk)
        if not wrong and status == 200:
            return redirect("council_confirm", round_id)
        desk = desk_or_404(request.user, round_id)
    page = Paginator(waiting_ids(desk), PER_PAGE).get_page(page_asked(request))
    lines = lines_of(desk, page.object_list)
    counts = [line.result.waiting_count for line in lines]
    rows = [
        {
            "line": line,
            "count": count,
            "stamp": stamp(count),
            "own": count.entered_by_id == request.user.pk,
            "wrong": wrong.get(line.nomination.pk, ""),
        }
        for line, count in zip(lines, counts, strict=True)
    ]
    context = {
        "desk": desk,
        "rows": rows,
        "page": page,
        "wrong": wrong,
        "hands": desk.round.method == HANDS,
        "may_all": sum(row["line"].sees_votes and not row["own"] for row in rows) > 1,
    }
    return render(request, f"{TEMPLATES}/confirm.html", context, status=status)


def confirm_shown(request, desk):
    """({nomination id: message}, status). Only counts whose numbers this person was shown."""
    one = request.POST.get("one", "")
    given = {
        pk: clean_line(request.POST.get(f"{pk}s", ""), 80)
        for pk in ids_posted(request)
        if (request.POST.get("action") == "all" or str(pk) == one)
        and pk in desk.shown
        and desk.sees_votes(desk.shown[pk])
    }
    if not given:
        messages.info(request, "Chưa chọn kết quả nào để xác nhận.")
        return {}, REFUSED
    try:
        done, wrong = confirm_counts(desk.round, given, by=request.user)
    except CouncilError as error:
        messages.error(request, str(error))
        return {}, REFUSED
    if done:
        messages.success(request, f"Đã xác nhận kết quả của {len(done)} hồ sơ.")
    return wrong, REFUSED if wrong else 200


@require_http_methods(METHODS)
@signed_in
def council_confirm_one(request, round_id, nomination_id):
    """The second person counts the papers too and types the numbers: the same ones confirm the count."""
    desk = desk_or_404(request.user, round_id)
    result = shown_or_404(desk, nomination_id)
    count = result.waiting_count
    if count is None or not desk.is_sitting:
        messages.info(request, "Không có kết quả nào của hồ sơ này chờ xác nhận.")
        return redirect("council_nomination", round_id, nomination_id)
    decision = can_confirm_votes(request.user, count)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    row, errors = None, ()
    if request.method == "POST":
        row = count_row(request.POST, nomination_id, method=desk.round.method)
        errors = row.errors or (() if row.given else (("votes_for", "Hãy nhập số phiếu đã đếm."),))
        if not errors:
            try:
                confirm_by_counting_again(desk.round, nomination_id, figures=row.given, by=request.user)
            except CouncilError as error:
                errors = ((error.field, str(error)),)
            else:
                messages.success(request, "Hai lần đếm khớp nhau: đã xác nhận.")
                return redirect("council_confirm", round_id)
    (line,) = lines_of(desk, [nomination_id])
    labels = HAND_LABELS if desk.round.method == HANDS else LABELS
    wrong = {name for name, _ in errors}
    context = {
        "desk": desk,
        "line": line,
        "ballot": count.ballot,
        "errors": errors,
        "cells": [
            (LETTERS[name], labels[name], row.typed[name] if row else "", name in wrong)
            for name in SMALL_COLUMNS[desk.round.method]
        ],
    }
    return render(request, f"{TEMPLATES}/confirm_one.html", context, status=REFUSED if errors else 200)


# Ties


@require_http_methods(METHODS)
@signed_in
def council_tie(request, round_id):
    """Ties: those to be voted on again, those for the chair, and what the chair has ruled."""
    desk = keeper_desk(request.user, round_id)
    error, typed, status = None, {}, 200
    if request.method == "POST":
        among = numbers(request.POST.get("among", "").split(","))
        chosen = numbers(request.POST.getlist("chosen"))
        reason = clean_line(request.POST.get("reason", ""), LONGEST_REASON)
        typed = {"among": among, "chosen": chosen, "reason": reason}
        if not all(pk in desk.shown and desk.sees_votes(desk.shown[pk]) for pk in among):
            raise Http404
        try:
            rule_tie(desk.round, among=among, chosen=chosen, reason=reason, by=request.user)
        except CouncilError as refusal:
            error, status = refusal, MET if isinstance(refusal, CouncilChanged) else REFUSED
        else:
            messages.success(request, "Đã ghi ý kiến quyết định của Chủ tịch.")
            return redirect("council_tie", round_id)
    return tie_page(request, desk, error, typed, status)


def numbers(texts):
    """The ids in those texts, each once, nonsense left out."""
    found = (text.strip() for text in texts)
    return list(dict.fromkeys(int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 18))


def tie_page(request, desk, error, typed, status):
    ties = [
        tie
        for tie in ties_of(desk.shown)
        if all(pk in desk.shown and desk.sees_votes(desk.shown[pk]) for pk in tie[2])
    ]
    lines = {line.nomination.pk: line for line in lines_of(desk, [pk for tie in ties for pk in tie[2]])}
    shown = []
    for why, seats, among in ties:
        mine = typed.get("among") and sorted(typed["among"]) == sorted(among)
        chosen = (
            typed["chosen"] if mine else [pk for pk in among if lines[pk].result.outcome == "recommended"]
        )
        ruled = lines[among[0]].result.ruling_reason if why == Why.RULED_IN else ""
        shown.append(
            {
                "revote": why == Why.REVOTE,
                "ruled": why == Why.RULED_IN,
                "seats": seats,
                "among": ",".join(map(str, among)),
                "key": among[0],
                "rows": [(lines[pk], pk in chosen) for pk in among],
                "reason": typed["reason"] if mine else ruled,
                "ballot": lines[among[0]].result.verdict.ballot,
                "error": error if mine else None,
            }
        )
    context = {"desk": desk, "ties": shown, "error": error}
    return render(request, f"{TEMPLATES}/tie.html", context, status=status)


# Closing


@require_http_methods(METHODS)
@signed_in
def council_close(request, round_id):
    """What is still missing; then the last words of the minutes, and they are adopted."""
    desk = keeper_desk(request.user, round_id)
    if desk.council is None or desk.is_closed:
        return redirect("council_detail", round_id)
    form = CloseForm(
        request.POST if request.method == "POST" else None, initial={"discussion": desk.council.discussion}
    )
    if form.is_valid():
        try:
            close_council(desk.round, by=request.user, **form.cleaned_data)
        except CouncilError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Đã thông qua biên bản; các hồ sơ chuyển đến Ban Thường vụ.")
            return redirect("council_detail", round_id)
    context = {
        "desk": desk,
        "form": form,
        "missing": missing_to_close(desk.round, desk.council, desk.results.values(), desk.members),
        "behind": left_behind(desk.round),
        "started": clock_words(desk.council.starts_time) if desk.council.starts_time else "",
    }
    return render(request, f"{TEMPLATES}/close.html", context, status=REFUSED if form.errors else 200)
