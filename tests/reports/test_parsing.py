"""What people type into the form, and what the form says of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doanportal.typed import clean_text
from plans.models import FormField, FormSection, Target, TargetSource
from reports.parsing import Parsed, parse_people, parse_section, read_time_field
from reports.previous import Previous

MARCH = date(2023, 3, 1)


class Scoped(Target):
    """A target whose source is known without the database."""

    class Meta:
        proxy = True
        app_label = "plans"

    @property
    def sources(self):
        return self

    def all(self):
        return [TargetSource(kind="reported", from_period=date(2023, 1, 1))]


def ratio(**fields):
    values = {
        "pk": 6,
        "code": "T6",
        "kind": "ratio",
        "frequency": "quarterly",
        "sector_id": 1,
        "numerator_label": "Có sản phẩm số hóa",
        "denominator_label": "Tổng số trang trại",
    }
    return Scoped(**values | fields)


def flow():
    return Scoped(pk=5, code="T5", kind="flow", frequency="monthly", sector_id=1)


def parse(raw, *targets, previous=None, allow_nil=True, month=MARCH):
    section = FormSection(kind="targets", sector_id=1, allow_nil=allow_nil)
    return parse_section(section, raw, targets=targets, previous=previous or {}, first_of_month=month)


def pair(numerator, denominator, **more):
    return parse({"T6.numerator": numerator, "T6.denominator": denominator, **more}, ratio())


def test_pair_with_spaces_and_dots_is_read():
    value = pair(" 1.020 ", "1 200").values[6]
    assert (value.numerator, value.denominator) == (1020, 1200)


@pytest.mark.parametrize(
    ("numerator", "denominator", "message"),
    [
        ("130", "120", "Tử số (130) lớn hơn mẫu số (120)"),
        ("-1", "120", "số âm"),
        ("mười", "120", "không phải số"),
        ("12,5", "120", "không phải số nguyên"),
        ("1,234.5", "9999", "kiểu nước ngoài"),
        ("9" * 20, "9" * 20, "quá lớn"),
        ("9" * 40, "9" * 40, "quá dài"),
        ("<b>5</b>", "5", "không phải số"),
        ("NaN", "5", "không phải số"),
        ("1e3", "5", "không phải số"),
        ("", "120", "Thiếu «Có sản phẩm số hóa»"),
    ],
)
def test_bad_pair_is_refused_at_the_field_with_the_cure(numerator, denominator, message):
    parsed = pair(numerator, denominator)
    assert not parsed.values
    assert message in parsed.errors["T6.numerator"]


def test_zero_denominator_is_a_figure():
    value = pair("0", "0").values[6]
    assert (value.numerator, value.denominator) == (0, 0)


def test_lower_than_last_time_is_odd():
    parsed = parse(
        {"T6.numerator": "9", "T6.denominator": "64"},
        ratio(),
        previous={6: Previous(numerator=21, denominator=64)},
    )
    assert "Thấp hơn kỳ trước (21 → 9)" in parsed.soft["T6.numerator"]


def test_estimate_without_method_and_source_is_refused():
    parsed = parse({"T6.numerator": "9", "T6.denominator": "64"}, ratio(estimate=True))
    assert set(parsed.errors) == {"T6.method", "T6.source"}


def test_nil_with_a_figure_is_a_contradiction():
    parsed = parse({"nil": "on", "T5.amount": "3"}, flow())
    assert "Không phát sinh" in parsed.errors["T5.amount"]


def test_nil_leaves_a_ratio_as_it_was():
    parsed = parse({"nil": "on"}, ratio(), previous={6: Previous(numerator=1, denominator=2)})
    assert parsed.values[6].unchanged


def test_out_of_turn_and_never_reported_gives_nothing():
    assert not parse({}, ratio(), month=date(2023, 4, 1)).values


def test_bidi_and_control_characters_are_dropped():
    assert clean_text("a\u202eb\u0000c\r\nd ") == "abc\nd"


def test_decomposed_letters_are_composed():
    assert clean_text("Lo\u0302\u0323c") == "Lộc"


@pytest.mark.parametrize(("text", "expected"), [("7:30", "07:30"), ("7 giờ 30", "07:30"), ("07h", "07:00")])
def test_time_is_read_as_people_write_it(text, expected):
    assert read_time_field(None, text, "f.t", Parsed()) == expected


BIRTH_YEARS = FormField(
    key="people", type="people", columns=[{"key": "birth_year", "label": "Năm sinh", "type": "year"}]
)


def test_who_may_be_a_child_is_not_taken_into_a_list(at):
    """Born in 2007: only at the end of 2023 is the 16th birthday certain."""
    at("2023-12-31T23:00")
    parsed = Parsed()
    parse_people(BIRTH_YEARS, {"f.people.0.birth_year": "2007"}, parsed)
    assert "chưa đủ 16 tuổi" in parsed.errors["f.people.0.birth_year"]


def test_who_turned_16_in_an_earlier_year_is_taken_into_a_list(at):
    at("2023-01-01T08:00")
    parsed = Parsed()
    people = parse_people(BIRTH_YEARS, {"f.people.0.birth_year": "2006"}, parsed)
    assert people == [{"birth_year": 2006}] and not parsed.errors


@given(st.dictionaries(st.sampled_from(["T6.numerator", "T6.denominator", "T5.amount", "nil"]), st.text()))
def test_any_text_is_parsed_or_explained(raw):
    parsed = parse(raw, ratio(), flow())
    for value in parsed.values.values():
        if value.numerator is not None:
            assert 0 <= value.numerator <= value.denominator
        if value.amount is not None:
            assert value.amount >= 0
    for name in ("T6.numerator", "T5.amount"):
        typed = clean_text(raw.get(name, ""))
        understood = name in parsed.errors or {"T6.numerator": 6, "T5.amount": 5}[name] in parsed.values
        assert understood or not typed or "T6.denominator" in parsed.errors
