"""Planning: which stage is told to whom on which day, once."""

from datetime import date, timedelta

import pytest

from plans.models import Notice, Obligation
from plans.notices import plan_due, tell
from plans.obligations import end_waiver, extend, fulfil, mark_sent_back, waive
from plans.stages import load_stages
from tests.factories.plans import local, make_dated_obligation, make_obligation
from tests.factories.units import (
    make_cluster,
    make_department,
    make_member,
    make_post,
    make_supervision,
    make_unit,
    make_user,
)
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stages():
    load_stages()


@pytest.fixture
def unit():
    return make_unit(code="691", name="Huyện Đoàn Lộc Ninh")


@pytest.fixture
def secretary(unit):
    return make_member(unit, Role.SECRETARY)


def told(**filters):
    """(stage, slot, recipient id) of the notices that wait or were told by mail."""
    rows = Notice.objects.filter(channel="email", superseded_by=None, cancelled_at=None, **filters)
    return sorted(rows.values_list("stage", "slot_on", "recipient_id"))


def planned(moment):
    plan_due(now=moment)
    return told()


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2023, 3, 20), "t-7"),
        (date(2023, 3, 24), "t-1-working"),
        (date(2023, 3, 25), "printed"),
        (date(2023, 3, 26), "t-1"),
        (date(2023, 3, 27), "t"),
    ],
)
def test_stage_of_a_report_due_on_a_monday_is_told_on_its_day(unit, secretary, day, stage):
    make_obligation(unit, "2023-03")

    assert planned(local(day.year, day.month, day.day, 9)) == [(stage, day, secretary.pk)]


def test_both_channels_get_the_notice(unit, secretary):
    make_obligation(unit, "2023-08")

    assert plan_due(now=local(2023, 8, 24)) == 2
    assert sorted(Notice.objects.values_list("channel", flat=True)) == ["email", "inbox"]


def test_nothing_is_planned_before_the_first_stage(unit, secretary):
    make_obligation(unit, "2023-08")

    assert planned(local(2023, 8, 17, 23)) == []


@pytest.mark.parametrize("month", range(2, 13))
def test_the_25th_of_each_month_reaches_every_unit_that_has_not_handed_in(month):
    secretaries = [make_member(make_unit()) for _ in range(3)]
    for secretary in secretaries:
        make_obligation(secretary.posts.get().unit, f"2023-{month:02d}")

    plan_due(now=local(2023, month, 25, 9))

    day = date(2023, month, 25)
    assert told() == sorted(("printed", day, secretary.pk) for secretary in secretaries)


@pytest.mark.parametrize(
    ("form", "day"),
    [
        ("command_board_list", date(2023, 2, 28)),
        ("launch_event", date(2023, 3, 18)),
        ("launch_report", date(2023, 3, 20)),
    ],
)
def test_the_printed_dates_of_spring_are_told_on_their_day(unit, secretary, form, day):
    make_dated_obligation(unit, form)

    assert planned(local(day.year, day.month, day.day, 9)) == [("printed", day, secretary.pk)]


def test_running_twice_inserts_none(unit, secretary):
    make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 24))

    assert plan_due(now=local(2023, 8, 24, 8, 1)) == 0


def test_late_by_three_days_tells_only_the_current_stage(unit, secretary):
    make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 22))
    Notice.objects.update(sent_at=local(2023, 8, 22))

    plan_due(now=local(2023, 8, 25, 9))

    assert told(sent_at=None) == [("printed", date(2023, 8, 25), secretary.pk)]


def test_unsent_earlier_stage_is_superseded_by_the_later_one(unit, secretary):
    make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 24))

    plan_due(now=local(2023, 8, 25))

    old = Notice.objects.get(stage="t-1", channel="email")
    assert old.superseded_by.stage == "printed"
    assert told() == [("printed", date(2023, 8, 25), secretary.pk)]


def test_what_was_missed_weeks_ago_is_not_caught_up(unit, secretary):
    make_obligation(unit, "2023-03")

    assert planned(local(2023, 5, 24)) == []


def test_one_day_after_the_deputy_is_told_too(unit, secretary):
    deputy = make_member(unit, Role.DEPUTY)
    make_obligation(unit, "2023-08")

    day = date(2023, 8, 26)
    assert planned(local(2023, 8, 26)) == sorted(
        ("t-plus-1", day, person.pk) for person in (secretary, deputy)
    )


def test_printed_day_after_the_due_day_is_one_message_a_person(unit, secretary):
    deputy = make_member(unit, Role.DEPUTY)
    make_dated_obligation(unit, "command_board_list")

    day = date(2023, 2, 28)
    assert planned(local(2023, 2, 28)) == sorted(
        [("printed", day, secretary.pk), ("t-plus-1", day, deputy.pk)]
    )


def test_three_days_after_the_officer_in_charge_is_told(unit, secretary):
    officer = make_member(make_department("BXD", "Ban Xây dựng Đoàn Tỉnh Đoàn"), Role.OFFICER)
    make_member(make_department(), Role.OFFICER)
    make_supervision(officer.posts.get().unit, cluster=make_cluster(unit))
    make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 26))

    plan_due(now=local(2023, 8, 28))

    assert told(stage="t-plus-3") == [("t-plus-3", date(2023, 8, 28), officer.pk)]


