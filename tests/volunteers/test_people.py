"""People: what may be written down, mending it, entries that look alike, two made one."""

from datetime import date

import pytest

from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from units.models import Event
from volunteers.loading import load_kinds
from volunteers.merging import MergeError, merge
from volunteers.models import CommandPost, Consent, DataSubjectRequest, Membership, PersonalAccess
from volunteers.people import (
    Details,
    PersonConflict,
    PersonError,
    clean_phone,
    details_of,
    edit_person,
    not_twins,
)
from volunteers.queries_roster import changes_since, roster_as_at, twin_pairs
from volunteers.roster import send_roster

pytestmark = pytest.mark.django_db
TODAY = date(2023, 3, 24)


@pytest.fixture
def unit(at):
    at("2023-03-24T08:00")
    load_kinds()
    return make_unit(code="900")


@pytest.fixture
def secretary(unit):
    return make_member(unit)


def twin(unit, **fields):
    return make_person(unit, **{"full_name": "Trần Văn An", "birth_year": 1998} | fields)


def merged(kept, gone, by):
    return merge(kept, gone, revisions={kept.pk: kept.revision, gone.pk: gone.revision}, by=by)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 (912) 345-678", "0912345678"),
        ("02713.879.123", "02713879123"),
        ("", ""),
    ],
)
def test_phone_is_read_as_people_write_it(unit, typed, digits):
    assert clean_phone(typed) == digits


@pytest.mark.parametrize("typed", ["912345678", "0912", "0912345678901", "không có", "٠٩١٢٣٤٥٦٧٨"])
def test_wrong_phone_is_refused(unit, typed):
    with pytest.raises(PersonError):
        clean_phone(typed)


def test_edit_writes_the_names_of_fields_and_no_value_into_the_log(unit, secretary):
    person = make_person(unit)
    details = Details("Tên Mới", 1990, phone="0912000111")
    edit_person(person, details, revision=0, by=secretary)
    person.refresh_from_db()
    assert (details_of(person), person.revision) == (details, 1)
    event = Event.objects.get(verb="edit_person")
    assert event.to_state == "full_name birth_year gender position workplace phone"
    assert "Tên" not in f"{event.from_state}{event.to_state}{event.reason}"


def test_edit_after_somebody_elses_edit_is_a_conflict(unit, secretary):
    person = make_person(unit)
    edit_person(person, Details("Một", 1990), revision=0, by=secretary)
    with pytest.raises(PersonConflict) as met:
        edit_person(person, Details("Hai", 1990), revision=0, by=secretary)
    assert met.value.theirs.full_name == "Một"


def test_edit_that_changes_nothing_leaves_no_trace(unit, secretary):
    person = make_person(unit)
    edit_person(person, details_of(person), revision=0, by=secretary)
    person.refresh_from_db()
    assert person.revision == 0 and not Event.objects.filter(verb="edit_person").exists()


def test_year_that_makes_a_member_a_child_needs_a_guardian_first(unit, secretary):
    row = make_membership(make_team(unit))
    with pytest.raises(PersonError) as refused:
        edit_person(row.person, Details("An", 2008), revision=0, by=secretary)
    assert refused.value.field == "birth_year"
    make_consent(row.person, by=Consent.By.GUARDIAN, guardian_name="Trần Thị Mẹ")
    assert edit_person(row.person, Details("An", 2008), revision=0, by=secretary).birth_year == 2008


def test_erased_person_is_not_edited(unit, secretary):
    kept, gone = twin(unit), twin(unit)
    merged(kept, gone, secretary)
    with pytest.raises(PersonError, match="đã được xóa"):
        edit_person(gone, Details("An", 1998), revision=1, by=secretary)


def test_twins_by_folded_name_and_year_never_by_phone(unit):
    first = twin(unit)
    same = twin(unit, full_name="TRAN VĂN AN")
    near = twin(unit, birth_year=1999)
    twin(unit, birth_year=2001)
    make_person(unit, full_name="Khác Hẳn", phone=first.phone)
    twin(make_unit(code="901"))
    surest, *others = twin_pairs(unit)
    assert surest == (first.pk, same.pk, True)
    assert set(others) == {(first.pk, near.pk, False), (same.pk, near.pk, False)}


def test_pair_told_apart_is_not_shown_again(unit, secretary):
    first, second = twin(unit), twin(unit)
    not_twins(second, first, by=secretary)
    assert twin_pairs(unit) == []


def test_people_of_two_units_are_not_compared(unit, secretary):
    with pytest.raises(PersonError):
        not_twins(twin(unit), twin(make_unit(code="901")), by=secretary)


