"""What may happen to an obligation, and what the database refuses whoever asks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from plans.models import Obligation
from plans.obligations import (
    ObligationError,
    end_waiver,
    extend,
    fulfil,
    mark_accepted,
    mark_sent_back,
    waive,
)
from plans.rates import rates
from plans.status import Review, Timeliness, review, timeliness, with_status
from tests.factories.plans import local, make_obligation
from tests.factories.units import make_unit, make_user
from units.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def march():
    return make_obligation(make_unit(), "2023-03")


@pytest.fixture
def officer():
    return make_user()


def test_fulfil_on_the_last_second_is_on_time(march, officer):
    at = march.due_at + timedelta(microseconds=700_000)
    assert timeliness(fulfil(march, at=at, by=officer)) == Timeliness.ON_TIME


def test_fulfil_a_second_later_is_late(march, officer):
    assert timeliness(fulfil(march, at=march.due_at + timedelta(seconds=1), by=officer)) == Timeliness.LATE


def test_first_hand_in_stays_after_amendment(march, officer):
    first = fulfil(march, at=local(2023, 3, 24), by=officer).first_fulfilled_at
    mark_sent_back(march, at=local(2023, 3, 28), by=officer, due_on=date(2023, 3, 31), cause="t:1")
    again = fulfil(march, at=local(2023, 3, 30), by=officer)
    assert again.first_fulfilled_at == first
    assert timeliness(again) == Timeliness.ON_TIME
    assert again.children.get().first_fulfilled_at == local(2023, 3, 30)


def test_send_back_before_hand_in_is_refused(march, officer):
    with pytest.raises(ObligationError, match="chưa gửi"):
        mark_sent_back(march, at=local(2023, 3, 28), by=officer, due_on=date(2023, 3, 31), cause="t:1")


def test_send_back_with_a_past_date_is_refused(march, officer):
    fulfil(march, at=local(2023, 3, 24), by=officer)
    with pytest.raises(ObligationError, match="từ hôm nay trở đi"):
        mark_sent_back(march, at=local(2023, 3, 28), by=officer, due_on=date(2023, 3, 27), cause="t:1")


def test_accept_then_amend_waits_again(march, officer):
    fulfil(march, at=local(2023, 3, 24), by=officer)
    mark_accepted(march, at=local(2023, 3, 25), by=officer)
    assert review(fulfil(march, at=local(2023, 3, 26), by=officer)) == Review.WAITING


def test_extension_moves_the_due_time_and_keeps_the_printed_day(march, officer):
    printed_on = march.printed_on
    extended = extend(march, until=date(2023, 4, 3), by=officer, reason="Bão")
    assert extended.due_at.astimezone().date() >= date(2023, 4, 3)
    assert Obligation.objects.get(pk=march.pk).printed_on == printed_on
    assert Event.objects.about(march).get(verb="extend").reason == "Bão"


def test_extension_without_reason_is_refused(march, officer):
    with pytest.raises(ObligationError, match="lý do"):
        extend(march, until=date(2023, 4, 3), by=officer, reason="  ")


def test_waiver_is_not_missing_and_can_be_taken_back(march, officer):
    waive(march, by=officer, reason="Mới thành lập")
    march.refresh_from_db()
    assert timeliness(march, now=local(2023, 5, 1)) == Timeliness.WAIVED
    end_waiver(march, by=officer, reason="Nhầm")
    march.refresh_from_db()
    assert timeliness(march, now=local(2023, 5, 1)) == Timeliness.OVERDUE


def test_rates_leave_out_waived_and_not_yet_due(officer):
    units = [make_unit() for _ in range(4)]
    march = [make_obligation(unit, "2023-03") for unit in units]
    april = make_obligation(units[0], "2023-04")
    fulfil(march[0], at=local(2023, 3, 24), by=officer)
    fulfil(march[1], at=local(2023, 4, 1), by=officer)
    fulfil(april, at=local(2023, 4, 2), by=officer)
    waive(march[2], by=officer, reason="Miễn")
    found = rates(Obligation.objects.all(), now=local(2023, 4, 3))
    assert (found.due, found.fulfilled, found.on_time) == (3, 2, 1)


def test_database_refuses_a_changed_first_hand_in(march, officer):
    fulfil(march, at=local(2023, 3, 24), by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Obligation.objects.filter(pk=march.pk).update(first_fulfilled_at=local(2023, 3, 1))


def test_database_refuses_a_due_time_moved_without_extension(march):
    with pytest.raises(IntegrityError), transaction.atomic():
        Obligation.objects.filter(pk=march.pk).update(due_at=local(2023, 5, 1))


def test_database_refuses_a_second_obligation_of_the_same_thing(march):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_obligation(march.owner, "2023-03")


def test_database_refuses_to_empty_the_event_log(march, officer):
    fulfil(march, at=local(2023, 3, 24), by=officer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE units_event SET verb = 'x'",
        "DELETE FROM units_event",
        "TRUNCATE units_event CASCADE",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@given(
    first=st.none() | st.integers(-50, 50),
    later=st.integers(0, 30),
    waived=st.booleans(),
    mark=st.sampled_from(["", "sent_back", "accepted"]),
    now=st.integers(-60, 60),
)
def test_status_in_sql_agrees_with_python(first, later, waived, mark, now):
    with transaction.atomic():
        obligation = make_obligation(make_unit(), "2023-03")
        changes = {}
        if first is not None:
            changes["first_fulfilled_at"] = obligation.due_at + timedelta(hours=first)
            changes["last_fulfilled_at"] = changes["first_fulfilled_at"] + timedelta(hours=later)
            if mark:
                changes[f"{mark}_at"] = changes["last_fulfilled_at"]
        if waived:
            changes |= {"waived_at": obligation.due_at, "waive_reason": "Miễn"}
        if changes:
            Obligation.objects.filter(pk=obligation.pk).update(**changes)
        at = obligation.due_at + timedelta(hours=now)
        row = with_status(Obligation.objects.filter(pk=obligation.pk), now=at).get()
        assert row.timeliness_state == timeliness(row, now=at).value
        assert row.review_state == review(row).value
        transaction.set_rollback(True)
