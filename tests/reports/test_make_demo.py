"""The demo's data: what would be there by then, made through the real rules, and nothing twice."""

from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from doanportal import clock
from plans.models import Obligation
from plans.status import with_status
from reports.models import Report, Version
from units.models import Unit, User
from volunteers.models import Activity, OcopProduct, Team

pytestmark = pytest.mark.django_db

SUMMER, SPRING = "2023-08-24T08:00+07:00", "2023-03-24T20:40+07:00"


def make_demo(*arguments, at=SUMMER):
    with clock.at(datetime.fromisoformat(at)):
        call_command("make_demo", *arguments)


def handed_in(period, form="monthly_report"):
    return Obligation.objects.of_plan().filter(
        form__code=form, period_key=period, first_fulfilled_at__isnull=False
    )


def test_make_demo_without_reports_gives_accounts_and_obligations(capsys):
    make_demo("--through", "none")
    assert not (Report.objects.exists() or Team.objects.exists() or Activity.objects.exists())
    assert Obligation.objects.of_plan().count() == 14 * 14
    assert "bithu.locninh@tinhdoan.example" in capsys.readouterr().out


def test_make_demo_in_summer_has_february_to_july_and_a_few_of_august():
    make_demo()
    now = datetime.fromisoformat(SUMMER)
    past = with_status(Obligation.objects.of_plan().filter(due_at__lt=now), now=now)
    assert set(past.values_list("timeliness_state", flat=True)) == {"on_time", "late", "waived"}
    august = handed_in("2023-08")
    assert 0 < august.count() < 14
    assert not august.filter(owner__code="692").exists()
    assert not handed_in("2023-09").exists()


def test_make_demo_in_spring_has_the_dated_forms():
    make_demo(at=SPRING)
    for form in ("command_board_list", "launch_event", "launch_report"):
        assert handed_in("2023", form).count() >= 12
    assert not handed_in("2023-04").exists()


def test_make_demo_twice_hands_in_nothing_twice():
    make_demo("--through", "2023-03")
    before = [model.objects.count() for model in (Version, Team, Activity, OcopProduct)]
    make_demo("--through", "2023-03")
    assert [model.objects.count() for model in (Version, Team, Activity, OcopProduct)] == before
    assert min(before[:3]) > 0


def test_make_demo_with_more_units_makes_them_and_their_accounts():
    make_demo("--units", "16", "--through", "none")
    assert Unit.objects.reporting().count() == 16
    assert User.objects.filter(email__startswith="bithu.").count() == 16


def test_make_demo_with_a_wrong_period_says_so():
    with pytest.raises(CommandError, match="không đúng"):
        make_demo("--through", "thang-3")


def test_make_demo_outside_the_demo_is_refused(settings):
    settings.ALLOW_DEMO_DATA = False
    with pytest.raises(CommandError, match="Chỉ bản trình diễn"):
        make_demo()
