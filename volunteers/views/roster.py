"""Danh sách đội hình: who is in a team on a day, what changed, send it, and the list as a paper."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from doanportal.downloads import attachment
from doanportal.formats import DateError, format_date, parse_date
from plans.due_words import due_words
from plans.models import Obligation
from units.policy import post_required

from ..access_log import ROSTER_FIELDS, note_access
from ..documents.roster_list import TYPES
from ..documents.roster_list import roster_paper as paper_of
from ..forms_roster import (
    PaperForm,
    day_asked,
    page_asked,
    text_asked,
)
from ..models import PersonalAccess, Team, TeamKind
from ..policy import can_manage_team, can_see_people
from ..queries_roster import (
    FEW_MEMBERS,
    MANY_MEMBERS,
    changes_since,
    roster_as_at,
    roster_page,
    sendings_of,
    team_numbers,
)
from ..roster import (
    RosterError,
    send_roster,
)

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "volunteers/roster"
A_PAGE = 50
FOUND = 20
SHORTEST_SEARCH = 2
SENDINGS = 20
SHOWN = 50
BOARD_LIST = "command_board_list"
BOARD_KIND = "digital_society"
REFUSED, MET = 422, 409


def team_or_404(user, team_id):
    """The team with its unit; a foreign one is 404. `on_board_list`: of the kind whose board D1 asks for."""
    kind = TeamKind.objects.filter(code=BOARD_KIND, teams=OuterRef("pk"))
    teams = Team.objects.visible_to(user).select_related("unit__kind").annotate(on_board_list=Exists(kind))
    return get_object_or_404(teams, pk=team_id)


def managed_team(user, team_id):
    """The team when this person keeps its roster. Raises PermissionDenied otherwise."""
    team = team_or_404(user, team_id)
    decision = can_manage_team(user, team)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    return team


@require_safe
@post_required
def roster(request, team_id):
    """The roster as at ?ngay=, narrowed to ?q=; who needs no names sees numbers."""
    team = team_or_404(request.user, team_id)
    day, wrong_day = day_asked(request)
    context = {"team": team, "day": day, "wrong_day": wrong_day, "is_today": day == clock.today()}
    if not can_see_people(request.user, team.unit).allowed:
        return render(request, f"{TEMPLATES}/numbers.html", context | {"numbers": team_numbers(team, day)})
    text = text_asked(request)
    page = roster_page(team, day, text, page_asked(request), size=A_PAGE)
    note_access(
        actor=request.user, kind=PersonalAccess.Kind.LIST, unit=team.unit, people=len(page.rows), team=team
    )
    context |= {
        "page": page,
        "text": text,
        "odd_size": not text and page.total and not FEW_MEMBERS <= page.total <= MANY_MEMBERS,
        "query": urlencode({"ngay": format_date(day), "q": text}),
        "manages": can_manage_team(request.user, team).allowed,
    }
    if context["manages"]:
        context |= {"sending": sendings_of(team).first(), **board_list_owed(team)}
    return render(request, f"{TEMPLATES}/roster.html", context)


def board_list_owed(team):
    """«Hạn: hết ngày 27/02 …» of the latest command-board list the unit owes; empty where it owes none."""
    if not team.on_board_list:
        return {}
    owed = Obligation.objects.of_plan().filter(form__code=BOARD_LIST, owner=team.unit, waived_at=None)
    obligation = owed.select_related("deadline").order_by("-due_at").first()
    return {"board_due": due_words(obligation)} if obligation else {}


@require_safe
@post_required
def roster_changes(request, team_id):
    """What changed since the roster was last sent, and the earlier sendings."""
    team = team_or_404(request.user, team_id)
    decision = can_see_people(request.user, team.unit)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    sendings, day, groups = list(sendings_of(team)[:SENDINGS]), clock.today(), []
    if sendings:
        changes, people = changes_since(sendings[0], team, day)
        groups = groups_of(changes, people)
        note_access(
            actor=request.user,
            kind=PersonalAccess.Kind.LIST,
            unit=team.unit,
            people=len(changes.person_ids),
            team=team,
        )
    context = {
        "team": team,
        "day": day,
        "sending": sendings[0] if sendings else None,
        "groups": groups,
        "sendings": sendings,
        "manages": can_manage_team(request.user, team).allowed,
    }
    return render(request, f"{TEMPLATES}/changes.html", context)


def groups_of(changes, people):
    """[(heading, how many, the first [(person, words)])] of the changes, empty groups left out."""
    groups = (
        ("Vào đội", [(place.person_id, place.title) for place in changes.joined]),
        ("Rời đội", [(place.person_id, place.title) for place in changes.left]),
        (
            "Đổi vai trò",
            [(new.person_id, f"{old.title} → {new.title}") for old, new in changes.role_changed],
        ),
        ("Sửa thông tin", [(person_id, "") for person_id in changes.corrected]),
    )
    return [
        (head, len(rows), [(people[pk], words) for pk, words in rows[:SHOWN]])
        for head, rows in groups
        if rows
    ]


@require_http_methods(METHODS)
@post_required
def roster_send(request, team_id):
    """Send the roster as at a day to Tỉnh Đoàn; a visit by address leads to the roster."""
    team = managed_team(request.user, team_id)
    if request.method != "POST":
        return redirect("roster", team.pk)
    try:
        day = parse_date(request.POST.get("as_of", "")[:40])
        sending = send_roster(team, as_of=day, by=request.user)
    except (DateError, RosterError) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            f"Đã gửi danh sách {sending.members} người, tính đến ngày {format_date(sending.as_of)}.",
        )
    return redirect("roster", team.pk)


@require_http_methods(METHODS)
@post_required
def roster_paper(request, team_id, kind):
    """The list as PDF or Word, for a stated purpose; taking it out is logged."""
    team = team_or_404(request.user, team_id)
    decision = can_see_people(request.user, team.unit)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    day, wrong_day = day_asked(request)
    render_as, content_type, most = TYPES[kind]
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not wrong_day:
        rows = roster_as_at(team, day)
        if not rows:
            form.add_error(None, f"Đội hình chưa có ai vào ngày {format_date(day)}.")
        elif len(rows) > most:
            form.add_error(None, f"Danh sách có {len(rows)} người, quá {most}: hãy tải tệp Word hoặc Excel.")
        else:
            given = form.cleaned_data
            note_access(
                actor=request.user,
                kind=PersonalAccess.Kind.EXPORT,
                unit=team.unit,
                people=len(rows),
                team=team,
                fields=f"{ROSTER_FIELDS}, số điện thoại" if given["full_phones"] else ROSTER_FIELDS,
                reason=given["reason"],
            )
            paper = paper_of(team, rows, day=day, by=request.user, **given)
            return attachment(render_as(paper), content_type, f"Danh sách {team.name}.{kind}")
    context = {"team": team, "kind": kind, "day": day, "wrong_day": wrong_day, "form": form}
    status = REFUSED if form.is_bound else 200
    return render(request, f"{TEMPLATES}/paper.html", context, status=status)
