"""Dated names: the one in force, and the copy on the unit that follows it."""

from datetime import date

import pytest

from tests.factories.units import make_unit
from units.models import UnitName
from units.naming import name_on, refresh_changed_names

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed():
    unit = make_unit(name="Huyện Đoàn Chơn Thành")
    unit.names.update(valid_to=date(2023, 10, 1))
    UnitName.objects.create(
        unit=unit,
        full_name="Thị Đoàn Chơn Thành",
        short_name="Chơn Thành",
        issuer_line="BCH ĐOÀN THỊ XÃ CHƠN THÀNH",
        issuer_code="ĐTN",
        place_name="Chơn Thành",
        valid_from=date(2023, 10, 1),
    )
    return unit


def test_name_on_a_day_is_the_one_in_force(renamed):
    assert name_on(renamed, date(2023, 9, 30)).full_name == "Huyện Đoàn Chơn Thành"
    assert name_on(renamed, date(2023, 10, 1)).full_name == "Thị Đoàn Chơn Thành"


def test_name_entered_ahead_takes_effect_on_its_first_day(renamed):
    assert refresh_changed_names(day=date(2023, 9, 30)) == 0
    assert refresh_changed_names(day=date(2023, 10, 1)) == 1
    renamed.refresh_from_db()
    assert renamed.name == "Thị Đoàn Chơn Thành"
    assert refresh_changed_names(day=date(2023, 10, 1)) == 0
