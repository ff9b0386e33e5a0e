"""What a reminder says about a due time on the day it is sent (design.md §8, domain.md §7.5b)."""

from doanportal.formats import format_weekday

from .due_words import day_words, is_exclusive, last_day, printed_words
from .models import ObligationKind

LONGEST_TITLE = 60


def weekday_words(day):
    """«thứ Hai 27/3»"""
    return f"{format_weekday(day)} {day_words(day)}"


def state_words(obligation, *, today):
    """The due time as it stands on `today`: before, on and after the last day, with the printed day where
    it differs: «hôm nay là hạn», «hạn được tính đến hết thứ Hai 27/3 (văn bản ghi: ngày 25/3)»,
    «đã quá hạn (hạn: hết ngày 27/02; văn bản ghi: trước ngày 28/02)». Reads the deadline: join it.
    """
    last = last_day(obligation)
    printed = obligation.printed_on
    written = "" if printed == last and not is_exclusive(obligation) else printed_words(obligation)
    if today > last:
        return f"đã quá hạn (hạn: hết ngày {day_words(last)}{f'; văn bản ghi: {written}' if written else ''})"
    note = f" (văn bản ghi: {written})" if written else ""
    if today == last:
        if obligation.extended_to is not None:
            return f"hôm nay là hạn sau khi gia hạn{note}"
        if not written:
            return "hôm nay là hạn"
        if printed == last:
            return f"hạn được tính đến hết hôm nay, {weekday_words(last)}{note}"
        return f"hôm nay là hạn, hết {weekday_words(last)}{note}"
    if obligation.extended_to is not None:
        return f"hạn đã gia hạn đến hết {weekday_words(last)}{note}"
    if today >= printed:
        return f"hạn được tính đến hết {weekday_words(last)}{note}"
    return f"hạn hết ngày {day_words(last)}"


def brief_words(obligation, *, today):
    """The same in two or three words, for a subject that names several works."""
    last = last_day(obligation)
    if today > last:
        return "đã quá hạn"
    if today == last:
        by_day_off = is_exclusive(obligation) and obligation.printed_on == last
        return "hạn được tính đến hết hôm nay" if by_day_off else "hôm nay là hạn"
    if today >= obligation.printed_on:
        return f"hạn được tính đến hết {day_words(last)}"
    return f"hạn hết {day_words(last)}"


def left_to_do(obligation, *, today):
    """« Còn 3 ngày.» before the last day, else an empty text."""
    days = (last_day(obligation) - today).days
    return f" Còn {days} ngày." if days > 0 else ""


def subject_title(obligation):
    """The work in few words: its title, or the form's short name where the title is a whole sentence.

    Of a correction that of the report to be amended.
    """
    work = amended(obligation)
    return work.title if len(work.title) <= LONGEST_TITLE else work.form.short_name


def full_title(obligation):
    """«Báo cáo tháng 3/2023» or «bản chỉnh sửa, bổ sung của …», in quotes."""
    if obligation.kind == ObligationKind.CORRECTION:
        return f"bản chỉnh sửa, bổ sung của «{amended(obligation).title}»"
    return f"«{obligation.title}»"


def amended(obligation):
    """The obligation that a correction amends; any other one itself."""
    return obligation.parent or obligation
