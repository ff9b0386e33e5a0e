"""The worker's two ticks: thin, by the portal's clock, harmless when they come twice or late."""

import pytest
from django.core import mail

from plans.models import Notice
from plans.stages import load_stages
from plans.tasks import deliver_notices, plan_notices
from tests.factories.plans import make_obligation
from tests.factories.units import make_member, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    load_stages()
    secretary = make_member(make_unit())
    make_obligation(secretary.posts.get().unit, "2023-08")
    return secretary


def test_ticks_of_a_day_tell_once(secretary, at):
    for minute in ("2023-08-25T07:00", "2023-08-25T07:01", "2023-08-25T19:30"):
        at(minute)
        plan_notices()
        deliver_notices()

    assert [message.to for message in mail.outbox] == [[secretary.email]]


def test_delivery_alone_plans_what_is_due(secretary, at):
    at("2023-08-25T07:00")
    deliver_notices()

    assert len(mail.outbox) == 1


def test_ticks_of_a_whole_period_tell_each_stage_once(secretary, at):
    for day in range(15, 32):
        for hour in (6, 7, 8, 22):
            at(f"2023-08-{day}T{hour:02d}:00")
            plan_notices()
            deliver_notices()

    stages = Notice.objects.filter(recipient=secretary, channel="email").exclude(sent_at=None)
    assert list(stages.order_by("slot_on").values_list("stage", flat=True)) == [
        "t-7",
        "t-3",
        "t-1",
        "printed",
        "t-plus-1",
    ]
    assert len(mail.outbox) == 5
