"""The demo's awards: a round decided in June with its golden book, one that takes dossiers in August."""

from datetime import datetime

import pytest

from awards.demo.story import tell_awards
from awards.dossiers import is_late
from awards.models import Dossier, GoldenBookEntry, Nomination, Round, Stage
from doanportal import clock
from plans.models import Obligation, Plan
from reports.demo.accounts import add_accounts
from reports.demo.history import illustrative_photo

pytestmark = pytest.mark.django_db
DONE = "Sơ kết 6 tháng, tuyên dương Tháng Thanh niên 2023"
OPEN = "Khen thưởng triển khai Đề án Chuyển đổi số năm 2023"


@pytest.fixture
def tell(published_plan):
    add_accounts(year=2023, seed=1)

    def told(moment, live=True):
        until = datetime.fromisoformat(moment)
        with clock.at(until):
            plan = Plan.objects.get(year=2023)
            return tell_awards(plan, seed=1, until=until, live=live, photo=illustrative_photo())

    return told


def test_summer_has_a_decided_round_with_its_golden_book(tell):
    assert tell("2023-08-24T08:00+07:00") == 2
    done = Round.objects.get(name=DONE)
    assert done.state == Round.State.DECIDED
    outcomes = list(Nomination.objects.filter(round=done).values_list("decision_line__outcome", flat=True))
    assert sorted(outcomes) == ["granted"] * 8 + ["refused"]
    assert list(GoldenBookEntry.objects.order_by("number").values_list("number", flat=True)) == [*range(1, 9)]
    assert not any(is_late(row) for row in Dossier.objects.filter(round=done))
    assert not Obligation.objects.filter(cause=f"round:{done.pk}", first_fulfilled_at=None).exists()
    assert all("minh họa" in name for name in Nomination.objects.values_list("name", flat=True))


def test_summer_has_an_open_round_and_a_half_written_dossier(tell):
    tell("2023-08-24T08:00+07:00")
    taking = Round.objects.get(name=OPEN)
    assert taking.state == Round.State.OPEN
    assert Dossier.objects.filter(round=taking, handed_in_at__isnull=False).count() == 3
    half = Dossier.objects.get(round=taking, unit__code="692")
    assert half.handed_in_at is None
    assert [row.stage for row in half.nominations.all()] == [Stage.DRAFT] * 2


def test_second_call_finds_the_story_told(tell):
    tell("2023-08-24T08:00+07:00")
    assert tell("2023-08-24T08:00+07:00") == 0
    assert Round.objects.count() == 2


@pytest.mark.parametrize(
    ("moment", "live", "rounds"),
    [
        ("2023-03-24T20:40+07:00", True, 0),
        ("2023-07-25T23:00+07:00", False, 1),
        ("2023-10-20T08:00+07:00", True, 1),
    ],
)
def test_story_goes_no_further_than_its_moment(tell, moment, live, rounds):
    assert tell(moment, live) == rounds
