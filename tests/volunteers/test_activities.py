"""Rules of activities: planned, changed, moved, cancelled, closed; D6 follows the day."""

from datetime import date, time

import pytest
from django.utils import timezone

from plans.due_words import last_day
from plans.models import Obligation
from plans.obligations import fulfil
from plans.rates import rates
from tests.factories.plans import local
from tests.factories.units import make_member
from tests.factories.volunteers import make_activity, make_team, unit_of
from units.models import Event, Role
from volunteers.activities import (
    COUNTED,
    ActivityError,
    CountsMoved,
    Details,
    StaleActivity,
    cancel_activity,
    change_activity,
    create_activity,
    move_activity,
    record_result,
)
from volunteers.loading import load_kinds
from volunteers.models import Activity, ActivityKind

pytestmark = pytest.mark.django_db

LAUNCH_DAY = date(2023, 3, 18)


@pytest.fixture
def unit(published_plan, at):
    at("2023-03-03T09:00")
    load_kinds()
    return unit_of("692")


@pytest.fixture
def secretary(unit):
    return make_member(unit, Role.SECRETARY)


def details(**fields):
    values = {
        "kind_id": ActivityKind.objects.get(code="launch").pk,
        "title": "Ra quân chuyển đổi số",
        "place": "Nhà văn hóa huyện",
    }
    return Details(**values | fields)


def plan_one(unit, by, *, on=LAUNCH_DAY, **fields):
    return create_activity(unit=unit, starts_on=on, details=details(**fields), by=by)


def numbers(**fields):
    return dict.fromkeys(("volunteers", *COUNTED, "value", "cost")) | {"result": ""} | fields


def write_result(activity, by, **fields):
    seen = {name: getattr(activity, name) for name in COUNTED}
    return record_result(activity, result=numbers(**fields), seen=seen, revision=activity.revision, by=by)


def events(activity, verb):
    return Event.objects.about(activity).filter(verb=verb)


def test_assigned_activity_owes_its_plan_ten_calendar_days_before(unit, secretary):
    activity = plan_one(unit, secretary, assigned=True)
    obligation = activity.obligation
    assert (obligation.form.code, obligation.owner, obligation.cause) == (
        "activity_plan",
        unit,
        f"activity:{activity.pk}",
    )
    assert last_day(obligation) == date(2023, 3, 8)


def test_lead_time_on_a_sunday_is_not_moved(unit, secretary):
    activity = plan_one(unit, secretary, assigned=True, on=date(2023, 3, 29))
    assert last_day(activity.obligation) == date(2023, 3, 19)


def test_other_activity_owes_nothing(unit, secretary):
    assert plan_one(unit, secretary).obligation is None


def test_activity_of_the_province_has_no_due_time(unit):
    officer = make_member(unit_of("BPT"), Role.OFFICER)
    activity = plan_one(unit_of("TD-BP"), officer, assigned=True)
    assert activity.obligation is None


def test_activity_planned_too_late_is_overdue_and_not_refused(unit, secretary):
    activity = plan_one(unit, secretary, assigned=True, on=date(2023, 3, 6))
    assert activity.obligation.due_at < timezone.now()


def test_links_are_kept_and_the_host_is_no_guest(unit, secretary, published_plan):
    team = make_team(unit)
    target = published_plan.targets.get(code="T5")
    guest = unit_of("691")
    activity = plan_one(unit, secretary, teams=[team.pk], targets=[target.pk], joint=[guest.pk, unit.pk])
    assert list(activity.teams.all()) == [team]
    assert list(activity.targets.all()) == [target]
    assert [part.unit for part in activity.parts.all()] == [guest]


def test_same_activity_sent_twice_is_refused_with_the_way_out(unit, secretary):
    plan_one(unit, secretary)
    with pytest.raises(ActivityError, match="giờ bắt đầu") as caught:
        plan_one(unit, secretary)
    assert caught.value.field == "title"
    plan_one(unit, secretary, starts_time=time(14))
    assert Activity.objects.count() == 2


