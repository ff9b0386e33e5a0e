"""Count attendances on phones: each tap once, whatever the line does, and several phones add up (F34)."""

import uuid
from dataclasses import dataclass

from django.db import connection, transaction

from doanportal import clock
from doanportal.formats import format_date

from .activities import COUNTED, ActivityError, locked, refuse_cancelled
from .models import GROUP_NAMES

STEPS = (1, 5, 10, -1)
LARGEST_BATCH = 200
MOST = 1_000_000  # no group of one activity is larger; a number beyond is a broken script

INSERT_TAPS = """
INSERT INTO volunteers_attendancetap (activity_id, key, "group", delta, at, by_id)
SELECT %(activity)s, tap.key, tap.grp, tap.delta, %(at)s, %(by)s
FROM unnest(%(keys)s::uuid[], %(groups)s::text[], %(deltas)s::smallint[]) AS tap(key, grp, delta)
ON CONFLICT DO NOTHING
RETURNING "group", delta
"""
COUNTED_SO_FAR = """
SELECT "group", sum(delta) FROM volunteers_attendancetap WHERE activity_id = %s GROUP BY "group"
"""


@dataclass(frozen=True)
class Tap:
    """One press of a button: the key is the phone's own, the same when it is sent again."""

    key: uuid.UUID
    group: str
    delta: int


def read_tap(raw):
    """The Tap of {key, group, delta} as a phone or a form sends it. Raises ActivityError."""
    if not isinstance(raw, dict):
        raise ActivityError("Lượt đếm không đúng dạng. Hãy tải lại trang.")
    group, delta = str(raw.get("group")), str(raw.get("delta"))
    try:
        key = uuid.UUID(str(raw.get("key")))
    except ValueError:
        raise ActivityError("Lượt đếm thiếu mã. Hãy tải lại trang rồi bấm lại.") from None
    if group not in GROUP_NAMES:
        raise ActivityError("Không có nhóm người này. Hãy tải lại trang rồi bấm lại.")
    if delta not in map(str, STEPS):
        raise ActivityError("Mỗi lần bấm chỉ thêm 1, 5, 10 hoặc bớt 1.")
    return Tap(key, group, int(delta))


def read_taps(raw):
    """[Tap] of a batch. Raises ActivityError for what is no list of taps, or too long a one."""
    if not isinstance(raw, list) or not raw:
        raise ActivityError("Không có lượt đếm nào để lưu.")
    if len(raw) > LARGEST_BATCH:
        raise ActivityError(f"Mỗi lần gửi nhiều nhất {LARGEST_BATCH} lượt bấm.")
    return [read_tap(row) for row in raw]


def why_not_count(activity):
    """Why nothing can be counted now, or ''."""
    if activity.state == activity.State.CANCELLED:
        return "Hoạt động đã hủy nên không đếm nữa."
    if clock.today() < activity.starts_on:
        return f"Đếm được từ ngày diễn ra, {format_date(activity.starts_on)}."
    return ""


@transaction.atomic
def count_taps(activity, taps, *, by):
    """Add the taps that are new; returns the activity with its numbers as they stand then.

    A key that was seen before counts nothing. A group never falls below 0. Raises ActivityError before the
    day of the activity and when it was cancelled.
    """
    # The row lock makes phones wait for each other: each adds to what the one before left.
    activity = locked(activity)
    refuse_cancelled(activity)
    if reason := why_not_count(activity):
        raise ActivityError(reason)
    added = {}
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_TAPS,
            {
                "activity": activity.pk,
                "at": clock.now(),
                "by": by.pk,
                "keys": [str(tap.key) for tap in taps],
                "groups": [tap.group for tap in taps],
                "deltas": [tap.delta for tap in taps],
            },
        )
        for group, delta in cursor.fetchall():
            added[group] = added.get(group, 0) + delta
    for group, delta in added.items():
        total = max(0, (getattr(activity, group) or 0) + delta)
        if total > MOST:
            raise ActivityError("Số đếm lớn bất thường, chưa lưu. Hãy nhập tổng số ở phần kết quả.")
        setattr(activity, group, total)
    if added:
        # No new revision: who writes the result meanwhile is asked about the groups only (record_result).
        activity.save(update_fields=list(added))
    return activity


def counts_of(activity):
    """{group: number}, 0 where nothing was counted yet."""
    return {group: getattr(activity, group) or 0 for group in COUNTED}


def counted_so_far(activity):
    """{group: what the phones counted}, without what was typed by hand. One query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED_SO_FAR, [activity.pk])
        return {group: max(0, int(total)) for group, total in cursor.fetchall()}
