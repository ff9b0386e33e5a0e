"""The portal's clock: all business time comes from here. Only the demo's may differ from the real one."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

FIXED_AT: ContextVar[datetime | None] = ContextVar("portal_clock_fixed_at", default=None)


def now() -> datetime:
    """The portal's moment, aware, in UTC: the one fixed by `at`, else the real one plus the demo's offset."""
    fixed = FIXED_AT.get()
    return fixed if fixed is not None else timezone.now().astimezone(UTC) + demo_offset()


def today() -> date:
    """The calendar day of `now()` in Asia/Ho_Chi_Minh."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """The portal's time stands still at `moment` (aware) within the block, for this thread or task only."""
    token = FIXED_AT.set(aware_utc(moment))
    try:
        yield FIXED_AT.get()
    finally:
        FIXED_AT.reset(token)


def is_shifted() -> bool:
    """True where the shown time is not the real one: inside `at`, or in a demo whose clock was set."""
    return FIXED_AT.get() is not None or demo_offset() != timedelta(0)


def set_demo_clock(moment: datetime) -> None:
    """From now on every process of the demo lives at `moment` (aware), ticking. Refused outside the demo."""
    if settings.PORTAL_CLOCK_FILE is None:
        raise RuntimeError("Chỉ bản trình diễn (demo) mới được chỉnh đồng hồ.")
    path = Path(settings.PORTAL_CLOCK_FILE)
    offset = aware_utc(moment) - timezone.now()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps({"offset_seconds": offset.total_seconds()}))
    # A rename, so that no reader ever sees half a file.
    fresh.rename(path)


def demo_offset() -> timedelta:
    """The shift of the demo's clock; zero where the settings name no clock file or nobody set it."""
    path = settings.PORTAL_CLOCK_FILE
    if path is None:
        return timedelta(0)
    try:
        version = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return timedelta(0)
    cached = offset_cache.get(path)
    if cached is None or cached[0] != version:
        cached = version, timedelta(seconds=json.loads(Path(path).read_text())["offset_seconds"])
        offset_cache[path] = cached
    return cached[1]


offset_cache: dict[Path, tuple[int, timedelta]] = {}


def aware_utc(moment: datetime) -> datetime:
    if timezone.is_naive(moment):
        raise ValueError("Thời điểm phải có múi giờ, ví dụ 2023-08-24T08:00+07:00.")
    return moment.astimezone(UTC)
