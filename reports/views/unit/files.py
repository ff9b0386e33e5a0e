"""Papers of a report and files in it; each asks first who may see them."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from doanportal.downloads import attachment, stored
from plans.models import FormField
from reports.documents.unit_report import render_docx, render_pdf
from reports.models import Evidence, SignedCopy, Version
from units.policy import signed_in

from .access import may_read_people, obligation_or_404

PAPER_TYPES = {
    "pdf": (render_pdf, "application/pdf"),
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@require_safe
@signed_in
def report_document(request, obligation_id, number, kind):
    """The report as a paper to be signed, as PDF or Word; a draft only for its own unit."""
    obligation = obligation_or_404(request.user, obligation_id)
    if not obligation.form.needs_document:
        raise Http404
    hide_people(request.user, obligation)
    version = get_object_or_404(
        Version.objects.visible_to(request.user).select_related(
            "report__obligation__owner", "report__obligation__form", "report__obligation__plan"
        ),
        report__obligation=obligation,
        number=number,
    )
    render_paper, content_type = PAPER_TYPES[kind]
    period = "-".join(part.lstrip("0") for part in reversed(obligation.period_key.split("-")))
    name = f"{obligation.form.short_name} {period} {obligation.owner.short_name}"
    draft = " dự thảo" if version.state == Version.State.DRAFT else ""
    return attachment(render_paper(version), content_type, f"{name}{draft}.{kind}")


@require_safe
@signed_in
def evidence_file(request, evidence_id):
    """A photo or file of a report; a foreign unit's, and another unit's draft, is 404."""
    row = file_or_404(request.user, Evidence, evidence_id)
    return stored(request, row.file, row.content_type, row.original_name, row.sha256)


@require_safe
@signed_in
def signed_file(request, signed_id):
    """The signed, sealed scan."""
    row = file_or_404(request.user, SignedCopy, signed_id)
    content_type = "application/pdf" if row.file.name.endswith(".pdf") else "image/jpeg"
    return stored(request, row.file, content_type, row.original_name, row.sha256, inline=False)


def file_or_404(user, model, pk):
    """The row when its version may be seen; in forms with lists of people only by who may read those."""
    rows = model.objects.filter(version__in=Version.objects.visible_to(user))
    row = get_object_or_404(rows.select_related("version__report__obligation"), pk=pk)
    hide_people(user, row.version.report.obligation)
    return row


def hide_people(user, obligation):
    """404 where the form lists people and this person has no need to read them."""
    people = FormField.objects.filter(section__form_id=obligation.form_id, type=FormField.Type.PEOPLE)
    if people.exists() and not may_read_people(user, obligation):
        raise Http404
