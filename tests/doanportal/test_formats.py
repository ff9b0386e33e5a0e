"""Numbers and dates: what people type is read right or refused in Vietnamese; what is shown reads back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from doanportal import formats
from doanportal.formats import DateError, NumberError


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("1.500", "1500"),
        ("1.5", "1.5"),
        ("1234.5", "1234.5"),
        ("85,5", "85.5"),
        ("0.500", "0.5"),
        ("0,500", "0.5"),
        (" 1 234 ", "1234"),
        ("1\u00a0234\u202f567,8", "1234567.8"),
        ("１２", "12"),
        ("-5", "-5"),
        ("−1.500", "-1500"),
        ("- 5", "-5"),
        ("007", "7"),
        ("0", "0"),
    ],
)
def test_parse_decimal_reads_vietnamese_numbers(typed, value):
    assert formats.parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "abc",
        "NaN",
        "inf",
        "-Infinity",
        "1e5",
        "1_000",
        "12 34",
        "1.2345.678",
        "1.500.00",
        "1,5,5",
        "1..5",
        "<b>5</b>",
        "=1+1",
        "--5",
        "5-",
        "5%",
        "½",
        "5²",
        "٣",
        "1234.567",
        "01.234",
        "9" * 25,
    ],
)
def test_parse_decimal_refuses_what_is_no_plain_number(typed):
    with pytest.raises(NumberError):
        formats.parse_decimal(typed)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [("1,234.5", "1.234,5"), ("1,234,567", "1.234.567"), ("12,345,678.90", "12.345.678,90")],
)
def test_parse_decimal_english_style_is_refused_with_the_mended_number(typed, mended):
    with pytest.raises(NumberError, match=f"dấu phẩy cho phần thập phân: {mended}$"):
        formats.parse_decimal(typed)


def test_parse_count_reads_whole_numbers():
    assert formats.parse_count("1.234") == 1234
    assert formats.parse_count("12,0") == 12


@pytest.mark.parametrize(
    ("typed", "message"), [("12,5", "^12,5 không phải số nguyên.*12"), ("1,234", "1.234")]
)
def test_parse_count_of_a_fraction_is_refused_with_an_example(typed, message):
    with pytest.raises(NumberError, match=message):
        formats.parse_count(typed)


@given(st.decimals(min_value="-999999999999.9999", max_value="999999999999.9999", places=4))
def test_format_number_reads_back_as_the_same_number(value):
    assert formats.parse_decimal(formats.format_number(value)) == value


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_format_number_of_a_count_reads_back_as_the_same_count(value):
    assert formats.parse_count(formats.format_number(value)) == value


@given(st.text(max_size=30))
def test_parse_decimal_never_fails_otherwise_than_by_number_error(text):
    try:
        assert formats.parse_decimal(text).is_finite()
    except NumberError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (1234567, None, "1.234.567"),
        (Decimal("1234.50"), None, "1.234,5"),
        (Decimal("1234.5"), 2, "1.234,50"),
        (Decimal("0.25"), 1, "0,3"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-0.04"), 1, "0,0"),
        (Decimal("1E+3"), None, "1.000"),
        (1.1, None, "1,1"),
        (-1500, None, "-1.500"),
        (0, None, "0"),
        (None, None, "–"),
    ],
)
def test_format_number_shows_vietnamese_numbers(value, places, shown):
    assert formats.format_number(value, places) == shown


@pytest.mark.parametrize(
    ("pair", "shown"),
    [
        ((17, 50), "34,0%"),
        ((20, 55), "36,4%"),
        ((20, 65), "30,8%"),
        ((1, 800), "0,1%"),
        ((1, 400), "0,3%"),
        ((0, 10), "0,0%"),
        ((0, 0), "–"),
        ((None, 10), "–"),
        ((5, None), "–"),
        ((Decimal("2.5"), Decimal("1")), "250,0%"),
    ],
)
def test_format_percent_rounds_the_exact_ratio_half_up(pair, shown):
    assert formats.format_percent(*pair) == shown


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_percent_equals_exact_half_up_rounding(numerator, denominator):
    tenths = Fraction(numerator * 1000, denominator) + Fraction(1, 2)
    assert formats.percent(numerator, denominator) == Decimal(tenths.__floor__()) / 10


@pytest.mark.parametrize(
    "typed", ["25/03/2023", "25/3/2023", "25-3-2023", "25-03-2023", "25.3.2023", "2023-03-25", " 25/3/2023 "]
)
def test_parse_date_reads_the_usual_ways(typed):
    assert formats.parse_date(typed) == date(2023, 3, 25)


def test_parse_date_has_the_day_first():
    assert formats.parse_date("05/03/2026") == date(2026, 3, 5)


@pytest.mark.parametrize(
    "typed", ["", "hôm nay", "25/3", "3/25/2023", "31/4/2023", "29/2/2023", "25/3-2023", "0/0/0000"]
)
def test_parse_date_refuses_what_is_no_day(typed):
    with pytest.raises(DateError):
        formats.parse_date(typed)


@given(st.dates(min_value=date(1900, 1, 1)))
def test_format_date_reads_back_as_the_same_day(day):
    assert formats.parse_date(formats.format_date(day)) == day


def test_dates_are_written_as_documents_write_them():
    day = date(2023, 3, 5)
    assert formats.format_short_date(day) == "5/3"
    assert formats.format_date(day) == "5/3/2023"
    assert formats.format_document_date(day) == "ngày 05 tháng 3 năm 2023"
    assert formats.format_document_date(date(2023, 2, 28)) == "ngày 28 tháng 02 năm 2023"
    assert formats.format_document_date(date(2023, 12, 12)) == "ngày 12 tháng 12 năm 2023"


def test_moments_are_shown_in_vietnam_time():
    assert formats.format_moment(datetime(2023, 3, 24, 9, 20, tzinfo=UTC)) == "16 giờ 20 ngày 24/3/2023"
    assert formats.format_moment(datetime(2023, 3, 24, 17, 0, tzinfo=UTC)) == "0 giờ ngày 25/3/2023"


def test_weekdays_have_their_vietnamese_names():
    assert formats.format_weekday(date(2023, 3, 25)) == "thứ Bảy"
    assert formats.format_weekday(date(2023, 3, 26)) == "Chủ nhật"
    assert formats.format_weekday(date(2023, 3, 27)) == "thứ Hai"


def test_template_filters_show_values_and_a_dash_for_none():
    text = Template(
        "{% load vn %}{{ n|number }} {{ n|number:2 }} {{ a|percent:b }} {{ d|shortdate }} {{ d|fulldate }} "
        "{{ m|moment }} {{ d|weekday }} {{ none|number }} {{ none|percent:b }} {{ none|fulldate }} "
        "{{ missing|number }}"
    ).render(
        Context(
            {
                "n": Decimal("1234.5"),
                "a": 17,
                "b": 50,
                "d": date(2023, 3, 25),
                "m": datetime(2023, 3, 24, 9, 20, tzinfo=UTC),
                "none": None,
            }
        )
    )
    assert text == "1.234,5 1.234,50 34,0% 25/3 25/3/2023 16 giờ 20 ngày 24/3/2023 thứ Bảy – – – –"


@pytest.mark.parametrize(
    ("typed", "day"), [("05/03/2026", date(2026, 3, 5)), ("25/03/2026", date(2026, 3, 25))]
)
def test_django_form_date_has_the_day_first(typed, day):
    assert forms.DateField(localize=True).clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "value"), [("1.234,5", "1234.5"), ("1.234", "1234"), ("1.500", "1500"), ("1.5", "1.5")]
)
def test_django_form_number_is_read_as_vietnam_writes_it(typed, value):
    assert forms.DecimalField(localize=True).clean(typed) == Decimal(value)


def test_django_templates_show_numbers_and_dates_as_vietnam_writes_them():
    text = Template("{{ n }} {{ d }} {{ d|date:'SHORT_DATE_FORMAT' }}").render(
        Context({"n": Decimal("1234.5"), "d": date(2026, 3, 5)})
    )
    assert text == "1.234,5 5/3/2026 05/03/2026"


def test_django_form_shows_what_it_reads():
    field = forms.DecimalField(localize=True)
    assert str(field.widget.format_value(Decimal("1234.5"))) == "1.234,5"