def test_three_days_after_without_an_officer_in_charge_ban_phong_trao_is_told(unit, secretary):
    officer = make_member(make_department(), Role.OFFICER)
    make_obligation(unit, "2023-08")

    plan_due(now=local(2023, 8, 28))

    assert told(stage="t-plus-3") == [("t-plus-3", date(2023, 8, 28), officer.pk)]


def test_five_days_after_the_leader_is_told(unit, secretary):
    leader = make_member(make_unit(kind="province"), Role.LEADER)
    make_obligation(unit, "2023-08")

    plan_due(now=local(2023, 8, 30))

    assert told(stage="t-plus-5") == [("t-plus-5", date(2023, 8, 30), leader.pk)]


def test_vacant_secretary_goes_to_the_deputy(unit):
    deputy = make_member(unit, Role.DEPUTY)
    make_obligation(unit, "2023-08")

    assert planned(local(2023, 8, 25)) == [("printed", date(2023, 8, 25), deputy.pk)]


def test_unit_without_people_goes_to_the_officer_in_charge(unit):
    officer = make_member(make_department(), Role.OFFICER)
    make_obligation(unit, "2023-08")

    assert planned(local(2023, 8, 25)) == [("printed", date(2023, 8, 25), officer.pk)]


def test_inactive_person_and_ended_post_are_skipped(unit):
    make_member(unit, is_active=False)
    make_post(make_user(), unit, Role.SECRETARY, valid_from=date(2022, 1, 1), valid_to=date(2023, 8, 25))
    successor = make_user()
    make_post(successor, unit, Role.SECRETARY, valid_from=date(2023, 8, 25))
    make_obligation(unit, "2023-08")

    assert planned(local(2023, 8, 25)) == [("printed", date(2023, 8, 25), successor.pk)]


def test_department_that_owes_is_reminded_through_its_own_officers():
    department = make_department("BXD", "Ban Xây dựng Đoàn Tỉnh Đoàn")
    officer = make_member(department, Role.OFFICER)
    make_member(make_department(), Role.OFFICER)
    make_obligation(department, "2023-08")

    assert planned(local(2023, 8, 25)) == [("printed", date(2023, 8, 25), officer.pk)]


def test_handed_in_is_not_reminded(unit, secretary):
    fulfil(make_obligation(unit, "2023-08"), at=local(2023, 8, 24), by=secretary)

    assert planned(local(2023, 8, 25)) == []


def test_pending_notice_is_cancelled_by_the_hand_in(unit, secretary):
    obligation = make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 25))
    fulfil(obligation, at=local(2023, 8, 25, 8, 1), by=secretary)

    plan_due(now=local(2023, 8, 25, 8, 2))

    assert told() == []
    assert set(Notice.objects.values_list("cancelled_at", flat=True)) == {local(2023, 8, 25, 8, 2)}


def test_waived_is_not_reminded(unit, secretary):
    obligation = make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 24))
    waive(obligation, by=secretary, reason="Thiên tai", at=local(2023, 8, 24, 9))

    assert planned(local(2023, 8, 25)) == []


def test_waiver_taken_back_is_reminded_again(unit, secretary):
    obligation = make_obligation(unit, "2023-08")
    waive(obligation, by=secretary, reason="Thiên tai", at=local(2023, 8, 24, 9))
    end_waiver(obligation, by=secretary, reason="Đã khắc phục")

    assert planned(local(2023, 8, 25)) == [("printed", date(2023, 8, 25), secretary.pk)]


def test_extension_cancels_what_waits_and_plans_anew(unit, secretary):
    obligation = make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 26))
    extend(obligation, until=date(2023, 8, 31), by=secretary, reason="Mưa lũ")

    plan_due(now=local(2023, 8, 26, 9))
    assert told() == [("printed", date(2023, 8, 25), secretary.pk)]

    plan_due(now=local(2023, 8, 31))
    assert told() == [("t", date(2023, 8, 31), secretary.pk)]


def test_correction_is_reminded_from_the_day_after_it_was_asked_for(unit, secretary):
    obligation = make_obligation(unit, "2023-08")
    fulfil(obligation, at=local(2023, 8, 24), by=secretary)
    correction = mark_sent_back(
        obligation, at=local(2023, 8, 28, 9), by=secretary, due_on=date(2023, 8, 29), cause="version:1"
    )

    assert planned(local(2023, 8, 28, 10)) == []
    assert planned(local(2023, 8, 29)) == [("t", date(2023, 8, 29), secretary.pk)]
    assert planned(local(2023, 8, 30)) == [("t-plus-1", date(2023, 8, 30), secretary.pk)]
    assert set(Notice.objects.values_list("obligation_id", flat=True)) == {correction.pk}


