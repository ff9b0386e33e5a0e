"""Activities: planned, changed, moved, cancelled, closed with their result; D6 hangs on their day."""

from dataclasses import dataclass, field
from datetime import date, time

from django.db import transaction

from doanportal import clock
from doanportal.formats import format_date, format_number
from doanportal.textfold import fold
from plans.event_obligations import event_deadline, move_event, owe_for_event
from plans.models import Obligation
from plans.obligations import waive
from units.events import record
from units.models import Unit

from .models import GROUP_NAMES, GROUPS, Activity, ActivityUnit

LEAD_TIME = "D6"
COUNTED = tuple(name for name, _ in GROUPS)
RESULT_FIELDS = ("volunteers", *COUNTED, "result", "value", "cost")
LABELS = {
    row.name: str(row.verbose_name) for row in Activity._meta.get_fields() if hasattr(row, "verbose_name")
}
LINKS = {"targets": "chỉ tiêu", "teams": "đội hình", "joint": "đơn vị phối hợp"}


class ActivityError(ValueError):
    """What was asked cannot be done; the text is for the user, `field` names the input it is about."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class StaleActivity(ActivityError):
    """Somebody else saved meanwhile; `activity` is as it stands now."""

    def __init__(self, activity):
        super().__init__(
            "Người khác, hoặc chính đồng chí ở máy khác, vừa sửa hoạt động này. Nội dung đồng chí gõ vẫn còn "
            "dưới đây; hãy so với bản đang có rồi lưu lại."
        )
        self.activity = activity


class CountsMoved(ActivityError):
    """More was counted while totals were typed: `counts` {group: number now} of those typed over."""

    def __init__(self, counts):
        words = ", ".join(f"{GROUP_NAMES[name]} nay là {format_number(now)}" for name, now in counts.items())
        super().__init__(f"Vừa có thêm lượt đếm trong lúc đồng chí nhập: {words}. Hãy xem lại số rồi lưu.")
        self.counts = counts


@dataclass(frozen=True)
class Details:
    """What an activity is, but for its day; ids of rows that the form has looked up."""

    kind_id: int
    title: str
    place: str
    starts_time: time | None = None
    ends_on: date | None = None
    content_id: int | None = None
    sector_id: int | None = None
    volunteers: int | None = None
    assigned: bool = False
    targets: list = field(default_factory=list)
    teams: list = field(default_factory=list)
    joint: list = field(default_factory=list)

    @property
    def columns(self):
        links = ("targets", "teams", "joint")
        return {name: value for name, value in vars(self).items() if name not in links}


def locked(activity, *, revision=None):
    """The activity, read again and locked. With a `revision`: raises ActivityError when it was cancelled
    and StaleActivity when it is not at that one any more."""
    activity = (
        Activity.objects.select_for_update(of=("self",))
        .select_related("unit__kind", "kind")
        .get(pk=activity.pk)
    )
    if revision is not None:
        refuse_cancelled(activity)
        if activity.revision != revision:
            raise StaleActivity(activity)
    return activity


@transaction.atomic
def create_activity(*, unit, starts_on, details, by):
    """Plan an activity, or write down one that was; an assigned one owes its plan. Returns the Activity.

    Side effects: its links, D6 where it is assigned, one event. Raises ActivityError: the same one is there,
    it ends before it starts.
    """
    # One at a time within the unit: a form sent twice over a weak line makes one activity.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    refuse_wrong_end(starts_on, details.ends_on)
    refuse_twin(unit, starts_on, details)
    activity = Activity.objects.create(
        unit=unit,
        starts_on=starts_on,
        created_by=by,
        search_key=search_key(details),
        **details.columns,
    )
    link(activity, details)
    owe_plan(activity, by=by)
    record(verb="create", subject=activity, actor=by, unit=unit, to_state=activity.state)
    return activity


@transaction.atomic
def change_activity(activity, *, details, revision, by):
    """Change what an activity is; its day moves by move_activity. Returns it.

    Side effects as of create_activity; the event names the fields, never what stands in them. Raises
    ActivityError when it was cancelled, StaleActivity when somebody else saved meanwhile, and where an
    activity that owes its plan is to owe none: that is a waiver, and not the unit's to give.
    """
    activity = locked(activity, revision=revision)
    refuse_wrong_end(activity.starts_on, details.ends_on)
    if activity.obligation_id and not details.assigned:
        raise ActivityError(
            "Hoạt động được giao đã có hạn gửi phương án. Nếu không còn được giao, đề nghị Ban Phong trào "
            "miễn gửi phương án.",
            "assigned",
        )
    changed = [LABELS[name.removesuffix("_id")] for name in changed_columns(activity, details.columns)]
    for name, value in details.columns.items():
        setattr(activity, name, value)
    activity.search_key = search_key(details)
    save(activity, *details.columns, "search_key")
    changed += [LINKS[name] for name in link(activity, details)]
    owe_plan(activity, by=by)
    if activity.obligation_id:
        Obligation.objects.filter(pk=activity.obligation_id).update(title=plan_title(activity))
    if changed:
        record(verb="change", subject=activity, actor=by, unit=activity.unit, reason=", ".join(changed))
    return activity


@transaction.atomic
def move_activity(activity, *, starts_on, starts_time, ends_on, reason, revision, by):
    """Give an activity another day; the due time of its plan follows, and the log keeps both. Returns it.

    Raises ActivityError: no reason, another year's day, a day to come for what has taken place.
    """
    activity = locked(activity, revision=revision)
    reason = needed(reason, "Hãy ghi lý do dời ngày.")
    refuse_wrong_end(starts_on, ends_on)
    if starts_on.year != activity.starts_on.year:
        raise ActivityError(
            f"Hoạt động thuộc kế hoạch năm {activity.starts_on.year}. Sang năm khác thì hủy hoạt động này và "
            "lập hoạt động mới.",
            "starts_on",
        )
    if activity.state == Activity.State.HELD and starts_on > clock.today():
        raise ActivityError(
            f"Hoạt động đã diễn ra nên ngày không thể sau hôm nay, {format_date(clock.today())}.", "starts_on"
        )
    before = activity.starts_on
    activity.starts_on, activity.starts_time, activity.ends_on = starts_on, starts_time, ends_on
    save(activity, "starts_on", "starts_time", "ends_on")
    if activity.obligation_id:
        move_event(activity.obligation, event_on=starts_on, by=by, reason=reason)
    record(
        verb="move",
        subject=activity,
        actor=by,
        unit=activity.unit,
        from_state=before.isoformat(),
        to_state=starts_on.isoformat(),
        reason=reason,
    )
    return activity


@transaction.atomic
def cancel_activity(activity, *, reason, by):
    """Cancel for a reason: it counts no more, its result goes, a plan that was not sent is waived."""
    activity = locked(activity)
    refuse_cancelled(activity)
    reason = needed(reason, "Hãy ghi lý do hủy.")
    before = activity.state
    activity.state, activity.cancel_reason = Activity.State.CANCELLED, reason
    activity.held_at, activity.result, activity.value, activity.cost = None, "", None, None
    save(activity, "state", "cancel_reason", "held_at", "result", "value", "cost")
    if activity.obligation_id and Obligation.objects.open().filter(pk=activity.obligation_id).exists():
        waive(activity.obligation, by=by, reason=f"Hủy hoạt động: {reason}")
    record(
        verb="cancel",
        subject=activity,
        actor=by,
        unit=activity.unit,
        from_state=before,
        to_state=activity.state,
        reason=reason,
    )
    return activity


@transaction.atomic
def record_result(activity, *, result, seen, revision, by):
    """Write down how it went, or correct that: `result` {name: value} of RESULT_FIELDS. Returns the activity.

    `seen` {group: number} is what the person saw when they began: a total they left alone keeps what phones
    counted since, one they typed over is refused with CountsMoved. Raises ActivityError before its day.
    """
    activity = locked(activity, revision=revision)
    if clock.today() < activity.starts_on:
        raise ActivityError(f"Ghi kết quả được từ ngày diễn ra, {format_date(activity.starts_on)}.")
    fresh = dict(result)
    moved = {}
    for group in COUNTED:
        now = getattr(activity, group)
        if fresh[group] == seen.get(group):
            fresh[group] = now
        elif now != seen.get(group) and now != fresh[group]:
            moved[group] = now
    if moved:
        raise CountsMoved(moved)
    first = activity.state != Activity.State.HELD
    changed = [LABELS[name] for name in RESULT_FIELDS if getattr(activity, name) != fresh[name]]
    for name in RESULT_FIELDS:
        setattr(activity, name, fresh[name])
    if first:
        activity.state, activity.held_at = Activity.State.HELD, clock.now()
    elif not changed:
        return activity
    save(activity, *RESULT_FIELDS, "state", "held_at")
    record(
        verb="hold" if first else "correct_result",
        subject=activity,
        actor=by,
        unit=activity.unit,
        to_state=activity.state if first else "",
        reason="" if first else ", ".join(changed),
    )
    return activity


def owe_plan(activity, *, by):
    """The D6 obligation of an assigned activity, where its year's plan has that deadline for its unit."""
    if not activity.assigned or activity.obligation_id:
        return
    deadline = event_deadline(LEAD_TIME, activity.starts_on)
    if deadline is None:
        return
    activity.obligation = owe_for_event(
        deadline=deadline,
        owner=activity.unit,
        event_on=activity.starts_on,
        cause=f"activity:{activity.pk}",
        title=plan_title(activity),
        by=by,
    )
    activity.save(update_fields=["obligation"])


