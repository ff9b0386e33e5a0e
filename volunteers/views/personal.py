"""Dữ liệu cá nhân: numbers, open requests, who saw what, the words of consent, what retention will do."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from units.models import Unit
from units.policy import post_required

from ..access_log import note_access, possible_accesses, readable_log
from ..consents import text_in_force
from ..forms_personal import FindForm, log_filter
from ..models import ConsentText, PersonalAccess
from ..policy import can_read_access_log
from ..policy_personal import personal_required
from ..queries_personal import (
    PAGE_ROWS,
    accesses_shown,
    figures_by_unit,
    found_people,
    open_requests,
    people_for,
    request_lines,
    team_names,
    teams_missing_consent,
    units_with_people,
)
from ..retention import first_kept_day, kept_until, preview

TEMPLATES = "volunteers/personal"
OPEN_SHOWN = 20


@require_safe
@personal_required
def personal_home(request):
    """What a unit keeps and owes its people; Ban Phong trào: all units."""
    user, now = request.user, clock.now()
    today = clock.today()
    context = {
        "form": FindForm(),
        "requests": request_lines(open_requests(user)[:OPEN_SHOWN], now=now),
        "kept_until": kept_until(today.year),
        "year": today.year,
        "reads_log": reads_some_log(user),
    }
    if user.is_lead_officer:
        page = page_of(units_with_people(), request)
        context |= {"page": page, "rows": figures_by_unit(page.object_list, now=now)}
        return render(request, f"{TEMPLATES}/home_province.html", context)
    units = {post.unit_id: post.unit for post in user.current_posts if post.unit_id in user.unit_ids}
    units = sorted(units.values(), key=lambda unit: (unit.display_order, unit.pk))
    context |= {
        "rows": figures_by_unit(units, now=now),
        "teams": list(teams_missing_consent(user.unit_ids)[:OPEN_SHOWN]),
        "due": sum(row.people for row in preview(on=today, units=user.unit_ids)),
    }
    return render(request, f"{TEMPLATES}/home_unit.html", context)


def reads_some_log(user):
    """Whether a log of some unit is this person's to read."""
    return any(can_read_access_log(user, post.unit).allowed for post in user.current_posts)


def page_of(rows, request):
    """The page asked for; what is no page is the first or the last."""
    return Paginator(rows, PAGE_ROWS).get_page(request.GET.get("trang"))


@require_http_methods(["GET", "HEAD", "POST"])
@personal_required
def personal_find(request):
    """People of the own units by name, to open what is held of them; each search is written down."""
    form = FindForm(request.POST) if request.method == "POST" else FindForm()
    people = None
    if form.is_bound and form.is_valid():
        people = found_people(request.user, form.cleaned_data["text"])
        for unit, count in count_by_unit(people).items():
            note_access(
                actor=request.user,
                kind=PersonalAccess.Kind.LIST,
                unit=unit,
                people=count,
                fields="họ tên, năm sinh",
            )
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"{TEMPLATES}/find.html", {"form": form, "people": people}, status=status)


def count_by_unit(people):
    counts = {}
    for person in people:
        counts[person.unit] = counts.get(person.unit, 0) + 1
    return counts


@require_safe
@post_required
def consent_text(request, purpose):
    """The words in force, to read out, to print and to have signed."""
    if purpose not in ConsentText.Purpose.values:
        raise Http404
    text = text_in_force(purpose)
    if text is None:
        raise Http404
    return render(request, f"{TEMPLATES}/consent_text.html", {"text": text})


@require_safe
@post_required
def access_log(request):
    """Who saw or took what; narrowed to a person: whoever saw it for certain or may have."""
    user = request.user
    if not reads_some_log(user):
        raise PermissionDenied("Nhật ký xem dữ liệu do Bí thư, Phó Bí thư của đơn vị và Ban Phong trào đọc.")
    asked = log_filter(request.GET)
    rows = asked.narrow(readable_log(user))
    person = None
    if asked.person_id:
        person = get_object_or_404(people_for(user), pk=asked.person_id)
        rows = possible_accesses(rows, person)
    page = page_of(accesses_shown(rows), request)
    names = team_names(page.object_list)
    context = {
        "page": page,
        "rows": [(row, names.get(row.team_id, "")) for row in page.object_list],
        "asked": asked,
        "person": person,
        "kinds": PersonalAccess.Kind.choices,
        "units": list(log_units(user)),
        "query": kept_query(request),
    }
    return render(request, f"{TEMPLATES}/access_log.html", context)


def log_units(user):
    """Units to choose from: none where there is only one."""
    if user.is_lead_officer:
        return units_with_people()
    return Unit.objects.none()


def kept_query(request):
    """The filter as part of an address, for the links to other pages."""
    kept = {
        name: request.GET[name] for name in ("don-vi", "nguoi", "viec", "tu", "den") if request.GET.get(name)
    }
    return f"{urlencode(kept)}&" if kept else ""


@require_safe
@personal_required
def retention_preview(request):
    """How many people lose their names at the next run, by unit; counts only."""
    user, today = request.user, clock.today()
    rows = preview(on=today, units=None if user.is_lead_officer else user.unit_ids)
    next_year = today.replace(year=today.year + 1, month=1, day=2)
    context = {
        "rows": rows,
        "first_kept": first_kept_day(today),
        "later": preview(on=next_year, units=None if user.is_lead_officer else user.unit_ids),
        "next_year": next_year,
        "kept_until": kept_until(today.year),
        "year": today.year,
    }
    return render(request, f"{TEMPLATES}/retention.html", context)
