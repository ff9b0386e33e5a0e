"""The roster: join, leave, correct back in time, another role, send."""

from datetime import date

import pytest

from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from units.models import Event
from volunteers.loading import load_kinds
from volunteers.models import CommandPost, Consent, Membership, RosterLine
from volunteers.people import Details, edit_person
from volunteers.queries_roster import (
    changes_since,
    roster_as_at,
    sendings_of,
    team_numbers,
)
from volunteers.roster import (
    GuardianTold,
    RosterConflict,
    RosterError,
    Told,
    change_role,
    correct,
    database_says,
    join,
    join_new,
    leave,
    send_roster,
    stamp,
)

pytestmark = pytest.mark.django_db
TOLD = Told("paper", date(2023, 2, 20))
GUARDIAN = GuardianTold("Trần Thị Mẹ", "paper", date(2023, 2, 21))
FOUNDED = date(2023, 2, 24)


@pytest.fixture
def team(at):
    at("2023-03-24T08:00")
    load_kinds()
    return make_team(make_unit(code="900"))


@pytest.fixture
def secretary(team):
    return make_member(team.unit)


def take(team, person, by, *, joined=FOUNDED, role="", basis="", told=TOLD, guardian=None):
    return join(team, person, joined=joined, role=role, basis=basis, by=by, told=told, guardian=guardian)


def seat(team, person, role="leader", since=FOUNDED, until=None):
    return CommandPost.objects.create(
        unit=team.unit, team=team, person=person, role=role, valid_from=since, valid_to=until
    )


def names(team, day):
    return [row.person.full_name for row in roster_as_at(team, day)]


def test_new_person_joins_with_consent_on_record(team, secretary):
    row = join_new(
        team,
        Details("Trần Văn An", 1998, phone="+84 912 345 678"),
        joined=FOUNDED,
        role="thư ký",
        basis="QĐ 05",
        by=secretary,
        told=TOLD,
    )
    assert row.person.phone == "0912345678"
    consent = Consent.objects.get(person=row.person)
    assert (consent.by, consent.channel, consent.given_on) == ("self", "paper", TOLD.given_on)
    assert consent.recorded_by == secretary


def test_join_without_consent_is_refused(team, secretary):
    with pytest.raises(RosterError) as refused:
        take(team, make_person(team.unit), secretary, told=None)
    assert refused.value.field == "told"
    assert not Membership.objects.exists()


def test_join_relies_on_the_consent_of_another_team(team, secretary):
    person = make_person(team.unit)
    make_consent(person)
    take(team, person, secretary, told=None)
    assert Consent.objects.filter(person=person).count() == 1


def test_withdrawn_consent_does_not_do(team, secretary):
    person = make_person(team.unit)
    make_consent(person, withdrawn_at=FOUNDED.strftime("%Y-%m-%dT00:00Z"), withdrawn_by=secretary)
    with pytest.raises(RosterError):
        take(team, person, secretary, told=None)


def test_who_may_be_under_16_needs_a_guardian(team, secretary):
    child = make_person(team.unit, birth_year=2007)
    with pytest.raises(RosterError) as refused:
        take(team, child, secretary)
    assert refused.value.field == "guardian_name"
    take(team, child, secretary, guardian=GUARDIAN)
    assert Consent.objects.get(person=child, by="guardian").guardian_name == "Trần Thị Mẹ"


def test_consent_of_tomorrow_is_refused_and_nothing_is_kept(team, secretary):
    with pytest.raises(RosterError, match="sau hôm nay"):
        take(team, make_person(team.unit), secretary, told=Told("paper", date(2023, 3, 25)))
    assert not Membership.objects.exists() and not Consent.objects.exists()


def test_second_time_that_overlaps_is_refused_with_the_days(team, secretary):
    row = make_membership(team, joined=FOUNDED, left=date(2023, 5, 1))
    with pytest.raises(RosterError, match="từ ngày 24/2/2023 đến hết ngày 30/4/2023"):
        take(team, row.person, secretary, joined=date(2023, 4, 30))
    take(team, row.person, secretary, joined=date(2023, 5, 1))
    assert team.memberships.count() == 2


