"""Khen thưởng: the rounds, one of them, its Thông báo; for units the way into their dossier."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from doanportal import clock
from doanportal.downloads import stored
from plans.due_words import due_words, left_tone, left_words
from units.policy import post_required

from ..models import Round, Stage
from ..policy import (
    can_decide,
    can_keep_council,
    can_keep_golden_book,
    can_manage_rounds,
    is_checker,
    is_leader,
)
from ..queries_checks import counts_of_queue
from ..queries_rounds import (
    PER_PAGE,
    forms_of,
    forms_with_quotas,
    happenings,
    owing_units,
    own_lines,
    own_quotas,
    round_for,
    round_with_facts,
    rounds_with_counts,
    sits,
    stage_counts,
    stage_line,
)
from ..rounds import due_as_printed

TEMPLATES = "awards/rounds"


@require_safe
@post_required
def award_home(request):
    """For a unit its rounds with the state of its dossier; for the province rounds with counts by stage."""
    user = request.user
    if user.is_province:
        return province_home(request)
    page = Paginator(Round.objects.visible_to(user), PER_PAGE).get_page(request.GET.get("trang"))
    context = {"lines": [unit_line(line) for line in own_lines(user, page.object_list)], "page": page}
    return render(request, f"{TEMPLATES}/home_unit.html", context)


def province_home(request):
    user = request.user
    page = Paginator(rounds_with_counts(user), PER_PAGE).get_page(request.GET.get("trang"))
    rounds = list(page.object_list)
    own = [unit_line(line) for line in own_lines(user, rounds) if line.round.state != Round.State.DRAFT]
    context = {
        "rounds": [(row, stage_line(row)) for row in rounds],
        "own": own,
        "page": page,
        "may_manage": bool(can_manage_rounds(user)),
        "waiting": sum(counts_of_queue(user).values()),
        "judges": bool(user.officer_department_ids),
        "keeps_book": bool(can_keep_golden_book(user)),
    }
    return render(request, f"{TEMPLATES}/home.html", context)


def unit_line(line):
    """An OwnLine with its due time in words."""
    owed = line.obligation
    open_still = owed is not None and not line.handed_in and line.round.state == Round.State.OPEN
    return {
        "line": line,
        "due": due_words(owed) if owed else "",
        "left": left_words(owed, now=clock.now()) if open_still and not owed.waived_at else "",
        "tone": left_tone(owed, now=clock.now()) if open_still else "",
        "late": bool(owed and owed.first_fulfilled_at is not None and owed.first_fulfilled_at > owed.due_at),
    }


def round_or_404(user, round_id):
    return get_object_or_404(round_for(user), pk=round_id)


@require_safe
@post_required
def round_detail(request, round_id):
    """The round: rules, deadline, forms; for the province also who handed in, and what comes next."""
    award_round = get_object_or_404(round_with_facts(request.user), pk=round_id)
    forms = forms_with_quotas(award_round) if request.user.is_province else forms_of(award_round)
    lines = own_lines(request.user, [award_round]) if award_round.state != Round.State.DRAFT else []
    context = {
        "round": award_round,
        "forms": forms,
        "due": award_round.last_due or due_as_printed(award_round),
        "own": [(unit_line(line), own_quotas(forms, line.unit)) for line in lines],
        "province": request.user.is_province,
    }
    if request.user.is_province:
        context |= province_facts(request.user, award_round)
    return render(request, f"{TEMPLATES}/detail.html", context)


def province_facts(user, award_round):
    counts = stage_counts(award_round)
    owing = owing_units(award_round) if award_round.state != Round.State.DRAFT else []
    late = clock.now()
    return {
        "may_manage": bool(can_manage_rounds(user)),
        "stages": [(stage.label, counts.get(stage.value, 0)) for stage in Stage if stage != Stage.DRAFT],
        "in_all": sum(counts.values()),
        "owing": owing,
        "handed_in": sum(row.dossier is not None for row in owing),
        "missing": [row for row in owing if row.dossier is None and not row.obligation.waived_at],
        "past_due": any(row.obligation.due_at < late for row in owing),
        "happenings": happenings(award_round) if can_manage_rounds(user) else [],
        "judges": bool(user.officer_department_ids),
        "checks": user.is_lead_officer or is_checker(user),
        "sees_council": bool(can_keep_council(user)) or is_leader(user),
        "sits": sits(award_round),
        "decides": bool(can_decide(user)),
        "prints": bool(can_keep_golden_book(user)),
    }


@require_safe
@post_required
def round_notice_file(request, round_id):
    """The signed scan of the Thông báo: for everybody who sees the round."""
    notice = round_or_404(request.user, round_id).notice
    if notice is None or not notice.file:
        raise Http404
    return stored(request, notice.file, notice.content_type, notice.original_name, notice.sha256)
