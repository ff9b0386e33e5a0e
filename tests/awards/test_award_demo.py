"""The demo's awards: a round decided in June with its golden book, one that takes dossiers in August."""

from datetime import datetime

import pytest
from django.core.management import call_command

from awards.dossiers import is_late
from awards.models import Dossier, GoldenBookEntry, Nomination, Round, Stage
from doanportal import clock
from plans.models import Obligation

pytestmark = pytest.mark.django_db
SUMMER, SPRING = "2023-08-24T08:00+07:00", "2023-03-24T20:40+07:00"
DONE, OPEN = (
    "Sơ kết 6 tháng, tuyên dương Tháng Thanh niên 2023",
    "Khen thưởng triển khai Đề án Chuyển đổi số năm 2023",
)


def make_demo(*arguments, at=SUMMER):
    with clock.at(datetime.fromisoformat(at)):
        call_command("make_demo", *arguments)


def test_summer_has_a_decided_round_and_an_open_one_with_a_half_written_dossier():
    make_demo()
    done, taking = Round.objects.get(name=DONE), Round.objects.get(name=OPEN)
    assert (done.state, taking.state) == (Round.State.DECIDED, Round.State.OPEN)
    outcomes = list(Nomination.objects.filter(round=done).values_list("decision_line__outcome", flat=True))
    assert sorted(outcomes) == ["granted"] * 8 + ["refused"]
    assert list(GoldenBookEntry.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert not any(is_late(row) for row in Dossier.objects.filter(round=done))
    assert Dossier.objects.filter(round=taking, handed_in_at__isnull=False).count() == 3
    half = Dossier.objects.get(round=taking, unit__code="692")
    assert half.handed_in_at is None
    assert {row.stage for row in half.nominations.all()} == {Stage.DRAFT}
    assert Obligation.objects.filter(cause=f"round:{done.pk}", first_fulfilled_at=None).count() == 0
    assert all("minh họa" in name for name in Nomination.objects.values_list("name", flat=True))
    make_demo()
    assert Round.objects.count() == 2


def test_spring_has_no_round_yet():
    make_demo(at=SPRING)
    assert not Round.objects.exists()
