"""Arguments of the manage.py commands; what is wrong with one is said in Vietnamese."""

from argparse import ArgumentTypeError

FIRST_YEAR, LAST_YEAR = 2000, 2100


def whole_number(text):
    """An argparse type: a whole number."""
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"«{text}» không phải số nguyên.") from None


def year(text):
    """An argparse type: a year from 2000 to 2100."""
    number = whole_number(text)
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise ArgumentTypeError(f"Năm {number} ngoài khoảng {FIRST_YEAR} đến {LAST_YEAR}.")
    return number


def units(text):
    """An argparse type: how many reporting units a demonstration has; 14 are in the plan's own list."""
    number = whole_number(text)
    if not 14 <= number <= 500:
        raise ArgumentTypeError(f"Số đơn vị {number} ngoài khoảng 14 đến 500.")
    return number
