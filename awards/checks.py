"""Judging nominations before the council: assessments bound to a version, supplements, passing on.

Assessments are only added: the newest of a step is read. Reads are in awards.queries_checks.
"""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_date
from plans.models import Stage as ReminderStage
from plans.notices import tell
from plans.recipients import people_for
from units.models import Unit
from units.models.people import LEAD_DEPARTMENT
from units.supervision import departments_of

from .models import (
    CHECKING_DEPARTMENT,
    Assessment,
    Council,
    Nomination,
    NominationVersion,
    Round,
    Stage,
    SupplementRequest,
)
from .policy import can_check, can_check_together, can_propose
from .queries_checks import cluster_rows, with_judgement
from .rounds import due_of
from .stages import StageError, advance, lock, require

Step, Verdict = Assessment.Step, Assessment.Verdict
ACT_OF = {Step.CLUSTER: "propose", Step.CHECK: "check", Step.CHECK_TOGETHER: "check_together"}
POLICY_OF = {Step.CLUSTER: can_propose, Step.CHECK: can_check, Step.CHECK_TOGETHER: can_check_together}


class CheckError(ValueError):
    """What was asked cannot be done; the text is for the user, `field` names the input it is about."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class VersionChanged(CheckError):
    """The unit supplemented since the page was opened: another text is to be judged."""

    def __init__(self, number):
        super().__init__(
            f"Đơn vị vừa gửi bổ sung: hồ sơ nay có bản {number}. Ý kiến đồng chí nhập còn nguyên dưới đây; "
            "hãy xem bản mới rồi lưu lại."
        )


def may_judge(user, nomination, step):
    """The Decision whether this person judges the nomination in that step, by post."""
    return POLICY_OF[step](user, nomination.unit)


def wrong_time(nomination, step):
    """Why no verdict of that step can be given now, in words; '' when it can."""
    try:
        require(nomination, ACT_OF[step])
    except StageError as error:
        return str(error)
    return ""


def step_for(user, nomination):
    """The step in which this person judges the nomination now; None when it isn't this person's turn."""
    if nomination.stage == Stage.CLUSTER:
        steps = (Step.CLUSTER,)
    elif nomination.stage == Stage.CHECK:
        steps = (Step.CHECK, Step.CHECK_TOGETHER)
    else:
        return None
    return next((step for step in steps if may_judge(user, nomination, step)), None)


def department_for(user, nomination, step):
    """The department in whose name this person judges."""
    if step == Step.CHECK:
        return Unit.objects.get(code=LEAD_DEPARTMENT)
    if step == Step.CHECK_TOGETHER:
        return Unit.objects.get(code=CHECKING_DEPARTMENT)
    in_charge = departments_of([nomination.unit_id])[nomination.unit_id]
    own = [row for row in in_charge if row.pk in user.officer_department_ids]
    return own[0] if own else Unit.objects.get(code=LEAD_DEPARTMENT)


def latest_version_of(nomination):
    return NominationVersion.objects.filter(nomination=nomination).order_by("-number").first()


@transaction.atomic
def assess(nomination, *, step, version_id, verdict, text, by):
    """Say what a department thinks of the version read; returns the Assessment.

    The same words again by the same person give the row there is. Side effects: one row, one event.
    Raises VersionChanged when another version came meanwhile, StageError at the wrong time, CheckError
    without a reason where the department does not propose.
    """
    nomination = lock(nomination.pk)
    require(nomination, ACT_OF[step])
    if verdict == Verdict.NOT_PROPOSE and not text:
        raise CheckError("Không đề xuất thì ghi lý do.", "text")
    version = latest_version_of(nomination)
    if version.pk != version_id:
        raise VersionChanged(version.number)
    newest = Assessment.objects.filter(nomination=nomination, step=step).order_by("-at", "-pk").first()
    if newest is not None and (newest.version_id, newest.verdict, newest.text, newest.by_id) == (
        version.pk,
        verdict,
        text,
        by.pk,
    ):
        return newest
    row = Assessment.objects.create(
        nomination=nomination,
        version=version,
        step=step,
        department=department_for(by, nomination, step),
        verdict=verdict,
        text=text,
        at=clock.now(),
        by=by,
    )
    advance(nomination, ACT_OF[step], by=by)
    return row


# Supplements


def last_day_to_supplement(award_round):
    """The last day that may be given: within the round's time; after it, today, while the round is open."""
    return max(timezone.localdate(due_of(award_round)), clock.today())


def check_supplements(nomination, award_round):
    """Raises StageError when nothing may be asked for (any more)."""
    require(nomination, "ask_supplement")
    if not award_round.supplements_allowed:
        raise StageError("Đợt này không cho đề nghị bổ sung hồ sơ.")
    if award_round.state != Round.State.OPEN:
        raise StageError(
            "Đợt đã kết thúc nhận hồ sơ nên không đề nghị bổ sung được nữa; hồ sơ không trả về đơn vị, hãy "
            "xét theo bản đã gửi."
        )


