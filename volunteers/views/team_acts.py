"""Single acts on a team: its debut, who is in charge, its command board, its end."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from doanportal import clock
from doanportal.typed import clean_line
from units.policy import post_required

from ..access_log import note_access
from ..board import appoint, board_history, end_term, people_to_appoint
from ..forms_teams import AppointForm, DebutForm, DissolveForm, EndTermForm, ResponsibleForm
from ..models import CommandPost, Person, PersonalAccess
from ..teams import (
    TeamError,
    dissolve,
    posts_in_charge,
    put_in_charge,
    record_debut,
    undo_dissolution,
)
from .team_access import METHODS, TEMPLATES, managed_team, status_of, tell

LONGEST_SEARCH = 60
PEOPLE_SHOWN = 20


def act_page(request, team, form, *, do, title, said, button, note="", extra=None):
    """A form of one act: what was typed comes back with what is wrong; then the team's page."""
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except TeamError as error:
            tell(form, error)
        else:
            messages.success(request, said)
            return redirect("team_detail", team.pk)
    page = {"team": team, "form": form, "title": title, "button": button, "note": note, **(extra or {})}
    return render(request, f"{TEMPLATES}/act.html", page, status=status_of(form))


def typed(request):
    return request.POST if request.method == "POST" else None


@require_http_methods(METHODS)
@post_required
def team_debut(request, team_id):
    team = managed_team(request.user, team_id)
    form = DebutForm(typed(request), initial={"on": team.debut_on, "place": team.debut_place})
    return act_page(
        request,
        team,
        form,
        do=lambda given: record_debut(team, on=given["on"], place=given["place"], by=request.user),
        title="Ra mắt đội hình",
        said="Đã ghi ngày, nơi ra mắt.",
        button="Lưu ngày ra mắt",
        note="Ra mắt tại Lễ ra quân Tháng Thanh niên của đơn vị. Ngày dự kiến ghi trước cũng được.",
    )


@require_http_methods(METHODS)
@post_required
def team_responsible(request, team_id):
    team = managed_team(request.user, team_id)
    posts = posts_in_charge(team.unit)
    form = ResponsibleForm(typed(request), posts=posts, initial={"post": team.responsible_id})
    return act_page(
        request,
        team,
        form,
        do=lambda given: put_in_charge(team, post=given["post"], by=request.user),
        title="Đồng chí phụ trách đội hình",
        said="Đã ghi đồng chí phụ trách.",
        button="Lưu",
        note="Mỗi đội hình do đúng một đồng chí Bí thư hoặc Phó Bí thư phụ trách. Danh sách lấy từ các tài "
        "khoản đang giữ chức vụ trên cổng.",
    )


@require_http_methods(METHODS)
@post_required
def team_dissolve(request, team_id):
    team = managed_team(request.user, team_id)
    if request.method == "POST" and team.dissolved_on and request.POST.get("action") == "undo":
        undo_dissolution(team, by=request.user)
        messages.success(request, "Đã bỏ ghi giải thể; đội hình hoạt động trở lại.")
        return redirect("team_detail", team.pk)
    form = DissolveForm(typed(request), initial={"on": team.dissolved_on, "basis": team.dissolution_basis})
    return act_page(
        request,
        team,
        form,
        do=lambda given: dissolve(team, on=given["on"], basis=given["basis"], by=request.user),
        title="Giải thể đội hình",
        said="Đã ghi giải thể.",
        button="Ghi giải thể",
        note="Từ ngày này đội hình không còn được tính vào chỉ tiêu. Danh sách, hoạt động và số liệu "
        "trước đó giữ nguyên.",
        extra={"undo": team.dissolved_on is not None},
    )


@require_http_methods(METHODS)
@post_required
def team_board(request, team_id):
    """The board with its terms; the form to appoint somebody of the unit, searched by name."""
    team = managed_team(request.user, team_id)
    words = clean_line(request.POST.get("tim", "") or request.GET.get("tim", ""), LONGEST_SEARCH)
    form = AppointForm(
        typed(request),
        people=Person.objects.filter(unit=team.unit).living(),
        initial={"since": clock.today(), "role": "leader"},
    )
    if form.is_valid():
        try:
            appoint(team, by=request.user, **form.cleaned_data)
        except TeamError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã ghi phân công vào Ban Chỉ huy đội.")
            return redirect("team_board", team.pk)
    return board_page(request, team, form, words=words)


def board_page(request, team, form, *, words="", ending=None, end_form=None):
    day = clock.today()
    posts = board_history(team)
    people = people_to_appoint(team, day, words)
    note_access(
        actor=request.user,
        kind=PersonalAccess.Kind.LIST,
        unit=team.unit,
        team=team,
        people=len({post.person_id for post in posts} | {person.pk for person in people[:PEOPLE_SHOWN]}),
        fields="họ tên, năm sinh, chức vụ, chức danh Ban Chỉ huy đội",
    )
    wrong = end_form if end_form is not None else form
    page = {
        "team": team,
        "form": form,
        "wrong": wrong,
        "words": words,
        "people": people[:PEOPLE_SHOWN],
        "more": len(people) > PEOPLE_SHOWN,
        "chosen": str(form["person"].value() or ""),
        "current": [
            (post, end_form if ending == post.pk else None)
            for post in posts
            if post.valid_to is None or post.valid_to > day
        ],
        "past": [post for post in posts if post.valid_to is not None and post.valid_to <= day],
        "today": day,
    }
    return render(request, f"{TEMPLATES}/board.html", page, status=status_of(wrong))


@require_http_methods(METHODS)
@post_required
def team_board_end(request, team_id, seat_id):
    """The day from which somebody no longer holds the seat; a visit by address leads to the board."""
    team = managed_team(request.user, team_id)
    post = get_object_or_404(CommandPost, pk=seat_id, team=team)
    if request.method != "POST":
        return redirect("team_board", team.pk)
    form = EndTermForm(request.POST, prefix=f"s{post.pk}")
    if form.is_valid():
        try:
            end_term(post, on=form.cleaned_data["on"], by=request.user)
        except TeamError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã ghi kết thúc chức danh.")
            return redirect("team_board", team.pk)
    empty = AppointForm(
        people=Person.objects.filter(unit=team.unit).living(),
        initial={"since": clock.today(), "role": "leader"},
    )
    return board_page(request, team, empty, ending=post.pk, end_form=form)
