"""The time that stands over a report: what is left to its due time, or to that of asked amendments."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_weekday
from plans.due_words import day_words, due_words, handed_in_words, left_tone, left_words


@dataclass(frozen=True)
class Deadlined:
    """Only a due time, for the words of plans.due_words."""

    due_at: datetime


@dataclass(frozen=True)
class TimeWords:
    """`left` and `tone` are empty once the report was handed in and nothing is asked of the unit."""

    left: str
    tone: str
    due: str


def time_words(obligation, *, now=None):
    """TimeWords of an obligation with `correction_due_at` (queries_unit.with_correction)."""
    now = now or clock.now()
    if obligation.sent_back_at and obligation.correction_due_at:
        correction = Deadlined(obligation.correction_due_at)
        last = timezone.localtime(obligation.correction_due_at).date()
        return TimeWords(
            left_words(correction, now=now),
            left_tone(correction, now=now),
            f"Gửi lại chậm nhất {format_weekday(last)} {day_words(last)}",
        )
    if obligation.first_fulfilled_at:
        return TimeWords("", "", f"Lần đầu: {handed_in_words(obligation).lower()}")
    return TimeWords(left_words(obligation, now=now), left_tone(obligation, now=now), due_words(obligation))
