"""Log lines hold ids only: the main pages, and what the database quotes when it refuses a row."""

import logging
import sys

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse

from doanportal.logs import LEFT_OUT, PlainFormatter, without_rows
from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_membership, make_person, make_team
from units.models import Role
from volunteers.models import Person

pytestmark = pytest.mark.django_db
NAME, PHONE = "Đỗ Thị Chim Yến", "0911222333"


def logged(act):
    """The line and traceback that the portal's own formatter writes about the error of `act`."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        line = logging.LogRecord("django", logging.ERROR, "", 1, "Lỗi", None, sys.exc_info())
        return PlainFormatter(**formatter_options()).format(line)
    raise AssertionError("nothing was refused")


def formatter_options():
    options = dict(settings.LOGGING["formatters"]["plain"])
    assert options.pop("()") == "doanportal.logs.PlainFormatter"
    return {"fmt": options["format"], "style": options["style"]}


def test_row_refused_by_the_database_is_not_quoted():
    person = make_person(make_unit(), full_name=NAME, phone=PHONE)
    text = logged(lambda: Person.objects.filter(pk=person.pk).update(birth_year=1))
    assert "person_birth_year_range" in text and "Traceback" in text
    assert NAME not in text and PHONE not in text and LEFT_OUT in text


def test_lines_after_the_quoted_row_stay():
    text = (
        "psycopg2.errors.CheckViolation: refused\nDETAIL:  Failing row contains (1, Yến,\nhai dòng).\n\n\n"
        "The above exception was the direct cause of the following exception:\n\nTraceback (most recent call)"
    )
    said = without_rows(text)
    assert "Yến" not in said and "hai dòng" not in said
    assert said.endswith("Traceback (most recent call)")


def test_main_pages_log_no_name_and_no_number(client, caplog, at):
    at("2023-08-24T08:00")
    caplog.set_level(logging.DEBUG)
    unit = make_unit(code="900")
    client.force_login(make_member(unit, Role.SECRETARY), backend="units.accounts.EmailOrPhoneBackend")
    person = make_person(unit, full_name=NAME, phone=PHONE)
    team = make_membership(make_team(unit), person).team
    client.get(reverse("roster", args=[team.pk]))
    client.post(reverse("personal_find"), {"text": "chim yen"})
    for name in (
        "person_detail",
        "person_data",
        "person_edit",
        "consent_record",
        "person_copy",
        "person_erase",
    ):
        client.get(reverse(name, args=[person.pk]))
        client.post(reverse(name, args=[person.pk]), {"full_name": NAME, "reason": NAME, "why": NAME})
    client.post(reverse("person_phone", args=[person.pk]))
    lines = [line for line in caplog.records if not line.name.startswith("django.db")]
    said = " ".join(line.getMessage() for line in lines)
    assert lines and [token for token in (NAME, PHONE, "chim yen", "Chim") if token in said] == []
