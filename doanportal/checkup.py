"""Is the portal well? One function a question, for operators; apps are named by string, none is imported."""

import importlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from doanportal import clock, health
from doanportal.celery import app as celery_app
from doanportal.formats import format_moment

LATE_AFTER = timedelta(minutes=15)  # beat ticks every minute: so long nothing waits in a healthy portal
LOOK_BACK = timedelta(days=7)
PAPER_FONTS = [
    f"vendor/liberation-serif/LiberationSerif-{style}.ttf"
    for style in ("Regular", "Bold", "Italic", "BoldItalic")
]
NAMES_SHOWN = 5


class Level(StrEnum):
    """FAILED makes the command fail; ATTENTION is for people: the portal works around it."""

    OK = "OK"
    ATTENTION = "CHÚ Ý"
    FAILED = "LỖI"


@dataclass(frozen=True)
class Finding:
    level: Level
    text: str


def ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def failed(text: str) -> Finding:
    return Finding(Level.FAILED, text)


def database() -> Finding:
    if not health.database_answers():
        return failed("Cơ sở dữ liệu không trả lời: kiểm tra PostgreSQL và DATABASE_URL.")
    version = connection.pg_version
    return ok(f"Cơ sở dữ liệu PostgreSQL {version // 10000}.{version % 10000} trả lời.")


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return failed(f"Còn {len(missing)} bước nâng cấp dữ liệu chưa chạy: chạy manage.py migrate.")
    return ok("Cấu trúc dữ liệu đúng phiên bản.")


def broker() -> Finding:
    if not health.redis_answers():
        return failed("Redis không trả lời: việc nền và thư nhắc đang dừng; kiểm tra Redis và REDIS_URL.")
    return ok("Redis trả lời.")


def worker() -> Finding:
    try:
        answers = celery_app.control.ping(timeout=2)
    except (OperationalError, OSError):
        answers = []
    if not answers:
        return failed("Không có tiến trình nền (celery worker) nào trả lời.")
    return ok(f"{len(answers)} tiến trình nền trả lời.")


def ledger() -> Finding:
    """What waits although it was due some time ago shows that beat or worker stands still."""
    is_quiet = import_string("plans.quiet_hours.is_quiet")
    late = clock.now() - LATE_AFTER
    if is_quiet(clock.now()) or is_quiet(late):
        return ok("Đang trong giờ nghỉ, thư nhắc được gửi từ sáng.")
    notices = apps.get_model("plans", "Notice").objects
    stuck = notices.waiting().exclude(pk__in=notices.given_up()).filter(planned_for__lt=late)
    if oldest := stuck.order_by("planned_for").first():
        return failed(
            f"{stuck.count()} lượt nhắc chưa gửi, cũ nhất từ {format_moment(oldest.planned_for)}: "
            "kiểm tra celery beat, celery worker và máy chủ thư."
        )
    return ok("Không có lượt nhắc nào bị chậm.")


def undeliverable() -> Finding:
    since = clock.now() - LOOK_BACK
    count = apps.get_model("plans", "Notice").objects.given_up().filter(planned_for__gt=since).count()
    if count:
        return failed(
            f"{count} lượt nhắc trong 7 ngày qua gửi nhiều lần không được: xem Lượt nhắc ở trang quản trị."
        )
    return ok("Không có lượt nhắc nào bị bỏ trong 7 ngày qua.")


def fonts() -> Finding:
    missing = [path for path in PAPER_FONTS if finders.find(path) is None]
    if missing:
        return failed(f"Thiếu phông chữ của văn bản: {', '.join(Path(path).name for path in missing)}.")
    return ok("Đủ phông chữ của văn bản.")


def pdf_engine() -> Finding:
    try:
        # By name and here: without Pango the import itself fails, and that is the question.
        page = importlib.import_module("doanportal.pdf").html_to_pdf("<p>Đoàn TNCS Hồ Chí Minh</p>")
    except (ImportError, OSError) as error:
        return failed(f"Không tạo được PDF: thiếu thư viện hệ thống cho WeasyPrint ({type(error).__name__}).")
    return ok("Tạo được PDF.") if page.startswith(b"%PDF") else failed("WeasyPrint không cho ra PDF.")


def media() -> Finding:
    try:
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=settings.MEDIA_ROOT) as file:
            file.write(b"check_portal")
            file.flush()
    except OSError as error:
        return failed(f"Không ghi được vào kho tệp {settings.MEDIA_ROOT}: {error.strerror}.")
    return ok("Ghi được vào kho tệp.")


def plan() -> Finding:
    year = clock.today().year
    plans = apps.get_model("plans", "Plan").objects.filter(year=year)
    if plans.exclude(state="draft").exists():
        return ok(f"Kế hoạch năm {year} đã ban hành.")
    if plans.exists():
        return failed(f"Kế hoạch năm {year} chưa ban hành: chạy manage.py publish_plan {year}.")
    return failed(f"Chưa có kế hoạch năm {year}: chạy manage.py load_plan rồi publish_plan.")


def secretaries() -> Finding:
    """A vacant post stops nothing: reminders go to the deputy, else to the officer in charge."""
    today = clock.today()
    posts = apps.get_model("units", "Post").objects.on(today).filter(role="secretary", user__is_active=True)
    vacant = (
        apps.get_model("units", "Unit")
        .objects.alive_on(today)
        .reporting()
        .exclude(pk__in=posts.values("unit"))
        .order_by("display_order")
    )
    names = [unit.name for unit in vacant]
    if names:
        shown = ", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
        return Finding(Level.ATTENTION, f"{len(names)} đơn vị chưa có tài khoản Bí thư: {shown}.")
    return ok("Đơn vị nào cũng có tài khoản Bí thư.")


# Each question with what to say when the database fails underneath it.
QUESTIONS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("Cơ sở dữ liệu", database),
    ("Cấu trúc dữ liệu", migrations),
    ("Redis", broker),
    ("Tiến trình nền", worker),
    ("Sổ nhắc", ledger),
    ("Lượt nhắc bị bỏ", undeliverable),
    ("Phông chữ", fonts),
    ("PDF", pdf_engine),
    ("Kho tệp", media),
    ("Kế hoạch năm", plan),
    ("Bí thư các đơn vị", secretaries),
)


def examine() -> list[Finding]:
    """The finding of every question, in order; one that cannot be asked counts as failed."""
    return [ask(subject, question) for subject, question in QUESTIONS]


def ask(subject: str, question: Callable[[], Finding]) -> Finding:
    try:
        return question()
    except DatabaseError as error:
        return failed(f"{subject}: không đọc được cơ sở dữ liệu ({type(error).__name__}).")
