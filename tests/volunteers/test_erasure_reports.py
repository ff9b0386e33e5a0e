"""A person erased from lists that were handed in: only those cells change, only by that one function."""

import uuid

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection, transaction

from doanportal import clock
from reports.drafts import open_draft
from reports.erasing import MARK, blank_lists_before, erase_person_from_reports, find_person_in_reports
from reports.models import Answer, Section, Version
from reports.submit import submit
from tests.factories.plans import local
from tests.factories.reports import obligation_of, type_section
from tests.factories.units import make_member
from tests.factories.volunteers import make_person, unit_of
from tests.sessions import held_form
from units.models import Event, Role

pytestmark = pytest.mark.django_db
NAME = "Đỗ Thị Chim Yến"
COLUMNS = ("full_name", "birth_year", "gender", "position", "workplace", "phone", "proposed_role")
CANARY = (NAME, "1996", "Nữ", "Bí thư Xã Đoàn", "Xã Lộc An", "0911222333", "Đội phó")
OTHER = ("Trần Văn Ở Lại", "1994", "Nam", "Bí thư", "Xã Lộc Hòa", "0911222444", "Đội trưởng")


@pytest.fixture
def unit(published_plan):
    return unit_of("692")


@pytest.fixture
def secretary(unit):
    return make_member(unit, Role.SECRETARY)


@pytest.fixture
def canary(unit):
    return make_person(unit, full_name=NAME, birth_year=1996, phone="0911222333")


def typed(*people):
    return {
        f"f.people.{number}.{column}": text
        for number, person in enumerate(people)
        for column, text in zip(COLUMNS, person, strict=True)
    } | {"f.consent": "Đã đồng ý"}


def hand_in_list(secretary, *people, unit_code="692"):
    with clock.at(local(2023, 2, 25)):
        draft = open_draft(obligation_of(unit_code, "2023", "command_board_list"), by=secretary)
        type_section(draft, "people", typed(*people), by=secretary)
        return submit(draft, by=secretary, idempotency_key=uuid.uuid4())


def people_of(version):
    return Answer.objects.get(version=version, field__type="people").value


def texts(model, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg({column}::text, ' '), '') FROM {model._meta.db_table}")
        return cursor.fetchone()[0]


def test_erase_blanks_the_cells_of_one_person_and_keeps_the_rest(secretary, canary):
    version = hand_in_list(secretary, OTHER, CANARY)
    before = people_of(version)
    assert erase_person_from_reports(canary, by=secretary) == 1
    assert people_of(version) == [before[0], {"full_name": MARK, "proposed_role": "Đội phó"}]
    for text in (NAME, "0911222333", "Xã Lộc An"):
        assert text not in texts(Answer, "value") + texts(Section, "raw")
    assert "0911222444" in texts(Section, "raw")


def test_erase_leaves_one_event_a_version_with_ids_only(secretary, canary):
    version = hand_in_list(secretary, OTHER, CANARY)
    erase_person_from_reports(canary, by=secretary)
    event = Event.objects.about(version).get(verb="erase_people")
    assert (event.actor, event.unit.code, event.reason) == (secretary, "692", "")


def test_erase_twice_changes_nothing_more(secretary, canary):
    hand_in_list(secretary, CANARY)
    assert [erase_person_from_reports(canary, by=secretary) for _ in range(2)] == [1, 0]


def test_erase_leaves_the_version_frozen_as_it_was_handed_in(secretary, canary):
    version = hand_in_list(secretary, CANARY)
    before = Version.objects.values().get(pk=version.pk)
    erase_person_from_reports(canary, by=secretary)
    assert Version.objects.values().get(pk=version.pk) == before
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.filter(version=version, field__type="people").update(value=[])


@pytest.mark.parametrize(
    ("name", "year", "found"),
    [
        ("ĐỖ THỊ  CHIM YẾN", 1996, 1),  # typed in another way
        ("Đỗ Thị Yến", 1996, 1),  # the same phone and year
        ("Đỗ Thị Yến", 1990, 0),
        (NAME, 1990, 0),  # somebody else of that name
    ],
)
def test_erase_finds_the_person_by_name_and_year_or_by_phone_and_year(unit, secretary, name, year, found):
    person = make_person(unit, full_name=name, birth_year=year, phone="0911222333")
    hand_in_list(secretary, OTHER, CANARY)
    assert len(find_person_in_reports(person)) == found
    assert erase_person_from_reports(person, by=secretary) == found


def test_erase_leaves_the_same_name_in_another_unit(secretary, canary):
    stranger = make_member(unit_of("691"), Role.SECRETARY)
    version = hand_in_list(stranger, CANARY, unit_code="691")
    assert erase_person_from_reports(canary, by=secretary) == 0
    assert people_of(version)[0]["full_name"] == NAME


def test_erase_in_a_draft_meets_whoever_has_it_open(secretary, canary):
    with clock.at(local(2023, 2, 25)):
        draft = open_draft(obligation_of("692", "2023", "command_board_list"), by=secretary)
        type_section(draft, "people", typed(CANARY), by=secretary)
    section = draft.sections.get(form_section__code="people")
    erase_person_from_reports(canary, by=secretary)
    after = Section.objects.get(pk=section.pk)
    assert after.revision == section.revision + 1
    assert after.raw["f.people.0.full_name"] == MARK and "f.people.0.phone" not in after.raw


def test_flag_alone_lets_nobody_rewrite_a_list(secretary, canary):
    version = hand_in_list(secretary, OTHER, CANARY)
    for value in ("[]", '[{"full_name": "Khác"}]'):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.erasing', %s, true)", [f'["{NAME}\\u001f1996"]'])
            cursor.execute(
                "UPDATE reports_answer SET value = %s "
                "WHERE version_id = %s AND jsonb_typeof(value) = 'array'",
                [value, version.pk],
            )


def test_find_names_texts_that_only_a_human_can_judge(secretary, canary):
    with clock.at(local(2023, 3, 20)):
        draft = open_draft(obligation_of("692", "2023-03"), by=secretary)
        type_section(draft, "next", {"f.next_month": f"Giao đồng chí {NAME} phụ trách."}, by=secretary)
    [place] = find_person_in_reports(canary)
    assert not place.by_itself and place.url.startswith("/bao-cao/")


def test_text_held_for_a_sign_in_is_dropped(canary, secretary):
    store = SessionStore()
    store["held_text"] = [
        held_form({"f.people.0.full_name": NAME}),
        held_form({"phone": "0912 000 000"}, path="/khac/"),
    ]
    store["kept"] = 1
    store.create()
    erase_person_from_reports(canary, by=secretary)
    again = SessionStore(session_key=store.session_key)
    assert [row["path"] for row in again.get("held_text")] == ["/khac/"] and again.get("kept") == 1


def test_lists_of_years_that_are_over_are_blanked_and_counted_once(secretary):
    version = hand_in_list(secretary, OTHER, CANARY)
    assert blank_lists_before(before=local(2023, 1, 1).date()) == 0
    assert [blank_lists_before(before=local(2024, 1, 1).date()) for _ in range(2)] == [1, 0]
    assert [row["full_name"] for row in people_of(version)] == [MARK, MARK]
