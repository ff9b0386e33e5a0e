"""Tổng hợp: the months, one month's figures as on paper, and the files made of it."""

from django.contrib import messages
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from doanportal.downloads import private
from reports.documents import figures
from reports.documents.annex import ATTACHED, SUBHEADS, by_sector
from reports.forms_officer import positive
from reports.models import RollupFile
from reports.queries_rollup import file_lines, months
from reports.rendering import (
    EXTENSIONS,
    NAMES,
    RenderingError,
    plan_and_month,
    request_rollup_file,
)
from reports.rollup import RollupError, as_json, rollup
from units.policy import province_required

from .access import officer_page, plan_or_404

PAGE_SIZE = 50
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@province_required
def rollup_list(request):
    """The months of the plan, with how far each has come and its files."""
    plan = plan_or_404()
    context = {"months": months(plan), "plan_label": str(plan), "now": clock.now()}
    return render(request, "reports/officer/rollup_list.html", context)


def rollup_or_404(period):
    """The Rollup of that month; 404 without a plan or where nobody owed a report."""
    try:
        return rollup(*plan_and_month(period))
    except (ValueError, RollupError) as error:
        raise Http404(str(error)) from error


@require_safe
@province_required
def rollup_detail(request, period):
    """The figures of a month: the same Rollup as PDF, Word, Excel and JSON."""
    found = rollup_or_404(period)
    if request.GET.get("dinh-dang") == "json":
        return JsonResponse(as_json(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    context = {
        "rollup": found,
        "plan_label": str(found.plan),
        "target_groups": target_groups(found),
        "units_by_id": {line.unit.pk: line.name for line in found.units},
        "closed": all(line.review == "accepted" for line in found.units if line.expected),
        "legend": figures.LEGEND,
        **annex_context(request, found),
        **files_context(period),
    }
    return render(request, "reports/officer/rollup_detail.html", context)


def target_groups(found):
    """[(sector, [row])] of the targets table, each cell as it stands on paper."""
    names = {line.unit.pk: line.unit.short_name for line in found.units}
    return [
        (
            sector,
            [
                {
                    "target": line.target,
                    "in_period": figures.in_period(line),
                    "cumulative": figures.cumulative(line),
                    "rate": figures.rate(line),
                    "coverage": figures.coverage(line),
                    "part": figures.province_part(line),
                    "verdict": figures.verdict(line),
                    "has_figures": figures.is_figured(line),
                    "missing": ", ".join(
                        names.get(unit.pk, unit.short_name) for unit in figures.missing_units(line)
                    ),
                    "tone": "done" if line.met else "late" if line.behind else "",
                }
                for line in lines
            ],
        )
        for sector, lines in by_sector(found.targets)
    ]


def annex_context(request, found):
    """The annex on screen, one sector and fifty units at a time: units as rows, Tổng cộng of all last."""
    sectors = [
        (sector, figured)
        for sector, lines in by_sector(found.targets)
        if (figured := [line for line in lines if line.by_unit])
    ]
    if not sectors:
        return {"sectors": [], "table": None}
    asked = request.GET.get("bieu")
    sector, lines = next((row for row in sectors if row[0].code == asked), sectors[0])
    units = sorted(found.units, key=lambda line: line.kind_code == ATTACHED)
    pages = -(-len(units) // PAGE_SIZE)
    page = min(positive(request.GET.get("trang", "")), pages)
    shown = units[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    groups = (
        ("", [line for line in shown if line.kind_code != ATTACHED]),
        ("Đoàn trực thuộc", [line for line in shown if line.kind_code == ATTACHED]),
    )
    table = {
        "sector": sector,
        "heads": [(line.target, SUBHEADS[line.target.kind]) for line in lines],
        "width": 1 + sum(len(SUBHEADS[line.target.kind]) for line in lines),
        "groups": [(title, unit_rows(rows, lines)) for title, rows in groups if rows],
        "province": [text for line in lines for text in figures.province_texts(line)]
        if figures.has_province_part(lines)
        else [],
        "apart": figures.apart_words(lines),
        "totals": [text for line in lines for text in figures.figure_texts(line.target, line)],
        "page": page,
        "pages": list(range(1, pages + 1)),
    }
    return {"sectors": [sector for sector, _ in sectors], "table": table}


def unit_rows(units, lines):
    return [
        (
            unit,
            [
                text
                for line in lines
                for text in figures.cell_texts(line.target, unit.cells.get(line.target.code))
            ],
            figures.remark(unit),
        )
        for unit in units
    ]


def files_context(period):
    lines = file_lines(period)
    return {"period": period, "files": lines, "waiting": any(line.waiting for line in lines)}


@require_safe
@province_required
def rollup_files(request, period):
    """The list of files alone, for the page that asks again until they are done."""
    plan_month_or_404(period)
    return render(request, "reports/officer/_rollup_files.html", files_context(period))


def plan_month_or_404(period):
    try:
        return plan_and_month(period)
    except ValueError as error:
        raise Http404(str(error)) from error


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page
def rollup_request(request, period):
    """Ask for a file; the worker makes it, at the latest when the beat comes round."""
    plan_month_or_404(period)
    if request.method == "POST":
        try:
            request_rollup_file(period_key=period, format=request.POST.get("format", ""), by=request.user)
            messages.success(
                request, "Đang tạo tệp. Trang tự cập nhật; chậm nhất vài phút nữa tệp có ở dưới đây."
            )
        except RenderingError as error:
            messages.error(request, str(error))
    return redirect("rollup_detail", period)


@require_safe
@province_required
def rollup_file(request, file_id):
    """Download a file that is ready."""
    file = get_object_or_404(RollupFile, pk=file_id, state=RollupFile.State.READY)
    extension = EXTENSIONS[RollupFile.Format(file.format)]
    try:
        response = FileResponse(file.file.open("rb"), content_type=CONTENT_TYPES[extension])
    except FileNotFoundError:
        raise Http404("Không tìm thấy tệp.") from None
    name = f"{NAMES[RollupFile.Format(file.format)]}-{file.period_key}.{extension}"
    return private(response, name, as_attachment=True)
