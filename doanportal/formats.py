"""Numbers and dates as Vietnam writes them: read from what people type, and shown the same way everywhere."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

MISSING = "–"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

# Full-width letters of an Asian keyboard, the minus signs of word processors, what a paste brings unseen.
# Not NFKC: that would read 5² as 52.
AS_TYPED_PLAINLY = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("−‐‑–", "-")
    | dict.fromkeys("\u200b\u2060\ufeff")
)
GROUPED_BY_DOTS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
DECIMAL_COMMA = re.compile(r"-?[0-9]+(,[0-9]+)?")
DECIMAL_DOT = re.compile(r"-?[0-9]+\.[0-9]{1,2}|-?[0-9]+\.[0-9]{4,}|-?0\.[0-9]{3}")
AMBIGUOUS_DOT = re.compile(r"-?[0-9]+\.[0-9]{3}")
GROUPED_BY_SPACES = re.compile(r"-?[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")
LOOKS_LIKE_THOUSAND = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")
ENGLISH_STYLE = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|-?[0-9]{1,3}(,[0-9]{3}){2,}")
# So that every number read fits, with its decimals, into the 28 digits of decimal arithmetic.
LONGEST_NUMBER = 24


class NumberError(ValueError):
    """Text that is not a number; the message says in Vietnamese what is wrong and how to write it."""


class DateError(ValueError):
    """Text that is not a day; the message says in Vietnamese how to write it."""


def parse_decimal(text: str) -> Decimal:
    """The number somebody typed: "1.234,5", "1 234", "85,5", "1.5" (groups of exactly three are thousands).

    Raises NumberError for anything else, English grouping "1,234.5" and exponents included.
    """
    typed = text.strip()
    plain = " ".join(typed.translate(AS_TYPED_PLAINLY).split())
    plain = re.sub(r"^- ", "-", plain)
    if not plain:
        raise NumberError("Chưa nhập số.")
    if len(plain) > LONGEST_NUMBER:
        raise NumberError("Số quá dài, hãy kiểm tra lại.")
    if ENGLISH_STYLE.fullmatch(plain):
        whole, _, fraction = plain.partition(".")
        mended = whole.replace(",", ".") + (f",{fraction}" if fraction else "")
        raise NumberError(
            f"“{typed}” viết theo kiểu nước ngoài. "
            f"Hãy dùng dấu chấm cho hàng nghìn, dấu phẩy cho phần thập phân: {mended}"
        )
    if GROUPED_BY_SPACES.fullmatch(plain):
        plain = plain.replace(" ", "")
        return Decimal(plain.replace(",", "."))
    if GROUPED_BY_DOTS.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    if DECIMAL_COMMA.fullmatch(plain) or DECIMAL_DOT.fullmatch(plain):
        return Decimal(plain.replace(",", "."))
    if AMBIGUOUS_DOT.fullmatch(plain):
        raise NumberError(
            f"“{typed}” có thể hiểu hai cách. Hãy viết hàng nghìn như 1.234.567, phần thập phân như 1,5."
        )
    raise NumberError(f"“{typed}” không phải số. Hãy viết như 1.234 hoặc 1.234,5.")


def parse_count(text: str) -> int:
    """A whole number, typed as in `parse_decimal`; a fraction other than zeros is refused."""
    value = parse_decimal(text)
    if value != value.to_integral_value():
        # "1,234" is read as Vietnam reads it; who meant a thousand is told how to write one.
        example = (
            text.strip().replace(",", ".") if LOOKS_LIKE_THOUSAND.fullmatch(text.strip()) else int(value)
        )
        raise NumberError(
            f"{format_number(value)} không phải số nguyên. Hãy nhập số nguyên, ví dụ {example}."
        )
    return int(value)


def parse_date(text: str) -> date:
    """The day somebody typed, day first: 25/03/2023, 25/3/2023, 25-3-2023, 25.3.2023; also ISO 2023-03-25."""
    plain = text.translate(AS_TYPED_PLAINLY).strip()
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", plain):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", plain):
        day, _, month, year = match.groups()
    else:
        raise DateError(f"“{text.strip()}” không phải ngày. Hãy viết ngày/tháng/năm, ví dụ 25/3/2023.")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise DateError(f"Không có ngày {int(day)}/{int(month)}/{int(year)}. Hãy kiểm tra lại.") from None


def format_number(value: Decimal | int | None, places: int | None = None) -> str:
    """1.234,5; rounded half up to `places` decimals, else with the decimals the value has; "–" for None."""
    if value is None:
        return MISSING
    if isinstance(value, float):
        value = Decimal(repr(value))
    value = Decimal(value)
    if places is not None:
        value = round_half_up(value, places)
    text = f"{value:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if value == 0:
        text = text.removeprefix("-")
    return text.translate(str.maketrans(",.", ".,"))


def percent(numerator: Decimal | int | None, denominator: Decimal | int | None) -> Decimal | None:
    """100 × numerator ÷ denominator, one decimal, half up; None where a part is missing or the whole is 0."""
    if numerator is None or not denominator:
        return None
    return round_half_up(Decimal(numerator) * 100 / Decimal(denominator), 1)


def format_percent(numerator: Decimal | int | None, denominator: Decimal | int | None) -> str:
    """ "34,0%" for the pair, "–" where there is no ratio."""
    value = percent(numerator, denominator)
    return MISSING if value is None else f"{format_number(value, 1)}%"


def round_half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_short_date(day: date | datetime) -> str:
    """25/3"""
    day = local_day(day)
    return f"{day.day}/{day.month}"


def format_date(day: date | datetime) -> str:
    """25/3/2023"""
    day = local_day(day)
    return f"{day.day}/{day.month}/{day.year}"


def format_document_date(day: date | datetime) -> str:
    """ngày 05 tháng 3 năm 2023: a 0 before days under 10 and months 1 and 2, as Decree 30/2020 has it."""
    day = local_day(day)
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def format_time(moment: datetime) -> str:
    """16 giờ 20; 16 giờ on the hour; local time."""
    local = timezone.localtime(moment)
    return f"{local.hour} giờ {local.minute:02d}" if local.minute else f"{local.hour} giờ"


def format_moment(moment: datetime) -> str:
    """16 giờ 20 ngày 24/3/2023, local time."""
    return f"{format_time(moment)} ngày {format_date(moment)}"


def format_weekday(day: date | datetime) -> str:
    """thứ Bảy, Chủ nhật"""
    return WEEKDAYS[local_day(day).weekday()]


def local_day(day: date | datetime) -> date:
    """The day itself, or the local day of an aware moment."""
    return timezone.localdate(day) if isinstance(day, datetime) else day
