"""«Việc của đơn vị»: which obligations matter now, in which group, with which words and which button."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_time, format_weekday
from plans import due_words
from plans.addresses import has_report
from plans.status import Review, Timeliness, review, timeliness
from plans.turns import is_in_turn, is_reported

from .time_left import time_words

AHEAD_DAYS = 45
NOW_DAYS = 14
RECENT_DAYS = 45
MOST_DONE = 4
BASE_UNIT_DAYS = 2


class Group(StrEnum):
    NOW = "now"
    AMEND = "amend"
    WRITING = "writing"
    WAITING = "waiting"
    DONE = "done"
    AHEAD = "ahead"


HEADINGS = {
    Group.NOW: "Cần làm ngay",
    Group.AMEND: "Cần bổ sung",
    Group.WRITING: "Đang soạn",
    Group.WAITING: "Chờ tiếp nhận",
    Group.DONE: "Đã xong",
}


@dataclass(frozen=True)
class Task:
    """One row: what, by when, how long, and the one button."""

    obligation: object
    group: Group
    due: str
    detail: str
    left: str
    tone: str
    action: str
    timeliness: str
    review: str


@dataclass(frozen=True)
class TaskGroup:
    key: str
    heading: str
    tasks: list


def task_groups(obligations, *, now=None):
    """([TaskGroup] with something in it, [Task] ahead) of obligations from unit_obligations()."""
    now = now or clock.now()
    tasks = [task(obligation, now=now) for obligation in obligations]
    by_group = {group: [row for row in tasks if row and row.group == group] for group in Group}
    by_group[Group.DONE] = by_group[Group.DONE][-MOST_DONE:][::-1]
    groups = [
        TaskGroup(group.value, heading, by_group[group])
        for group, heading in HEADINGS.items()
        if by_group[group]
    ]
    return groups, by_group[Group.AHEAD]


def task(obligation, *, now):
    """The Task of an obligation, or None when it does not matter now."""
    group = group_of(obligation, now=now)
    if group is None:
        return None
    words = time_words(obligation, now=now)
    settled = group in (Group.WAITING, Group.DONE)
    return Task(
        obligation=obligation,
        group=group,
        due="" if settled else words.due,
        detail=detail(obligation, group),
        left="" if settled else words.left,
        tone="" if settled else words.tone,
        action=action(obligation, group),
        timeliness=timeliness(obligation, now=now),
        review=review(obligation),
    )


def group_of(obligation, *, now):
    """Where an obligation stands on the home page; None for what is far ahead or long done."""
    state = review(obligation)
    if state == Review.NEEDS_AMENDMENT:
        return Group.AMEND
    if state == Review.WAITING:
        return Group.WAITING
    if state == Review.ACCEPTED:
        return Group.DONE if now - obligation.accepted_at < timedelta(days=RECENT_DAYS) else None
    if timeliness(obligation, now=now) == Timeliness.WAIVED:
        return Group.DONE if now - obligation.waived_at < timedelta(days=RECENT_DAYS) else None
    days = due_words.days_left(obligation, now=now)
    if obligation.draft_id:
        return Group.NOW if days <= due_words.SOON_DAYS else Group.WRITING
    if days <= NOW_DAYS:
        return Group.NOW
    return Group.AHEAD if days <= AHEAD_DAYS else None


def detail(obligation, group):
    """The second line under the due words."""
    if group == Group.AMEND:
        asked = timezone.localtime(obligation.sent_back_at).date()
        return f"Tỉnh Đoàn đề nghị bổ sung ngày {due_words.day_words(asked)}"
    if obligation.waived_at and not obligation.first_fulfilled_at:
        return f"Được miễn: {obligation.waive_reason}"
    if group in (Group.WAITING, Group.DONE):
        words = due_words.handed_in_words(obligation)
        if obligation.accepted_at:
            words += (
                f" · đã tiếp nhận {due_words.day_words(timezone.localtime(obligation.accepted_at).date())}"
            )
        return words
    if obligation.draft_id and obligation.saved_sections:
        saved = timezone.localtime(obligation.draft_saved_at)
        return (
            f"Đã soạn {obligation.saved_sections} mục, "
            f"lưu lúc {format_time(saved)} ngày {due_words.day_words(saved.date())}"
        )
    return ""


def action(obligation, group):
    if group == Group.AMEND:
        return "Bổ sung"
    if group in (Group.WAITING, Group.DONE):
        return "Xem"
    if not has_report(obligation):
        return "Gửi"
    return "Tiếp tục" if obligation.draft_id else "Soạn"


def next_report(tasks):
    """The obligation whose figures the base units should send now: the nearest open one with targets."""
    still_open = [
        row.obligation
        for row in tasks
        if row.group in (Group.NOW, Group.WRITING, Group.AHEAD) and "-" in row.obligation.period_key
    ]
    return min(still_open, key=lambda obligation: obligation.due_at, default=None)


def base_unit_message(obligation, targets):
    """The text a secretary copies to the base units (cơ sở Đoàn): what to send, for which days, by when."""
    by = obligation.printed_on - timedelta(days=BASE_UNIT_DAYS)
    when = (
        f"chậm nhất {format_weekday(by)} {due_words.day_words(by)}"
        if by > clock.today()
        else "ngay trong hôm nay"
    )
    month = obligation.cutoff_on.replace(day=1)
    lines = [
        "Kính gửi các đồng chí Bí thư cơ sở Đoàn!",
        f"{obligation.owner.name} đề nghị các đồng chí gửi số liệu phục vụ {obligation.title} "
        f"({due_words.period_words(obligation)}) {when}:",
        "- Hoạt động của đội hình: số buổi, số lượt người được hỗ trợ, kết quả nổi bật;",
        *[
            f"- {target.short_label}{' (tử số, mẫu số)' if target.is_ratio else ''};"
            for target in targets
            if is_reported(target, month, obligation.owner_id) and is_in_turn(target, month)
        ],
        "- Khó khăn, vướng mắc và đề xuất.",
        "Trân trọng!",
    ]
    return "\n".join(lines)
