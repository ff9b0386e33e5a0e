"""The hours in which nobody is written to (design.md §8): 21:00 to 07:00 by the settings."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def is_quiet(moment):
    """Whether nobody may be written to at `moment`."""
    begins, ends = settings.QUIET_HOURS
    hour = timezone.localtime(moment).hour
    return begins <= hour or hour < ends if begins > ends else begins <= hour < ends


def opening_moment(day):
    """When the quiet hours of the night before `day` end: reminders of a day go out then."""
    return datetime.combine(day, time(settings.QUIET_HOURS[1]), tzinfo=timezone.get_default_timezone())


def after_quiet(moment):
    """`moment` itself, or the end of the quiet hours it falls into."""
    if not is_quiet(moment):
        return moment
    today = timezone.localtime(moment).date()
    opening = opening_moment(today)
    return opening if moment < opening else opening_moment(today + timedelta(days=1))
