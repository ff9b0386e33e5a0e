"""The Zalo text in the customer's words, and the log of calls."""

from datetime import date

import pytest

from plans.models import Contact
from plans.obligations import extend, fulfil, waive
from reports.follow_up import ZALO_LIMIT, FollowUpError, contact_words, log_contact, zalo_texts
from tests.factories.plans import local, make_dated_obligation, make_obligation
from tests.factories.units import make_department, make_member, make_unit
from units.models import Event, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_member(make_department(), Role.OFFICER)


def unit(short_name, **fields):
    return make_unit(name=f"Huyện Đoàn {short_name}", short_name=short_name, **fields)


def test_zalo_text_names_who_is_missing_at_that_moment_in_polite_words():
    rows = [make_obligation(unit("Bù Đốp"), "2023-05"), make_obligation(unit("Hớn Quản"), "2023-05")]
    assert zalo_texts(rows, now=local(2023, 5, 24, 16)) == [
        "Ban Phong trào Tỉnh Đoàn kính đề nghị các đồng chí Bí thư quan tâm chỉ đạo gửi báo cáo tháng 5 "
        "(hạn 25/5). Đến 16 giờ 00 ngày 24/5 còn: Bù Đốp, Hớn Quản. Trân trọng!"
    ]


@pytest.mark.parametrize(
    ("period", "now", "words"),
    [
        ("2023-03", local(2023, 3, 24, 16), "(hạn 25/3, tính đến hết ngày 27/3)"),
        ("2023-02", local(2023, 2, 26, 9), "(hạn 25/02, tính đến hết ngày 27/02)"),
        ("2023-05", local(2023, 5, 26, 0), "(hạn 25/5, đã quá hạn)"),
    ],
)
def test_zalo_text_says_the_day_that_counts_where_it_is_not_the_printed_one(period, now, words):
    assert words in zalo_texts([make_obligation(unit("Bù Đốp"), period)], now=now)[0]


def test_zalo_text_of_an_exclusive_date_names_the_last_day():
    row = make_dated_obligation(unit("Lộc Ninh"), "command_board_list")
    [text] = zalo_texts([row], now=local(2023, 2, 27, 8, 5))
    assert "gửi danh sách Ban Chỉ huy (hạn hết ngày 27/02)" in text
    assert "Đến 8 giờ 05 ngày 27/02 còn: Lộc Ninh." in text


def test_zalo_text_says_beside_the_name_who_has_a_later_date(officer):
    late = extend(
        make_obligation(unit("Bù Đốp"), "2023-05"), until=date(2023, 5, 30), by=officer, reason="mưa lũ"
    )
    [text] = zalo_texts([late, make_obligation(unit("Hớn Quản"), "2023-05")], now=local(2023, 5, 26))
    assert "còn: Bù Đốp (gia hạn đến 30/5), Hớn Quản." in text


def test_zalo_text_marks_a_unit_that_is_only_an_illustration():
    row = make_obligation(unit("Đoàn Khối", illustrative=True), "2023-05")
    assert "còn: Đoàn Khối (minh họa)." in zalo_texts([row], now=local(2023, 5, 24))[0]


def test_zalo_texts_of_a_hundred_units_each_fit_and_name_every_unit_once():
    rows = [make_obligation(unit(f"Xã Thử Nghiệm {number:03d}"), "2023-05") for number in range(100)]
    texts = zalo_texts(rows, now=local(2023, 5, 24))
    assert max(map(len, texts)) <= ZALO_LIMIT
    named = [name for text in texts for name in text.split("còn: ")[1].split(". Trân")[0].split(", ")]
    assert named == [row.owner.short_name for row in rows]


def test_zalo_texts_when_everybody_handed_in_are_none():
    assert zalo_texts([]) == []


def test_contact_words_tell_the_day_and_the_promise():
    assert contact_words("phone", date(2023, 8, 26), date(2023, 8, 28)) == "đã gọi 26/8, hẹn 28/8"
    assert contact_words("nhắn Zalo", date(2023, 8, 26)) == "đã nhắn Zalo 26/8"


def test_log_contact_keeps_what_was_said_and_leaves_an_event(officer):
    row = make_obligation(unit("Bù Đốp"), "2023-05")
    log_contact(
        row,
        by=officer,
        channel="phone",
        note=" hẹn thứ Hai ",
        promised_on=date(2023, 5, 29),
        at=local(2023, 5, 26),
    )
    contact = Contact.objects.get()
    assert (contact.note, contact.promised_on) == ("hẹn thứ Hai", date(2023, 5, 29))
    assert Event.objects.about(row).get().verb == "contact"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"channel": "fax"}, "cách liên hệ"),
        ({"channel": "phone", "note": "a" * 301}, "nhiều nhất 300"),
        ({"channel": "phone", "promised_on": date(2023, 5, 25)}, "từ hôm nay"),
    ],
)
def test_log_contact_refuses_what_makes_no_sense(officer, said, message):
    row = make_obligation(unit("Bù Đốp"), "2023-05")
    with pytest.raises(FollowUpError, match=message):
        log_contact(row, by=officer, at=local(2023, 5, 26), **said)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("done", ["fulfil", "waive"])
def test_log_contact_when_nothing_is_owed_any_more_is_refused(officer, done):
    row = make_obligation(unit("Bù Đốp"), "2023-05")
    if done == "fulfil":
        row = fulfil(row, at=local(2023, 5, 20), by=officer)
    else:
        row = waive(row, by=officer, reason="mới thành lập")
    with pytest.raises(FollowUpError, match="không cần đôn đốc"):
        log_contact(row, by=officer, channel="phone", at=local(2023, 5, 26))
