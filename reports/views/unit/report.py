"""A report as a whole: written section by section, or read as it was handed in, with its history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from doanportal import clock
from plans.addresses import address_of, has_report
from plans.due_words import due_words, period_words
from plans.status import review, timeliness
from reports.drafts import DraftError, discard_draft, first_of_month, open_draft, resolve_remark
from reports.models import Remark, SignedCopy, Version
from reports.policy import can_edit, can_submit, can_upload_signed
from reports.presenters.history import happenings
from reports.presenters.reading import progress_of, read_submitted
from reports.presenters.remarks import to_fix
from reports.presenters.time_left import time_words
from reports.queries_unit import (
    handed_in_versions,
    history,
    last_send_back,
    load_draft,
    load_submitted,
)
from reports.review import compare, open_remarks, version_before
from units.policy import signed_in

from .access import any_obligation_or_404, held_text, may_read_people, obligation_or_404, posts_only
from .section_page import WHOLE, is_short, page_of, show, with_held


@require_safe
@signed_in
def report_detail(request, obligation_id):
    """The section list of a draft, a short form whole, or the report as it was handed in."""
    obligation = any_obligation_or_404(request.user, obligation_id)
    if not has_report(obligation):
        return redirect(address_of(obligation))
    writes = can_edit(request.user, obligation).allowed
    if writes and obligation.owner_id not in request.user.unit_ids:
        return redirect("on_behalf", obligation_id)
    if obligation.current_id and not (writes and obligation.draft_id):
        return read_page(request, obligation)
    if not writes:
        return render(
            request,
            "reports/unit/not_sent.html",
            {"obligation": obligation, "plan_label": str(obligation.plan)},
        )
    draft = load_draft(obligation)
    begun = clock.today() >= obligation.period_from
    if begun and is_short(draft) and not draft.remarks:
        page = page_of(request, draft, WHOLE)
        held = held_text(request)
        return show(with_held(page, held) if held else page)
    return draft_page(request, draft, begun=begun)


def draft_page(request, draft, *, begun):
    obligation = draft.obligation
    context = {
        "draft": draft,
        "obligation": obligation,
        "plan_label": str(obligation.plan),
        "begun": begun,
        "progress": progress_of(draft),
        "to_fix": to_fix(
            draft.remarks, [section.form_section for section in draft.sections], draft.context.targets
        ),
        "send_back": last_send_back(obligation) if obligation.sent_back_at else None,
        "time": time_words(obligation),
        "period": period_words(obligation),
        "timeliness": timeliness(obligation),
        "whole": WHOLE if is_short(draft) else "",
        "may_submit": can_submit(request.user, obligation).allowed,
    }
    return render(request, "reports/unit/detail.html", context)


def read_page(request, obligation, *, number=None):
    """A handed-in version (the current one by default), read only, with its papers and its history."""
    past = history_context(request, obligation)
    version = next((row for row in past["versions"] if number in (None, row.number)), None)
    if version is None:
        raise Http404
    content = load_submitted(obligation, version)
    form_sections = [section.form_section for section in content.sections]
    remarks = open_remarks(obligation.report) if obligation.sent_back_at else []
    context = {
        "obligation": obligation,
        "plan_label": str(obligation.plan),
        "version": version,
        "sections": read_submitted(content, month=first_of_month(obligation), obligation=obligation),
        "due": due_words(obligation),
        "period": period_words(obligation),
        "may_edit": can_edit(request.user, obligation).allowed,
        "may_read_people": may_read_people(request.user, obligation),
        "send_back": last_send_back(obligation) if obligation.sent_back_at else None,
        "timeliness": timeliness(obligation),
        "review": review(obligation),
        "to_fix": to_fix(remarks, form_sections, content.targets),
        **past,
    }
    return render(request, "reports/unit/read.html", context)


def history_context(request, obligation):
    """Versions, signed copies and events: the foot of the report's pages."""
    return {
        "versions": handed_in_versions(obligation),
        "signed_copies": list(
            SignedCopy.objects.filter(report__obligation=obligation).select_related("version", "uploaded_by")
        ),
        "happenings": happenings(history(obligation)),
        "may_upload_signed": can_upload_signed(request.user, obligation).allowed,
    }


@require_safe
@signed_in
def report_version(request, obligation_id, number):
    """Any handed-in version; drafts are not read here."""
    obligation = obligation_or_404(request.user, obligation_id)
    return read_page(request, obligation, number=number)


def handed_in_version(obligation, number):
    versions = Version.objects.exclude(state=Version.State.DRAFT).select_related(
        "typed_by", "submitted_by", "acceptance__by"
    )
    return get_object_or_404(versions, report__obligation=obligation, number=number)


@require_safe
@signed_in
def report_compare(request, obligation_id, number):
    """What a version changed against the one before it."""
    obligation = obligation_or_404(request.user, obligation_id)
    version = handed_in_version(obligation, number)
    before = version_before(version)
    if before is None:
        raise Http404
    context = {
        "obligation": obligation,
        "plan_label": str(obligation.plan),
        "version": version,
        "before": before,
        "changes": compare(version, before),
    }
    return render(request, "reports/unit/compare.html", context)


@require_safe
@signed_in
def report_history(request, obligation_id):
    obligation = obligation_or_404(request.user, obligation_id)
    context = {
        "obligation": obligation,
        "plan_label": str(obligation.plan),
        **history_context(request, obligation),
    }
    return render(request, "reports/unit/history.html", context)


def own_obligation(request, obligation_id):
    """The obligation when this person may write for its unit. Raises PermissionDenied otherwise."""
    obligation = obligation_or_404(request.user, obligation_id)
    decision = can_edit(request.user, obligation)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    return obligation


@signed_in
@posts_only
def report_amend(request, obligation_id):
    """Open a new draft of a handed-in report, with the reason of the amendment."""
    obligation = own_obligation(request, obligation_id)
    try:
        open_draft(
            obligation,
            by=request.user,
            reason=request.POST.get("reason", ""),
            on_behalf=obligation.owner_id not in request.user.unit_ids,
        )
    except DraftError as error:
        messages.error(request, str(error))
    return redirect("report_detail", obligation_id)


@signed_in
@posts_only
def report_discard(request, obligation_id):
    """Throw the open draft away; what was handed in stays."""
    obligation = own_obligation(request, obligation_id)
    if obligation.draft_id:
        try:
            discard_draft(Version.objects.get(pk=obligation.draft_id), by=request.user)
            messages.success(request, "Đã bỏ bản nháp.")
        except DraftError as error:
            messages.error(request, str(error))
    return redirect("report_detail", obligation_id)


@signed_in
@posts_only
def report_remark(request, obligation_id, remark_id):
    """Tick a remark as done in the open draft, or untick it."""
    obligation = own_obligation(request, obligation_id)
    remark = get_object_or_404(
        Remark.objects.select_related("version"), pk=remark_id, version__report__obligation=obligation
    )
    try:
        if not obligation.draft_id:
            raise DraftError("Hãy mở bản bổ sung trước khi đánh dấu.")
        version = Version.objects.get(pk=obligation.draft_id)
        resolve_remark(remark, version, resolved=request.POST.get("resolved") == "on")
    except DraftError as error:
        messages.error(request, str(error))
    return redirect("report_detail", obligation_id)
