"""Check the answers, hand in, the receipt, and the signed copy that comes later."""

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from doanportal import clock
from doanportal.formats import DateError, parse_date
from doanportal.uploads import UploadError
from plans.due_words import days_left, due_words, handed_in_words, left_words, period_words
from plans.status import Timeliness, review, timeliness
from reports.drafts import DraftError, save_section
from reports.models import Report, Version
from reports.parsing import ON
from reports.policy import can_edit, can_submit, can_upload_signed
from reports.presenters.form import element_id
from reports.presenters.reading import progress_of, read_draft
from reports.presenters.time_left import time_words
from reports.queries_unit import load_draft, submitters
from reports.submit import SubmitError, add_signed_copy, submit
from units.models import Role
from units.naming import name_on
from units.policy import signed_in

from .access import obligation_or_404, posts_only
from .report import history_context, own_obligation
from .section_page import WHOLE, is_short

BLANK = ".blank"


@dataclass
class Signing:
    """Who signs and where it goes, as the check page shows and sends it."""

    name: str = ""
    title: str = ""
    recipients: str = ""
    errors: dict = field(default_factory=dict)


def signing_of(draft):
    """What the draft says, else the unit's dated name and the plan's list of recipients."""
    obligation, version = draft.obligation, draft.version
    name = name_on(obligation.owner, clock.today())
    return Signing(
        name=version.signer_name or name.signer_name or secretary_name(obligation.owner),
        title=version.signer_title or name.signer_title,
        recipients=version.recipients
        or obligation.plan.unit_recipients.replace("{unit}", obligation.owner.name),
    )


def secretary_name(unit):
    """The Bí thư of the unit, where the unit's name does not say who signs."""
    return next(
        (post.user.full_name for post in submitters(unit, day=clock.today()) if post.role == Role.SECRETARY),
        "",
    )


def signing_sent(request, obligation):
    sent = Signing(
        name=request.POST.get("signer_name", "").strip(),
        title=request.POST.get("signer_title", "").strip(),
        recipients=request.POST.get("recipients", "").strip(),
    )
    if obligation.form.needs_document:
        if not sent.name:
            sent.errors["signer_name"] = "Hãy ghi họ và tên người ký."
        if not sent.title:
            sent.errors["signer_title"] = "Hãy ghi chức vụ người ký, ví dụ BÍ THƯ."
    return sent


@require_safe
@signed_in
def report_check(request, obligation_id):
    """Everything on one page before hand-in; the sections are read, not typed, here."""
    obligation = obligation_or_404(request.user, obligation_id)
    if not can_edit(request.user, obligation).allowed or not obligation.draft_id:
        return redirect("report_detail", obligation_id)
    if obligation.owner_id not in request.user.unit_ids:
        return redirect("on_behalf", obligation_id)
    return check_page(request, load_draft(obligation))


def check_page(request, draft, *, signing=None, message="", status=200):
    obligation, checked = draft.obligation, draft.checked
    decision = can_submit(request.user, obligation)
    errors = [finding for finding in checked.errors if not finding.name.endswith(BLANK)]
    unmarked = {finding.name for finding in checked.errors} - {finding.name for finding in errors}
    raw = {section.form_section.pk: section.raw for section in draft.sections}
    context = {
        "draft": draft,
        "obligation": obligation,
        "plan_label": str(obligation.plan),
        "read_sections": read_draft(draft),
        "progress": progress_of(draft),
        "errors": [(finding, element_id(finding.name)) for finding in errors],
        "soft": [
            (finding, f"{finding.name.split('.')[0]}.reason", element_id(finding.name))
            for finding in checked.soft
        ],
        "blanks": [
            (target, form_section, raw[form_section.pk].get(f"{target.code}{BLANK}") == ON)
            for target, form_section in checked.blanks
        ],
        "unmarked": unmarked,
        "message": message,
        "whole": WHOLE if is_short(draft) else "",
        "signing": signing or signing_of(draft),
        "may_submit": decision.allowed,
        "why_not": decision.reason,
        "submitters": [] if decision.allowed else submitters(obligation.owner, day=clock.today()),
        "key": sent_key(request) or uuid.uuid4(),
        "due": time_words(obligation).due,
        "period": period_words(obligation),
        "timely": timely_words(obligation),
        "is_late": clock.now() > obligation.due_at,
    }
    return render(request, "reports/unit/check.html", context, status=status)


def timely_words(obligation):
    """«Gửi bây giờ là đúng hạn, còn 2 ngày»: what handing in now would mean; the first hand-in counts."""
    if obligation.first_fulfilled_at:
        return f"{handed_in_words(obligation)}; lần gửi này không làm thay đổi ngày gửi lần đầu."
    if clock.now() > obligation.due_at:
        return f"Gửi bây giờ là muộn: {left_words(obligation)}."
    left = days_left(obligation)
    return f"Gửi bây giờ là đúng hạn, {left_words(obligation)}." if left else "Gửi hôm nay là đúng hạn."


@signed_in
@posts_only
def report_submit(request, obligation_id):
    """Keep confirmed blanks and reasons, then hand in; the same key twice is one hand-in."""
    obligation = own_obligation(request, obligation_id)
    if not obligation.draft_id or sent_with(request, obligation):
        return already_sent(request, obligation)
    draft = load_draft(obligation)
    signing = signing_sent(request, obligation)
    try:
        changed = keep_confirmations(request, draft)
        keep_signing(draft.version, signing)
    except DraftError as error:
        return check_page(request, fresh(request, obligation_id), message=str(error), status=409)
    if request.POST.get("action") == "save":
        messages.success(request, "Đã lưu.")
        return redirect("report_check", obligation_id)
    decision = can_submit(request.user, obligation)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    if changed:
        draft = fresh(request, obligation_id)
    if signing.errors:
        return check_page(request, draft, signing=signing, status=422)
    return hand_in(request, draft, signing)


