"""What people ask about their data: clocks, one extension, what each kind does, reminders told once."""

from datetime import date

import pytest
from django.utils import timezone

from doanportal import clock
from plans.models import Message, Notice
from tests.factories.plans import local
from tests.factories.units import make_department, make_member, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from units.models import Event, Role
from volunteers.data_requests import (
    RequestError,
    answer,
    carry_out,
    clocks,
    extend,
    read_clock,
    receive,
    refuse,
    remind,
)

pytestmark = pytest.mark.django_db
RECEIVED = local(2023, 3, 23, 9)  # a Thursday


@pytest.fixture
def unit():
    return make_unit(code="900")


@pytest.fixture
def secretary(unit):
    return make_member(unit, Role.SECRETARY)


def asked(person, kind="access", *, by, at=RECEIVED, **fields):
    with clock.at(at):
        return receive(person, kind=kind, channel="phone", received_at=at, by=by, **fields)


@pytest.mark.parametrize(
    ("received", "answer_on", "act_on"),
    [
        (local(2023, 3, 20, 9), date(2023, 3, 22), date(2023, 4, 4)),
        (local(2023, 3, 24, 17), date(2023, 3, 28), date(2023, 4, 8)),  # a Friday: the weekend does not count
        (local(2023, 4, 28, 9), date(2023, 5, 5), date(2023, 5, 13)),  # 30/4, 1/5 and their days in lieu
    ],
)
def test_clocks_count_two_working_days_and_fifteen_days(received, answer_on, act_on):
    answer_due, act_due = clocks(received)
    assert timezone.localdate(answer_due) == answer_on
    assert timezone.localdate(act_due) == act_on
    assert timezone.localtime(answer_due).strftime("%H:%M") == "23:59"


def test_clocks_with_a_third_party_give_twenty_days():
    assert timezone.localdate(clocks(local(2023, 3, 20), third_party=True).act_due_at) == date(2023, 4, 9)


def test_receive_tells_the_secretary_and_leaves_an_event_without_a_name(unit, secretary):
    person = make_person(unit, full_name="Lê Thị Chim Yến")
    request = asked(person, by=make_member(unit, Role.EDITOR))
    assert Event.objects.about(request).get().to_state == "access"
    notice = Notice.objects.get(recipient=secretary, channel="inbox")
    assert "Yến" not in notice.title + notice.text
    assert notice.url == f"/du-lieu-ca-nhan/yeu-cau/{request.pk}/"


@pytest.mark.parametrize(
    ("at", "message"), [(local(2023, 3, 24), "sau hiện tại"), (local(2021, 3, 1), "hơn một năm")]
)
def test_receive_at_an_impossible_moment_is_refused(unit, secretary, at, message):
    with clock.at(local(2023, 3, 23)), pytest.raises(RequestError, match=message):
        receive(make_person(unit), kind="access", channel="phone", received_at=at, by=secretary)


def test_receive_the_same_while_one_is_open_is_refused(unit, secretary):
    person = make_person(unit)
    asked(person, by=secretary)
    with pytest.raises(RequestError, match="cùng loại"):
        asked(person, by=secretary)


def test_answer_stops_the_first_clock_only(unit, secretary):
    request = asked(make_person(unit), by=secretary)
    with clock.at(local(2023, 3, 24, 8)):
        request = answer(request, by=secretary)
    assert (request.state, request.answered_at, request.done_at) == ("answered", local(2023, 3, 24, 8), None)


def test_extend_moves_the_second_clock_once_by_at_most_fifteen_days(unit, secretary):
    request = asked(make_person(unit), by=secretary)
    with clock.at(local(2023, 4, 1)):
        with pytest.raises(RequestError, match="15 ngày"):
            extend(request, days=16, reason="chờ tỉnh", by=secretary)
        with pytest.raises(RequestError, match="lý do"):
            extend(request, days=5, reason=" ", by=secretary)
        request = extend(request, days=15, reason="chờ tỉnh", by=secretary)
        with pytest.raises(RequestError, match="một lần"):
            extend(request, days=1, reason="chờ tỉnh", by=secretary)
    assert timezone.localdate(request.act_due_at) == date(2023, 4, 22)
    assert timezone.localdate(request.answer_due_at) == date(2023, 3, 27)


def test_extend_after_the_clock_has_run_out_is_refused(unit, secretary):
    request = asked(make_person(unit), by=secretary)
    with clock.at(local(2023, 4, 8)), pytest.raises(RequestError, match="quá hạn"):
        extend(request, days=5, reason="quên", by=secretary)


