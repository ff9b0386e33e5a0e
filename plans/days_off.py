"""Working days in Vietnam: weekends, holidays of the library, and the overrides of the Holiday table."""

from datetime import timedelta

import holidays

from .models import Holiday

SATURDAY = 5


class WorkingDays:
    """Which days of the given years are worked. Overrides win over the library (domain.md §5.4)."""

    def __init__(self, years, *, off=(), working=()):
        years = set(years)
        self._library = holidays.country_holidays("VN", years=years | {min(years) - 1, max(years) + 1})
        self._off = set(off)
        self._working = set(working)

    @classmethod
    def from_database(cls, years):
        """The working days of `years` with the overrides that admins keep. One query."""
        overrides = list(Holiday.objects.values_list("date", "kind"))
        return cls(
            years,
            off=[date for date, kind in overrides if kind == Holiday.Kind.OFF],
            working=[date for date, kind in overrides if kind == Holiday.Kind.SWAP_WORKING],
        )

    def is_working(self, day):
        if day in self._working:
            return True
        if day in self._off:
            return False
        return day.weekday() < SATURDAY and day not in self._library

    def on_or_after(self, day):
        """`day` itself when it is worked, else the next day that is."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def on_or_before(self, day):
        """`day` itself when it is worked, else the last one before that is."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def add(self, day, count):
        """The day `count` working days after `day` (or, for 0, the next worked one)."""
        for _ in range(count):
            day = self.on_or_after(day + timedelta(days=1))
        return self.on_or_after(day)

    def subtract(self, day, count):
        """The day `count` working days before `day` (or, for 0, the last worked one)."""
        for _ in range(count):
            day = self.on_or_before(day - timedelta(days=1))
        return self.on_or_before(day)
