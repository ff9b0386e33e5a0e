"""check_portal: a line a question, and failure where something is wrong."""

import os
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from doanportal import checkup, clock
from doanportal.checkup import Level
from plans.models import Notice
from plans.models.notice import MAX_ATTEMPTS
from tests.factories.plans import make_plan
from tests.factories.units import make_department, make_member, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(at):
    at("2023-03-24T09:00")


def run():
    """The lines and whether the command failed."""
    out = StringIO()
    try:
        call_command("check_portal", stdout=out)
    except CommandError:
        return out.getvalue(), True
    return out.getvalue(), False


def make_waiting(*, minutes, attempts=0):
    return Notice.objects.create(
        subject_key=f"x{minutes}{attempts}",
        stage="t-3",
        slot_on=date(2023, 3, 24),
        recipient=make_user(),
        channel="email",
        planned_for=clock.now() - timedelta(minutes=minutes),
        title="Nhắc",
        attempts=attempts,
    )


def test_healthy_portal_gives_ok_on_every_line(monkeypatch):
    make_plan(2023)
    make_member(make_unit())
    make_department()
    monkeypatch.setattr(checkup.celery_app.control, "ping", lambda timeout: [{"worker": "pong"}])
    lines, failed = run()
    assert not failed
    assert [line.split()[0] for line in lines.splitlines()[:-1]] == ["OK"] * len(checkup.QUESTIONS)


def test_one_failure_fails_the_command_and_the_other_lines_stand(monkeypatch):
    monkeypatch.setattr(checkup.celery_app.control, "ping", lambda timeout: [])
    lines, failed = run()
    assert failed
    assert "LỖI    Không có tiến trình nền" in lines
    assert "OK     Tạo được PDF." in lines


def test_worker_question_survives_a_broker_that_is_away(monkeypatch):
    def away(timeout):
        raise ConnectionError("no redis")

    monkeypatch.setattr(checkup.celery_app.control, "ping", away)
    assert checkup.worker().level is Level.FAILED


@pytest.mark.parametrize("minutes, level", [(14, Level.OK), (16, Level.FAILED)])
def test_reminder_that_waits_too_long_is_a_failure(minutes, level):
    make_waiting(minutes=minutes)
    assert checkup.ledger().level is level


def test_reminders_may_wait_in_quiet_hours(at):
    make_waiting(minutes=16)
    at("2023-03-24T22:00")
    assert checkup.ledger().level is Level.OK


def test_reminder_given_up_is_a_failure_of_its_own_for_a_week(at):
    make_waiting(minutes=60, attempts=MAX_ATTEMPTS)
    assert checkup.ledger().level is Level.OK
    assert checkup.undeliverable().level is Level.FAILED
    at("2023-04-10T09:00")
    assert checkup.undeliverable().level is Level.OK


def test_plan_must_be_there_and_published():
    assert "Chưa có kế hoạch năm 2023" in checkup.plan().text
    plan = make_plan(2023, state="draft")
    assert "chưa ban hành" in checkup.plan().text
    plan.state, plan.published_at = "published", clock.now()
    plan.save()
    assert checkup.plan().level is Level.OK


def test_unit_without_secretary_is_named_but_is_no_failure():
    make_member(make_unit(name="Huyện Đoàn Lộc Ninh"))
    vacant = make_unit(name="Huyện Đoàn Bù Đốp")
    make_member(vacant, Role.DEPUTY)
    make_member(vacant, is_active=False)
    make_unit(name="Huyện Đoàn Cũ", closed_on=date(2020, 1, 1))
    finding = checkup.secretaries()
    assert (finding.level, finding.text) == (
        Level.ATTENTION,
        "1 đơn vị chưa có tài khoản Bí thư: Huyện Đoàn Bù Đốp.",
    )


def test_folder_that_cannot_be_written_is_a_failure(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert checkup.media().level is Level.FAILED
    settings.MEDIA_ROOT = tmp_path / "media"
    assert checkup.media().level is Level.OK
    assert os.listdir(settings.MEDIA_ROOT) == []


def test_missing_font_is_named(monkeypatch):
    monkeypatch.setattr(checkup, "PAPER_FONTS", ["vendor/liberation-serif/Missing.ttf"])
    assert checkup.fonts() == checkup.failed("Thiếu phông chữ của văn bản: Missing.ttf.")


def test_database_error_under_a_question_is_a_failed_line():
    def question():
        raise OperationalError("gone")

    finding = checkup.ask("Sổ nhắc", question)
    assert (finding.level, finding.text) == (
        Level.FAILED,
        "Sổ nhắc: không đọc được cơ sở dữ liệu (OperationalError).",
    )


def test_migration_not_applied_is_a_failure(monkeypatch):
    monkeypatch.setattr(checkup.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert "chưa chạy" in checkup.migrations().text
