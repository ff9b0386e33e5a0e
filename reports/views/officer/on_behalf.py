"""Nhập thay: enter what a unit sent on paper, with its source and a scan, marked as such everywhere."""

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from doanportal import clock
from doanportal.typed import clean_text
from doanportal.uploads import UploadError
from plans.addresses import with_report
from plans.due_words import due_words
from plans.models import FormField
from reports.drafts import DraftError, discard_draft, open_draft
from reports.models import Evidence, Version
from reports.parsing import ON
from reports.policy import can_enter_on_behalf
from reports.presenters.form import element_id
from reports.presenters.reading import progress_of
from reports.queries_review import reviewed_obligation
from reports.queries_unit import load_draft
from reports.submit import SubmitError, submit
from reports.uploads import add_evidence, remove_evidence

from ..unit.access import drop_held_text, held_text
from ..unit.section_page import WHOLE, is_short
from ..unit.submit import BLANK, keep_confirmations, sent_key, sent_with
from .access import officer_page, refused


@dataclass
class Source:
    """Where the figures come from and who signed the paper, as typed; what is wrong with it by name."""

    note: str = ""
    signer_name: str = ""
    signer_title: str = ""
    errors: dict = field(default_factory=dict)


def source_of(version):
    return Source(version.on_behalf_note, version.signer_name, version.signer_title)


