"""Gia hạn, miễn, bỏ miễn: for one unit or for all that owe a form and period, previewed before it happens."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from plans.due_words import due_words
from plans.models import Obligation
from plans.obligations import ObligationError
from plans.status import review, timeliness
from reports.adjusting import adjust, preview
from reports.forms_officer import AdjustForm
from reports.policy import can_adjust

from ..unit.access import drop_held_text, held_text
from .access import officer_page, plan_obligation_or_404, plan_or_404, refused

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@officer_page
def obligation_adjust(request, obligation_id):
    """One unit's obligation."""
    obligation = plan_obligation_or_404(request.user, obligation_id)
    return adjust_page(request, [obligation], back=reverse("review_detail", args=[obligation_id]))


@require_http_methods(METHODS)
@officer_page
def period_adjust(request, form_code, period_key):
    """All units that owe the form in the period, under the plan in force."""
    obligations = list(
        Obligation.objects.visible_to(request.user)
        .of_plan()
        .filter(plan=plan_or_404(), form__code=form_code, period_key=period_key)
        .select_related("owner__kind", "form", "deadline", "plan")
        .order_by("-owner__kind__territorial", "owner__display_order", "pk")
    )
    if not obligations:
        raise Http404
    return adjust_page(request, obligations, back=f"{reverse('follow_up')}?viec={form_code}.{period_key}")


def adjust_page(request, obligations, *, back):
    """The form; then, on «Xem trước», whom it touches; then, on «Xác nhận», what was done."""
    decision = can_adjust(request.user, obligations[0])
    if not decision.allowed:
        return refused(request, decision, back)
    form = adjust_form(request, obligations)
    step = request.POST.get("step", "")
    touched = None
    if form.is_bound and form.is_valid():
        chosen = [row for row in obligations if str(row.pk) in form.cleaned_data["units"]]
        if step == "confirm":
            answer = confirm(request, form, chosen, back)
            if answer is not None:
                return answer
        if not form.errors:
            touched = preview(chosen, act=form.cleaned_data["act"], until=form.cleaned_data["until"])
    context = {
        "form": form,
        "obligations": obligations,
        "rows": [(row, timeliness(row), review(row), str(row.pk) in ticked(form)) for row in obligations],
        "first": obligations[0],
        "plan_label": str(obligations[0].plan),
        "due": due_words(obligations[0]),
        "several": len(obligations) > 1,
        "touched": touched,
        "changing": sum(row.changes for row in touched or []),
        "back": back,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reports/officer/adjust.html", context, status=status)


def adjust_form(request, obligations):
    if request.method == "POST":
        return AdjustForm(request.POST, obligations=obligations)
    if held := held_text(request):
        drop_held_text(request)
        return AdjustForm(initial=held, obligations=obligations)
    still_open = [str(row.pk) for row in obligations if not row.first_fulfilled_at and not row.waived_at]
    units = still_open if len(obligations) > 1 else [str(obligations[0].pk)]
    return AdjustForm(initial={"units": units}, obligations=obligations)


def ticked(form):
    value = form["units"].value() or []
    return [value] if isinstance(value, str) else value


def confirm(request, form, chosen, back):
    """Do it; the way back, or None with the reason on the form where nothing could be done."""
    given = form.cleaned_data
    try:
        done = adjust(chosen, act=given["act"], by=request.user, reason=given["reason"], until=given["until"])
    except ObligationError as error:
        form.add_error(None, str(error))
        return None
    label = dict(form.fields["act"].choices)[given["act"]]
    if done.done:
        messages.success(request, f"{label}: đã làm cho {', '.join(row.owner.label for row in done.done)}.")
    for obligation, why in done.skipped:
        messages.warning(request, f"{obligation.owner.label} giữ nguyên: {why}")
    return redirect(back)
