"""Đội hình: the list, one team with what comes next, founding and changing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from plans.due_words import due_words, left_words
from units.documents import DocumentError, usual_term
from units.models import Post
from units.policy import post_required

from ..access_log import note_access
from ..board import board_counts, board_on
from ..forms_teams import FoundingForm, TeamForm, suggested_tasks
from ..models import PersonalAccess, TeamKind
from ..policy import can_manage_team, can_record_decision, can_see_people
from ..queries_teams import (
    PER_PAGE,
    history,
    manageable_units,
    marks_of,
    next_step,
    size_warning,
    team_lines,
    visible_teams,
)
from ..team_papers import can_note_papers
from ..teams import (
    TeamConflict,
    TeamError,
    decision_obligation,
    edit_team,
    found_team,
    has_numbered_decision,
    posts_in_charge,
)
from .team_access import METHODS, TEMPLATES, managed_team, status_of, team_or_404, tell, with_names

BOARD_FIELDS = "họ tên, chức danh Ban Chỉ huy đội"


@require_safe
@post_required
def team_list(request):
    """The own teams with their states; a province post sees all."""
    day = clock.today()
    page = Paginator(visible_teams(request.user, day=day), PER_PAGE).get_page(request.GET.get("trang"))
    teams = list(page.object_list)
    context = {
        "lines": team_lines(request.user, teams, day=day),
        "page": page,
        "may_found": bool(request.user.unit_ids) or request.user.is_lead_officer,
        "shows_unit": request.user.is_province or len(request.user.unit_ids) > 1,
    }
    return render(request, f"{TEMPLATES}/list.html", context)


@require_safe
@post_required
def team_detail(request, team_id):
    """Facts, command board, decision, roster; one button for what comes next; what happened."""
    user, day, now = request.user, clock.today(), clock.now()
    team = team_or_404(user, team_id)
    may_manage = can_manage_team(user, team).allowed
    may_record = may_manage or can_record_decision(user, team).allowed
    board = board_on(team, day)
    sees_people = may_manage or can_see_people(user, team.unit).allowed
    if sees_people:
        note_access(
            actor=user,
            kind=PersonalAccess.Kind.LIST,
            unit=team.unit,
            team=team,
            people=len(board),
            fields=BOARD_FIELDS,
        )
    owed = decision_obligation(team)
    context = {
        "team": team,
        "kinds": list(team.kinds.all()),
        "marks": marks_of(team, day=day),
        "step": next_step(team) if may_record else None,
        "may_manage": may_manage,
        "may_record": may_record,
        "may_draft": may_manage and not team.is_maintained and not has_numbered_decision(team),
        "sees_people": sees_people,
        "board": board,
        "board_counts": board_counts(board),
        "warning": "" if team.dissolved_on else size_warning(team.members),
        "left_office": team.responsible.valid_to is not None and team.responsible.valid_to <= day,
        "owed": owed,
        "may_note": bool(owed and owed.first_fulfilled_at) and can_note_papers(user, team, owed).allowed,
        "owed_due": due_words(owed) if owed else "",
        "owed_left": left_words(owed, now=now) if owed and not owed.first_fulfilled_at else "",
        "happenings": history(team),
    }
    return render(request, f"{TEMPLATES}/detail.html", context)


@require_http_methods(METHODS)
@post_required
def team_create(request):
    """Found a team, or write down one that was there before."""
    units = manageable_units(request.user)
    rows = list(units)
    if not rows:
        raise PermissionDenied("Đội hình do người của đơn vị lập; đội hình cấp tỉnh do Ban Phong trào lập.")
    kinds = TeamKind.objects.all()
    form = FoundingForm(
        request.POST if request.method == "POST" else None,
        kinds=kinds,
        units=units,
        posts=posts_of(rows),
        initial=first_words(request, rows, list(kinds)),
    )
    if form.is_valid():
        try:
            team = found(form.cleaned_data, by=request.user)
        except DocumentError as error:
            form.add_error({"number": "old_number", "date": "old_date"}.get(error.field), str(error))
        except TeamError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lập đội hình. Việc tiếp theo ghi ở đầu trang này.")
            return redirect("team_detail", team.pk)
    context = {
        "form": form,
        "units": rows,
        "kinds": kinds,
        "no_posts": not form.fields["responsible"].queryset.exists(),
    }
    return render(request, f"{TEMPLATES}/create.html", context, status=status_of(form))


def posts_of(units):
    """Posts that may be in charge of a team of one of these units."""
    found_posts = Post.objects.none()
    for unit in units:
        found_posts = found_posts | posts_in_charge(unit)
    return found_posts


def first_words(request, units, kinds):
    """What the form proposes: the kind asked for, its name and tasks, the only unit and person there is."""
    kind = next((row for row in kinds if row.code == request.GET.get("loai")), kinds[0] if kinds else None)
    unit = next((row for row in units if str(row.pk) == request.GET.get("don-vi")), units[0])
    posts = list(posts_in_charge(unit)[:2])
    return {
        "unit": unit.pk,
        "kinds": [kind.pk] if kind else [],
        "name": f"{kind.name} {unit.short_name}"[:200] if kind else "",
        "tasks": suggested_tasks([kind] if kind else []),
        "responsible": posts[0].pk if len(posts) == 1 else None,
        "old_term": usual_term(unit),
    }


@transaction.atomic
def found(given, *, by):
    return found_team(
        unit=with_names(given["unit"]),
        name=given["name"],
        kinds=given["kinds"],
        responsible=given["responsible"],
        by=by,
        place=given["place"],
        tasks=given["tasks"],
        maintained_since=given["maintained_since"],
        old_decision=given.get("old_decision"),
        debut_on=given["debut_on"],
        debut_place=given["debut_place"],
    )


@require_http_methods(METHODS)
@post_required
def team_edit(request, team_id):
    """Change name, kinds, place, tasks; how it came to be as long as no decision has a number."""
    team = managed_team(request.user, team_id)
    decided = has_numbered_decision(team)
    form = TeamForm(
        request.POST if request.method == "POST" else None,
        kinds=TeamKind.objects.all(),
        with_founding=not decided,
        initial=facts_of(team),
    )
    if decided and not team.is_maintained:
        del form.fields["maintained_since"]
    theirs, status = [], None
    if form.is_valid():
        given = form.cleaned_data
        try:
            edit_team(
                team,
                revision=revision_typed(request),
                name=given["name"],
                kinds=given["kinds"],
                by=request.user,
                place=given["place"],
                tasks=given["tasks"],
                maintained_since=given.get("maintained_since"),
            )
        except TeamConflict as conflict:
            form.add_error(None, str(conflict))
            theirs, status = stored_words(team, form), 409
        except TeamError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lưu thông tin đội hình.")
            return redirect("team_detail", team.pk)
    context = {
        "team": team,
        "form": form,
        "theirs": theirs,
        # Only who was shown the other one's words may write over them.
        "revision": revision_typed(request) if form.is_bound and not theirs else team.revision,
    }
    return render(request, f"{TEMPLATES}/edit.html", context, status=status or status_of(form))


def facts_of(team):
    return {
        "name": team.name,
        "kinds": [kind.pk for kind in team.kinds.all()],
        "founding": team.founding,
        "maintained_since": team.maintained_since,
        "place": team.place,
        "tasks": team.tasks,
    }


def revision_typed(request):
    """The revision the page was opened with; one that cannot be read counts as outdated."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def stored_words(team, form):
    """[(label, text now)] of what stands in the portal, for the one who typed over it."""
    words = {
        "name": team.name,
        "kinds": ", ".join(kind.short_name for kind in team.kinds.all()),
        "place": team.place,
        "tasks": team.tasks,
    }
    return [(form.fields[name].label, text or "(để trống)") for name, text in words.items()]
