"""Ban Phong trào or the department in charge takes note of a team's decision and roster (D7, plan V.2)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from plans.models import Stage
from plans.notices import tell
from plans.obligations import ObligationError, mark_accepted
from plans.recipients import people_for
from units.policy import ALLOWED, denied

from .policy import can_answer_plan
from .teams import TeamError, decision_obligation


def can_note_papers(user, team, obligation):
    """Take note: those who answer for the unit, once the papers are in and as long as nobody did."""
    if not (decision := can_answer_plan(user, team)):
        return decision
    if obligation is None or obligation.first_fulfilled_at is None:
        return denied("Đơn vị chưa gửi Quyết định và danh sách.")
    if obligation.accepted_at is not None:
        return denied("Đã tiếp nhận Quyết định và danh sách.")
    return ALLOWED


@transaction.atomic
def note_papers(team, *, by, at):
    """Take note of the decision and roster; the unit's people are told. Returns the obligation.

    Raises TeamError when nothing was sent or it was noted before.
    """
    obligation = decision_obligation(team)
    if not (decision := can_note_papers(by, team, obligation)):
        raise TeamError(decision.reason)
    try:
        obligation = mark_accepted(obligation, at=at, by=by)
    except ObligationError as error:
        raise TeamError(str(error)) from error
    tell(
        subject_key=f"team-papers:{obligation.pk}",
        stage="accepted",
        recipients=people_for(team.unit, Stage.Audience.DEPUTY, on=timezone.localtime(at).date()),
        title=f"[Đã tiếp nhận] {obligation.title}",
        text="Tỉnh Đoàn đã tiếp nhận Quyết định thành lập và danh sách của đội hình. Trân trọng cảm ơn!",
        url=reverse("team_detail", args=[team.pk]),
        now=at,
        obligation=obligation,
    )
    return obligation
