"""Files of a month's rollup: asked for by a person, or made by itself on the morning after the deadline.

The row is the truth and the broker only carries its id: a task may come twice, late, or never.
"""

import hashlib
import logging
from datetime import datetime, time, timedelta

from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from doanportal import clock
from doanportal.formats import format_moment
from plans.calendar import parse_month_key
from plans.models import Obligation, ObligationKind, Plan
from plans.notices import tell
from units.models import Post, Role
from units.models.people import LEAD_DEPARTMENT

from .documents import brief
from .documents import rollup as rollup_paper
from .models import RollupFile
from .rollup import MONTHLY_FORM, RollupError, rollup
from .rollup_xlsx import render_xlsx

logger = logging.getLogger(__name__)

READY_FROM = time(7)
# A request that nobody made by then lost its message: the beat sends it again.
LOST_AFTER = timedelta(minutes=2)
STAGE = "rollup_ready"
Format, State = RollupFile.Format, RollupFile.State
RENDERERS = {
    Format.PDF: rollup_paper.render_pdf,
    Format.DOCX: rollup_paper.render_docx,
    Format.XLSX: render_xlsx,
    Format.BRIEF: brief.render_pdf,
}
EXTENSIONS = {Format.PDF: "pdf", Format.DOCX: "docx", Format.XLSX: "xlsx", Format.BRIEF: "pdf"}
NAMES = {Format.PDF: "tong-hop", Format.DOCX: "tong-hop", Format.XLSX: "phu-luc", Format.BRIEF: "giao-ban"}


class RenderingError(ValueError):
    """The file cannot be asked for; the text is for the user, in Vietnamese."""


def request_rollup_file(*, period_key, format, by):
    """The waiting RollupFile that `by` asked for, the same one when asked twice; the worker makes it.

    Raises RenderingError for an unknown format, a period that is no month or a year without a plan.
    """
    if format not in Format.values:
        raise RenderingError("Không có định dạng này. Hãy chọn PDF, Word, Excel hoặc phiếu giao ban.")
    try:
        plan_and_month(period_key)
    except ValueError as error:
        raise RenderingError(str(error)) from error
    wanted = {"period_key": period_key, "format": format, "requested_by": by, "automatic": False}
    file = RollupFile.objects.filter(**wanted, state=State.WAITING).first()
    if file is None:
        file = RollupFile.objects.create(**wanted)
        transaction.on_commit(lambda: enqueue(file.pk))
    return file


def plan_and_month(period_key):
    """(Plan, first day of the month). Raises ValueError, in Vietnamese, where there is no issued plan."""
    period = parse_month_key(period_key)
    plan = Plan.objects.exclude(state=Plan.State.DRAFT).filter(year=period.year).first()
    if plan is None:
        raise ValueError(f"Chưa có kế hoạch năm {period.year} được ban hành.")
    return plan, period


def enqueue(file_id):
    """Hand the id to the worker. Without a broker the row waits for the beat."""
    try:
        current_app.send_task("reports.tasks.render_rollup_file", args=[file_id])
    except OperationalError:
        logger.warning("broker away: rollup file %s waits for the beat", file_id)


def schedule_due(*, now=None):
    """Make the automatic rows of the latest month whose morning has come; returns the ids to be rendered.

    Also of requests whose message was lost. Safe to run twice or at once: the rows are unique.
    """
    now = now or clock.now()
    if found := latest_due_period(now):
        period_key, _ = found
        RollupFile.objects.bulk_create(
            [
                RollupFile(period_key=period_key, format=format, automatic=True, requested_at=now)
                for format in Format.values
            ],
            ignore_conflicts=True,
        )
    waiting = RollupFile.objects.filter(state=State.WAITING).filter(
        Q(automatic=True) | Q(requested_at__lt=now - LOST_AFTER)
    )
    first = {}
    for file in waiting.order_by("pk"):
        # One of a month's automatic files is enough: it takes its siblings along.
        first.setdefault(file.period_key if file.automatic else file.pk, file.pk)
    return list(first.values())


