"""Tổng quan: who handed in, who is late, which targets are behind; and the rows behind one target."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from doanportal import clock
from doanportal.downloads import private
from plans.calendar import month_key, month_period, parse_month_key
from plans.current import current_plan
from plans.models import Plan, Target
from reports.derived_links import rows_url, rows_words
from reports.documents import figures
from reports.forms_officer import positive
from reports.presenters.progress import card_names, heat_groups, target_line
from reports.queries_dashboard import dashboard as read_dashboard
from reports.queries_target import target_detail as read_target
from reports.rollup import RollupError
from reports.target_xlsx import render_target_xlsx
from units.policy import province_required

from .access import query_of
from .rollup import CONTENT_TYPES

# So long after a month's end its report is still what everybody asks about.
LOOK_BACK = timedelta(days=9)
NARROWING = ("thang", "cum")
SHOWN_TARGETS = 6


@require_safe
@province_required
def dashboard(request):
    """One page of the province's state in a month; every figure leads to the rows behind it."""
    plan = current_plan()
    if plan is None:
        return render(
            request, "reports/officer/dashboard_empty.html", {"why": "Chưa có kế hoạch nào được ban hành."}
        )
    months = begun_months(plan)
    period = chosen_month(request, months)
    cluster = chosen_cluster(request)
    try:
        found = read_dashboard(plan, period, cluster=cluster, page=positive(request.GET.get("trang", "")))
    except RollupError as error:
        return render(
            request, "reports/officer/dashboard_empty.html", {"why": str(error), "plan_label": str(plan)}
        )
    lines = [target_line(line) for line in found.targets]
    first = sorted((row for row in lines if row.has_figures), key=lambda row: not row.line.behind)
    first = first[:SHOWN_TARGETS]
    context = {
        "plan_label": str(plan),
        "found": found,
        "months": months,
        "period": period,
        "period_key": month_key(period),
        "clusters": found.clusters,
        "cluster": cluster,
        "missing_names": card_names(found.cards.missing),
        "groups": heat_groups(found, today=clock.today()),
        "first_targets": first,
        "other_targets": [row for row in lines if row not in first],
        "this_month": clock.today().replace(day=1),
        "query": query_of(request, NARROWING),
        "page_before": page_query(request, found.page - 1, found.pages),
        "page_after": page_query(request, found.page + 1, found.pages),
        "closed": all(line.review == "accepted" for line in found.rollup.units if line.expected),
    }
    return render(request, "reports/officer/dashboard.html", context)


def begun_months(plan):
    """The first days of the plan's months whose period has begun; the first one always, the latest first."""
    months = [date(plan.year, month, 1) for month in range(plan.first_period.month, 13)]
    begun = [month for month in months if month_period(plan, month)[0] <= clock.today()]
    return (begun or months[:1])[::-1]


def chosen_month(request, months):
    """The month of ?thang=, else the one that is being reported about now."""
    asked = next((month for month in months if month_key(month) == request.GET.get("thang")), None)
    if asked is not None:
        return asked
    about_now = (clock.today() - LOOK_BACK).replace(day=1)
    return next((month for month in months if month <= about_now), months[-1])


def chosen_cluster(request):
    """The id of ?cum=, or None; an id that no unit belongs to gives an empty page, not an error."""
    asked = request.GET.get("cum", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def page_query(request, page, pages):
    return query_of(request, NARROWING, trang=page) if 1 <= page <= pages else None


@require_safe
@province_required
def target_detail(request, code, period):
    """The units behind a target's figure, with version and month; ?dinh-dang=xlsx gives the same rows."""
    month = parse_month_key(period)
    issued = Target.objects.exclude(plan__state=Plan.State.DRAFT).select_related("plan")
    target = get_object_or_404(issued, plan__year=month.year, code=code)
    plan = target.plan
    try:
        found = read_target(plan, target, month, page=positive(request.GET.get("trang", "")))
    except RollupError as error:
        return render(
            request, "reports/officer/dashboard_empty.html", {"why": str(error), "plan_label": str(plan)}
        )
    if request.GET.get("dinh-dang") == "xlsx":
        response = HttpResponse(render_target_xlsx(found), content_type=CONTENT_TYPES["xlsx"])
        return private(response, f"chi-tieu-{target.number}-{period}.xlsx", as_attachment=True)
    context = {
        "plan_label": str(plan),
        "found": found,
        "target": found.target,
        "line": target_line(found.line),
        "rows": target_rows(found),
        "totals": figures.figure_texts(found.target, found.line),
        "missing": figures.missing_units(found.line),
        "province": province_row(found),
        "apart": figures.apart_words([found.line]),
        "rows_words": rows_words(found.target),
        "period": period,
        "month": month,
        "months": begun_months(plan),
    }
    return render(request, "reports/officer/target_detail.html", context)


def target_rows(found):
    """[row] of the units on the page, each figure as on paper, with where it comes from."""
    early = figures.is_before_turn(found.line)
    return [
        {
            "name": row.line.name,
            "cells": figures.cell_texts(found.target, row.cell),
            "cell": row.cell,
            "last": next((told for told in reversed(row.history) if not told.unchanged), None),
            "latest": row.history[-1] if row.history else None,
            "history": row.history,
            "obligation": row.line.obligation,
            "missing": not row.cell.reported and not early,
            "rows_url": rows_of(found, unit=row.line.unit) if row.cell.derived else "",
            "earlier": [told for told in row.history if told.amount is not None] if row.counted else [],
        }
        for row in found.shown
    ]


def province_row(found):
    """The line of what the province holds itself, or None where nothing of it is counted."""
    cell = found.line.province
    if cell is None:
        return None
    return {"cells": figures.figure_texts(found.target, cell), "rows_url": rows_of(found)}


def rows_of(found, *, unit=None):
    """The rows that make a counted figure: of the year for what adds up, else as on the cut-off."""
    return rows_url(
        found.target,
        period_key=f"{found.rollup.plan.year}",
        cutoff_on=found.rollup.cutoff_on,
        unit=unit,
        for_province=True,
    )