def test_activity_that_ends_before_it_starts_is_refused(unit, secretary):
    with pytest.raises(ActivityError, match="từ ngày bắt đầu, 18/3/2023"):
        plan_one(unit, secretary, ends_on=date(2023, 3, 17))


def test_change_names_the_fields_in_the_log_and_never_what_stands_in_them(unit, secretary):
    activity = plan_one(unit, secretary)
    change_activity(
        activity, details=details(title="Nhà chị Tư Sầu Riêng", volunteers=30), revision=0, by=secretary
    )
    event = events(activity, "change").get()
    assert event.reason == "tên hoạt động, số tình nguyện viên"
    assert not Event.objects.filter(reason__contains="Sầu Riêng").exists()


def test_change_without_a_difference_leaves_no_event(unit, secretary):
    activity = plan_one(unit, secretary)
    change_activity(activity, details=details(), revision=0, by=secretary)
    assert not events(activity, "change").exists()


def test_change_of_an_older_copy_is_refused_with_what_stands_now(unit, secretary):
    activity = plan_one(unit, secretary)
    change_activity(activity, details=details(place="Chợ Lộc Ninh"), revision=0, by=secretary)
    with pytest.raises(StaleActivity) as caught:
        change_activity(activity, details=details(place="Trường học"), revision=0, by=secretary)
    assert caught.value.activity.place == "Chợ Lộc Ninh"


def test_activity_assigned_afterwards_owes_its_plan_and_its_title_follows(unit, secretary):
    activity = plan_one(unit, secretary)
    change_activity(activity, details=details(assigned=True), revision=0, by=secretary)
    activity.refresh_from_db()
    change_activity(activity, details=details(assigned=True, title="Ngày hội số"), revision=1, by=secretary)
    assert Obligation.objects.get(pk=activity.obligation_id).title == "Phương án: Ngày hội số"


def test_unit_cannot_take_the_duty_off_itself(unit, secretary):
    activity = plan_one(unit, secretary, assigned=True)
    with pytest.raises(ActivityError, match="Ban Phong trào") as caught:
        change_activity(activity, details=details(), revision=0, by=secretary)
    assert caught.value.field == "assigned"


def test_move_recomputes_the_due_time_and_logs_both_days(unit, secretary):
    activity = plan_one(unit, secretary, assigned=True)
    moved = move_activity(
        activity,
        starts_on=date(2023, 3, 25),
        starts_time=time(7, 30),
        ends_on=None,
        reason="trời mưa",
        revision=0,
        by=secretary,
    )
    assert last_day(Obligation.objects.get(pk=moved.obligation_id)) == date(2023, 3, 15)
    event = events(activity, "move").get()
    assert (event.from_state, event.to_state, event.reason) == ("2023-03-18", "2023-03-25", "trời mưa")
    assert Event.objects.filter(verb="move_event", subject_id=moved.obligation_id).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "  "}, "lý do"),
        ({"starts_on": date(2024, 1, 3)}, "năm 2023"),
        ({"ends_on": date(2023, 3, 1)}, "Ngày kết thúc"),
        ({"revision": 7}, "vừa sửa"),
    ],
)
def test_move_is_refused(unit, secretary, fields, words):
    activity = plan_one(unit, secretary)
    values = {
        "starts_on": date(2023, 3, 20),
        "starts_time": None,
        "ends_on": None,
        "reason": "mưa",
        "revision": 0,
    }
    with pytest.raises(ActivityError, match=words):
        move_activity(activity, **values | fields, by=secretary)


def test_what_took_place_is_not_moved_into_the_future(unit, secretary, at):
    at("2023-03-20T09:00")
    activity = make_activity(unit)
    with pytest.raises(ActivityError, match="không thể sau hôm nay, 20/3/2023"):
        move_activity(
            activity,
            starts_on=date(2023, 3, 21),
            starts_time=None,
            ends_on=None,
            reason="nhầm",
            revision=0,
            by=secretary,
        )


def test_cancel_waives_a_plan_that_was_not_sent_with_the_reason(unit, secretary):
    activity = plan_one(unit, secretary, assigned=True)
    cancel_activity(activity, reason="trùng lịch huyện", by=secretary)
    obligation = Obligation.objects.get(pk=activity.obligation_id)
    assert obligation.waive_reason == "Hủy hoạt động: trùng lịch huyện"
    assert Activity.objects.get().cancel_reason == "trùng lịch huyện"


