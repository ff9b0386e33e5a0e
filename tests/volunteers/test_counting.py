"""Taps of several phones: each counts once, whatever the line does, and all of them add up."""

import threading
import uuid
from datetime import date

import pytest
from django.db import connection

from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_activity
from units.models import Event, Role
from volunteers.activities import ActivityError, record_result
from volunteers.counting import Tap, count_taps, counted_so_far, counts_of, read_taps, why_not_count
from volunteers.models import Activity, AttendanceTap

DAY = date(2023, 3, 18)


@pytest.fixture
def unit(db, at):
    at("2023-03-18T07:00")
    return make_unit()


@pytest.fixture
def secretary(unit):
    return make_member(unit, Role.SECRETARY)


@pytest.fixture
def activity(unit):
    return make_activity(unit, on=DAY, held=False)


def tap(group="pupils", delta=1, key=None):
    return Tap(key or uuid.uuid4(), group, delta)


def test_taps_add_up_by_group(activity, secretary):
    counted = count_taps(
        activity, [tap(delta=5), tap(delta=10), tap(delta=-1), tap("residents")], by=secretary
    )
    assert counts_of(counted) == {
        "member_youth": 0,
        "pupils": 14,
        "young_entrepreneurs": 0,
        "residents": 1,
        "enterprises": 0,
    }


def test_tap_sent_again_counts_nothing(activity, secretary):
    first = tap(delta=5)
    count_taps(activity, [first], by=secretary)
    counted = count_taps(activity, [first, tap(delta=1), first], by=secretary)
    assert counted.pupils == 6
    assert AttendanceTap.objects.count() == 2


def test_same_key_twice_in_one_batch_counts_once(activity, secretary):
    once = tap(delta=5)
    assert count_taps(activity, [once, once], by=secretary).pupils == 5


def test_group_never_falls_below_zero(activity, secretary):
    assert count_taps(activity, [tap(delta=-1)], by=secretary).pupils == 0


def test_groups_that_nobody_tapped_stay_blank(activity, secretary):
    count_taps(activity, [tap()], by=secretary)
    activity.refresh_from_db()
    assert (activity.pupils, activity.residents) == (1, None)


def test_counting_begins_on_the_day(activity, secretary, at):
    at("2023-03-17T23:59")
    assert why_not_count(activity) == "Đếm được từ ngày diễn ra, 18/3/2023."
    with pytest.raises(ActivityError, match="18/3/2023"):
        count_taps(activity, [tap()], by=secretary)
    at("2023-03-18T00:00")
    assert count_taps(activity, [tap()], by=secretary).pupils == 1


def test_cancelled_activity_counts_nothing(unit, secretary):
    activity = make_activity(unit, on=DAY, held=False, state="cancelled", cancel_reason="mưa")
    with pytest.raises(ActivityError, match="đã hủy"):
        count_taps(activity, [tap()], by=secretary)


def test_counting_goes_on_after_the_result_was_written(activity, secretary):
    count_taps(activity, [tap(delta=10)], by=secretary)
    activity.refresh_from_db()
    names = ("member_youth", "young_entrepreneurs", "residents", "enterprises", "volunteers", "value", "cost")
    record_result(
        activity,
        result=dict.fromkeys(names) | {"pupils": 30, "result": ""},
        seen={"pupils": 10},
        revision=activity.revision,
        by=secretary,
    )
    assert count_taps(activity, [tap(delta=5)], by=secretary).pupils == 35
    assert counted_so_far(activity) == {"pupils": 15}


def test_taps_leave_no_line_in_the_log(activity, secretary):
    count_taps(activity, [tap()], by=secretary)
    assert not Event.objects.about(activity).exists()


def test_broken_script_that_counts_beyond_all_measure_is_stopped(activity, secretary):
    Activity.objects.update(pupils=1_000_000)
    with pytest.raises(ActivityError, match="bất thường"):
        count_taps(activity, [tap()], by=secretary)


KEY = "8c7a1f0e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (None, "Không có lượt đếm"),
        ([], "Không có lượt đếm"),
        ({"key": KEY}, "Không có lượt đếm"),
        (["x"], "không đúng dạng"),
        ([{"group": "pupils", "delta": 1}], "thiếu mã"),
        ([{"key": "12", "group": "pupils", "delta": 1}], "thiếu mã"),
        ([{"key": KEY, "group": "cats", "delta": 1}], "Không có nhóm"),
        ([{"key": KEY, "group": ["pupils"], "delta": 1}], "Không có nhóm"),
        ([{"key": KEY, "group": "pupils", "delta": 1000}], "Mỗi lần bấm"),
        ([{"key": KEY, "group": "pupils", "delta": 1.5}], "Mỗi lần bấm"),
        ([{"key": KEY, "group": "pupils", "delta": True}], "Mỗi lần bấm"),
        ([{"key": KEY, "group": "pupils"}], "Mỗi lần bấm"),
        ([{"key": KEY, "group": "pupils", "delta": 1}] * 201, "nhiều nhất 200"),
    ],
)
def test_batch_that_is_no_batch_is_refused_with_words(raw, words):
    with pytest.raises(ActivityError, match=words):
        read_taps(raw)


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_with_repeats_count_each_tap_exactly_once(at):
    at("2023-03-18T07:00")
    unit = make_unit()
    activity = make_activity(unit, on=DAY, held=False)
    people = [make_member(unit, Role.SECRETARY), make_member(unit, Role.EDITOR)]
    shared = [tap(delta=1) for _ in range(10)]
    own = [[tap(delta=delta) for delta in (1, 5, 10, -1) * 10] for _ in people]
    start, errors = threading.Barrier(len(people)), []

    def count(person, taps):
        try:
            start.wait()
            for number, one in enumerate(taps):
                # Every fifth one is sent twice, as after an answer that was lost.
                for _ in range(2 if number % 5 == 0 else 1):
                    count_taps(activity, [one], by=person)
        except Exception as error:  # told by the test itself, in its own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=count, args=(person, [*taps, *shared]))
        for person, taps in zip(people, own, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    activity.refresh_from_db()
    expected = sum(one.delta for one in [*own[0], *own[1], *shared])
    assert AttendanceTap.objects.count() == 90
    assert (activity.pupils, counted_so_far(activity)) == (expected, {"pupils": expected})
