"""Publishing: all of the year once, and nothing twice."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from plans.loading import PlanFileError, load_plan
from plans.models import Obligation, Plan
from plans.publishing import publish
from units.models import Unit

pytestmark = pytest.mark.django_db


def test_publish_again_creates_nothing(published_plan):
    assert publish(published_plan).created == 0


def test_publish_adds_the_obligations_of_a_unit_founded_later(published_plan):
    like = Unit.objects.get(code="692")
    Unit.objects.create(
        code="900", kind=like.kind, parent=like.parent, name="Huyện mới", opened_on=date(2023, 9, 1)
    )
    assert publish(published_plan).created == 4


def test_preview_writes_nothing(published_plan, capsys):
    Obligation.objects.filter(plan=published_plan).delete()
    call_command("publish_plan", "2023", "--preview")
    assert (
        "Báo cáo tháng 3/2023: ngày ghi 25/03/2023, hạn hết 27/03/2023 23:59, 14 đơn vị"
        in capsys.readouterr().out
    )
    assert not Obligation.objects.exists()


def test_publish_of_a_year_without_plan_says_so(published_plan):
    with pytest.raises(CommandError, match="Chưa có kế hoạch năm 2031"):
        call_command("publish_plan", "2031")


def test_load_plan_again_keeps_what_an_admin_changed_after_publishing(published_plan):
    published_plan.targets.filter(code="T1").update(short_label="Tên do quản trị sửa")
    load_plan()
    assert Plan.objects.get(year=2023).targets.get(code="T1").short_label == "Tên do quản trị sửa"


def test_load_plan_of_a_broken_file_says_what_is_wrong(tmp_path):
    broken = tmp_path / "plan.toml"
    broken.write_text("[plan\n", encoding="utf-8")
    with pytest.raises(PlanFileError, match="sai cú pháp TOML"):
        load_plan(broken)
