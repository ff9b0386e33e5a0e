"""The higher level: what was submitted, what may be, the answers, what comes in place of a refusal (A5)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from units.documents import DocumentError, usual_term
from units.letterhead import PROVINCE_KIND
from units.models import Unit
from units.policy import signed_in

from ..decisions import answer_higher
from ..forms_decision import AnswerForm, SubmitForm, ids_of
from ..higher import HigherError, propose_fallback, submit
from ..queries_decision import higher_cases, submissions_of, why_none
from .decision_access import (
    METHODS,
    PER_PAGE,
    REFUSED,
    TEMPLATES,
    deciding_desk,
    desk_or_404,
    page_asked,
    status_of,
    tell,
    typed,
)


@require_safe
@signed_in
def higher_list(request, round_id):
    return list_page(request, desk_or_404(request.user, round_id))


def list_page(request, desk, *, form=None, chosen=(), status=200):
    candidates, submissions = higher_cases(desk)
    page = Paginator(submissions, PER_PAGE).get_page(page_asked(request))
    waiting = Paginator(candidates, PER_PAGE).get_page(request.GET.get("cho"))
    province = Unit.objects.filter(kind__code=PROVINCE_KIND, parent=None)[:1]
    context = {
        "desk": desk,
        "page": page,
        "query": "",
        "waiting": waiting,
        "chosen": set(chosen),
        "form": form or SubmitForm(initial={"term": usual_term(province)}),
    }
    return render(request, f"{TEMPLATES}/higher.html", context, status=status)


@require_POST
@signed_in
def higher_submit(request, round_id):
    """Submit the chosen cases with one Tờ trình."""
    desk = deciding_desk(request.user, round_id)
    form = SubmitForm(request.POST)
    chosen = ids_of(request.POST)
    if not chosen:
        form.add_error(None, "Hãy chọn ít nhất một hồ sơ để trình.")
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("sent_on", "number", "symbol", "term")}
        try:
            number = submit(desk.round, chosen, **facts, by=request.user)
        except (HigherError, DocumentError) as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã ghi trình cấp trên {number} hồ sơ.")
            return redirect("higher_list", round_id)
    return list_page(request, desk, form=form, chosen=chosen, status=REFUSED)


@require_http_methods(METHODS)
@signed_in
def higher_answer(request, round_id, nomination_id):
    """Write down the answer; after a refusal say what comes in its place, or why nothing does."""
    desk = deciding_desk(request.user, round_id)
    submission = get_object_or_404(submissions_of(desk), nomination=nomination_id)
    if submission.answer:
        messages.info(request, f"Đã ghi trả lời: {submission.get_answer_display()}.")
        return redirect("higher_list", round_id)
    form = AnswerForm(typed(request))
    if form.is_valid():
        submission.nomination.round = desk.round
        try:
            settled, fallback, why = answer_higher(
                submission.nomination, **form.cleaned_data, by=request.user
            )
        except HigherError as error:
            tell(form, error)
        else:
            messages.success(request, answered_words(settled, fallback, why))
            return redirect("higher_list", round_id)
    context = {"desk": desk, "submission": submission, "form": form}
    return render(request, f"{TEMPLATES}/answer.html", context, status=status_of(form))


def answered_words(submission, fallback, why):
    if submission.answer == submission.Answer.GRANTED:
        return "Đã ghi: cấp trên đã khen. Kết quả nằm trong văn bản sắp công bố."
    if fallback is None:
        return f"Đã ghi: cấp trên không khen. Không có hình thức thay: {why}"
    return (
        f"Đã ghi: cấp trên không khen. Cổng đề xuất {fallback.form.name}; Ban Thường vụ quyết định ở trang "
        "kết quả xét."
    )


@require_POST
@signed_in
def higher_fallback(request, round_id, nomination_id):
    """Propose once more, for example after the round's rule was mended."""
    desk = deciding_desk(request.user, round_id)
    submission = get_object_or_404(submissions_of(desk), nomination=nomination_id)
    submission.nomination.round = desk.round
    words = why_none(submission, desk.round)
    fallback, why = (None, words) if words else propose_fallback(submission.nomination, by=request.user)
    if fallback is None:
        messages.error(request, f"Không đề xuất được hình thức thay: {why}")
    else:
        messages.success(request, f"Đã đề xuất {fallback.form.name}; Ban Thường vụ quyết định.")
    return redirect("higher_list", round_id)
