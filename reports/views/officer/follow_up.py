"""Đôn đốc: who has not handed in, the text for the Zalo group, and the calls that were made."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from plans import due_words
from plans.addresses import has_report
from plans.status import Timeliness
from reports.follow_up import SENDER, FollowUpError, log_contact, zalo_texts
from reports.forms_officer import ContactForm, cluster_choice
from reports.policy import can_review
from reports.queries_follow_up import calls, owing, owing_one, pressing
from units.models import Role
from units.policy import province_required

from ..unit.access import drop_held_text, held_text
from .access import officer_page, plan_obligation_or_404, plan_or_404, refused, way_back


@require_safe
@province_required
def follow_up(request):
    """The units that still owe a form, with whom to call, and the message that names them."""
    plan, now = plan_or_404(), clock.now()
    clusters = cluster_choice(request)
    found = calls(plan, now=now)
    asked = request.GET.get("viec", "")
    call = next((row for row in found if row.key == asked), None) or pressing(found, now=now)
    rows = owing(plan, call, request.user, cluster=clusters.chosen, now=now) if call else []
    missing = [row.obligation for row in rows if not row.obligation.first_fulfilled_at]
    context = {
        "plan_label": str(plan),
        "calls": found,
        "call": call,
        "clusters": clusters,
        "rows": [(row, due_words.left_words(row.obligation, now=now)) for row in rows],
        "missing": len(missing),
        "due": due_words.due_words(missing[0]) if missing and has_report(missing[0]) else "",
        "texts": zalo_texts(missing, sender=sender_of(request.user), now=now),
        "contact_form": ContactForm(),
        "overdue": any(row.timeliness == Timeliness.OVERDUE for row in rows),
        "here": request.get_full_path(),
        "now": now,
    }
    return render(request, "reports/officer/follow_up.html", context)


def sender_of(user):
    """Who asks in the message: the officer's own department, Ban Phong trào for everybody else."""
    if user.is_lead_officer:
        return SENDER
    officer = next((post for post in user.current_posts if post.role == Role.OFFICER), None)
    return officer.unit.name if officer else SENDER


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page
def contact_log(request, obligation_id):
    """Log a call about one obligation; the form comes back with its words where something is wrong."""
    obligation = plan_obligation_or_404(request.user, obligation_id)
    back = way_back(request, reverse("review_detail", args=[obligation_id]))
    decision = can_review(request.user, obligation)
    if not decision.allowed:
        return refused(request, decision, back)
    typed = request.POST if request.method == "POST" else held_text(request)
    drop_held_text(request)
    form = ContactForm(typed) if typed else ContactForm()
    if request.method == "POST" and form.is_valid():
        try:
            log_contact(obligation, by=request.user, **form.cleaned_data)
        except FollowUpError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã ghi lượt đôn đốc {obligation.owner.label}.")
            return redirect(back)
    context = {
        "obligation": obligation,
        "owing": owing_one(obligation.pk, request.user),
        "contact_form": form,
        "back": back,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reports/officer/contact.html", context, status=status)