def hand_in(request, draft, signing):
    obligation_id = draft.obligation.pk
    key = sent_key(request)
    if key is None:
        return check_page(
            request, draft, signing=signing, message="Trang đã cũ, hãy bấm Gửi lại.", status=422
        )
    try:
        submit(
            draft.version,
            by=request.user,
            idempotency_key=key,
            signer_name=signing.name,
            signer_title=signing.title,
            recipients=signing.recipients,
        )
    except SubmitError as error:
        again = obligation_or_404(request.user, obligation_id)
        if not again.draft_id:
            return already_sent(request, again)
        return check_page(request, load_draft(again), signing=signing, message=str(error), status=422)
    return redirect("report_receipt", obligation_id)


def fresh(request, obligation_id):
    return load_draft(obligation_or_404(request.user, obligation_id))


def sent_key(request):
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def sent_with(request, obligation):
    """Whether this person handed in with the key of this page; then a later draft is not what they meant."""
    key = sent_key(request)
    if key is None or obligation.current_id is None:
        return False
    sent = Version.objects.filter(
        report__obligation=obligation, submitted_by=request.user, idempotency_key=key
    )
    return sent.exists()


def already_sent(request, obligation):
    """A second press of the button finds its own receipt, not a second report."""
    if sent_with(request, obligation):
        return redirect("report_receipt", obligation.pk)
    messages.info(request, "Báo cáo không còn bản nháp nào để gửi.")
    return redirect("report_detail", obligation.pk)


def keep_confirmations(request, draft):
    """Write confirmed blanks and reasons of the page into their sections; whether any changed.

    Raises DraftError (Conflict) when somebody saved such a section meanwhile.
    """
    wanted = {}
    for target, form_section in draft.checked.blanks:
        name = f"{target.code}{BLANK}"
        wanted.setdefault(form_section.pk, {})[name] = request.POST.get(name, "")
    for finding in draft.checked.soft:
        name = f"{finding.name.split('.')[0]}.reason"
        wanted.setdefault(finding.section.pk, {})[name] = request.POST.get(name, "").strip()
    changed = False
    for section in draft.sections:
        texts = wanted.get(section.form_section.pk, {})
        if all(section.raw.get(name, "") == text for name, text in texts.items()):
            continue
        changed = True
        save_section(
            draft.version,
            section.form_section,
            section.raw | texts,
            by=request.user,
            revision=section.revision,
        )
    return changed


def keep_signing(version, signing):
    """Signer and recipients stay with the draft, so that the deputy finds them filled in."""
    typed = (signing.name[:120], signing.title[:80], signing.recipients)
    if typed != (version.signer_name, version.signer_title, version.recipients):
        Version.objects.filter(pk=version.pk, state=Version.State.DRAFT).update(
            signer_name=typed[0], signer_title=typed[1], recipients=typed[2]
        )


@require_safe
@signed_in
def report_receipt(request, obligation_id):
    """When it was sent, whether in time, the code; the papers to be signed and what comes next."""
    obligation = obligation_or_404(request.user, obligation_id)
    if not obligation.current_id:
        return redirect("report_detail", obligation_id)
    return receipt_page(request, obligation)


def receipt_page(request, obligation, *, signed=None, status=200):
    history = history_context(request, obligation)
    context = {
        "obligation": obligation,
        "plan_label": str(obligation.plan),
        "version": next(row for row in history["versions"] if row.state == Version.State.SUBMITTED),
        "on_time": timeliness(obligation) == Timeliness.ON_TIME,
        "review": review(obligation),
        "timeliness": timeliness(obligation),
        "handed_in": handed_in_words(obligation),
        "due": due_words(obligation),
        "may_edit": can_edit(request.user, obligation).allowed,
        "signed": signed or {},
        **history,
    }
    return render(request, "reports/unit/receipt.html", context, status=status)


@signed_in
@posts_only
def report_signed(request, obligation_id):
    """Take the signed, sealed scan with its number and date; no date of the hand-in changes."""
    obligation = obligation_or_404(request.user, obligation_id)
    decision = can_upload_signed(request.user, obligation)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    if not obligation.current_id:
        return redirect("report_detail", obligation_id)
    typed = {"number": request.POST.get("number", ""), "date": request.POST.get("date", ""), "errors": {}}
    try:
        day = parse_date(typed["date"])
    except DateError as error:
        typed["errors"]["date"] = str(error)
    if "file" not in request.FILES:
        typed["errors"]["file"] = "Hãy chọn tệp bản ký, đóng dấu (PDF hoặc ảnh chụp)."
    if not typed["errors"]:
        try:
            add_signed_copy(
                Report.objects.get(obligation=obligation),
                upload=request.FILES["file"],
                number=typed["number"],
                date=day,
                by=request.user,
            )
        except UploadError as error:
            typed["errors"]["number" if not typed["number"].strip() else "file"] = str(error)
    if typed["errors"]:
        return receipt_page(request, obligation, signed=typed, status=422)
    messages.success(request, "Đã lưu bản ký, đóng dấu.")
    return redirect("report_receipt", obligation_id)