def latest_due_period(now):
    """(period key, its morning) of the latest month whose reports were due before this morning, or None.

    The deadline is that of the units without an extension; where all have one, the latest of them.
    """
    ordinary = Max("due_at", filter=Q(extended_to__isnull=True))
    months = (
        Obligation.objects.filter(kind=ObligationKind.PLAN, form__code=MONTHLY_FORM)
        .values("period_key")
        .annotate(due=Coalesce(ordinary, Max("due_at")))
        .filter(due__lt=now)
        .order_by("-due")
    )
    for month in months[:2]:
        morning = morning_after(month["due"])
        if morning <= now:
            return month["period_key"], morning
    return None


def morning_after(due_at):
    """07:00 of the local day after the deadline."""
    day = timezone.localtime(due_at).date() + timedelta(days=1)
    return datetime.combine(day, READY_FROM, tzinfo=timezone.get_default_timezone())


def render(file, *, now=None):
    """Make a waiting file, an automatic one together with its waiting siblings from the same figures.

    Nothing happens to a file that is no longer waiting. A failure is kept on the row and logged, never
    raised. Side effects in order: files stored and rows settled, then the notice to Ban Phong trào.
    """
    now = now or clock.now()
    batch = waiting_batch(file)
    if not batch:
        return
    made = make(batch, now)
    with transaction.atomic():
        # A second worker that made the same waits here, and then finds nothing left to settle.
        rows = RollupFile.objects.select_for_update().filter(pk__in=made, state=State.WAITING)
        settled = [settle(row, *made[row.pk], now=now) for row in rows.order_by("pk")]
        if settled and settled[0].automatic:
            announce(settled, now=now)


def waiting_batch(file):
    waiting = RollupFile.objects.filter(state=State.WAITING)
    if file.automatic:
        return list(waiting.filter(automatic=True, period_key=file.period_key))
    return list(waiting.filter(pk=file.pk))


def make(batch, now):
    """{id: (bytes, error text)} of files of one month, all from one Rollup."""
    try:
        figures = rollup(*plan_and_month(batch[0].period_key), now=now)
    except (RollupError, ValueError) as error:
        return {file.pk: (b"", str(error)) for file in batch}
    return {file.pk: make_one(file, figures) for file in batch}


def make_one(file, figures):
    try:
        return RENDERERS[Format(file.format)](figures), ""
    except Exception as error:  # whatever broke, the row must say so and its siblings go on
        logger.exception("rollup file %s (%s, %s) failed", file.pk, file.period_key, file.format)
        return b"", f"{type(error).__name__}: {error}"


def settle(row, content, error, *, now):
    """Store the bytes or the error on a locked row; returns it."""
    row.finished_at = now
    if error:
        row.state, row.error = State.FAILED, error
    else:
        name = f"{NAMES[Format(row.format)]}-{row.period_key}-{row.pk}.{EXTENSIONS[Format(row.format)]}"
        row.file.save(name, ContentFile(content), save=False)
        row.state, row.error, row.sha256 = State.READY, "", hashlib.sha256(content).hexdigest()
    row.save(update_fields=["state", "error", "file", "sha256", "finished_at"])
    return row


def announce(files, *, now):
    """Tell the officers of Ban Phong trào, in the same transaction, what is ready and what failed."""
    period_key = files[0].period_key
    month = parse_month_key(period_key)
    ready = [file.get_format_display() for file in files if file.state == State.READY]
    failed = [file.get_format_display() for file in files if file.state == State.FAILED]
    lines = []
    if ready:
        lines.append(f"Đã tạo lúc {format_moment(now)}: {', '.join(ready)}.")
    if failed:
        lines.append(f"Không tạo được: {', '.join(failed)}. Mở trang tổng hợp để xem lỗi và tạo lại.")
    outcome = "đã sẵn sàng" if ready else "không tạo được"
    tell(
        subject_key=f"rollup:{period_key}",
        stage=STAGE,
        recipients=lead_officers(on=timezone.localtime(now).date()),
        title=f"[Tổng hợp] Báo cáo tổng hợp tháng {month.month}/{month.year} {outcome}",
        text="\n".join(lines),
        url=reverse("rollup_detail", args=[period_key]),
        now=now,
    )


def lead_officers(*, on):
    """The officers of Ban Phong trào on that day."""
    posts = Post.objects.on(on).filter(unit__code=LEAD_DEPARTMENT, role=Role.OFFICER, user__is_active=True)
    return [post.user for post in posts.select_related("user")]