def test_merge_moves_times_and_fills_what_is_empty(unit, secretary):
    kept, gone = twin(unit, phone="", workplace=""), twin(unit, phone="0912345678")
    here, there = make_team(unit), make_team(unit)
    make_membership(here, kept)
    make_membership(there, gone, role="thư ký")
    CommandPost.objects.create(unit=unit, team=there, person=gone, role="leader", valid_from=date(2023, 3, 1))
    kept = merged(kept, gone, secretary)
    assert (kept.phone, kept.workplace) == ("0912345678", gone.workplace)
    assert [row.title for row in roster_as_at(there, TODAY)] == ["Đội trưởng, thư ký"]
    assert {row.person.pk for team in (here, there) for row in roster_as_at(team, TODAY)} == {kept.pk}
    gone.refresh_from_db()
    assert (gone.anonymised_why, gone.full_name, gone.birth_year, gone.phone) == ("merged", "", None, "")


def test_merge_unites_times_that_overlap_and_keeps_their_days_in_the_log(unit, secretary):
    kept, gone, team = twin(unit), twin(unit), make_team(unit)
    make_membership(team, kept, joined=date(2023, 2, 1), left=date(2023, 3, 1), basis="QĐ 1")
    make_membership(team, gone, joined=date(2023, 2, 20), role="thư ký", basis="QĐ 2")
    merged(kept, gone, secretary)
    row = Membership.objects.get()
    assert (row.person, row.valid_from, row.valid_to) == (kept, date(2023, 2, 1), None)
    assert (row.role, row.basis) == ("thư ký", "QĐ 1; QĐ 2")
    days = set(Event.objects.filter(verb="unite_time").values_list("from_state", flat=True))
    assert days == {f"#{kept.pk} 2023-02-01..2023-03-01", f"#{gone.pk} 2023-02-20.."}


def test_merge_leaves_times_that_only_touch_apart(unit, secretary):
    kept, gone, team = twin(unit), twin(unit), make_team(unit)
    make_membership(team, kept, joined=date(2023, 2, 1), left=date(2023, 3, 1))
    make_membership(team, gone, joined=date(2023, 3, 1))
    merged(kept, gone, secretary)
    assert Membership.objects.filter(person=kept).count() == 2


def test_merge_of_two_roles_at_one_time_is_refused_whole(unit, secretary):
    kept, gone, team = twin(unit), twin(unit), make_team(unit)
    make_membership(team, kept, role="thư ký")
    make_membership(team, gone, role="thủ quỹ")
    with pytest.raises(MergeError, match="vai trò khác nhau"):
        merged(kept, gone, secretary)
    gone.refresh_from_db()
    assert gone.full_name and Membership.objects.filter(person=gone).exists()


def test_merge_copies_consents_and_moves_requests(unit, secretary):
    kept, gone = twin(unit), twin(unit)
    make_consent(gone, by=Consent.By.GUARDIAN, guardian_name="Trần Thị Mẹ")
    DataSubjectRequest.objects.create(
        unit=unit,
        person=gone,
        kind="access",
        channel="paper",
        received_at="2023-03-20T00:00Z",
        received_by=secretary,
        answer_due_at="2023-03-22T00:00Z",
        act_due_at="2023-04-04T00:00Z",
    )
    PersonalAccess.objects.create(actor=secretary, kind="phone", unit=unit, person=gone)
    merged(kept, gone, secretary)
    assert kept.consents.get().guardian_name == "Trần Thị Mẹ"
    assert gone.consents.get().guardian_name == ""
    assert kept.requests.count() == 1
    assert PersonalAccess.objects.get().person_id == gone.pk


def test_merge_after_a_sending_is_no_change_of_the_roster(unit, secretary, at):
    kept, gone, team = twin(unit), twin(unit), make_team(unit)
    make_membership(team, gone)
    sending = send_roster(team, as_of=TODAY, by=secretary)
    at("2023-03-25T08:00")
    merged(kept, gone, secretary)
    assert not changes_since(sending, team, date(2023, 3, 25))[0]


def test_merge_of_entries_that_changed_meanwhile_is_refused(unit, secretary):
    kept, gone = twin(unit), twin(unit)
    with pytest.raises(MergeError, match="vừa sửa"):
        merge(kept, gone, revisions={kept.pk: 0, gone.pk: 7}, by=secretary)


def test_merge_with_oneself_a_stranger_or_a_second_time_is_refused(unit, secretary):
    kept, gone, stranger = twin(unit), twin(unit), twin(make_unit(code="901"))
    for other in (kept, stranger):
        with pytest.raises(MergeError):
            merged(kept, other, secretary)
    merged(kept, gone, secretary)
    gone.refresh_from_db()
    with pytest.raises(MergeError):
        merged(kept, gone, secretary)


def test_restriction_of_one_entry_holds_for_the_person(unit, secretary):
    kept, gone = twin(unit), twin(unit, restricted_at="2023-03-01T00:00Z")
    assert merged(kept, gone, secretary).restricted_at is not None
