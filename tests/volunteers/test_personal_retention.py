"""Retention: the plan year and 24 months more, then only counts; run twice it finds nothing."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from doanportal import clock
from doanportal.celery import app
from tests.factories.plans import local
from tests.factories.units import make_unit, make_user
from tests.factories.volunteers import make_membership, make_person, make_team
from units.models import Event
from volunteers.data_requests import receive
from volunteers.models import Person, WorkbookImport
from volunteers.retention import apply_retention, due_people, first_kept_day, kept_until, preview

pytestmark = pytest.mark.django_db
OVER = local(2026, 1, 2)  # the first days on which nobody of 2023 alone is kept


@pytest.fixture
def unit():
    return make_unit(code="900")


def person_of(unit, *, year=2023, **fields):
    with clock.at(local(year, 3, 1)):
        return make_person(unit, **fields)


@pytest.mark.parametrize(
    ("months", "day", "first"),
    [
        (24, date(2025, 12, 31), date(2023, 1, 1)),
        (24, date(2026, 1, 1), date(2024, 1, 1)),
        (6, date(2024, 6, 30), date(2023, 1, 1)),
        (6, date(2024, 7, 1), date(2024, 1, 1)),
        (0, date(2024, 1, 1), date(2024, 1, 1)),
    ],
)
def test_first_kept_day_moves_when_the_months_after_the_year_are_over(months, day, first):
    with override_settings(PERSONAL_RETENTION_MONTHS=months):
        assert first_kept_day(day) == first


def test_kept_until_is_the_day_before_the_first_kept_day_moves():
    assert kept_until(2023) == date(2025, 12, 31)
    with override_settings(PERSONAL_RETENTION_MONTHS=6):
        assert kept_until(2023) == date(2024, 6, 30)


def test_due_are_those_whose_last_time_in_a_team_is_over(unit):
    team, dissolved = make_team(unit), make_team(unit)
    dissolved.dissolved_on, dissolved.dissolution_basis = date(2023, 12, 1), "Quyết định"
    dissolved.save()
    over, never, of_dissolved, still, into_next, fresh = (person_of(unit) for _ in range(6))
    make_membership(team, over, left=date(2023, 9, 1))
    make_membership(dissolved, of_dissolved)
    make_membership(team, still)
    make_membership(team, into_next, left=date(2024, 1, 2))
    Person.objects.filter(pk=fresh.pk).update(created_at=local(2024, 3, 1))
    assert set(due_people(on=date(2026, 1, 1))) == {over, never, of_dissolved}
    assert not due_people(on=date(2025, 12, 31)).exists()


def test_due_to_the_last_day_of_the_year_is_not_kept_for_the_next(unit):
    person = person_of(unit)
    make_membership(make_team(unit), person, left=date(2024, 1, 1))
    assert list(due_people(on=date(2026, 1, 1))) == [person]


def test_open_request_keeps_the_person_until_it_is_closed(unit):
    person = person_of(unit)
    with clock.at(local(2025, 12, 30)):
        receive(person, kind="access", channel="phone", received_at=local(2025, 12, 30), by=make_user())
    assert not due_people(on=date(2026, 1, 1)).exists()


def test_apply_anonymises_once_and_keeps_memberships(unit):
    membership = make_membership(make_team(unit), person_of(unit), left=date(2023, 9, 1))
    first, second = apply_retention(now=OVER), apply_retention(now=OVER)
    membership.refresh_from_db()
    person = membership.person
    assert (first.people, second.people) == (1, 0)
    assert (person.full_name, person.anonymised_at, person.anonymised_why) == ("", OVER, "retention")
    assert (membership.valid_from, membership.valid_to) == (date(2023, 2, 24), date(2023, 9, 1))
    event = Event.objects.about(person).get(verb="erase_person")
    assert (event.actor, event.to_state) == (None, "retention")


def test_apply_drops_workbooks_of_more_than_a_month_ago(unit):
    values = {"unit": unit, "kind": "danh-sach", "original_name": "Lan.xlsx", "sha256": "0"}
    user = make_user()
    old = WorkbookImport.objects.create(
        **values, uploaded_at=local(2023, 7, 1), uploaded_by=user, state="checked"
    )
    fresh = WorkbookImport.objects.create(
        **values, uploaded_at=local(2023, 8, 20), uploaded_by=user, state="checked"
    )
    assert apply_retention(now=local(2023, 8, 24)).imports == 1
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.state, fresh.state) == ("dropped", "checked") and "Lan" not in old.original_name


def test_preview_counts_by_unit_and_changes_nothing(unit):
    person_of(unit)
    person_of(make_unit(code="901"))
    assert [(row.unit.code, row.people) for row in preview(on=date(2026, 1, 1))] == [("900", 1), ("901", 1)]
    assert [row.unit for row in preview(on=date(2026, 1, 1), units=[unit.pk])] == [unit]
    assert Person.objects.living().count() == 2


def run(*arguments):
    out = StringIO()
    call_command("retention", *arguments, stdout=out)
    return out.getvalue()


def test_command_dry_run_looks_ahead_and_erases_nothing(unit, at):
    at("2023-08-24T08:00")
    person_of(unit)
    said = run("--dry-run", "--at", "2026-01-02T08:00")
    assert f"{unit.label}: 1 người" in said and "chưa xóa gì" in said
    assert Person.objects.living().count() == 1


def test_command_erases_what_is_due_now(unit, at):
    person_of(unit)
    at("2026-01-02T08:00")
    assert "Đã xóa thông tin 1 người" in run()
    assert not Person.objects.living().exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--at", "2030-01-01"), "tương lai"), (("--at", "ngày mai"), "không phải thời điểm")],
)
def test_command_refuses_a_moment_to_come_and_nonsense(unit, at, arguments, message):
    at("2023-08-24T08:00")
    with pytest.raises(CommandError, match=message):
        run(*arguments)


@pytest.mark.parametrize("name", ["remind_data_requests", "personal_retention"])
def test_beat_names_tasks_that_exist(name):
    app.loader.import_default_modules()
    assert f"volunteers.tasks_personal.{name}" in app.tasks
    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert f"volunteers.tasks_personal.{name}" in planned