def source_sent(posted):
    return Source(
        note=clean_text(posted.get("note", "")),
        signer_name=clean_text(posted.get("signer_name", ""))[:120],
        signer_title=clean_text(posted.get("signer_title", ""))[:80],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page
def on_behalf(request, obligation_id):
    """Begin, follow the sections, say where it comes from, attach the scan, hand in."""
    obligation = get_object_or_404(reviewed_obligation(request.user), with_report(), pk=obligation_id)
    decision = can_enter_on_behalf(request.user, obligation)
    if not decision.allowed:
        return refused(request, decision, "review_detail", obligation_id)
    if request.method == "POST" and sent_with(request, obligation):
        messages.info(request, "Báo cáo này đã được gửi thay.")
        return redirect("review_detail", obligation_id)
    if not obligation.draft_on_behalf:
        return begin(request, obligation)
    if request.method == "POST":
        return act(request, obligation)
    source = None
    if held := held_text(request):
        drop_held_text(request)
        source = source_sent(held)
    return hub(request, obligation, source=source)


def why_not_begin(obligation):
    """Why nobody can enter for the unit now, or ''."""
    if obligation.draft_id:
        return (
            "Đơn vị đang tự soạn báo cáo này nên không nhập thay, để không ai ghi đè lên bản của đơn vị. "
            "Đồng chí gọi cho đơn vị để thống nhất ai nhập."
        )
    if obligation.waived_at and not obligation.first_fulfilled_at:
        return "Đơn vị được miễn báo cáo này. Muốn nhập thay, hãy bỏ miễn trước."
    if clock.today() < obligation.period_from:
        return "Kỳ báo cáo chưa bắt đầu nên chưa nhập được."
    return ""


def begin(request, obligation):
    """What entering for a unit means, and the button that begins it."""
    message, reason = "", request.POST.get("reason", "")
    why_not = why_not_begin(obligation)
    if request.method == "POST":
        try:
            if why_not:
                raise DraftError(why_not)
            open_draft(obligation, by=request.user, reason=reason, on_behalf=True)
            return redirect("on_behalf", obligation.pk)
        except DraftError as error:
            message = str(error)
    context = {
        "obligation": obligation,
        "why_not": why_not,
        "message": message,
        "reason": reason,
        "due": due_words(obligation),
    }
    return render(request, "reports/officer/on_behalf_begin.html", context, status=422 if message else 200)


def hub(request, obligation, *, source=None, message="", status=200):
    """The sections, what is still wrong, the source and its scan, and the button that hands in."""
    draft = load_draft(obligation)
    checked = draft.checked
    raw = {section.form_section.pk: section.raw for section in draft.sections}
    errors = [finding for finding in checked.errors if not finding.name.endswith(BLANK)]
    context = {
        "obligation": obligation,
        "draft": draft,
        "version": draft.version,
        "progress": progress_of(draft),
        "whole": WHOLE if is_short(draft) else "",
        "errors": [(finding, element_id(finding.name)) for finding in errors],
        "soft": [(finding, f"{finding.name.split('.')[0]}.reason") for finding in checked.soft],
        "blanks": [
            (target, form_section, raw[form_section.pk].get(f"{target.code}{BLANK}") == ON)
            for target, form_section in checked.blanks
        ],
        "files": [row for rows in draft.evidence.values() for row in rows],
        "source": source or source_of(draft.version),
        "message": message,
        "key": sent_key(request) or uuid.uuid4(),
        "due": due_words(obligation),
        "is_late": clock.now() > obligation.due_at and not obligation.first_fulfilled_at,
    }
    return render(request, "reports/officer/on_behalf.html", context, status=status)


def act(request, obligation):
    """Keep what was typed on the page first; then what the button says."""
    action, _, what = request.POST.get("action", "save").partition(":")
    version = Version.objects.select_related("report__obligation__owner").get(pk=obligation.draft_id)
    if action == "discard":
        return discard(request, obligation, version)
    source = source_sent(request.POST)
    try:
        keep(request, obligation, version, source)
    except DraftError as error:
        return hub(request, obligation, source=source, message=str(error), status=409)
    if action == "remove":
        remove_scan(version, what, by=request.user)
    refusals = take_scans(request, obligation, version)
    if refusals:
        source.errors["scan"] = " ".join(refusals)
        return hub(request, obligation, source=source, status=422)
    if action != "submit":
        if action == "save":
            messages.success(request, "Đã lưu.")
        return redirect("on_behalf", obligation.pk)
    return hand_in(request, obligation, version, source)


def keep(request, obligation, version, source):
    """The source and signer stay with the draft; confirmed blanks and reasons go to their sections."""
    open_draft(obligation, by=request.user, on_behalf=True)
    Version.objects.filter(pk=version.pk, state=Version.State.DRAFT, on_behalf=True).update(
        on_behalf_note=source.note[:300],
        signer_name=source.signer_name,
        signer_title=source.signer_title,
    )
    keep_confirmations(request, load_draft(obligation))


def take_scans(request, obligation, version):
    """Attach the scans that came along; returns why any was refused."""
    place = scan_field(obligation)
    refusals = []
    for upload in request.FILES.getlist("scan"):
        try:
            add_evidence(version, upload, by=request.user, field=place, caption="Bản chụp văn bản của đơn vị")
        except (UploadError, DraftError) as error:
            refusals.append(str(error))
    return refusals


def scan_field(obligation):
    """The form's own place for files; None, the report as a whole, where it has none."""
    return (
        FormField.objects.filter(section__form=obligation.form, type=FormField.Type.FILES)
        .order_by("section__display_order", "display_order")
        .first()
    )


def remove_scan(version, evidence_id, *, by):
    number = int(evidence_id) if evidence_id.isdecimal() and len(evidence_id) < 19 else 0
    row = Evidence.objects.filter(version=version, pk=number).first()
    if row is None:
        raise Http404
    remove_evidence(row, by=by)


def discard(request, obligation, version):
    try:
        discard_draft(version, by=request.user)
        messages.success(request, "Đã bỏ bản nhập thay.")
    except DraftError as error:
        messages.error(request, str(error))
    return redirect("review_detail", obligation.pk)


def hand_in(request, obligation, version, source):
    key = sent_key(request)
    if len(source.note) > 300:
        source.errors["note"] = f"Nguồn dài {len(source.note)} ký tự, nhiều nhất 300."
    if key is None or source.errors:
        return hub(request, obligation, source=source, message="Chưa gửi được.", status=422)
    try:
        submit(
            version,
            by=request.user,
            idempotency_key=key,
            signer_name=source.signer_name,
            signer_title=source.signer_title,
            on_behalf_note=source.note,
        )
    except SubmitError as error:
        again = get_object_or_404(reviewed_obligation(request.user), pk=obligation.pk)
        if not again.draft_id:
            messages.info(request, str(error))
            return redirect("review_detail", obligation.pk)
        return hub(request, again, source=source, message=str(error), status=422)
    messages.success(request, f"Đã gửi thay {obligation.owner.label}: {obligation.title}.")
    return redirect(reverse("review_detail", args=[obligation.pk]))
