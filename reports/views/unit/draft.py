"""Write a section of a report: keep what was typed, take files, answer scripts and people."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from doanportal import clock
from doanportal.uploads import UploadError
from reports.drafts import Conflict, DraftError, open_draft, save_section
from reports.models import Evidence
from reports.policy import can_edit
from reports.presenters.offers import offered_text
from reports.queries_unit import load_draft
from reports.uploads import add_evidence, remove_evidence
from units.policy import is_fetch

from . import typed_text
from .access import drop_held_text, held_text, keeps_text, obligation_or_404
from .section_page import page_of, show, understood, with_held

STALE = "Tỉnh Đoàn đã nhận báo cáo này. Muốn sửa, đồng chí mở «Sửa, bổ sung» và ghi lý do."


@dataclass
class Outcome:
    """What became of a sent form: by section code what was saved, by id where two people met, and files."""

    saved: dict = field(default_factory=dict)
    conflicts: dict = field(default_factory=dict)
    upload_errors: dict = field(default_factory=dict)

    @property
    def is_clean(self):
        wrong = any(row.errors for row in self.saved.values())
        return not (wrong or self.conflicts or self.upload_errors)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def report_section(request, obligation_id, section_code):
    """GET shows the section and changes nothing; POST keeps what was typed, opening a draft if need be."""
    obligation = obligation_or_404(request.user, obligation_id)
    page = page_of(request, load_draft(obligation), section_code)
    decision = can_edit(request.user, obligation)
    if request.method == "POST":
        if not decision.allowed:
            raise PermissionDenied(decision.reason)
        return save_page(page)
    if not decision.allowed or (obligation.current_id and not obligation.draft_id):
        return redirect("report_detail", obligation_id)
    held = held_text(request)
    return show(with_held(page, held) if held else page)


def save_page(page):
    """Every word first, then files, then the answer: JSON to a script, the page again where it is wrong."""
    request, draft = page.request, page.draft
    action, _, what = request.POST.get("action", "save").partition(":")
    texts = texts_of(page, action, what)
    try:
        version = open_draft(
            draft.obligation,
            by=request.user,
            on_behalf=draft.obligation.owner_id not in request.user.unit_ids,
        )
        outcome = save_texts(page, version, texts)
    except DraftError as error:
        return refused(page, texts, STALE if draft.obligation.current_id else str(error))
    drop_held_text(request)
    if not outcome.conflicts:
        outcome.upload_errors = change_files(page, version, action, what)
    if is_fetch(request):
        return json_answer(page, outcome)
    if not outcome.is_clean:
        return page_again(page, outcome, spare_row=what if action == "add_row" else "")
    return onward(page, action, what)


def texts_of(page, action, what):
    """{form section id: raw text} of the sent form, after the button that was pressed."""
    return {
        section.form_section.pk: typed_text.edited(
            typed_text.of_section(page.draft, section, page.request.POST),
            section,
            action=action,
            what=what,
            carried=page.draft.carried,
            offered=offered_text(page.draft, section.form_section),
        )
        for section in page.sections
    }


def save_texts(page, version, texts):
    """The Outcome of saving each section under the revision the page was made of."""
    outcome = Outcome()
    revisions = typed_text.unpack_revisions(page.request.POST.get("revision", ""))
    for section in page.sections:
        form_section = section.form_section
        if not typed_text.has_text(form_section):
            continue
        text = texts[form_section.pk]
        try:
            outcome.saved[form_section.code] = save_section(
                version,
                form_section,
                text,
                by=page.request.user,
                revision=revisions.get(form_section.code, 0),
            )
        except Conflict as conflict:
            outcome.conflicts[form_section.pk] = (text, conflict)
    return outcome


def change_files(page, version, action, what):
    """Take the files that came along, or one away. Returns {input name: message} of those refused."""
    if action == "remove":
        remove_file(version, what, by=page.request.user)
    errors = {}
    for section in page.sections:
        for form_field in section.form_section.fields.all():
            name = f"upload.{form_field.key}"
            refusals = []
            for upload in page.request.FILES.getlist(name):
                try:
                    add_evidence(version, upload, by=page.request.user, field=form_field)
                except (UploadError, DraftError) as error:
                    refusals.append(str(error))
            if refusals:
                errors[name] = " ".join(refusals)
    return errors


def remove_file(version, evidence_id, *, by):
    """Take a file out of this draft; an id that is not in it is 404."""
    number = int(evidence_id) if evidence_id.isdecimal() and len(evidence_id) < 19 else 0
    row = Evidence.objects.filter(version=version, pk=number).first()
    if row is None:
        raise Http404
    remove_evidence(row, by=by)


def refused(page, texts, message):
    """Nothing was stored; the page comes back with every word on it."""
    if is_fetch(page.request):
        return JsonResponse({"error": message}, status=422)
    page.message = message
    for section in page.sections:
        raw = texts[section.form_section.pk]
        page.typed[section.form_section.pk] = understood(page.draft, section, raw)
    return show(page, status=422)


def json_answer(page, outcome):
    """What static/js/draft.js reads; 409 with their text where somebody saved meanwhile."""
    codes = {section.form_section.pk: section.form_section.code for section in page.sections}
    revisions = dict.fromkeys(codes.values(), 0)
    revisions |= {code: row.revision for code, row in outcome.saved.items()}
    revisions |= {codes[pk]: conflict.revision for pk, (_, conflict) in outcome.conflicts.items()}
    answer = {"revision": typed_text.pack(revisions)}
    if outcome.conflicts:
        theirs = {}
        for mine, conflict in outcome.conflicts.values():
            theirs |= dict.fromkeys(mine, "") | conflict.theirs
        return JsonResponse(answer | {"theirs": theirs}, status=409)
    errors, soft = dict(outcome.upload_errors), {}
    for row in outcome.saved.values():
        errors |= row.errors
        soft |= row.soft
    saved_at = max((row.saved_at for row in outcome.saved.values()), default=clock.now())
    return JsonResponse(
        answer | {"saved_at": typed_text.clock_words(saved_at), "errors": errors, "soft": soft}
    )


def page_again(page, outcome, *, spare_row):
    """The page anew, with what is wrong on it; where two people met both texts."""
    obligation = obligation_or_404(page.request.user, page.draft.obligation.pk)
    fresh = page_of(page.request, load_draft(obligation), page.code)
    fresh.upload_errors = outcome.upload_errors
    fresh.spare_row = spare_row
    for section in fresh.sections:
        if section.form_section.pk in outcome.conflicts:
            mine, conflict = outcome.conflicts[section.form_section.pk]
            fresh.typed[section.form_section.pk] = understood(fresh.draft, section, mine, conflict.theirs)
    return show(fresh, status=409 if outcome.conflicts else 422)


def onward(page, action, what):
    """Where a form without mistakes leads."""
    obligation_id = page.draft.obligation.pk
    if action == "check":
        return redirect("report_check", obligation_id)
    if action == "next" and page.draft.section(what) is not None:
        return redirect("report_section", obligation_id, what)
    messages.success(page.request, f"Đã lưu lúc {typed_text.clock_words(clock.now())}.")
    address = reverse("report_section", args=[obligation_id, page.code])
    if action == "add_row" and what.isidentifier():
        return redirect(f"{address}?them={what}#them-{what}")
    return redirect(address)