def test_person_of_another_unit_and_a_restricted_one_are_refused(team, secretary):
    stranger = make_person(make_unit(code="901"))
    resting = make_person(team.unit, restricted_at="2023-03-01T00:00Z")
    for person in (stranger, resting):
        with pytest.raises(RosterError):
            take(team, person, secretary)


def test_joining_after_the_team_was_dissolved_is_refused(team, secretary):
    team.dissolved_on, team.dissolution_basis = date(2023, 3, 20), "QĐ 9"
    team.save()
    with pytest.raises(RosterError, match="giải thể"):
        take(team, make_person(team.unit), secretary, joined=date(2023, 3, 20))


@pytest.mark.parametrize("joined", [date(1900, 1, 1), date(2203, 3, 1)])
def test_absurd_day_of_joining_is_refused(team, secretary, joined):
    with pytest.raises(RosterError, match="không hợp lý"):
        take(team, make_person(team.unit), secretary, joined=joined)


def test_roster_as_at_puts_the_board_first_then_given_names(team):
    for name in ("Lê Văn Ân", "Trần Thị Bình", "Nguyễn An"):
        make_membership(team, make_person(team.unit, full_name=name))
    seat(team, make_person(team.unit, full_name="Vũ Ủy Viên"), "member")
    seat(team, make_person(team.unit, full_name="Phạm Đội Trưởng"), "leader")
    assert names(team, FOUNDED) == [
        "Phạm Đội Trưởng",
        "Vũ Ủy Viên",
        "Nguyễn An",
        "Lê Văn Ân",
        "Trần Thị Bình",
    ]
    assert team_numbers(team, FOUNDED) == {"people": 5, "board": 2, "women": 0}


def test_roster_of_an_earlier_day_stays_when_somebody_leaves(team, secretary):
    row = make_membership(team)
    leave(row, left=date(2023, 3, 20), basis="Biên bản họp", seen=stamp(row), by=secretary)
    assert names(team, date(2023, 3, 19)) == [row.person.full_name]
    assert names(team, date(2023, 3, 20)) == []


def test_leaving_ends_the_seat_on_the_board_too(team, secretary):
    row = make_membership(team)
    post = seat(team, row.person)
    leave(row, left=date(2023, 3, 20), basis="Biên bản họp", seen=stamp(row), by=secretary)
    post.refresh_from_db()
    assert post.valid_to == date(2023, 3, 20)


def test_leaving_before_a_later_seat_is_refused(team, secretary):
    row = make_membership(team)
    seat(team, row.person, since=date(2023, 3, 22))
    with pytest.raises(RosterError, match="Ban Chỉ huy"):
        leave(row, left=date(2023, 3, 20), basis="Biên bản họp", seen=stamp(row), by=secretary)
    row.refresh_from_db()
    assert row.valid_to is None


@pytest.mark.parametrize(
    ("left", "basis", "field"),
    [(FOUNDED, "Biên bản", "left"), (date(2023, 3, 1), " ", "basis"), (date(2033, 1, 1), "QĐ", "left")],
)
def test_leaving_on_a_wrong_day_or_without_basis_is_refused(team, secretary, left, basis, field):
    row = make_membership(team)
    with pytest.raises(RosterError) as refused:
        leave(row, left=left, basis=basis, seen=stamp(row), by=secretary)
    assert refused.value.field == field


def test_basis_that_names_the_person_is_refused_because_the_log_stays(team, secretary):
    row = make_membership(team, make_person(team.unit, full_name="Đỗ Văn Riêng"))
    with pytest.raises(RosterError) as refused:
        leave(row, left=date(2023, 3, 1), basis="Đơn của do van rieng", seen=stamp(row), by=secretary)
    assert refused.value.field == "basis"


def correction(row, by, **changes):
    given = {
        "joined": row.valid_from,
        "left": row.valid_to,
        "role": row.role,
        "basis": row.basis,
        "reason": "Ghi nhầm ngày",
        "seen": stamp(row),
    }
    return correct(row, **given | changes, by=by)