def test_correction_ends_with_the_next_hand_in(unit, secretary):
    obligation = make_obligation(unit, "2023-08")
    fulfil(obligation, at=local(2023, 8, 24), by=secretary)
    mark_sent_back(
        obligation, at=local(2023, 8, 28, 9), by=secretary, due_on=date(2023, 8, 30), cause="version:1"
    )
    fulfil(obligation, at=local(2023, 8, 28, 15), by=secretary)

    assert planned(local(2023, 8, 30)) == []


def test_in_quiet_hours_the_notice_waits_for_the_morning(unit, secretary):
    make_obligation(unit, "2023-03")

    plan_due(now=local(2023, 3, 24, 22))

    assert set(Notice.objects.values_list("planned_for", flat=True)) == {local(2023, 3, 25, 7)}


def test_before_the_quiet_hours_the_notice_of_the_day_goes_at_once(unit, secretary):
    make_obligation(unit, "2023-03")

    plan_due(now=local(2023, 3, 24, 20, 40))

    assert set(Notice.objects.values_list("planned_for", flat=True)) == {local(2023, 3, 24, 7)}


def test_before_the_opening_hour_the_new_day_has_not_begun(unit, secretary):
    make_obligation(unit, "2023-08")

    plan_due(now=local(2023, 8, 25, 6, 59))

    assert told() == [("t-1", date(2023, 8, 24), secretary.pk)]


def test_closed_plan_reminds_nobody(unit, secretary):
    plan = make_obligation(unit, "2023-08").plan
    plan.state = "closed"
    plan.save()

    assert planned(local(2023, 8, 25)) == []


def test_past_moment_sees_what_was_open_then(unit, secretary):
    fulfil(make_obligation(unit, "2023-08"), at=local(2023, 8, 26), by=secretary)

    assert planned(local(2023, 8, 25)) == [("printed", date(2023, 8, 25), secretary.pk)]


def test_slow_review_is_told_to_the_officer_in_the_inbox_once(unit, secretary):
    officer = make_member(make_department(), Role.OFFICER)
    fulfil(make_obligation(unit, "2023-08"), at=local(2023, 8, 24), by=secretary)

    for day in (29, 30, 31):
        plan_due(now=local(2023, 8, day))

    rows = Notice.objects.values_list("stage", "channel", "slot_on", "recipient_id")
    assert list(rows) == [("slow-review", "inbox", date(2023, 8, 30), officer.pk)]


def test_accepted_in_time_is_no_slow_review(unit, secretary):
    make_member(make_department(), Role.OFFICER)
    obligation = make_obligation(unit, "2023-08")
    fulfil(obligation, at=local(2023, 8, 24), by=secretary)
    Obligation.objects.filter(pk=obligation.pk).update(accepted_at=local(2023, 8, 25))

    plan_due(now=local(2023, 8, 31))

    assert not Notice.objects.exists()


def test_planning_is_a_constant_number_of_statements(unit, secretary, django_assert_num_queries):
    for month in (7, 8, 9):
        make_obligation(unit, f"2023-{month:02d}")

    # Holidays, lock, cancel, insert, slow reviews, supersede; savepoint and release.
    with django_assert_num_queries(8):
        plan_due(now=local(2023, 8, 25))


def message_words():
    return {
        "subject_key": "version:7",
        "stage": "accepted",
        "title": "[Đã tiếp nhận] Báo cáo tháng 8/2023",
        "text": "Ban Phong trào đã tiếp nhận báo cáo.",
        "url": "/bao-cao/7/",
    }


def test_tell_puts_the_message_into_the_inbox_at_once(secretary):
    now = local(2023, 8, 25, 22)

    assert tell(recipients=[secretary], now=now, **message_words()) == 2

    inbox, email = Notice.objects.order_by("-channel")
    assert (inbox.sent_at, inbox.message.subject) == (now, "[Đã tiếp nhận] Báo cáo tháng 8/2023")
    assert (email.sent_at, email.message, email.planned_for) == (None, None, local(2023, 8, 26, 7))


def test_tell_twice_is_told_once(secretary):
    for minute in (0, 5):
        tell(recipients=[secretary], now=local(2023, 8, 25, 9, minute), **message_words())

    assert Notice.objects.count() == 2
    assert secretary.notices.filter(channel="inbox").values("message").distinct().count() == 1


def test_tell_on_another_day_with_the_same_slot_is_told_once(secretary):
    for day in (25, 26):
        tell(recipients=[secretary], now=local(2023, 8, day), slot_on=date(2023, 8, 25), **message_words())

    assert Notice.objects.count() == 2


def test_tell_skips_inactive_people():
    assert tell(recipients=[make_user(is_active=False)], now=local(2023, 8, 25), **message_words()) == 0


def test_told_notice_of_a_closed_obligation_is_not_cancelled(unit, secretary):
    obligation = make_obligation(unit, "2023-08")
    fulfil(obligation, at=local(2023, 8, 24), by=secretary)
    tell(recipients=[secretary], now=local(2023, 8, 25), obligation=obligation, **message_words())

    plan_due(now=local(2023, 8, 25) + timedelta(minutes=1))

    assert not Notice.objects.exclude(cancelled_at=None).exists()
