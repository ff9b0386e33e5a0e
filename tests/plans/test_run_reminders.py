"""The command: lines a machine can read, a dry run that leaves no trace, failures that are seen."""

from datetime import date

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from plans.models import Message, Notice
from plans.stages import load_stages
from tests.factories.plans import make_dated_obligation, make_obligation
from tests.factories.units import make_member, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretaries():
    load_stages()
    return [make_member(make_unit()) for _ in range(11)]


def units_of(secretaries):
    return [secretary.posts.get().unit for secretary in secretaries]


def run(capsys, *arguments):
    call_command("run_reminders", *arguments)
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_line_names_time_stage_recipient_channel_and_subject(secretaries, capsys):
    make_obligation(units_of(secretaries)[0], "2023-08")

    lines = run(capsys, "--at", "2023-08-25T09:00")

    subject = "[Cần nộp] Báo cáo tháng 8/2023 – hôm nay là hạn"
    time, email = "2023-08-25T09:00+07:00", secretaries[0].email
    assert sorted(lines) == [
        [time, "printed", email, "email", subject],
        [time, "printed", email, "inbox", subject],
    ]


@pytest.mark.parametrize(
    ("form", "day"),
    [
        ("command_board_list", "2023-02-28T09:00"),
        ("launch_event", "2023-03-18T09:00"),
        ("launch_report", "2023-03-20T09:00"),
    ],
)
def test_printed_dates_list_every_unit_that_has_not_handed_in(secretaries, capsys, form, day):
    for unit in units_of(secretaries):
        make_dated_obligation(unit, form)

    lines = run(capsys, "--at", day)

    assert {line[2] for line in lines if line[3] == "email"} == {person.email for person in secretaries}


@pytest.mark.parametrize("month", range(2, 13))
def test_the_25th_lists_every_unit_that_has_not_handed_in(secretaries, capsys, month):
    for unit in units_of(secretaries):
        make_obligation(unit, f"2023-{month:02d}")

    lines = run(capsys, "--at", f"2023-{month:02d}-25T09:00", "--dry-run")

    assert {line[2] for line in lines if line[3] == "email"} == {person.email for person in secretaries}


def test_dry_run_writes_and_sends_nothing(secretaries, capsys):
    make_obligation(units_of(secretaries)[0], "2023-08")

    lines = run(capsys, "--at", "2023-08-25T09:00", "--dry-run")

    assert len(lines) == 2
    assert mail.outbox == []
    assert not Notice.objects.exists()
    assert not Message.objects.exists()


def test_dry_run_says_what_the_run_then_does(secretaries, capsys):
    for unit in units_of(secretaries):
        make_obligation(unit, "2023-08")
        make_dated_obligation(unit, "launch_event", printed_on=date(2023, 8, 25))

    foreseen = run(capsys, "--at", "2023-08-25T09:00", "--dry-run")

    assert sorted(run(capsys, "--at", "2023-08-25T09:00")) == sorted(foreseen)


def test_second_run_of_the_same_moment_says_nothing(secretaries, capsys):
    make_obligation(units_of(secretaries)[0], "2023-08")
    run(capsys, "--at", "2023-08-25T09:00")

    assert run(capsys, "--at", "2023-08-25T09:00") == []


def test_without_at_the_portals_clock_counts(secretaries, capsys, at):
    at("2023-08-25T10:30")
    make_obligation(units_of(secretaries)[0], "2023-08")

    assert {line[0] for line in run(capsys)} == {"2023-08-25T10:30+07:00"}


def test_bare_day_means_its_opening_hour(secretaries, capsys):
    make_obligation(units_of(secretaries)[0], "2023-08")

    assert {line[0] for line in run(capsys, "--at", "2023-08-25")} == {"2023-08-25T07:00+07:00"}


def test_moment_with_a_zone_is_taken_as_it_is(secretaries, capsys):
    make_obligation(units_of(secretaries)[0], "2023-08")

    assert {line[0] for line in run(capsys, "--at", "2023-08-25T01:00Z")} == {"2023-08-25T08:00+07:00"}


def test_quiet_hours_are_said(secretaries, capsys):
    make_obligation(units_of(secretaries)[0], "2023-08")

    call_command("run_reminders", "--at", "2023-08-25T22:00")

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "giờ không gửi thư" in captured.err


@pytest.mark.parametrize("text", ["hôm qua", "2023-02-30T09:00", "25/8/2023", "2023-13-01"])
def test_wrong_moment_is_refused_in_vietnamese(text):
    with pytest.raises(CommandError, match="không đúng"):
        call_command("run_reminders", "--at", text)


def test_mail_server_away_fails_and_keeps_the_ledger(secretaries, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    make_obligation(units_of(secretaries)[0], "2023-08")

    with pytest.raises(CommandError, match="Không kết nối được máy chủ thư"):
        call_command("run_reminders", "--at", "2023-08-25T09:00")

    assert Notice.objects.waiting().filter(channel="email").count() == 1
