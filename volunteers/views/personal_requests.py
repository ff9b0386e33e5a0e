"""Requests of people about their own data: write one down, answer, extend once, carry out, refuse."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from units.policy import post_required

from .. import data_requests as rules
from ..data_requests import RequestError
from ..forms_personal import DoneForm, ExtendForm, RefuseForm, RequestForm
from ..models import DataSubjectRequest
from ..policy_personal import can_decide, can_keep_records, personal_required
from ..queries_personal import open_first, request_lines, requests_for
from .personal import TEMPLATES, page_of
from .personal_person import METHODS, living_or_404, look

DONE_WORDS = {
    "access": "Đã gửi bản sao, đã cho xem",
    "correct": "Đã sửa thông tin",
    "withdraw": "Rút lại: rời đội hình từ hôm nay, ngừng sử dụng",
    "restrict": "Hạn chế xử lý từ bây giờ",
    "object": "Ngừng xử lý từ bây giờ",
}


@require_safe
@personal_required
def request_list(request):
    """Open ones first, by the day to act; names are on the request's own page."""
    page = page_of(open_first(requests_for(request.user)), request)
    context = {"page": page, "requests": request_lines(page.object_list, now=clock.now())}
    return render(request, f"{TEMPLATES}/request_list.html", context)


@require_http_methods(METHODS)
@post_required
def request_create(request, person_id):
    """Write down what a person of the own unit asked, on the person's behalf."""
    person = living_or_404(request.user, person_id, allowed=can_keep_records)
    form = RequestForm(request.POST) if request.method == "POST" else RequestForm()
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = rules.receive(
                person,
                kind=given["kind"],
                channel=given["channel"],
                third_party=given["third_party"],
                received_at=form.received_at,
                by=request.user,
            )
        except RequestError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi yêu cầu; hai thời hạn được tính từ ngày nhận.")
            return redirect("request_detail", made.pk)
    if not form.is_bound:
        look(request, person)
    context = {"person": person, "form": form}
    return render(request, f"{TEMPLATES}/request_form.html", context, status=422 if form.errors else 200)


def request_or_404(user, request_id):
    return get_object_or_404(requests_for(user), pk=request_id)


@require_safe
@personal_required
def request_detail(request, request_id):
    return detail_page(request, request_or_404(request.user, request_id))


def detail_page(request, asked, **forms):
    """The request with its clocks and what may be done; a form that was refused comes back as typed."""
    if not forms:
        look(request, asked.person, fields="họ tên")
    [line] = request_lines([asked], now=clock.now())
    is_open = asked.state in rules.OPEN_STATES
    extend, done = forms.get("extend", ExtendForm()), forms.get("done", DoneForm())
    refuse = forms.get("refuse", RefuseForm(auto_id="id_refuse_%s"))
    refused = [form for form in (extend, done, refuse) if form.errors]
    context = {
        "asked": asked,
        "line": line,
        "is_open": is_open,
        "may_decide": can_decide(request.user, asked.unit).allowed,
        "may_extend": is_open and not asked.extended and clock.now() <= asked.act_due_at,
        "extend": extend,
        "done": done,
        "refuse": refuse,
        "refused": refused[0] if refused else None,
        "done_words": DONE_WORDS.get(asked.kind, ""),
        "deletes": asked.kind == DataSubjectRequest.Kind.DELETE,
    }
    return render(request, f"{TEMPLATES}/request.html", context, status=422 if refused else 200)


def request_act(view):
    """A step by POST for who decides; a visit by address leads to the request; its refusal is shown there."""

    @require_http_methods(METHODS)
    @personal_required
    @wraps(view)
    def guarded(request, request_id):
        asked = request_or_404(request.user, request_id)
        if request.method != "POST":
            return redirect("request_detail", asked.pk)
        if not (decision := can_decide(request.user, asked.unit)):
            raise PermissionDenied(decision.reason)
        return view(request, asked)

    return guarded


def step(request, asked, name, form, act, success):
    """Check the form, take the step, back to the request; a refusal shows the form as it was typed."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except RequestError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, success)
            return redirect("request_detail", asked.pk)
    return detail_page(request, asked, **{name: form})


@request_act
def request_answer(request, asked):
    try:
        rules.answer(asked, by=request.user)
    except RequestError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã ghi việc trả lời người yêu cầu.")
    return redirect("request_detail", asked.pk)


@request_act
def request_extend(request, asked):
    def act(given):
        rules.extend(asked, days=given["days"], reason=given["reason"], by=request.user)

    return step(request, asked, "extend", ExtendForm(request.POST), act, "Đã gia hạn thực hiện.")


@request_act
def request_done(request, asked):
    def act(given):
        rules.carry_out(asked, outcome=given["outcome"], by=request.user)

    return step(request, asked, "done", DoneForm(request.POST), act, "Đã thực hiện yêu cầu.")


@request_act
def request_refuse(request, asked):
    def act(given):
        rules.refuse(asked, reason=given["reason"], by=request.user)

    form = RefuseForm(request.POST, auto_id="id_refuse_%s")
    return step(request, asked, "refuse", form, act, "Đã ghi lý do không thực hiện.")
