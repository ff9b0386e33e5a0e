"""Into a team, out of it on a day, and what was written down wrong mended back in time."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from doanportal.textfold import fold
from units.policy import post_required

from ..access_log import note_access
from ..consents import text_in_force
from ..forms_roster import LONGEST_SEARCH, CorrectForm, JoinForm, LeaveForm, number_asked, text_asked
from ..models import Consent, ConsentText, Membership, Person, PersonalAccess
from ..people import PersonError, has_consent
from ..queries_roster import people_of_unit, possible_same
from ..roster import (
    RosterConflict,
    RosterError,
    change_role,
    correct,
    join,
    join_new,
    leave,
    stamp,
    time_words,
)
from .roster import METHODS, TEMPLATES, managed_team

FOUND = 20
SHORTEST_SEARCH = 2
REFUSED, MET = 422, 409


@require_http_methods(METHODS)
@post_required
def roster_add(request, team_id):
    """Look among the unit's people first; then take in the one chosen (?nguoi=) or a new one."""
    team = managed_team(request.user, team_id)
    asked = request.POST.get("use") or request.GET.get("nguoi", "")
    person = unit_person_or_404(team, asked) if asked else None
    agreed = person is not None and has_consent(person, Consent.By.SELF)
    form = JoinForm(request.POST if request.method == "POST" else None, person=person, agreed=agreed)
    if request.method == "POST" and form.is_valid():
        same = [] if person else same_people(team, form)
        if same and request.POST.get("different") != "1":
            return add_page(request, team, form, same=same, status=MET)
        try:
            take_in(request, team, form, same)
        except (RosterError, PersonError) as error:
            form.blame(error)
        else:
            messages.success(request, "Đã ghi vào danh sách đội hình.")
            again = request.POST.get("then") == "again"
            return redirect("roster_add" if again else "roster", team.pk)
    return add_page(request, team, form, status=REFUSED if form.is_bound else 200)


def unit_person_or_404(team, asked):
    return get_object_or_404(Person.objects.living(), unit=team.unit, pk=number_asked(asked))


def same_people(team, form):
    """Who is there already by that name and year of birth."""
    details = form.details
    return possible_same(team.unit, fold(details.full_name)[:200], details.birth_year)


def take_in(request, team, form, same):
    given = form.cleaned_data
    place = {
        "joined": given["joined"],
        "role": given["role"],
        "basis": given["basis"],
        "told": form.told_consent,
        "guardian": form.guardian_consent,
        "by": request.user,
    }
    if form.person is not None:
        return join(team, form.person, **place)
    return join_new(team, form.details, unlike=same, **place)


def add_page(request, team, form, *, same=(), status=200):
    """The page with what was typed, people found by ?q=, and those who may be meant."""
    text = text_asked(request)
    found = []
    if len(fold(text)) >= SHORTEST_SEARCH and form.person is None:
        found = list(people_of_unit(team.unit, text)[:FOUND])
    note_access(
        actor=request.user,
        kind=PersonalAccess.Kind.LIST,
        unit=team.unit,
        people=len(found) + len(same) + (form.person is not None),
        team=team,
    )
    context = {
        "team": team,
        "form": form,
        "person": form.person,
        "text": text,
        "found": found,
        "searched": bool(text),
        "shortest": SHORTEST_SEARCH,
        "longest": LONGEST_SEARCH,
        "same": same,
        "purpose": text_in_force(ConsentText.Purpose.ROSTER),
    }
    return render(request, f"{TEMPLATES}/add.html", context, status=status)


def membership_or_404(team, membership_id):
    rows = Membership.objects.filter(team=team).select_related("person")
    return get_object_or_404(rows, pk=membership_id)


@require_http_methods(METHODS)
@post_required
def member_end(request, team_id, membership_id):
    """The person leaves on a day, on a basis; a seat on the board ends with it."""
    team = managed_team(request.user, team_id)
    membership = membership_or_404(team, membership_id)
    form = LeaveForm(request.POST or None, initial={"seen": stamp(membership)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        return act(
            request,
            team,
            membership,
            form,
            lambda: leave(
                membership, left=given["left"], basis=given["basis"], seen=given["seen"], by=request.user
            ),
            "Đã ghi ngày rời đội.",
        )
    return member_page(request, team, membership, form)


@require_http_methods(METHODS)
@post_required
def member_correct(request, team_id, membership_id):
    """Mend days, role and basis, back in time too; or another role from a day on."""
    team = managed_team(request.user, team_id)
    membership = membership_or_404(team, membership_id)
    initial = {
        "joined": membership.valid_from,
        "left": membership.valid_to,
        "role": membership.role,
        "basis": membership.basis,
        "seen": stamp(membership),
    }
    form = CorrectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return act(
            request,
            team,
            membership,
            form,
            lambda: mend(membership, form.cleaned_data, by=request.user),
            "Đã sửa.",
        )
    return member_page(request, team, membership, form)


def mend(membership, given, *, by):
    since = given.pop("role_since")
    if since is None:
        return correct(membership, **given, by=by)
    if (given["joined"], given["left"]) != (membership.valid_from, membership.valid_to):
        raise RosterError(
            "Khi vai trò đổi từ một ngày, giữ nguyên ngày vào và ngày rời đội; sửa ngày ở lần khác.",
            "role_since",
        )
    return change_role(
        membership, since=since, role=given["role"], basis=given["basis"], seen=given["seen"], by=by
    )


def act(request, team, membership, form, rule, done):
    """Do it and go back to the list; else the page again with every word on it and what stands now."""
    try:
        rule()
    except RosterConflict as conflict:
        form.blame(conflict)
        # The next press is meant for what stands now.
        form.data = form.data.copy()
        form.data["seen"] = stamp(conflict.theirs)
        return member_page(request, team, conflict.theirs, form, status=MET)
    except RosterError as error:
        form.blame(error)
        return member_page(request, team, membership, form)
    messages.success(request, done)
    return redirect("roster", team.pk)


def member_page(request, team, membership, form, *, status=None):
    note_access(
        actor=request.user,
        kind=PersonalAccess.Kind.PERSON,
        unit=team.unit,
        people=1,
        team=team,
        person=membership.person,
    )
    context = {
        "team": team,
        "membership": membership,
        "person": membership.person,
        "stands": time_words(membership.valid_from, membership.valid_to),
        "form": form,
        "met": status == MET,
        "leaving": isinstance(form, LeaveForm),
    }
    status = status or (REFUSED if form.is_bound and form.errors else 200)
    return render(request, f"{TEMPLATES}/member.html", context, status=status)
