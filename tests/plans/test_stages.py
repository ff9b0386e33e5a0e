"""The stages of reminding are data: loaded with the plan, kept as an admin set them."""

import pytest

from plans.loading import load_plan
from plans.models import Stage
from plans.stages import load_stages

pytestmark = pytest.mark.django_db


def test_stages_of_the_file_are_those_of_the_house():
    load_stages()

    assert list(Stage.objects.values_list("code", "basis", "offset_days", "audience")) == [
        ("t-7", "due", -7, "secretary"),
        ("t-3", "due", -3, "secretary"),
        ("t-1-working", "due", -1, "secretary"),
        ("t-1", "due", -1, "secretary"),
        ("t", "due", 0, "secretary"),
        ("printed", "printed", 0, "secretary"),
        ("t-plus-1", "due", 1, "deputy"),
        ("t-plus-3", "due", 3, "officer"),
        ("t-plus-5", "due", 5, "leader"),
    ]


def test_loading_twice_keeps_what_an_admin_changed():
    load_stages()
    Stage.objects.filter(code="t-7").update(offset_days=-10)

    assert load_stages() == 0
    assert Stage.objects.get(code="t-7").offset_days == -10


def test_plan_brings_its_stages():
    load_plan()

    assert Stage.objects.count() == 9
