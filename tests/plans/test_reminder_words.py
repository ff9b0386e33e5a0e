"""The words of a reminder on days that the plan's own dates don't show; quiet hours beside them."""

from datetime import date

import pytest

from plans.obligations import extend
from plans.quiet_hours import after_quiet, is_quiet
from plans.reminder_words import brief_words, full_title, left_to_do, state_words, subject_title
from tests.factories.plans import local, make_correction, make_dated_obligation, make_obligation
from tests.factories.units import make_unit


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (26, "hạn đã gia hạn đến hết thứ Năm 31/8 (văn bản ghi: ngày 25/8)"),
        (31, "hôm nay là hạn sau khi gia hạn (văn bản ghi: ngày 25/8)"),
    ],
)
def test_extended_due_time_is_called_so(day, words):
    obligation = extend(
        make_obligation(make_unit(), "2023-08"), until=date(2023, 8, 31), by=None, reason="Mưa lũ"
    )

    assert state_words(obligation, today=date(2023, 8, day)) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2023, 3, 17), "hạn hết 20/3"),
        (date(2023, 3, 20), "hạn được tính đến hết hôm nay"),
        (date(2023, 3, 21), "đã quá hạn"),
    ],
)
def test_brief_words_of_an_exclusive_date(day, words):
    assert brief_words(make_dated_obligation(make_unit(), "launch_report"), today=day) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2023, 3, 24), "hạn hết 27/3"),
        (date(2023, 3, 25), "hạn được tính đến hết 27/3"),
        (date(2023, 3, 27), "hôm nay là hạn"),
    ],
)
def test_brief_words_of_a_date_on_a_day_off(day, words):
    assert brief_words(make_obligation(make_unit(), "2023-03"), today=day) == words


@pytest.mark.django_db
def test_correction_is_called_by_the_report_it_amends():
    correction = make_correction(make_obligation(make_unit(), "2023-08"), due_on=date(2023, 8, 30))

    assert subject_title(correction) == "Báo cáo tháng 8/2023"
    assert full_title(correction) == "bản chỉnh sửa, bổ sung của «Báo cáo tháng 8/2023»"


@pytest.mark.django_db
def test_days_left_are_said_only_before_the_last_day():
    obligation = make_obligation(make_unit(), "2023-08")

    assert left_to_do(obligation, today=date(2023, 8, 22)) == " Còn 3 ngày."
    assert left_to_do(obligation, today=date(2023, 8, 25)) == ""


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (local(2023, 3, 24, 20, 59), local(2023, 3, 24, 20, 59)),
        (local(2023, 3, 24, 21), local(2023, 3, 25, 7)),
        (local(2023, 3, 25, 0), local(2023, 3, 25, 7)),
        (local(2023, 3, 25, 6, 59), local(2023, 3, 25, 7)),
        (local(2023, 3, 25, 7), local(2023, 3, 25, 7)),
    ],
)
def test_after_the_quiet_hours_is_the_next_morning(moment, opens):
    assert after_quiet(moment) == opens
    assert is_quiet(moment) is (moment != opens)
