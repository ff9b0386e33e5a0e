"""The council's members, session and closing: what may be done when, what is refused and why."""

from datetime import time

import pytest
from django.db import DatabaseError, transaction

from awards.council import (
    CouncilChanged,
    CouncilError,
    back_to_preparation,
    close_council,
    open_session,
    record_session,
    remove_member,
    save_member,
)
from awards.models import Conflict, Council, CouncilMember, Nomination, Stage
from tests.awards.council_cast import make_cast
from tests.factories.awards import make_round
from tests.factories.units import make_user
from units.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at):
    at("2023-11-20T08:30")
    return make_cast()


def prepared(cast):
    Council.objects.filter(pk=cast.council.pk).update(state="prepared")
    cast.council.refresh_from_db()
    return cast.council


def member_words(**fields):
    values = {"name": "Nguyễn Văn A", "title": "Phó Bí thư", "role": "member", "unit": None, "user": None}
    return values | fields


def session_words(council, **fields):
    values = {
        name: getattr(council, name) for name in ("revision", "sits_on", "starts_time", "place", "basis")
    }
    return values | {"attendance": {}} | fields


def close(cast, **fields):
    return close_council(
        cast.round, **{"ends_time": time(11, 30), "discussion": "", "by": cast.keeper} | fields
    )


# Members


def test_first_member_sets_the_council_up():
    award_round = make_round()
    member = save_member(award_round, by=make_user(), **member_words(role="chair"))
    assert (member.council.round, member.council.state) == (award_round, "prepared")


def test_second_chair_is_refused_at_the_role(cast):
    prepared(cast)
    with pytest.raises(CouncilError, match="đã có Chủ tịch") as error:
        save_member(cast.round, by=cast.keeper, **member_words(role="chair"))
    assert error.value.field == "role"


def test_same_account_twice_is_refused(cast):
    prepared(cast)
    user = make_user()
    save_member(cast.round, by=cast.keeper, **member_words(user=user))
    with pytest.raises(CouncilError, match="đã có trong Hội đồng"):
        save_member(cast.round, by=cast.keeper, **member_words(user=user))


def test_members_of_a_sitting_council_stay(cast):
    member = cast.council.members.last()
    with pytest.raises(CouncilError, match="đang họp"):
        remove_member(cast.round, member_id=member.pk, by=cast.keeper)
    with pytest.raises(CouncilError, match="đang họp"):
        save_member(cast.round, by=cast.keeper, **member_words())
    assert cast.council.members.count() == 9


def test_removed_member_takes_what_was_noted_along(cast):
    prepared(cast)
    member = cast.council.members.last()
    Conflict.objects.create(nomination=cast.nominate(), member=member, reason="x", noted_by=cast.keeper)
    remove_member(cast.round, member_id=member.pk, by=cast.keeper)
    assert not Conflict.objects.exists() and cast.council.members.count() == 8


# Session


def test_absence_without_reason_is_refused_at_its_field(cast):
    member = cast.council.members.first()
    with pytest.raises(CouncilError, match=f"lý do vắng của {member.name}") as error:
        words = session_words(cast.council, attendance={member.pk: (False, "")})
        record_session(cast.round, by=cast.keeper, **words)
    assert error.value.field == f"reason_{member.pk}"


def test_reason_of_who_is_present_is_dropped(cast):
    member = cast.council.members.last()
    record_session(
        cast.round, by=cast.keeper, **session_words(cast.council, attendance={member.pk: (True, "ốm")})
    )
    member.refresh_from_db()
    assert (member.present, member.absence_reason) == (True, "")


def test_session_saved_by_somebody_else_in_between_is_not_written_over(cast):
    record_session(cast.round, by=cast.keeper, **session_words(cast.council, place="Phòng A"))
    with pytest.raises(CouncilChanged):
        record_session(cast.round, by=cast.second, **session_words(cast.council, place="Phòng B"))
    assert Council.objects.get().place == "Phòng A"


