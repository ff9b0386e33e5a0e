"""Who was honoured: the list with its totals, as a workbook, and the annual list as page and paper."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doanportal import clock
from doanportal.downloads import attachment
from doanportal.formats import format_moment
from doanportal.paper import to_docx, to_pdf
from units.letterhead import province_names_on
from units.models import Unit
from units.naming import name_on
from units.policy import post_required

from ..documents.honours import context as paper_of
from ..honours_xlsx import XLSX, render_honours_xlsx
from ..queries_golden_book import may_read_book
from ..queries_honours import (
    FIRST_YEAR,
    LAST_YEAR,
    PER_PAGE,
    Honour,
    choices_of,
    honour_filter,
    honours_of,
    in_list_order,
    narrow,
    totals_of,
    with_entries,
    year_rows,
)

TEMPLATES = "awards/honours"
NAMES = ("don-vi", "hinh-thuc", "nam", "doi-tuong", "q", "ket-qua")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RENDERERS = {"pdf": (to_pdf, "application/pdf"), "docx": (to_docx, WORD)}


class Counted(Paginator):
    """A paginator whose count is known already: the totals are of the same rows."""

    def __init__(self, rows, per_page, number):
        super().__init__(rows, per_page)
        self.count = number


@require_safe
@post_required
def honours(request):
    """The list by unit, form, year, kind of subject and words; the totals are those of all its rows."""
    user, found = request.user, asked_of(request)
    everything = honours_of(user, refused=found.refused)
    rows = narrow(everything, found)
    totals = totals_of(rows)
    page = Counted(with_entries(rows), PER_PAGE, totals.number).get_page(request.GET.get("trang"))
    years, units = choices_of(everything)
    kept = {name: request.GET[name] for name in NAMES if request.GET.get(name)}
    context = {
        "found": found,
        "totals": totals,
        "rows": [Honour(line) for line in page.object_list],
        "page": page,
        "query": f"{urlencode(kept)}&" if kept else "",
        "years": years,
        "units": units if user.is_province or len(units) > 1 else [],
        "forms": totals.forms,
        "is_narrowed": any(name != "ket-qua" for name in kept),
        "has_own": bool(user.unit_ids),
        "reads_book": bool(may_read_book(user)),
        "this_year": found.year or clock.today().year,
    }
    return render(request, f"{TEMPLATES}/list.html", context)


def asked_of(request):
    return honour_filter(request.GET)


@require_safe
@post_required
def honours_export(request):
    """The rows of the page, all of them, as a workbook."""
    found = asked_of(request)
    rows = narrow(honours_of(request.user, refused=found.refused), found)
    words = "không đạt" if found.refused else "được khen thưởng"
    year = f" năm {found.year}" if found.year else ""
    content = render_honours_xlsx(
        with_entries(rows),
        totals_of(rows),
        title=f"Tập thể, cá nhân {words}{year}",
        subtitle=f"Số liệu lúc {format_moment(clock.now())}",
        refused=found.refused,
    )
    return attachment(content, XLSX, f"Tập thể, cá nhân {words}{year}.xlsx")


@require_safe
@post_required
def honours_annual(request, year):
    """For the annual report: totals by unit and form, and who it was."""
    check_year(year)
    rows = year_rows(request.user, year)
    totals = totals_of(rows)
    page = Counted(in_list_order(rows), PER_PAGE, totals.number).get_page(request.GET.get("trang"))
    forms = list(totals.by_form)
    context = {
        "year": year,
        "totals": totals,
        "forms": forms,
        "lines": [
            (name, [totals.by_unit_form[key].get(form) for form in forms], pair, sum(pair))
            for key, pair in totals.by_unit.items()
            for name in [key[2]]
        ],
        "rows": [Honour(line) for line in page.object_list],
        "page": page,
        "reads_book": bool(may_read_book(request.user)),
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < clock.today().year else None,
    }
    return render(request, f"{TEMPLATES}/annual.html", context)


@require_safe
@post_required
def honours_paper(request, year, kind):
    """The annual list as PDF or Word: of the province, or of the reader's own unit."""
    check_year(year)
    if kind not in RENDERERS:
        raise Http404
    user, day = request.user, clock.today()
    unit = None if user.is_province else own_unit(user)
    name = name_on(unit, day) if unit else province_names_on(day)[0]
    rows = year_rows(user, year, unit=unit)
    paper = paper_of(
        [Honour(line) for line in in_list_order(rows)],
        totals_of(rows),
        year=year,
        day=day,
        name=name,
        of_province=unit is None,
    )
    render_paper, content_type = RENDERERS[kind]
    return attachment(render_paper(paper), content_type, f"Danh sách khen thưởng năm {year}.{kind}")


def own_unit(user):
    """The unit of the reader's first post, with its names; 404 without one."""
    post = user.unit_post
    if post is None:
        raise Http404
    return Unit.objects.prefetch_related("names").get(pk=post.unit_id)


def check_year(year):
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
