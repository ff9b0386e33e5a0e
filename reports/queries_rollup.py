"""Reads for the pages of the months' rollups: how far each month has come, and the files made of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Max, Q

from doanportal import clock
from plans.calendar import parse_month_key

from .models import RollupFile
from .rollup import monthly_obligations

FORMATS = (
    (RollupFile.Format.PDF, "Báo cáo PDF"),
    (RollupFile.Format.DOCX, "Báo cáo Word"),
    (RollupFile.Format.XLSX, "Phụ lục Excel"),
    (RollupFile.Format.BRIEF, "Phiếu giao ban"),
)


@dataclass(frozen=True)
class Month:
    """A month of the plan: how many of the expected units handed in, late, accepted; and its files."""

    period_key: str
    first_day: date
    due_at: datetime
    expected: int
    handed_in: int
    late: int
    waiting: int
    is_due: bool
    files: list

    @property
    def missing(self):
        return self.expected - self.handed_in


def months(plan, *, now=None):
    """[Month] of the plan whose period has begun, the latest first. Two queries."""
    now = now or clock.now()
    expected = Q(waived_at__isnull=True)
    handed_in = expected & Q(first_fulfilled_at__isnull=False)
    rows = (
        monthly_obligations(plan)
        .filter(period_from__lte=clock.today())
        .order_by()
        .values("period_key")
        .annotate(
            due=Max("due_at"),
            expected=Count("pk", filter=expected),
            handed_in=Count("pk", filter=handed_in),
            late=Count("pk", filter=handed_in & Q(first_fulfilled_at__gt=F("due_at"))),
            waiting=Count("pk", filter=handed_in & Q(accepted_at__isnull=True, sent_back_at__isnull=True)),
        )
        .order_by("-period_key")
    )
    files = {}
    ready = RollupFile.objects.filter(state=RollupFile.State.READY, period_key__startswith=f"{plan.year}-")
    for file in ready.order_by("period_key", "format", "-finished_at").distinct("period_key", "format"):
        files.setdefault(file.period_key, []).append(file)
    return [
        Month(
            period_key=row["period_key"],
            first_day=parse_month_key(row["period_key"]),
            due_at=row["due"],
            expected=row["expected"],
            handed_in=row["handed_in"],
            late=row["late"],
            waiting=row["waiting"],
            is_due=row["due"] < now,
            files=files.get(row["period_key"], []),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class FileLine:
    """One format of a month: its name on the button, and the latest file that was asked for."""

    format: str
    label: str
    file: RollupFile | None

    @property
    def waiting(self):
        return self.file is not None and self.file.state == RollupFile.State.WAITING


def file_lines(period_key):
    """[FileLine] of all formats of a month, each with its latest file. One query."""
    latest = {
        file.format: file
        for file in RollupFile.objects.filter(period_key=period_key)
        .order_by("format", "-requested_at", "-pk")
        .distinct("format")
    }
    return [FileLine(format.value, label, latest.get(format.value)) for format, label in FORMATS]
