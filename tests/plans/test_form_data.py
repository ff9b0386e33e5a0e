"""The form and holiday files: one engine's fields, short enough for a phone, nothing sensitive asked."""

from datetime import date

import pytest

from tests.plans.test_plan_data import DATA, SECTORS, TARGETS, fields_of
from tests.plans.test_plan_data import FORMS as ALL_FORMS

FORMS = {code: form for code, form in ALL_FORMS.items() if "section" in form}


def test_forms_are_the_four_of_the_spring_and_three_without_a_report():
    assert list(FORMS) == ["monthly_report", "command_board_list", "launch_event", "launch_report"]
    assert list(ALL_FORMS)[len(FORMS) :] == ["activity_plan", "team_decision", "award_dossier"]


@pytest.mark.parametrize("code", FORMS)
def test_form_keys_are_unique_and_types_known(code):
    known = {"text", "long_text", "count", "money", "date", "time", "choice", "people", "files", "photos"}
    fields = fields_of(FORMS[code])
    keys = [field["key"] for field in fields]
    sections = [section["code"] for section in FORMS[code]["section"]]
    assert len(set(keys)) == len(keys) and len(set(sections)) == len(sections)
    assert {field["type"] for field in fields} <= known


@pytest.mark.parametrize("code", FORMS)
def test_form_fields_say_unit_choices_and_columns_where_the_type_needs_them(code):
    for field in fields_of(FORMS[code]):
        numeric = field["type"] in ("count", "money")
        assert bool(field.get("unit_of_measure")) == numeric, field["key"]
        assert bool(field.get("choices")) == (field["type"] == "choice"), field["key"]
        assert bool(field.get("columns")) == (field["type"] == "people"), field["key"]
        assert len(field["label"]) <= 200 and len(field.get("help", "")) <= 400, field["key"]


@pytest.mark.parametrize("code", FORMS)
def test_form_sections_fit_their_kind(code):
    for section in FORMS[code]["section"]:
        assert bool(section.get("sector")) == (section["kind"] == "targets"), section["code"]
        assert bool(section.get("field")) == (section["kind"] != "targets"), section["code"]
        assert bool(section.get("nil_label")) == section["allow_nil"], section["code"]


def test_document_forms_name_their_type_and_subject():
    documents = {code: (form["document_type"], form["document_abbr"]) for code, form in FORMS.items()}
    assert documents == {
        "monthly_report": ("BÁO CÁO", "BC"),
        "command_board_list": ("DANH SÁCH", "DS"),
        "launch_event": ("", ""),
        "launch_report": ("BÁO CÁO", "BC"),
    }
    assert [code for code, form in FORMS.items() if not form["needs_document"]] == ["launch_event"]


@pytest.mark.parametrize("code", FORMS)
def test_form_subject_can_be_filled_from_a_period(code):
    subject = FORMS[code]["subject_template"].format(month=3, year=2023)
    assert "2023" in subject and len(subject) <= 400


def test_monthly_report_goes_from_teams_over_the_sectors_to_difficulties():
    sections = [section["code"] for section in FORMS["monthly_report"]["section"]]
    assert sections == ["teams", *SECTORS, "difficulties", "next", "evidence"]


def test_monthly_report_offers_nil_where_a_flow_or_an_absence_can_be_said():
    flows = {target["sector"] for target in TARGETS.values() if target["frequency"] == "monthly"}
    nil = {section["code"] for section in FORMS["monthly_report"]["section"] if section["allow_nil"]}
    assert nil == flows | {"teams", "difficulties"}


def test_monthly_report_is_short_enough_for_a_phone():
    required = [field for field in fields_of(FORMS["monthly_report"]) if field["required"]]
    assert len(required) <= 7


def test_launch_event_asks_six_figures_a_place_and_photos():
    required = [field for field in fields_of(FORMS["launch_event"]) if field["required"]]
    assert [field["type"] for field in required].count("count") == 6
    assert {"place", "photos"} <= {field["key"] for field in required}


def test_command_board_list_asks_no_sensitive_personal_data():
    (people,) = (field for field in fields_of(FORMS["command_board_list"]) if field["type"] == "people")
    assert [column["key"] for column in people["columns"]] == [
        "full_name",
        "birth_year",
        "gender",
        "position",
        "workplace",
        "phone",
        "proposed_role",
    ]


# Days off


def test_holiday_overrides_are_dated_once_and_of_a_known_kind():
    rows = DATA["holidays"]["holiday"]
    dates = [date.fromisoformat(row["date"]) for row in rows]
    assert len(set(dates)) == len(dates)
    assert {row["kind"] for row in rows} <= {"off", "swap_working"}


def test_holiday_swap_moves_a_weekday_to_a_weekend_day():
    for row in DATA["holidays"]["holiday"]:
        weekend = date.fromisoformat(row["date"]).weekday() >= 5
        assert weekend == (row["kind"] == "swap_working"), row["date"]
