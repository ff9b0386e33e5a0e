"""One person on rosters: what is written down, mending it, and entries that may be one person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from units.letterhead import PROVINCE_KIND
from units.models import Unit
from units.policy import post_required

from .. import people as rules
from ..access_log import note_access
from ..forms_roster import PersonForm, number_asked, page_asked
from ..merging import MergeError, merge
from ..models import Consent, ConsentText, Person, PersonalAccess
from ..people import DETAIL_NAMES, PersonConflict, PersonError
from ..policy import can_manage_team, can_see_people
from ..queries_roster import history_of, twin_pairs, twins_of
from .roster import METHODS, TEMPLATES

A_PAGE = 25
REFUSED, MET = 422, 409
WEAK_WORDS = "năm sinh lệch một năm"
SAME_WORDS = "cùng họ tên, cùng năm sinh"


def person_or_404(user, person_id):
    """The person with the unit; of a unit whose people this user may not see it is 404."""
    people = Person.objects.visible_to(user).select_related("unit__kind")
    return get_object_or_404(people, pk=person_id)


def managed_person(user, person_id):
    """The person when this user keeps the unit's people. Raises PermissionDenied otherwise."""
    person = person_or_404(user, person_id)
    decision = can_manage_team(user, person.unit)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    return person


@require_safe
@post_required
def person_detail(request, person_id):
    """What is written down about a person, the teams with dates, and the consents."""
    person = person_or_404(request.user, person_id)
    memberships, seats = history_of(person)
    shown = person.anonymised_at is None
    note_access(
        actor=request.user,
        kind=PersonalAccess.Kind.PERSON,
        unit=person.unit,
        people=1 if shown else 0,
        person=person,
    )
    consents = Consent.objects.filter(person=person).select_related("text", "recorded_by")
    context = {
        "person": person,
        "memberships": memberships,
        "seats": seats,
        "consents": list(consents) if shown else [],
        "manages": shown and can_manage_team(request.user, person.unit).allowed,
        "purpose": ConsentText.Purpose.ROSTER,
    }
    return render(request, f"{TEMPLATES}/person.html", context)


@require_http_methods(METHODS)
@post_required
def person_edit(request, person_id):
    """Mend the details; where two people met, both texts are on the page."""
    person = managed_person(request.user, person_id)
    if person.anonymised_at:
        raise Http404
    initial = {name: getattr(person, name) for name in (*DETAIL_NAMES, "revision")}
    form = PersonForm(request.POST or None, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            rules.edit_person(
                person,
                form.details,
                revision=given["revision"],
                by=request.user,
                reason=given["reason"],
            )
        except PersonConflict as conflict:
            theirs = conflict.theirs
            form.blame(conflict)
            # The next press is meant for what stands now.
            form.data = form.data.copy()
            form.data["revision"] = theirs.revision
        except PersonError as error:
            form.blame(error)
        else:
            messages.success(request, "Đã lưu thông tin.")
            return redirect("person_detail", person.pk)
    note_access(
        actor=request.user,
        kind=PersonalAccess.Kind.PERSON,
        unit=person.unit,
        people=1,
        person=person,
        fields="họ tên, năm sinh, giới tính, chức vụ, nơi công tác, số điện thoại",
    )
    status = MET if theirs else REFUSED if form.is_bound and form.errors else 200
    context = {
        "person": person,
        "form": form,
        "theirs": theirs_lines(form, theirs) if theirs else [],
    }
    return render(request, f"{TEMPLATES}/person_edit.html", context, status=status)


def theirs_lines(form, theirs):
    """[(label, what stands now)] of the fields that differ from what was typed."""
    lines = []
    for field in form.detail_fields:
        stands = theirs.get_gender_display() if field.name == "gender" else getattr(theirs, field.name)
        if str(getattr(theirs, field.name)) != str(field.value() or ""):
            lines.append((field.label, stands))
    return lines


@require_safe
@post_required
def twins(request):
    """Entries of one unit that may be one person: same name without marks, same or neighbouring year."""
    unit = unit_asked(request)
    pairs = twin_pairs(unit)
    page = Paginator(pairs, A_PAGE).get_page(page_asked(request))
    rows = twins_of(list(page)) if pairs else []
    note_access(
        actor=request.user,
        kind=PersonalAccess.Kind.LIST,
        unit=unit,
        people=len({person.pk for row in rows for person in (row.first, row.second)}),
    )
    context = {
        "unit": unit,
        "page": page,
        "rows": [(row, SAME_WORDS if row.same_year else WEAK_WORDS) for row in rows],
        "total": len(pairs),
        "query": f"don-vi={unit.pk}",
        "manages": can_manage_team(request.user, unit).allowed,
    }
    return render(request, f"{TEMPLATES}/twins.html", context)


def unit_asked(request):
    """The unit of ?don-vi=, else the own one; 404 where this user sees no people of it."""
    units = Unit.objects.select_related("kind")
    if asked := request.GET.get("don-vi", ""):
        unit = get_object_or_404(units, pk=number_asked(asked))
    elif post := request.user.unit_post:
        unit = post.unit
    else:
        unit = get_object_or_404(units, kind__code=PROVINCE_KIND, parent=None)
    if not can_see_people(request.user, unit).allowed:
        raise Http404
    return unit


def pair_or_404(user, person_id, other_id):
    """Two living people of one unit that this user keeps."""
    first, second = managed_person(user, person_id), managed_person(user, other_id)
    if (
        first.pk == second.pk
        or first.unit_id != second.unit_id
        or first.anonymised_at
        or second.anonymised_at
    ):
        raise Http404
    return first, second


@require_http_methods(METHODS)
@post_required
def person_merge(request, person_id, other_id):
    """Two entries beside each other; a human says which one stays."""
    first, second = pair_or_404(request.user, person_id, other_id)
    message = ""
    if request.method == "POST":
        keep = number_asked(request.POST.get("keep", ""))
        kept, gone = (first, second) if keep == first.pk else (second, first)
        revisions = {
            row.pk: number_asked(request.POST.get(f"revision_{row.pk}", "")) for row in (first, second)
        }
        try:
            if keep != kept.pk:
                raise MergeError("Hãy chọn giữ người nào.")
            merge(kept, gone, revisions=revisions, by=request.user)
        except MergeError as error:
            message = str(error)
        else:
            messages.success(request, "Đã gộp hai dòng thành một người.")
            return redirect("person_detail", kept.pk)
    note_access(actor=request.user, kind=PersonalAccess.Kind.LIST, unit=first.unit, people=2, person=first)
    sides = [(person, *history_of(person)) for person in (first, second)]
    context = {"first": first, "second": second, "sides": sides, "message": message}
    return render(request, f"{TEMPLATES}/merge.html", context, status=REFUSED if message else 200)


@require_http_methods(METHODS)
@post_required
def not_twins(request, person_id, other_id):
    """«Không phải một người»: remembered, the pair is not shown again."""
    first, second = pair_or_404(request.user, person_id, other_id)
    if request.method != "POST":
        return redirect("person_merge", first.pk, second.pk)
    rules.not_twins(first, second, by=request.user)
    messages.success(request, "Đã ghi nhớ: đây là hai người khác nhau.")
    return redirect("twins")
