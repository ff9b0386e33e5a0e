"""Printing certificates: one, a batch with its progress, the layout of the blank and its test print."""

from decimal import Decimal

from django.contrib import messages
from django.db.models import Count, Max, Min, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal.downloads import attachment, stored
from units.events import record
from units.policy import gate
from volunteers.access_log import note_access
from volunteers.models import PersonalAccess

from ..batches import BatchError, entries_for, printable_entries, request_batch
from ..certificates import OVERLAY_SLOTS, SLOTS, Sheet, certificates_of, print_layout, render_test
from ..certificates import render as render_pdf
from ..forms_decision import BatchForm, LayoutForm
from ..models import CertificateBatch, GoldenBookEntry, Round, SubjectKind
from ..queries_golden_book import FIELDS, may_read_book
from .decision_access import METHODS, not_found_unless, status_of, tell, typed
from .golden_book import TEMPLATES, note_entry, province, require_keeper

PDF = "application/pdf"
MODES = {"ca-phoi": CertificateBatch.Mode.FULL, "tren-phoi": CertificateBatch.Mode.OVERLAY}
RECENT = 20


# Leaders read the book and are told who prints; for all others printing does not exist.
printing = gate(may_read_book)


@require_safe
@printing
def certificate(request, entry_id, mode):
    """One certificate as PDF; of an entry that was corrected or revoked there is none."""
    require_keeper(request.user)
    if mode not in MODES:
        raise Http404
    entry = get_object_or_404(
        GoldenBookEntry.objects.select_related("line__nomination__unit").filter(pk__in=printable_entries()),
        pk=entry_id,
    )
    layout = Sheet.of_layout(print_layout()) if MODES[mode] == CertificateBatch.Mode.OVERLAY else None
    content = render_pdf(certificates_of([entry]), MODES[mode], layout)
    note_entry(request.user, entry)
    record(
        verb="award_print_certificate",
        subject=entry,
        actor=request.user,
        unit=entry.line.nomination.unit,
        to_state=MODES[mode],
    )
    return attachment(content, PDF, f"Bằng khen số {entry.number} ({entry.book}).pdf")


@require_http_methods(METHODS)
@printing
def batch_create(request, round_id):
    """Choose what to print of a round's entries; the worker makes the file."""
    require_keeper(request.user)
    award_round = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    form = BatchForm(typed(request))
    if form.is_valid():
        given = form.cleaned_data
        entries = entries_for(
            award_round, subject_kind=given["kind"], first=given["first"], last=given["last"]
        )
        try:
            batch = request_batch(award_round, mode=given["mode"], entries=entries, by=request.user)
        except BatchError as error:
            tell(form, error)
        else:
            return redirect("batch_detail", batch.pk)
    facts = entries_for(award_round).aggregate(
        all=Count("pk"),
        collectives=Count("pk", filter=Q(line__nomination__subject_kind=SubjectKind.COLLECTIVE)),
        first=Min("number"),
        last=Max("number"),
    )
    context = {
        "round": award_round,
        "form": form,
        "facts": facts | {"individuals": facts["all"] - facts["collectives"]},
        "batches": CertificateBatch.objects.filter(round=award_round).select_related("requested_by")[:RECENT],
    }
    return render(request, f"{TEMPLATES}/batch_create.html", context, status=status_of(form))


def batch_or_404(user, batch_id):
    require_keeper(user)
    return get_object_or_404(CertificateBatch.objects.select_related("round", "requested_by"), pk=batch_id)


@require_safe
@printing
def batch_detail(request, batch_id):
    """How far it is; the page asks again by itself until the file is there."""
    batch = batch_or_404(request.user, batch_id)
    running = batch.state in (CertificateBatch.State.WAITING, CertificateBatch.State.RUNNING)
    context = {"batch": batch, "round": batch.round, "running": running}
    return render(request, f"{TEMPLATES}/batch.html", context)


@require_safe
@printing
def batch_file(request, batch_id):
    batch = batch_or_404(request.user, batch_id)
    not_found_unless(batch.file)
    people = batch.entries.filter(line__nomination__subject_kind=SubjectKind.INDIVIDUAL).count()
    note_access(
        actor=request.user,
        kind=PersonalAccess.Kind.PRINT,
        unit=province(),
        people=people,
        fields=FIELDS,
    )
    return stored(request, batch.file, PDF, f"Bằng khen {batch.round.name} ({batch.total}).pdf", batch.sha256)


@require_http_methods(METHODS)
@printing
def layout_edit(request):
    """Size of the blank, the shift, where each line stands."""
    require_keeper(request.user)
    layout = print_layout()
    form = LayoutForm(typed(request), initial=first_values(layout))
    if form.is_valid():
        for name, value in form.layout_fields.items():
            setattr(layout, name, value)
        layout.save()
        record(verb="award_set_layout", subject=layout, actor=request.user)
        messages.success(request, "Đã lưu. In thử một tờ rồi đặt lên phôi để kiểm tra.")
        return redirect("layout_edit")
    context = {"form": form, "layout": layout}
    return render(request, f"{TEMPLATES}/layout.html", context, status=status_of(form))


def first_values(layout):
    sides = {name: getattr(layout, name) for name in ("width_mm", "height_mm", "offset_x_mm", "offset_y_mm")}
    down = Decimal(layout.height_mm) / 210
    tops = {}
    for key in OVERLAY_SLOTS:
        usual = round(Decimal(str(SLOTS[key].top)) * down, 1)
        tops[f"top_{key}"] = layout.positions.get(key, usual)
    return sides | tops


@require_safe
@printing
def layout_test(request):
    """One page with a ruler and sample lines, to be laid on a blank against the light."""
    require_keeper(request.user)
    return attachment(render_test(Sheet.of_layout(print_layout())), PDF, "In thử phôi bằng khen.pdf")
