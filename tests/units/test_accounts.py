"""One spelling of what people type to sign in."""

import pytest

from tests.factories.units import make_user
from units.accounts import EmailOrPhoneBackend, find_user, normalize_login, normalize_phone


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "0912-345-678",
        "+84912345678",
        "+84 912 345 678",
        "+84 (0) 912 345 678",
        "0084 912 345 678",
        "84912345678",
        "(0912) 345 678",
        " ０９１２３４５６７８ ",
        "0912\u00a0345\u00a0678",
    ],
)
def test_phone_number_in_any_spelling_is_the_same(typed):
    assert normalize_phone(typed) == "0912345678"


@pytest.mark.parametrize(
    "typed", ["", None, "912", "0912abc678", "+1 202 555 0100", "0" * 20, "a@b.vn", "+84"]
)
def test_what_is_no_phone_number_is_none(typed):
    assert normalize_phone(typed) is None


def test_landline_of_the_province_is_a_phone_number():
    assert normalize_phone("0271 3 879 123") == "02713879123"


@pytest.mark.parametrize(
    "typed, kept", [(" Hoa@LocNinh.VN ", "hoa@locninh.vn"), ("+84 912 345 678", "0912345678"), (None, "")]
)
def test_login_is_brought_to_the_spelling_accounts_are_kept_in(typed, kept):
    assert normalize_login(typed) == kept


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["HOA@locninh.invalid", "+84 912 345 678", "0912.345.678"])
def test_account_is_found_by_address_and_by_phone_number(typed):
    person = make_user(email="hoa@locninh.invalid", phone="0912345678")
    assert find_user(typed) == person


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", " ", "a\0b", "\0@x", "' OR 1=1 --", "x" * 5000, "đồng chí"])
def test_odd_login_finds_nobody(typed):
    make_user(phone=None)
    assert find_user(typed) is None


@pytest.mark.django_db
def test_backend_takes_no_closed_account_and_no_unusable_password():
    closed = make_user(is_active=False)
    invited = make_user(password=None)
    backend = EmailOrPhoneBackend()
    assert backend.authenticate(None, closed.email, "mat-khau-thu-nghiem") is None
    assert backend.authenticate(None, invited.email, "") is None
    assert backend.authenticate(None, invited.email, invited.password) is None
    assert backend.get_user(closed.pk) is None
