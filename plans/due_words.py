"""Due times in the customer's words (domain.md §7.5b): the same sentence on pages, lists and calendars."""

from datetime import timedelta

from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_weekday

from .models import Deadline, ObligationKind

SOON_DAYS = 2


def day_words(day):
    """25/3, 08/4, 27/02: zeros as the plan itself writes its dates."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{day.day:02d}/{month}"


def last_day(obligation):
    """The local day whose end is the last moment on time."""
    return timezone.localtime(obligation.due_at).date()


def due_words(obligation):
    """«Hạn 25/3 (thứ Bảy), đúng hạn đến hết thứ Hai 27/3», «Hạn: hết ngày 27/02 (văn bản ghi: …)».

    Reads the obligation's deadline: join it.
    """
    last = last_day(obligation)
    last_words = f"{format_weekday(last)} {day_words(last)}"
    printed = obligation.printed_on
    if obligation.kind == ObligationKind.CORRECTION:
        return f"Gửi lại chậm nhất {last_words}"
    if obligation.extended_to is not None:
        return f"Gia hạn đến hết {last_words} (văn bản ghi: {printed_words(obligation)})"
    if is_exclusive(obligation):
        written = printed_words(obligation)
        eve = printed - timedelta(days=1)
        if last != eve:
            written += f"; {day_words(eve)} là {format_weekday(eve)}"
        return f"Hạn: hết ngày {day_words(last)} (văn bản ghi: {written})"
    if last != printed:
        return f"Hạn {day_words(printed)} ({format_weekday(printed)}), đúng hạn đến hết {last_words}"
    return f"Hạn {day_words(printed)} ({format_weekday(printed)})"


def is_exclusive(obligation):
    """Whether the paper says «trước ngày»: by the plan, or by the Thông báo of the case."""
    deadline = obligation.deadline
    if deadline is None:
        return False
    if deadline.schedule == Deadline.Schedule.ON_NOTICE and obligation.extended_to is None:
        return last_day(obligation) < obligation.printed_on
    return deadline.boundary == Deadline.Boundary.EXCLUSIVE


def printed_words(obligation):
    """«trước ngày 28/02» or «ngày 25/3», as the plan says it."""
    before = "trước ngày" if is_exclusive(obligation) else "ngày"
    return f"{before} {day_words(obligation.printed_on)}"


def days_left(obligation, *, now=None):
    """Whole days from today to the last day on time; 0 on that day, negative after it."""
    return (last_day(obligation) - timezone.localtime(now or clock.now()).date()).days


def left_words(obligation, *, now=None):
    """«còn 2 ngày», «hôm nay là hạn cuối», «quá hạn 3 ngày»."""
    now = now or clock.now()
    days = days_left(obligation, now=now)
    if days > 0:
        return f"còn {days} ngày"
    if now <= obligation.due_at:
        return "hôm nay là hạn cuối"
    return f"quá hạn {-days} ngày" if days < 0 else "vừa quá hạn"


def left_tone(obligation, *, now=None):
    """overdue, soon or calm: how urgent the remaining time is."""
    now = now or clock.now()
    if now > obligation.due_at:
        return "overdue"
    return "soon" if days_left(obligation, now=now) <= SOON_DAYS else "calm"


def handed_in_words(obligation):
    """«Gửi 26/02, trước hạn 1 ngày», «Gửi 28/3, muộn 1 ngày»; of the first hand-in, which counts."""
    sent = timezone.localtime(obligation.first_fulfilled_at).date()
    days = (last_day(obligation) - sent).days
    if obligation.first_fulfilled_at <= obligation.due_at:
        how = f"trước hạn {days} ngày" if days else "đúng hạn"
    else:
        how = f"muộn {-days} ngày" if days else "muộn"
    return f"Gửi {day_words(sent)}, {how}"


def period_words(obligation):
    """«số liệu từ 26/02 đến 25/3»; '' for what has a day and no month."""
    if "-" not in obligation.period_key:
        return ""
    return f"số liệu từ {day_words(obligation.period_from)} đến {day_words(obligation.cutoff_on)}"