def test_correction_back_in_time_changes_earlier_days(team, secretary):
    row = make_membership(team, joined=date(2023, 3, 10))
    correction(row, secretary, joined=date(2023, 3, 1))
    assert len(names(team, date(2023, 3, 1))) == 1
    event = Event.objects.get(verb="correct_membership")
    assert (event.from_state, event.to_state) == ("2023-03-10..", "2023-03-01..")
    assert event.reason == "Ghi nhầm ngày"


def test_correction_of_what_somebody_else_changed_is_a_conflict(team, secretary):
    row = make_membership(team)
    seen = stamp(row)
    correction(row, secretary, role="thư ký")
    with pytest.raises(RosterConflict) as met:
        correction(row, secretary, role="thủ quỹ", seen=seen)
    assert met.value.theirs.role == "thư ký"


def test_correction_to_a_day_as_a_child_is_refused(team, secretary):
    row = make_membership(team, make_person(team.unit, birth_year=2006))
    with pytest.raises(RosterError, match="chưa đủ 16 tuổi"):
        correction(row, secretary, joined=date(2022, 6, 1))


def test_correction_without_reason_or_over_another_time_is_refused(team, secretary):
    first = make_membership(team, left=date(2023, 3, 1))
    make_membership(team, first.person, joined=date(2023, 3, 5))
    with pytest.raises(RosterError, match="lý do"):
        correction(first, secretary, reason="")
    with pytest.raises(RosterError, match="đã ở trong đội hình"):
        correction(first, secretary, left=date(2023, 3, 6))


def test_another_role_from_a_day_on_keeps_the_earlier_one(team, secretary):
    row = make_membership(team, role="thư ký")
    change_role(row, since=date(2023, 3, 10), role="thủ quỹ", basis="", seen=stamp(row), by=secretary)
    roles = [roster_as_at(team, day)[0].role for day in (date(2023, 3, 9), date(2023, 3, 10))]
    assert roles == ["thư ký", "thủ quỹ"]


def test_sending_keeps_ids_and_roles_and_no_name(team, secretary):
    row = make_membership(team, role="thư ký")
    seat(team, row.person)
    sending = send_roster(team, as_of=date(2023, 3, 24), by=secretary)
    line = RosterLine.objects.get(sending=sending)
    assert (line.person_id, line.board_role, line.role) == (row.person_id, "leader", "thư ký")
    assert sending.members == 1
    assert not Event.objects.filter(reason__contains=row.person.full_name).exists()


@pytest.mark.parametrize("day", [date(2023, 3, 25), date(2023, 1, 1)])
def test_list_of_tomorrow_or_of_nobody_is_not_sent(team, secretary, day):
    make_membership(team)
    with pytest.raises(RosterError):
        send_roster(team, as_of=day, by=secretary)


def test_changes_since_the_last_sending(team, secretary, at):
    stays, goes, promoted, mended = (make_membership(team) for _ in range(4))
    send_roster(team, as_of=date(2023, 3, 24), by=secretary)
    at("2023-04-10T08:00")
    leave(goes, left=date(2023, 4, 1), basis="Biên bản họp", seen=stamp(goes), by=secretary)
    correction(promoted, secretary, role="thư ký")
    edit_person(
        mended.person,
        Details("Tên Mới", 1995),
        revision=0,
        by=secretary,
    )
    came = take(team, make_person(team.unit), secretary, joined=date(2023, 4, 5))
    changes, _ = changes_since(sendings_of(team).first(), team, date(2023, 4, 10))
    assert [place.person_id for place in changes.joined] == [came.person_id]
    assert [place.person_id for place in changes.left] == [goes.person_id]
    assert [(old.role, new.role) for old, new in changes.role_changed] == [("", "thư ký")]
    assert changes.corrected == [mended.person_id]
    assert stays.person_id not in changes.person_ids


def test_nothing_changed_since_the_list_was_sent(team, secretary):
    make_membership(team)
    sending = send_roster(team, as_of=date(2023, 3, 24), by=secretary)
    assert not changes_since(sending, team, date(2023, 3, 24))[0]


def test_what_the_database_refuses_is_told_in_words(team):
    """A child that slipped past the rule, as when a consent is withdrawn at the same moment."""
    with pytest.raises(RosterError, match="chưa đủ 16 tuổi"), database_says():
        make_membership(team, make_person(team.unit, birth_year=2008))
    assert not Membership.objects.exists()