def test_carry_out_a_withdrawal_ends_memberships_that_day_and_restricts(unit, secretary):
    membership = make_membership(make_team(unit), joined=date(2023, 2, 24))
    consent = make_consent(membership.person)
    request = asked(membership.person, "withdraw", by=secretary)
    with clock.at(local(2023, 3, 25)):
        carry_out(request, by=secretary)
    for row in (membership, membership.person, consent, request):
        row.refresh_from_db()
    assert membership.valid_to == date(2023, 3, 25)
    assert membership.person.restricted_at and consent.withdrawn_at
    assert (request.state, request.answered_at) == ("done", request.done_at)


@pytest.mark.parametrize("kind", ["restrict", "object"])
def test_carry_out_a_restriction_keeps_memberships(unit, secretary, kind):
    membership = make_membership(make_team(unit))
    carry_out(asked(membership.person, kind, by=secretary), by=secretary)
    membership.refresh_from_db()
    membership.person.refresh_from_db()
    assert membership.valid_to is None and membership.person.restricted_at


@pytest.mark.parametrize("kind", ["access", "correct"])
def test_carry_out_without_saying_what_was_done_is_refused(unit, secretary, kind):
    request = asked(make_person(unit), kind, by=secretary)
    with pytest.raises(RequestError, match="đã làm gì"):
        carry_out(request, by=secretary)
    assert carry_out(request, by=secretary, outcome="đã gửi bản sao").state == "done"


def test_carry_out_an_erasure_belongs_to_the_page_of_erasing(unit, secretary):
    with pytest.raises(RequestError, match="trang xóa"):
        carry_out(asked(make_person(unit), "delete", by=secretary), by=secretary)


def test_refuse_needs_a_reason_and_closes(unit, secretary):
    request = asked(make_person(unit), "delete", by=secretary)
    with pytest.raises(RequestError, match="Ghi lý do"):
        refuse(request, reason="", by=secretary)
    assert refuse(request, reason="phải lưu theo Quyết định", by=secretary).state == "refused"
    with pytest.raises(RequestError, match="kết thúc"):
        refuse(request, reason="lần nữa", by=secretary)


@pytest.mark.parametrize("reason", ["đã gọi le thi CHIM yen", "gọi số 0912 345 678", "gọi +84912345678"])
def test_reason_that_holds_personal_values_is_refused(unit, secretary, reason):
    request = asked(make_person(unit, full_name="Lê Thị Chim Yến"), by=secretary)
    with pytest.raises(RequestError, match="nhật ký không xóa được"):
        refuse(request, reason=reason, by=secretary)


def test_remind_tells_tomorrow_and_overdue_once_each(unit, secretary):
    officer = make_member(make_department(), Role.OFFICER)
    request = asked(make_person(unit), by=secretary)  # Thursday 23/3: answer by Monday 27/3
    told = {}
    for now in (local(2023, 3, 24, 9), local(2023, 3, 26, 9), local(2023, 3, 26, 10), local(2023, 3, 28, 9)):
        with clock.at(now):
            told[now] = remind(now=now)
    # Bí thư and Ban Phong trào, inbox and mail.
    assert list(told.values()) == [0, 4, 0, 4]
    stages = Notice.objects.filter(recipient=officer, channel="inbox").values_list("stage", flat=True)
    assert sorted(stages) == ["data-answer-late", "data-answer-soon"]
    assert Message.objects.filter(recipient=officer, url=f"/du-lieu-ca-nhan/yeu-cau/{request.pk}/").exists()


def test_remind_of_an_answered_request_speaks_of_the_act(unit, secretary):
    request = asked(make_person(unit), by=secretary)
    answer(request, by=secretary)
    with clock.at(local(2023, 4, 6, 9)):
        remind(now=clock.now())
    assert set(Notice.objects.values_list("stage", flat=True)) == {"data-act-soon"}


def test_remind_of_closed_requests_says_nothing(unit, secretary):
    refuse(asked(make_person(unit), by=secretary), reason="nhầm người", by=secretary)
    assert remind(now=local(2023, 4, 30)) == 0


@pytest.mark.parametrize(
    ("done", "now", "state", "words"),
    [
        (None, local(2023, 3, 25), "not_due", "còn 2 ngày"),
        (None, local(2023, 3, 27, 8), "not_due", "hôm nay là hạn"),
        (None, local(2023, 3, 29), "overdue", "quá hạn 2 ngày"),
        (local(2023, 3, 27, 8), local(2023, 4, 1), "on_time", "xong 27/3/2023"),
        (local(2023, 3, 28, 8), local(2023, 4, 1), "late", "xong 28/3/2023"),
    ],
)
def test_read_clock_says_the_state_in_words(done, now, state, words):
    reading = read_clock(local(2023, 3, 27, 23, 59), done, now=now)
    assert (reading.state, reading.words) == (state, words)
