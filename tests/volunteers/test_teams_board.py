"""The command board: appointments with terms, one Đội trưởng at a time, a guardian for a child."""

from datetime import date

import pytest
from django.db import connection

from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from units.models import Event
from volunteers.board import appoint, board_counts, board_on, create_seat, end_term, people_to_appoint
from volunteers.models import BoardRole, CommandPost, Consent
from volunteers.teams import TeamError, dissolve

pytestmark = pytest.mark.django_db

SINCE = date(2023, 3, 1)


@pytest.fixture(autouse=True)
def in_august(at):
    return at("2023-08-24T08:00")


@pytest.fixture
def unit():
    return make_unit(code="900")


@pytest.fixture
def team(unit):
    return make_team(unit)


@pytest.fixture
def secretary(unit):
    return make_member(unit)


def seat(team, by, person=None, role=BoardRole.LEADER, since=SINCE):
    return appoint(team, person=person or make_person(team.unit), role=role, since=since, by=by)


def test_second_leader_is_told_since_when_there_is_one(team, secretary):
    seat(team, secretary)
    with pytest.raises(TeamError, match="đang có Đội trưởng từ ngày 1/3/2023"):
        seat(team, secretary, since=date(2023, 8, 1))
    assert CommandPost.objects.count() == 1


def test_leader_appointed_back_in_time_over_a_later_one_is_told(team, secretary):
    seat(team, secretary)
    with pytest.raises(TeamError, match="một Đội trưởng"):
        seat(team, secretary, since=date(2023, 2, 1))


def test_next_leader_follows_on_the_day_the_first_one_left(team, secretary):
    first = seat(team, secretary)
    end_term(first, on=date(2023, 6, 1), by=secretary)
    second = seat(team, secretary, since=date(2023, 6, 1))
    assert [row.pk for row in board_on(team, date(2023, 5, 31))] == [first.pk]
    assert [row.pk for row in board_on(team, date(2023, 6, 1))] == [second.pk]


def test_person_with_a_seat_gets_no_second_one(team, secretary):
    post = seat(team, secretary)
    with pytest.raises(TeamError, match="đang có chức danh"):
        seat(team, secretary, person=post.person, role=BoardRole.MEMBER)


def test_what_the_database_refuses_is_told_in_words(team, secretary):
    post = seat(team, secretary)
    with pytest.raises(TeamError, match="một Đội trưởng"):
        create_seat(team, person=make_person(team.unit), role=BoardRole.LEADER, since=SINCE)
    with pytest.raises(TeamError, match="đang có chức danh"):
        create_seat(team, person=post.person, role=BoardRole.MEMBER, since=SINCE)


def test_stranger_and_erased_person_are_refused(team, secretary):
    stranger = make_person(make_unit(code="901"))
    with pytest.raises(TeamError, match="danh sách của đơn vị"):
        seat(team, secretary, person=stranger)


def test_child_needs_a_guardians_consent(team, secretary):
    child = make_person(team.unit, birth_year=2007)
    with pytest.raises(TeamError, match="16 tuổi"):
        seat(team, secretary, person=child, role=BoardRole.MEMBER)
    make_consent(child, by=Consent.By.GUARDIAN, guardian_name="Trần Thị Mẹ")
    seat(team, secretary, person=child, role=BoardRole.MEMBER)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_restricted_person_is_not_appointed(team, secretary, in_august):
    person = make_person(team.unit, restricted_at=in_august)
    with pytest.raises(TeamError, match="hạn chế xử lý"):
        seat(team, secretary, person=person)


def test_appointment_after_the_end_of_the_team_is_refused(team, secretary):
    dissolve(team, on=date(2023, 8, 1), basis="QĐ 12", by=secretary)
    with pytest.raises(TeamError, match="giải thể"):
        seat(team, secretary, since=date(2023, 8, 2))


def test_term_ends_once_and_not_before_it_began(team, secretary):
    post = seat(team, secretary)
    with pytest.raises(TeamError, match="từ ngày 1/3/2023"):
        end_term(post, on=date(2023, 2, 28), by=secretary)
    end_term(post, on=date(2023, 8, 1), by=secretary)
    with pytest.raises(TeamError, match="đã kết thúc"):
        end_term(post, on=date(2023, 8, 2), by=secretary)


def test_term_that_ends_on_its_first_day_never_was(team, secretary):
    post = seat(team, secretary)
    end_term(post, on=SINCE, by=secretary)
    assert not CommandPost.objects.exists()
    assert Event.objects.filter(verb="withdraw_appointment").count() == 1


def test_events_of_the_board_hold_ids_only(team, secretary):
    person = make_person(team.unit, full_name="Ngô Bí Danh")
    end_term(seat(team, secretary, person=person), on=date(2023, 8, 1), by=secretary)
    rows = Event.objects.filter(verb__in=["appoint", "end_term"]).values_list(
        "from_state", "to_state", "reason"
    )
    assert set(rows) == {(f"person:{person.pk}", "leader", "")}


def test_board_stands_leader_first_and_is_counted_by_seat(team, secretary):
    for role in (BoardRole.MEMBER, BoardRole.LEADER, BoardRole.DEPUTY_LEADER, BoardRole.MEMBER):
        seat(team, secretary, role=role)
    board = board_on(team, SINCE)
    assert [post.role for post in board] == ["leader", "deputy_leader", "member", "member"]
    assert board_counts(board) == [("Đội trưởng", 1), ("Đội phó", 1), ("Ủy viên", 2)]


def test_members_are_offered_first_and_everybody_by_name(team, secretary):
    member = make_person(team.unit, full_name="Lê Thị Ánh")
    make_membership(team, member)
    other = make_person(team.unit, full_name="Điểu Ước")
    day = date(2023, 8, 24)
    assert people_to_appoint(team, day, "") == [member]
    assert people_to_appoint(team, day, "dieu uoc") == [other]
    seat(team, secretary, person=member)
    assert people_to_appoint(team, day, "anh") == []