@transaction.atomic
def ask_supplement(nomination, *, text, due_on, by):
    """Ask the unit for more, before the round closes; what it sent stays. Returns the SupplementRequest.

    The same words while they wait give the row there is. Side effects: one row, one event, a notice to the
    unit. Raises StageError, CheckError at `due_on`.
    """
    award_round = Round.objects.select_for_update(no_key=True).get(pk=nomination.round_id)
    nomination = lock(nomination.pk)
    check_supplements(nomination, award_round)
    latest = last_day_to_supplement(award_round)
    if due_on < clock.today():
        raise CheckError("Ngày bổ sung ở trước hôm nay. Hãy chọn ngày từ hôm nay trở đi.", "due_on")
    if due_on > latest:
        raise CheckError(
            f"Chỉ bổ sung được khi đợt còn nhận hồ sơ: chọn ngày đến hết {format_date(latest)}.", "due_on"
        )
    same = SupplementRequest.objects.filter(nomination=nomination, answered_by_version=None, text=text, by=by)
    if found := same.first():
        return found
    row = SupplementRequest.objects.create(
        nomination=nomination,
        version=latest_version_of(nomination),
        text=text,
        due_on=due_on,
        at=clock.now(),
        by=by,
        department=department_for(by, nomination, step_for(by, nomination) or Step.CLUSTER),
    )
    advance(nomination, "ask_supplement", by=by)
    tell_unit(nomination, row)
    return row


def tell_unit(nomination, request):
    """Bí thư, Phó Bí thư and who handed in; who is proposed and what is asked stand on the portal alone."""
    dossier = nomination.dossier
    people = people_for(nomination.unit, ReminderStage.Audience.DEPUTY, on=timezone.localdate(request.at))
    tell(
        subject_key=f"supplement:{request.pk}",
        stage="supplement",
        recipients=[*people, *([dossier.handed_in_by] if dossier.handed_in_by else [])],
        title=f"[Cần bổ sung] Hồ sơ khen thưởng: {nomination.round.name}",
        text=(
            f"Một đề nghị trong hồ sơ của đơn vị cần bổ sung đến hết ngày {format_date(request.due_on)}. Nội "
            "dung cần bổ sung xem trên cổng; hồ sơ đã gửi giữ nguyên."
        ),
        url=reverse("nomination_detail", args=[nomination.pk]),
        now=request.at,
        obligation=dossier.obligation,
    )


# Passing on


@dataclass(frozen=True)
class Passed:
    """What passing on did: how many went, how many stayed and why."""

    moved: int
    unjudged: int
    stale: int
    awaiting: int
    without_opinion: int = 0

    @property
    def stayed_words(self):
        """«Còn lại: …», '' when everything went."""
        parts = [
            (self.unjudged, "chưa có ý kiến"),
            (self.stale, "đã có bản mới, cần xét lại"),
            (self.awaiting, "đang chờ đơn vị bổ sung"),
            (self.without_opinion, "chưa có ý kiến của Ban Xây dựng Đoàn"),
        ]
        words = ", ".join(f"{number} {text}" for number, text in parts if number)
        return f"Còn lại: {words}." if words else ""


def locked(rows, step, stage):
    """Those rows of a stage, locked, with the judgement of the step annotated."""
    ids = rows.filter(stage=stage).values_list("pk", flat=True)
    found = (
        Nomination.objects.select_for_update(of=("self",))
        .filter(pk__in=list(ids), stage=stage)
        .order_by("pk")
    )
    list(found.values_list("pk", flat=True))
    return list(
        with_judgement(Nomination.objects.filter(pk__in=list(ids), stage=stage), step)
        .select_related("unit")
        .order_by("pk")
    )


@transaction.atomic
def pass_to_check(award_round, *, department, by):
    """All of a department's nominations that it judged go to Ban Phong trào; returns Passed.

    Those not judged in their newest version stay, and those whose unit may still supplement in time.
    """
    award_round = Round.objects.select_for_update(no_key=True).get(pk=award_round.pk)
    may_wait = award_round.state == Round.State.OPEN and award_round.supplements_allowed
    rows = locked(cluster_rows(by, award_round, department), Step.CLUSTER, Stage.CLUSTER)
    in_time = set(
        SupplementRequest.objects.filter(
            nomination__in=rows, answered_by_version=None, due_on__gte=clock.today()
        ).values_list("nomination_id", flat=True)
        if may_wait
        else ()
    )
    moved = unjudged = stale = awaiting = 0
    for row in rows:
        if row.pk in in_time:
            awaiting += 1
        elif row.verdict is None:
            unjudged += 1
        elif row.judged != row.latest:
            stale += 1
        else:
            advance(row, "pass_to_check", by=by)
            moved += 1
    return Passed(moved, unjudged, stale, awaiting)


@transaction.atomic
def pass_to_council(award_round, *, rows, by, without_opinion=False):
    """Checked nominations go to the council; returns Passed. `rows`: check_rows() of this person.

    Those on which Ban Xây dựng Đoàn has not spoken stay unless `without_opinion`. Raises CheckError when the
    council's minutes are adopted: nothing more comes before it.
    """
    award_round = Round.objects.select_for_update(no_key=True).get(pk=award_round.pk)
    # The council's row is locked: what arrives while its minutes are adopted would stay behind for ever.
    council = Council.objects.select_for_update().filter(round=award_round).first()
    if council is not None and council.state == Council.State.CLOSED:
        raise CheckError(
            "Hội đồng đã thông qua biên bản của đợt này nên không nhận thêm hồ sơ. Hồ sơ còn lại xét ở đợt "
            "sau."
        )
    found = locked(rows, Step.CHECK, Stage.CHECK)
    with_opinion = set(
        Assessment.objects.filter(nomination__in=found, step=Step.CHECK_TOGETHER).values_list(
            "nomination_id", flat=True
        )
    )
    moved = unjudged = stale = lacking = 0
    for row in found:
        if row.verdict is None:
            unjudged += 1
        elif row.judged != row.latest:
            stale += 1
        elif row.pk not in with_opinion and not without_opinion:
            lacking += 1
        else:
            advance(row, "pass_to_council", by=by)
            moved += 1
    return Passed(moved, unjudged, stale, 0, lacking)
