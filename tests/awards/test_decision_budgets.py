"""Pages of decisions, higher level and golden book ask at most ten times, with one row and with thirty."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.higher import submit
from awards.models import CouncilMember, GoldenBookEntry
from tests.awards.decision_cast import make_cast
from tests.factories.awards import award_form, make_council

pytestmark = pytest.mark.django_db
MOST_HTML = 60 * 1024


@pytest.fixture
def cast(at):
    at("2023-12-22T09:00")
    return make_cast()


def asked(client, user, address, data=None):
    client.force_login(user)
    client.get(address, data)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, data)
    assert response.status_code == 200
    assert len(response.content) < MOST_HTML
    return len(queries)


def several(cast, number, *, name="Trần Văn", **fields):
    return [cast.nominate(name=f"{name} {place}", **fields) for place in range(number)]


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("who", ["officer", "leader"])
@pytest.mark.parametrize("data", [{}, {"q": "tran", "loc": "dat"}, {"loc": "cong-bo"}])
def test_table_of_outcomes_asks_ten_times_with_a_council(client, cast, number, who, data):
    council = make_council(cast.round)
    CouncilMember.objects.filter(pk=council.members.first().pk).update(user=cast.leader)
    cast.decide(*several(cast, number, name="Trần Thị Hà"))
    cast.give(*several(cast, number, name="Trần Thị Hòa"))
    address = reverse("decision_detail", args=[cast.round.pk])
    assert asked(client, getattr(cast, who), address, data) == 10


@pytest.mark.parametrize("number", [1, 30])
def test_higher_level_asks_ten_times(client, cast, number):
    form = award_form("central_certificate")
    sent = several(cast, number, form=form)
    submit(cast.round, [row.pk for row in sent], sent_on=date(2023, 12, 21), by=cast.officer)
    several(cast, number, form=form, name="Lê Thị")
    assert asked(client, cast.officer, reverse("higher_list", args=[cast.round.pk])) == 10


@pytest.mark.parametrize("number", [1, 30])
def test_golden_book_and_its_entry_ask_the_same(client, cast, number):
    cast.decide(*several(cast, number))
    entry = GoldenBookEntry.objects.first()
    assert asked(client, cast.clerk, reverse("golden_book")) == 10
    assert asked(client, cast.clerk, reverse("golden_entry", args=[entry.pk])) == 8


def test_own_seat_hides_the_own_unit_without_reading_the_council(client, cast):
    council = make_council(cast.round)
    CouncilMember.objects.filter(pk=council.members.first().pk).update(user=cast.leader, unit=cast.unit)
    cast.nominate(name="Trần Thị Của Mình")
    cast.nominate(dossier=cast.other_dossier, name="Lê Thị Đơn Vị Khác")
    client.force_login(cast.leader)
    page = client.get(reverse("decision_detail", args=[cast.round.pk])).content.decode()
    assert "Lê Thị Đơn Vị Khác" in page
    assert "Trần Thị Của Mình" not in page