def test_attendance_after_a_count_is_refused_by_rule_and_database(cast):
    cast.enter(cast.nominate(), 7)
    member = cast.council.members.last()
    with pytest.raises(CouncilError, match="không đổi được danh sách có mặt"):
        record_session(
            cast.round, by=cast.keeper, **session_words(cast.council, attendance={member.pk: (True, "")})
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        CouncilMember.objects.filter(pk=member.pk).update(present=True)


def test_place_may_be_mended_after_a_count(cast):
    cast.enter(cast.nominate(), 7)
    record_session(cast.round, by=cast.keeper, **session_words(cast.council, place="Phòng họp 2"))
    assert Council.objects.get().place == "Phòng họp 2"


def test_opening_tells_everything_that_is_missing(cast):
    council = prepared(cast)
    council.members.filter(role="chair").update(role="member")
    council.members.update(present=None)
    Council.objects.update(place="")
    with pytest.raises(CouncilError) as error:
        open_session(cast.round, by=cast.keeper)
    for words in ("Chưa ghi Chủ tịch", "Chưa ghi đủ ai có mặt", "nơi họp", "Chưa đủ số thành viên"):
        assert words in str(error.value)


def test_opening_without_quorum_is_refused_with_the_numbers(cast):
    prepared(cast)
    ids = cast.council.members.filter(role="member").values_list("pk", flat=True)[:4]
    CouncilMember.objects.filter(pk__in=list(ids)).update(present=False)
    with pytest.raises(CouncilError, match=r"có mặt 4/9, cần ít nhất 6 \(2/3 số thành viên\)"):
        open_session(cast.round, by=cast.keeper)


def test_opening_needs_somebody_to_preside(cast):
    prepared(cast).members.filter(role="chair").update(present=False)
    with pytest.raises(CouncilError, match="không có người chủ trì"):
        open_session(cast.round, by=cast.keeper)
    cast.council.members.filter(role="member", present=True).first().delete()
    other = cast.council.members.filter(role="member").first()
    CouncilMember.objects.filter(pk=other.pk).update(role="vice_chair")
    assert open_session(cast.round, by=cast.keeper).state == "sitting"


def test_session_opened_by_mistake_goes_back_until_a_vote_is_counted(cast):
    assert back_to_preparation(cast.round, by=cast.keeper).state == "prepared"
    open_session(cast.round, by=cast.keeper)
    cast.enter(cast.nominate(), 7)
    with pytest.raises(CouncilError, match="Đã có kết quả"):
        back_to_preparation(cast.round, by=cast.keeper)


# Closing


def test_closing_moves_every_nomination_on_and_says_so(cast):
    good, bad = cast.nominate(2)
    cast.vote(good, 8)
    cast.vote(bad, 3)
    council = close(cast)
    assert (council.state, council.closed_by, council.ends_time) == ("closed", cast.keeper, time(11, 30))
    assert set(Nomination.objects.values_list("stage", flat=True)) == {"bureau"}
    assert Event.objects.filter(verb="award_pass_to_bureau").count() == 2
    assert (cast.outcome(good), cast.outcome(bad)) == ("recommended", "not")


def test_closing_with_an_open_result_is_refused(cast):
    first, second = cast.nominate(2)
    cast.vote(first, 8)
    cast.enter(second, 8)
    with pytest.raises(CouncilError, match="Còn 1 hồ sơ chưa có kết quả"):
        close(cast)
    assert Council.objects.get().state == "sitting"
    assert set(Nomination.objects.values_list("stage", flat=True)) == {"council"}


def test_closing_with_an_open_tie_is_refused(cast):
    cast.limit(1)
    for nomination in cast.nominate(2):
        cast.vote(nomination, 8)
    with pytest.raises(CouncilError, match="Còn 2 hồ sơ bằng phiếu"):
        close(cast)


def test_closing_with_others_still_on_the_way_needs_to_be_known(cast):
    cast.vote(cast.nominate(), 8)
    left = cast.nominate(stage=Stage.CHECK)
    with pytest.raises(CouncilError, match="Còn 1 hồ sơ chưa chuyển đến Hội đồng") as error:
        close(cast)
    assert error.value.field == "leave_behind"
    close(cast, leave_behind=True)
    left.refresh_from_db()
    assert left.stage == "check"


def test_closing_before_it_began_is_refused(cast):
    cast.vote(cast.nominate(), 8)
    with pytest.raises(CouncilError, match="sau giờ bắt đầu"):
        close(cast, ends_time=time(7, 0))


def test_closed_council_refuses_everything(cast):
    cast.vote(cast.nominate(), 8)
    close(cast)
    for act in (
        lambda: record_session(cast.round, by=cast.keeper, **session_words(cast.council)),
        lambda: cast.enter(cast.nominate(), 8),
        lambda: close(cast),
    ):
        with pytest.raises(CouncilError, match="Biên bản đã thông qua"):
            act()
    with pytest.raises(DatabaseError), transaction.atomic():
        Council.objects.update(place="nơi khác")
