"""«Gửi danh sách giới thiệu Ban Chỉ huy» from a team: one press, then the check page of the list (D1)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from doanportal import clock
from plans.due_words import due_words
from reports.board_list import ADD, BOARD_FORM, REPLACE, BoardListError, OthersInDraft, fill_board_list
from reports.drafts import DraftError
from reports.policy import can_edit
from reports.queries_unit import report_obligations
from units.policy import post_required
from volunteers.access_log import note_access
from volunteers.models import PersonalAccess, Team
from volunteers.policy import can_manage_team
from volunteers.queries_roster import board_as_at

NOT_OWED = "Đơn vị không phải gửi danh sách giới thiệu Ban Chỉ huy."


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def board_list(request, team_id):
    """GET shows whom the list would name; POST fills the draft and leads to its check page."""
    team = get_object_or_404(Team.objects.visible_to(request.user).select_related("unit__kind"), pk=team_id)
    decision = can_manage_team(request.user, team)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    owed = report_obligations(request.user).filter(form__code=BOARD_FORM, owner=team.unit)
    obligation = owed.order_by("-due_at").first()
    if obligation is None:
        messages.info(request, NOT_OWED)
        return redirect("roster", team.pk)
    decision = can_edit(request.user, obligation)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    if request.method != "POST":
        return page(request, team, obligation)
    how = request.POST.get("how", "")
    try:
        filled = fill_board_list(
            obligation, team, by=request.user, how=how, reason=request.POST.get("reason", "")
        )
    except OthersInDraft as met:
        return page(request, team, obligation, message=str(met), others=met.others, status=409)
    except (BoardListError, DraftError) as error:
        return page(request, team, obligation, message=str(error), status=422)
    messages.success(request, f"Đã đưa {filled.people} người của Ban Chỉ huy đội vào danh sách.")
    if filled.held_back:
        messages.warning(
            request, f"{filled.held_back} người đang hạn chế xử lý hoặc đã xóa thông tin nên không đưa vào."
        )
    return redirect("report_check", obligation.pk)


def page(request, team, obligation, *, message="", others=0, status=200):
    rows = board_as_at(team, clock.today())
    note_access(
        actor=request.user, kind=PersonalAccess.Kind.LIST, unit=team.unit, people=len(rows), team=team
    )
    context = {
        "team": team,
        "obligation": obligation,
        "rows": rows,
        "due": due_words(obligation),
        "message": message,
        "others": others,
        "needs_reason": obligation.current_id and not obligation.draft_id,
        "reason": request.POST.get("reason", ""),
        "replace": REPLACE,
        "add": ADD,
    }
    return render(request, "reports/unit/board_list.html", context, status=status)
