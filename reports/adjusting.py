"""Waive or extend for one unit or for many, with a look at whom it touches first (features F5)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from doanportal import clock
from plans.addresses import address_of
from plans.calendar import closing_moment
from plans.due_words import day_words, due_words, last_day
from plans.models import Stage
from plans.notices import tell
from plans.obligations import ObligationError, end_waiver, extend, waive
from plans.recipients import people_for


class Act(TextChoices):
    EXTEND = "gia-han", "Gia hạn"
    WAIVE = "mien", "Miễn"
    END_WAIVER = "bo-mien", "Bỏ miễn"


@dataclass(frozen=True)
class Touched:
    """One unit under an act: what changes for it, or why it stays as it is."""

    obligation: object
    changes: bool
    words: str


def preview(obligations, *, act, until=None):
    """[Touched] of what the act would do now; nothing is written."""
    return [touched(obligation, act, until) for obligation in obligations]


def touched(obligation, act, until):
    if act == Act.END_WAIVER:
        if obligation.waived_at is None:
            return Touched(obligation, False, "không được miễn nên không có gì để bỏ")
        return Touched(obligation, True, "lại phải gửi")
    if obligation.first_fulfilled_at is not None:
        return Touched(obligation, False, "đã gửi, giữ nguyên")
    if obligation.waived_at is not None:
        return Touched(obligation, False, "đã được miễn, giữ nguyên")
    if act == Act.WAIVE:
        return Touched(obligation, True, "không phải gửi, không tính vào tỷ lệ")
    before = day_words(last_day(obligation))
    if closing_moment(until) <= obligation.due_at:
        return Touched(obligation, False, f"đã có hạn đến hết {before}, giữ nguyên")
    return Touched(obligation, True, f"hạn đến hết {before} → đến hết {day_words(until)}")


@dataclass(frozen=True)
class Adjusted:
    """The obligations that were changed, and (obligation, why) of those that could not be."""

    done: list
    skipped: list


@transaction.atomic
def adjust(obligations, *, act, by, reason, until=None):
    """Do the act for each obligation it can be done for, and tell the units; returns Adjusted.

    Raises ObligationError without a reason, and when an extension ends in the past: then nothing changes.
    """
    now = clock.now()
    if not reason.strip():
        raise ObligationError("Hãy ghi lý do.")
    if act == Act.EXTEND:
        if until is None:
            raise ObligationError("Hãy ghi ngày hạn mới.")
        if until < timezone.localtime(now).date():
            raise ObligationError("Hạn mới phải từ hôm nay trở đi.")
    done, skipped = [], []
    for obligation in obligations:
        try:
            done.append(perform(obligation, act, by=by, reason=reason, until=until))
        except ObligationError as error:
            # Somebody handed in between the preview and now: that unit stays as it is.
            skipped.append((obligation, str(error)))
    for obligation in done:
        tell_unit(obligation, act=act, reason=reason, now=now)
    return Adjusted(done, skipped)


def perform(obligation, act, *, by, reason, until):
    if act == Act.WAIVE:
        return waive(obligation, by=by, reason=reason)
    if act == Act.END_WAIVER:
        return end_waiver(obligation, by=by, reason=reason)
    return extend(obligation, until=until, by=by, reason=reason)


def tell_unit(obligation, *, act, reason, now):
    """Tell the unit's Bí thư, or who stands in, what was changed and why."""
    words = {
        Act.WAIVE: f"Đơn vị được miễn gửi «{obligation.title}».",
        Act.END_WAIVER: f"Đơn vị không còn được miễn gửi «{obligation.title}». {due_words(obligation)}.",
        Act.EXTEND: f"Đơn vị được gia hạn gửi «{obligation.title}». {due_words(obligation)}.",
    }[Act(act)]
    tell(
        subject_key=f"obligation:{obligation.pk}",
        # A second extension of the same day is news too.
        stage=f"{act}:{obligation.due_at:%m%d}",
        recipients=people_for(obligation.owner, Stage.Audience.SECRETARY, on=timezone.localtime(now).date()),
        title=f"[{Act(act).label}] {obligation.title}",
        text=f"{words} Lý do: {reason.strip()}",
        url=address_of(obligation),
        now=now,
        obligation=obligation,
    )
