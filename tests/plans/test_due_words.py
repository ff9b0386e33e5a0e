"""Due times in the customer's words."""

from datetime import date

import pytest

from plans.due_words import due_words, handed_in_words, left_tone, left_words, period_words
from plans.notice_obligations import owe_on_notice
from tests.factories.plans import local, make_correction, make_dated_obligation, make_obligation
from tests.factories.units import make_unit, make_user
from units.models import Unit

pytestmark = pytest.mark.django_db


def test_due_words_of_a_day_off_name_both_days():
    obligation = make_obligation(make_unit(), "2023-03")
    assert due_words(obligation) == "Hạn 25/3 (thứ Bảy), đúng hạn đến hết thứ Hai 27/3"


def test_due_words_of_a_working_day_name_it():
    assert due_words(make_obligation(make_unit(), "2023-04")) == "Hạn 25/4 (thứ Ba)"


def test_due_words_before_a_day_say_what_the_paper_says():
    obligation = make_dated_obligation(make_unit(), "command_board_list")
    assert due_words(obligation) == "Hạn: hết ngày 27/02 (văn bản ghi: trước ngày 28/02)"


def test_due_words_before_a_day_after_a_sunday_say_why():
    obligation = make_dated_obligation(make_unit(), "launch_report")
    assert due_words(obligation) == "Hạn: hết ngày 20/3 (văn bản ghi: trước ngày 20/3; 19/3 là Chủ nhật)"


def test_due_words_of_a_correction_name_the_last_day():
    parent = make_obligation(
        make_unit(),
        "2023-03",
        first_fulfilled_at=local(2023, 3, 20),
        last_fulfilled_at=local(2023, 3, 20),
    )
    assert due_words(make_correction(parent, due_on=date(2023, 3, 24))) == "Gửi lại chậm nhất thứ Sáu 24/3"


def test_due_words_of_an_extension_keep_the_printed_day():
    obligation = make_obligation(
        make_unit(), "2023-04", due_at=local(2023, 4, 28, 23, 59), extended_to=local(2023, 4, 28, 23, 59)
    )
    assert due_words(obligation) == "Gia hạn đến hết thứ Sáu 28/4 (văn bản ghi: ngày 25/4)"


@pytest.mark.parametrize(
    ("moment", "words", "tone"),
    [
        ((2023, 3, 22), "còn 5 ngày", "calm"),
        ((2023, 3, 25), "còn 2 ngày", "soon"),
        ((2023, 3, 27, 20), "hôm nay là hạn cuối", "soon"),
        ((2023, 3, 30), "quá hạn 3 ngày", "overdue"),
    ],
)
def test_left_words_count_days_to_the_last_one(moment, words, tone):
    obligation = make_obligation(make_unit(), "2023-03")
    now = local(*moment)
    assert (left_words(obligation, now=now), left_tone(obligation, now=now)) == (words, tone)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ((2023, 3, 24), "Gửi 24/3, trước hạn 3 ngày"),
        ((2023, 3, 27, 23, 59), "Gửi 27/3, đúng hạn"),
        ((2023, 3, 28), "Gửi 28/3, muộn 1 ngày"),
    ],
)
def test_handed_in_words_compare_with_the_last_day(sent, words):
    moment = local(*sent)
    obligation = make_obligation(make_unit(), "2023-03", first_fulfilled_at=moment, last_fulfilled_at=moment)
    assert handed_in_words(obligation) == words


def test_period_words_name_both_ends():
    assert period_words(make_obligation(make_unit(), "2023-03")) == "số liệu từ 26/02 đến 25/3"


@pytest.mark.parametrize(
    "exclusive, words",
    [
        (True, "Hạn: hết ngày 14/11 (văn bản ghi: trước ngày 15/11)"),
        (False, "Hạn 15/11 (thứ Tư)"),
    ],
)
def test_due_words_of_a_notice_say_what_the_notice_says(published_plan, exclusive, words):
    [obligation] = owe_on_notice(
        deadline=published_plan.deadlines.select_related("form", "plan").get(code="D13"),
        owners=[Unit.objects.get(code="692")],
        printed_on=date(2023, 11, 15),
        exclusive=exclusive,
        cause="round:1",
        title="Hồ sơ khen thưởng",
        by=make_user(),
    )
    assert due_words(obligation) == words