def plan_title(activity):
    return f"Phương án: {activity.title}"[:200]


def link(activity, details):
    """Set targets, teams and joint units; returns the names of the links that changed."""
    wanted = {"targets": set(details.targets), "teams": set(details.teams), "joint": set(details.joint)}
    wanted["joint"] -= {activity.unit_id}
    there = {
        "targets": set(activity.targets.values_list("pk", flat=True)),
        "teams": set(activity.teams.values_list("pk", flat=True)),
        "joint": set(activity.parts.values_list("unit_id", flat=True)),
    }
    changed = [name for name in wanted if wanted[name] != there[name]]
    if "targets" in changed:
        activity.targets.set(wanted["targets"])
    if "teams" in changed:
        activity.teams.set(wanted["teams"])
    if "joint" in changed:
        activity.parts.exclude(unit__in=wanted["joint"]).delete()
        ActivityUnit.objects.bulk_create(
            ActivityUnit(activity=activity, unit_id=pk) for pk in sorted(wanted["joint"] - there["joint"])
        )
    return changed


def save(activity, *names):
    activity.revision += 1
    activity.save(update_fields=[*names, "revision"])


def changed_columns(activity, columns):
    return [name for name, value in columns.items() if getattr(activity, name) != value]


def search_key(details):
    return fold(f"{details.title} {details.place}")[:500]


def needed(text, message, field="reason"):
    text = (text or "").strip()
    if not text:
        raise ActivityError(message, field)
    return text


def refuse_cancelled(activity):
    if activity.state == Activity.State.CANCELLED:
        raise ActivityError("Hoạt động đã hủy nên không sửa được. Hãy lập hoạt động mới.")


def refuse_wrong_end(starts_on, ends_on):
    if ends_on is not None and ends_on < starts_on:
        raise ActivityError(
            f"Ngày kết thúc phải từ ngày bắt đầu, {format_date(starts_on)}, trở đi.", "ends_on"
        )


def refuse_twin(unit, starts_on, details):
    twins = Activity.objects.exclude(state=Activity.State.CANCELLED).filter(
        unit=unit,
        starts_on=starts_on,
        starts_time=details.starts_time,
        title__iexact=details.title,
        place__iexact=details.place,
    )
    if twins.exists():
        raise ActivityError(
            f"Đơn vị đã lập hoạt động cùng tên, cùng nơi ngày {format_date(starts_on)}. Nếu là buổi khác, "
            "hãy ghi thêm giờ bắt đầu.",
            "title",
        )
