"""One act: outcomes, golden book and notices together; each unit learns its own cases only."""

import pytest
from django.db import DatabaseError

from awards import publishing
from awards.decisions import DecisionError
from awards.models import Decision, GoldenBookEntry, Nomination, Round, Stage
from doanportal import clock
from plans.models import Notice
from tests.awards.decision_cast import make_cast
from tests.factories.units import make_member
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at):
    at("2023-12-21T08:00")
    return make_cast()


def test_golden_book_follows_the_list_collectives_first_then_units_in_order(cast):
    last = cast.nominate(dossier=cast.other_dossier, name="Người B")
    first = cast.nominate(name="Người A")
    team = cast.nominate(dossier=cast.other_dossier, subject_kind="collective", name="Tập thể C")
    entries = cast.decide(last, first, team)
    assert [(entry.number, entry.name) for entry in entries] == [
        (1, "Tập thể C"),
        (2, "Người A"),
        (3, "Người B"),
    ]


def test_publishing_moves_every_line_and_leaves_the_rest(cast):
    granted, refused, waiting = cast.nominate(3)
    cast.give(granted)
    cast.refuse(refused)
    cast.publish(cast.number())
    stages = dict(Nomination.objects.values_list("pk", "stage"))
    assert (stages[granted.pk], stages[refused.pk], stages[waiting.pk]) == (
        Stage.PUBLISHED,
        Stage.PUBLISHED,
        Stage.BUREAU,
    )


def test_round_is_decided_when_nothing_waits_any_more(cast):
    first, late = cast.nominate(2)
    cast.decide(first)
    assert Round.objects.get(pk=cast.round.pk).state == Round.State.CLOSED
    cast.decide(late, number="102")
    assert Round.objects.get(pk=cast.round.pk).state == Round.State.DECIDED


def test_unit_learns_its_own_cases_only(cast):
    other = make_member(cast.other, Role.SECRETARY)
    mine, theirs = cast.nominate(name="Của Lộc"), cast.nominate(dossier=cast.other_dossier, name="Của Bù")
    cast.give(mine)
    cast.refuse(theirs, reason="Lý do của Bù")
    cast.publish(cast.number())
    inbox = {
        notice.recipient_id: notice
        for notice in Notice.objects.filter(stage=publishing.NOTICE_STAGE, channel="inbox")
    }
    assert set(inbox) == {cast.secretary.pk, other.pk}
    own, foreign = inbox[cast.secretary.pk], inbox[other.pk]
    assert "Của Lộc" in own.text
    assert "Bù" not in own.text
    assert "Lý do của Bù" in foreign.text
    assert "Lộc" not in foreign.text


def test_subject_of_the_notice_names_nobody(cast):
    cast.decide(cast.nominate(name="Lê Thị Kín"))
    titles = set(Notice.objects.filter(stage=publishing.NOTICE_STAGE).values_list("title", flat=True))
    assert titles == {"[Kết quả khen thưởng] Đợt khen Đề án năm 2023"}


def test_nothing_goes_out_before_publishing(cast):
    cast.give(cast.nominate())
    cast.number()
    assert not Notice.objects.filter(stage=publishing.NOTICE_STAGE).exists()


def test_preview_is_what_goes_out(cast):
    cast.give(cast.nominate())
    decision = cast.number()
    plan = publishing.publication_of(decision, now=clock.now())
    cast.publish(decision, seen=plan.digest)
    notices = Notice.objects.filter(stage=publishing.NOTICE_STAGE, channel="inbox")
    assert {(row.recipient_id, row.title, row.text) for row in notices} == {
        (user.pk, letter.title, letter.text) for letter in plan.letters for user in letter.people
    }


def test_preview_that_is_out_of_date_publishes_nothing(cast):
    cast.give(cast.nominate())
    decision = cast.number()
    seen = publishing.publication_of(decision, now=clock.now()).digest
    make_member(cast.unit, Role.DEPUTY)
    with pytest.raises(DecisionError, match="đã thay đổi sau khi đồng chí xem trước"):
        cast.publish(decision, seen=seen)
    assert Decision.objects.get().state == Decision.State.PREPARED


def test_without_a_number_nothing_is_published(cast):
    cast.give(cast.nominate())
    with pytest.raises(DecisionError, match="Chưa ghi số"):
        cast.publish(cast.decision)


def test_published_twice_is_refused_and_enters_the_book_once(cast):
    cast.decide(cast.nominate())
    decision = Decision.objects.get()
    with pytest.raises(DecisionError, match="đã công bố"):
        cast.publish(decision, seen="x")
    assert GoldenBookEntry.objects.count() == 1


def test_failure_on_the_way_leaves_nothing_behind(cast, monkeypatch):
    cast.give(cast.nominate())
    decision = cast.number()
    seen = publishing.publication_of(decision, now=clock.now()).digest

    def broken(**kwargs):
        raise DatabaseError("mất kết nối")

    monkeypatch.setattr(publishing, "tell", broken)
    with pytest.raises(DatabaseError):
        cast.publish(decision, seen=seen)
    assert Decision.objects.get().state == Decision.State.PREPARED
    assert (GoldenBookEntry.objects.count(), Nomination.objects.get().stage) == (0, Stage.BUREAU)
