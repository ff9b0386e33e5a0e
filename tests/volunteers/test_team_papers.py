"""«Đã tiếp nhận» of a team's decision and roster: who, when, once, and the unit is told."""

import pytest
from django.test import Client
from django.urls import reverse

from doanportal import clock
from plans.event_obligations import event_deadline, owe_for_event
from plans.models import Message, Notice
from plans.obligations import fulfil
from tests.factories.units import make_member, make_post, make_user
from tests.factories.volunteers import make_team
from units.models import Role, Unit
from volunteers.teams import cause_of, decision_obligation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march(published_plan, at):
    return at("2023-03-06T09:00")


@pytest.fixture
def team():
    unit = Unit.objects.select_related("kind").get(code="692")
    make_member(unit)
    team = make_team(unit)
    owe_for_event(
        deadline=event_deadline("D7", team.document.date),
        owner=unit,
        event_on=team.document.date,
        cause=cause_of(team.pk),
        title="Quyết định và danh sách",
        by=make_user(),
    )
    return team


def officer(code="BPT"):
    user = make_user()
    make_post(user, Unit.objects.get(code=code), Role.OFFICER)
    return user


def note(user, team):
    client = Client()
    client.force_login(user, backend="units.accounts.EmailOrPhoneBackend")
    return client.post(reverse("team_papers_note", args=[team.pk]))


def send(team):
    fulfil(decision_obligation(team), at=clock.now(), by=make_user())


def test_papers_that_were_sent_are_noted_and_the_unit_is_told_once(team):
    send(team)
    by = officer()
    assert [note(by, team).status_code, note(by, team).status_code] == [302, 302]
    assert decision_obligation(team).accepted_at == clock.now()
    told = Notice.objects.filter(stage="accepted", title__startswith="[Đã tiếp nhận]", channel="inbox")
    assert told.count() == 1 and Message.objects.exists()


def test_papers_that_were_not_sent_are_not_noted(team):
    assert note(officer(), team).status_code == 403
    assert decision_obligation(team).accepted_at is None


def test_unit_and_departments_not_in_charge_do_not_note(team):
    send(team)
    assert note(make_member(team.unit), team).status_code == 403
    assert note(officer("VP"), team).status_code == 403
    assert note(make_member(Unit.objects.get(code="691")), team).status_code == 404
    assert decision_obligation(team).accepted_at is None


def test_page_offers_the_button_only_to_who_may(team):
    send(team)
    for user, offered in ((officer(), True), (make_member(team.unit), False)):
        client = Client()
        client.force_login(user, backend="units.accounts.EmailOrPhoneBackend")
        page = client.get(reverse("team_detail", args=[team.pk])).content.decode()
        assert (reverse("team_papers_note", args=[team.pk]) in page) is offered
