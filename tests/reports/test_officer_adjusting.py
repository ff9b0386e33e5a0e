"""Waive and extend for many: the preview tells what happens, and then just that happens."""

from datetime import date

import pytest

from plans.models import Notice
from plans.obligations import ObligationError, fulfil, waive
from reports.adjusting import Act, adjust, preview
from tests.factories.plans import local, make_obligation
from tests.factories.units import make_department, make_member, make_unit
from units.models import Event, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_member(make_department(), Role.OFFICER)


@pytest.fixture
def three(officer, at):
    """An open, a handed-in and a waived obligation of the same month, on 20/5/2023."""
    at("2023-05-20T08:00")
    still_open, sent, waived = (make_obligation(make_unit(), "2023-05") for _ in range(3))
    return [
        still_open,
        fulfil(sent, at=local(2023, 5, 19), by=officer),
        waive(waived, by=officer, reason="mới thành lập"),
    ]


@pytest.mark.parametrize(
    ("act", "until", "changes"),
    [
        (Act.WAIVE, None, [True, False, False]),
        (Act.EXTEND, date(2023, 5, 30), [True, False, False]),
        (Act.EXTEND, date(2023, 5, 25), [False, False, False]),
        (Act.END_WAIVER, None, [False, False, True]),
    ],
)
def test_preview_agrees_with_what_adjust_then_does(three, officer, act, until, changes):
    assert [row.changes for row in preview(three, act=act, until=until)] == changes
    adjusted = adjust(three, act=act, by=officer, reason="theo đề nghị", until=until)
    assert [row in adjusted.done for row in three] == changes
    assert len(adjusted.skipped) == changes.count(False)


def test_preview_writes_nothing(three):
    before = Event.objects.count()
    preview(three, act=Act.WAIVE)
    assert Event.objects.count() == before
    assert three[0].waived_at is None


def test_adjust_tells_only_the_units_it_is_done_for(three, officer):
    secretary = make_member(three[0].owner)
    make_member(three[1].owner)
    adjust(three, act=Act.EXTEND, by=officer, reason="mưa lũ", until=date(2023, 5, 30))
    notice = Notice.objects.get(channel="inbox")
    assert notice.recipient == secretary
    assert "Lý do: mưa lũ" in notice.text


def test_adjust_without_a_reason_changes_nothing(three, officer):
    with pytest.raises(ObligationError, match="lý do"):
        adjust(three, act=Act.WAIVE, by=officer, reason="  ")
    three[0].refresh_from_db()
    assert three[0].waived_at is None


@pytest.mark.parametrize(
    ("until", "message"), [(None, "ngày hạn mới"), (date(2023, 5, 19), "từ hôm nay trở đi")]
)
def test_adjust_extension_without_a_coming_day_is_refused(three, officer, until, message):
    with pytest.raises(ObligationError, match=message):
        adjust(three, act=Act.EXTEND, by=officer, reason="mưa lũ", until=until)