def test_cancel_leaves_a_plan_that_was_sent(unit, secretary):
    activity = plan_one(unit, secretary, assigned=True)
    fulfil(activity.obligation, at=local(2023, 3, 4), by=secretary)
    cancel_activity(activity, reason="mưa", by=secretary)
    assert Obligation.objects.get(pk=activity.obligation_id).waived_at is None


def test_cancel_of_what_was_recorded_by_mistake_takes_its_result_away(unit, secretary):
    activity = make_activity(unit, result="Đông vui", value=5_000_000, residents=40)
    cancel_activity(activity, reason="ghi nhầm", by=secretary)
    activity.refresh_from_db()
    assert (activity.state, activity.result, activity.value) == ("cancelled", "", None)


def test_cancelled_activity_is_closed(unit, secretary):
    activity = plan_one(unit, secretary)
    cancel_activity(activity, reason="mưa", by=secretary)
    for act in (
        lambda: cancel_activity(activity, reason="mưa", by=secretary),
        lambda: change_activity(activity, details=details(), revision=1, by=secretary),
        lambda: write_result(activity, secretary),
    ):
        with pytest.raises(ActivityError, match="đã hủy"):
            act()


def test_result_before_the_day_is_refused(unit, secretary):
    with pytest.raises(ActivityError, match="từ ngày diễn ra, 18/3/2023"):
        write_result(plan_one(unit, secretary), secretary)


def test_result_makes_it_held_and_blank_is_not_zero(unit, secretary, at):
    activity = plan_one(unit, secretary)
    at("2023-03-18T15:00")
    held = write_result(activity, secretary, residents=0, pupils=120, value=3_000_000, result="Tốt")
    assert (held.state, held.attendances, held.residents, held.enterprises) == ("held", 120, 0, None)
    assert events(activity, "hold").count() == 1


def test_correction_names_the_fields_that_changed(unit, secretary, at):
    activity = plan_one(unit, secretary)
    at("2023-03-18T15:00")
    held = write_result(activity, secretary, pupils=120, result="Tốt")
    first = held.held_at
    at("2023-03-20T15:00")
    held = write_result(held, secretary, pupils=125, result="Rất tốt")
    assert held.held_at == first
    assert events(activity, "correct_result").get().reason == "lượt học sinh, kết quả"


def test_result_of_an_older_copy_is_refused(unit, secretary, at):
    at("2023-03-20T15:00")
    activity = make_activity(unit)
    write_result(activity, secretary, pupils=5)
    with pytest.raises(StaleActivity):
        record_result(activity, result=numbers(pupils=9), seen={}, revision=0, by=secretary)


def test_total_left_alone_keeps_what_phones_counted_since(unit, secretary, at):
    at("2023-03-20T15:00")
    activity = make_activity(unit, pupils=40)
    Activity.objects.update(pupils=45)
    saved = record_result(activity, result=numbers(pupils=40), seen={"pupils": 40}, revision=0, by=secretary)
    assert saved.pupils == 45


def test_total_typed_over_while_phones_counted_is_refused_and_says_what_it_is_now(unit, secretary, at):
    at("2023-03-20T15:00")
    activity = make_activity(unit, pupils=40)
    Activity.objects.update(pupils=45)
    with pytest.raises(CountsMoved, match="học sinh nay là 45"):
        record_result(activity, result=numbers(pupils=42), seen={"pupils": 40}, revision=0, by=secretary)


def test_rates_count_the_plans_of_activities_once_due(unit, secretary, at):
    early = plan_one(unit, secretary, assigned=True)
    plan_one(unit, secretary, assigned=True, title="Ngày hội số", on=date(2023, 3, 19))
    fulfil(early.obligation, at=local(2023, 3, 4), by=secretary)
    at("2023-03-10T00:00")
    own = Obligation.objects.filter(owner=unit, form__code="activity_plan")
    found = rates(own)
    assert (found.due, found.fulfilled, found.on_time) == (2, 1, 1)
