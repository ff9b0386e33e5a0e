"""The plan of an assigned activity: in time, late with a reason, versions, the answer, who is told."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plans.models import Message, Obligation
from plans.notices import plan_due
from plans.obligations import waive
from plans.status import review, timeliness
from tests.factories.plans import local
from tests.factories.reports import photo_upload
from tests.factories.units import make_member
from tests.factories.volunteers import unit_of
from tests.volunteers.test_activities import plan_one
from units.models import Event, Role
from volunteers.activities import ActivityError, cancel_activity
from volunteers.activity_plans import answer_plan, is_late, lead_fact, lead_words, send_plan
from volunteers.loading import load_kinds
from volunteers.models import ActivityPlan

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(published_plan, at):
    at("2023-03-03T09:00")
    load_kinds()
    return unit_of("692")


@pytest.fixture
def secretary(unit):
    return make_member(unit, Role.SECRETARY)


@pytest.fixture
def officer(unit):
    return make_member(unit_of("BPT"), Role.OFFICER)


@pytest.fixture
def activity(unit, secretary):
    return plan_one(unit, secretary, assigned=True)


def obligation_of(activity):
    return Obligation.objects.get(pk=activity.obligation_id)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2023, 3, 3), "Phương án phải gửi chậm nhất hết ngày 08/3 (còn 5 ngày)"),
        (date(2023, 3, 8), "Phương án phải gửi chậm nhất hết ngày 08/3 (hôm nay là hạn cuối)"),
        (
            date(2023, 3, 10),
            "Hạn gửi phương án là hết ngày 08/3, đã quá hạn 2 ngày: vẫn gửi được, ghi lý do",
        ),
    ],
)
def test_countdown_says_how_long_is_left(today, words):
    assert lead_words(date(2023, 3, 8), today=today) == words


def test_sending_in_time_fulfils_the_obligation(activity, secretary, at):
    at("2023-03-08T23:59:59")
    plan = send_plan(activity, text="Tập trung 7 giờ", by=secretary)
    assert (plan.number, plan.late_reason) == (1, "")
    assert (timeliness(obligation_of(activity)), review(obligation_of(activity))) == ("on_time", "waiting")


def test_sending_late_needs_a_reason_and_is_never_blocked(activity, secretary, at):
    at("2023-03-09T00:00")
    assert is_late(obligation_of(activity))
    with pytest.raises(ActivityError, match="gửi muộn") as caught:
        send_plan(activity, text="Tập trung 7 giờ", by=secretary)
    assert caught.value.field == "late_reason"
    plan = send_plan(activity, text="Tập trung 7 giờ", late_reason="chờ huyện chốt lịch", by=secretary)
    assert plan.late_reason == "chờ huyện chốt lịch"
    assert timeliness(obligation_of(activity)) == "late"


def test_sending_after_the_event_is_taken_too(activity, secretary, at):
    at("2023-03-20T08:00")
    plan = send_plan(activity, text="Đã làm", late_reason="mất mạng", by=secretary)
    assert lead_fact(activity, plan.sent_at) == "phương án gửi sau khi diễn ra 2 ngày"


def test_lead_fact_counts_days_to_the_activity(activity):
    assert lead_fact(activity, local(2023, 3, 6, 23)) == "phương án gửi trước 12 ngày"
    assert lead_fact(activity, local(2023, 3, 18, 0)) == "phương án gửi trong ngày diễn ra"


def test_later_versions_keep_the_first_hand_in_and_need_no_reason(activity, secretary, officer, at):
    first = send_plan(activity, text="Bản một", by=secretary)
    answer_plan(first, answer="comments", text="Bổ sung y tế", by=officer)
    at("2023-03-12T09:00")
    second = send_plan(activity, text="Bản hai", by=secretary)
    obligation = obligation_of(activity)
    assert second.number == 2
    assert obligation.first_fulfilled_at == first.sent_at.replace(microsecond=0)
    assert (timeliness(obligation), review(obligation)) == ("on_time", "waiting")


def test_same_plan_sent_twice_is_one_version(activity, secretary):
    first = send_plan(activity, text="Bản một", upload=photo_upload(), by=secretary)
    assert send_plan(activity, text="Bản một", upload=photo_upload(), by=secretary).pk == first.pk
    assert ActivityPlan.objects.count() == 1


def test_plan_as_file_keeps_its_name_and_kind(activity, secretary):
    upload = SimpleUploadedFile("../Phương án.pdf", b"%PDF-1.4 x\n%%EOF", "text/html")
    plan = send_plan(activity, text="", upload=upload, by=secretary)
    assert (plan.original_name, plan.content_type) == ("Phương án.pdf", "application/pdf")


def test_empty_plan_is_refused(activity, secretary):
    with pytest.raises(ActivityError, match="viết phương án hoặc chọn tệp"):
        send_plan(activity, text=" \n ", by=secretary)


def test_plan_of_an_activity_that_is_not_assigned_or_cancelled_is_refused(unit, secretary, activity):
    other = plan_one(unit, secretary, title="Hội thảo")
    with pytest.raises(ActivityError, match="được giao"):
        send_plan(other, text="x", by=secretary)
    cancel_activity(activity, reason="mưa", by=secretary)
    with pytest.raises(ActivityError, match="đã hủy"):
        send_plan(activity, text="x", by=secretary)


def test_waived_unit_may_still_send_without_a_reason(activity, secretary, officer, at):
    waive(activity.obligation, by=officer, reason="không cần")
    at("2023-03-12T09:00")
    assert send_plan(activity, text="Bản một", by=secretary).late_reason == ""


@pytest.mark.parametrize(
    ("answer", "text", "stage", "title"),
    [
        ("noted", "", "plan-noted", "[Đã tiếp nhận] Phương án: Ra quân chuyển đổi số"),
        ("comments", "Bổ sung y tế", "plan-comments", "[Có ý kiến] Phương án: Ra quân chuyển đổi số"),
    ],
)
def test_answer_is_taken_note_of_and_the_unit_is_told(
    activity, secretary, officer, answer, text, stage, title
):
    editor = make_member(activity.unit, Role.EDITOR)
    plan = send_plan(activity, text="Bản một", by=editor)
    answered = answer_plan(plan, answer=answer, text=text, by=officer)
    assert (answered.answer, answered.department.code) == (answer, "BPT")
    assert review(obligation_of(activity)) == "accepted"
    told = Message.objects.filter(channel="inbox", subject=title)
    assert {message.recipient for message in told} == {secretary, editor}
    assert all(text in message.body for message in told)
    assert told.filter(notices__stage=stage).exists()


@pytest.mark.parametrize(
    ("answer", "text", "words"),
    [("comments", " ", "Hãy ghi ý kiến"), ("approved", "x", "Đã tiếp nhận"), ("", "", "Hãy chọn")],
)
def test_answer_without_its_words_is_refused(activity, secretary, officer, answer, text, words):
    plan = send_plan(activity, text="Bản một", by=secretary)
    with pytest.raises(ActivityError, match=words):
        answer_plan(plan, answer=answer, text=text, by=officer)


def test_plan_is_answered_once_and_only_in_its_latest_version(activity, secretary, officer):
    first = send_plan(activity, text="Bản một", by=secretary)
    second = send_plan(activity, text="Bản hai", by=secretary)
    with pytest.raises(ActivityError, match="bản mới"):
        answer_plan(first, answer="noted", text="", by=officer)
    answer_plan(second, answer="noted", text="", by=officer)
    with pytest.raises(ActivityError, match="đã được trả lời"):
        answer_plan(second, answer="comments", text="x", by=officer)


def test_log_holds_no_word_of_plan_or_comment(activity, secretary, officer):
    plan = send_plan(activity, text="Chị Mai dẫn đoàn", by=secretary)
    answer_plan(plan, answer="comments", text="Hỏi anh Nam", by=officer)
    rows = Event.objects.values_list("from_state", "to_state", "reason")
    assert not [row for row in rows if "Mai" in str(row) or "Nam" in str(row)]


def test_slow_answer_leads_the_officer_to_the_page_of_the_activity(activity, secretary, officer, at):
    send_plan(activity, text="Bản một", by=secretary)
    at("2023-03-09T09:00")
    assert plan_due(now=local(2023, 3, 9, 9)) > 0
