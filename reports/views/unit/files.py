"""Papers of a report and files in it; each asks first who may see them."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from plans.models import FormField
from reports.documents.unit_report import render_docx, render_pdf
from reports.models import Evidence, SignedCopy, Version
from units.policy import signed_in

from .access import may_read_people, obligation_or_404

SHOWN_IN_PAGE = ("image/jpeg", "image/png", "image/webp")
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
    response = HttpResponse(render_paper(version), content_type=content_type)
    period = "-".join(part.lstrip("0") for part in reversed(obligation.period_key.split("-")))
    name = f"{obligation.form.short_name} {period} {obligation.owner.short_name}"
    draft = " dự thảo" if version.state == Version.State.DRAFT else ""
    return private(response, f"{name}{draft}.{kind}".replace("/", "-"), as_attachment=True)


@require_safe
@signed_in
def evidence_file(request, evidence_id):
    """A photo or file of a report; a foreign unit's, and another unit's draft, is 404."""
    row = file_or_404(request.user, Evidence, evidence_id)
    inline = row.content_type in SHOWN_IN_PAGE
    return stored(request, row.file, row.content_type, row.original_name, row.sha256, inline=inline)


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


def stored(request, file, content_type, name, sha256, *, inline):
    """The stored bytes; a weak line gets them once, and is still asked who it is each time."""
    tag = f'"{sha256[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        try:
            response = FileResponse(file.open("rb"), content_type=content_type)
        except FileNotFoundError:
            raise Http404("Không tìm thấy tệp.") from None
    response["ETag"] = tag
    return private(response, name, as_attachment=not inline)


def private(response, name, *, as_attachment):
    """Named in Vietnamese (RFC 5987), never guessed by the browser, never kept by a proxy."""
    response["Content-Disposition"] = content_disposition_header(as_attachment, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
