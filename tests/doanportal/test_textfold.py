"""Search without marks and the order of a Vietnamese dictionary."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doanportal.textfold import fold, nfc, vietnamese_sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lộc Ninh", "loc ninh"),
        ("  ĐỒNG   Phú\n", "dong phu"),
        ("Bù Đăng", "bu dang"),
        ("Hớn Quản", "hon quan"),
        (unicodedata.normalize("NFD", "Đội hình tình nguyện"), "doi hinh tinh nguyen"),
        ("", ""),
    ],
)
def test_fold_takes_marks_case_and_spare_spaces_away(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_is_the_same_for_both_unicode_spellings(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(nfc(text))


@pytest.mark.parametrize(
    "ordered",
    [
        ["An", "Ăn", "Ân", "Ba", "Dak", "Đắk"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["Bình Long", "Bù Đăng", "Bù Đốp", "Bù Gia Mập", "Chơn Thành", "Đồng Phú", "Đồng Xoài", "Hớn Quản"],
        ["Ba Đồn", "Bà Rịa"],
        ["Thôn 2", "Thôn 10"],
        ["o", "ô", "ơ", "p", "u", "ư", "v"],
        ["Lan", "Lan Anh", "Làn"],
    ],
)
def test_sort_key_orders_as_a_vietnamese_dictionary(ordered):
    keys = [vietnamese_sort_key(text) for text in ordered]

    assert all(before < after for before, after in pairwise(keys))


@given(st.text())
def test_sort_key_is_digits_only_so_that_every_collation_agrees(text):
    assert set(vietnamese_sort_key(text)) <= set("0123456789")
