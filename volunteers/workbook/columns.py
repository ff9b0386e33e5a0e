"""Columns of a workbook: one definition makes the template, its help sheet, the check and the export.

A column reads what a cell holds into a plain value (text, number, ISO day), and shows and writes it again.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property

from doanportal.formats import (
    DateError,
    NumberError,
    format_date,
    format_number,
    parse_count,
    parse_date,
    parse_decimal,
)
from doanportal.textfold import fold
from doanportal.typed import clean_line
from doanportal.xlsx_sheet import Year

UNSEEN = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff\u200e\u200f"))
QUOTED = 40
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
LAST_SERIAL = 73_050  # 31/12/2099
ID_NUMBER = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])|(?<![0-9])[0-9]{9}(?![0-9])")
TYPE_AS_TEXT = "Gõ lại ô này dưới dạng chữ."


class CellError(ValueError):
    """What the cell holds is not what the column takes; message and cure for the user."""

    def __init__(self, message, cure=""):
        super().__init__(message)
        self.cure = cure


@dataclass(frozen=True)
class Column:
    """`key`: the field; `heading`: as the template has it; `aliases`: what people call it themselves."""

    key: str
    heading: str
    width: int = 14
    required: bool = False
    help: str = ""
    example: str = ""
    aliases: tuple = ()
    number_format = "@"
    how = "Chữ"

    def read(self, value, context):
        """The plain value; `context` knows the day and how days count, and notes harmless repairs."""
        raise NotImplementedError

    def show(self, value):
        """As the preview says it."""
        return "" if value is None else str(value)

    def cell(self, value):
        """As the writer takes it."""
        return "" if value is None else value

    def python(self, value):
        """As the model field takes it."""
        return value

    @property
    def names(self):
        """Folded names by which a heading is known."""
        return {fold_heading(name) for name in (self.heading, *self.aliases)}


def fold_heading(text):
    """«Họ và tên (*)» → ho va ten: what is in brackets is a remark."""
    text = re.sub(r"\([^)]*\)", " ", clean_line(text, 120))
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())


def quote(value):
    text = clean_line(str(value).translate(UNSEEN), QUOTED + 1)
    return f"«{text[:QUOTED]}…»" if len(text) > QUOTED else f"«{text}»"


def is_clean(text):
    """Whether clean_line() would give the same back, found out the quick way: most cells are clean."""
    return (
        text.isprintable()
        and "  " not in text
        and text == text.strip()
        and unicodedata.is_normalized("NFC", text)
    )


def line(value, longest):
    """One clean line of whatever a cell holds."""
    if isinstance(value, bool):
        raise CellError("Ô chứa giá trị đúng/sai (TRUE/FALSE).", TYPE_AS_TEXT)
    if isinstance(value, date):
        raise CellError(f"Excel đã đổi ô này thành ngày {format_date(value)}.", TYPE_AS_TEXT)
    if isinstance(value, float):
        value = format_number(Decimal(repr(value)))
    text = str(value)
    if not is_clean(text):
        text = clean_line(text.translate(UNSEEN), longest + 1000)
    if len(text) > longest:
        raise CellError(f"Nội dung dài quá {longest} ký tự.", "Rút gọn nội dung ô.")
    return text


@dataclass(frozen=True)
class Text(Column):
    longest: int = 200
    personal: bool = False

    def read(self, value, context):
        text = line(value, self.longest)
        if self.personal and ID_NUMBER.search(text):
            raise CellError(
                "Ô có dãy số giống số định danh, CMND hoặc điện thoại.",
                "Xóa dãy số khỏi ô; số điện thoại ghi ở cột Số điện thoại, số định danh không được thu thập.",
            )
        return text


@dataclass(frozen=True)
class PersonName(Column):
    longest: int = 120
    how = "Chữ, có dấu"

    def read(self, value, context):
        text = line(value, self.longest)
        if isinstance(value, int | float) or not any(letter.isalpha() for letter in text):
            raise CellError("Ô không chứa họ và tên.", "Ghi họ, tên đệm và tên, ví dụ Nguyễn Thị Lan.")
        if re.search(r"[0-9=<>@#|\\/{}\[\]^*;:\"?!+_%$]", text):
            raise CellError("Họ và tên có chữ số hoặc ký tự lạ.", "Chỉ ghi chữ, ví dụ Nguyễn Thị Lan.")
        return text


@dataclass(frozen=True)
class BirthYear(Column):
    number_format = "0"
    how = "Bốn chữ số"

    def read(self, value, context):
        today = context.today
        year = self.year(value, context)
        if not today.year - 100 <= year <= today.year:
            raise CellError(f"Năm sinh {year} không hợp lý.", "Ghi đủ bốn chữ số, ví dụ 1998.")
        return year

    def year(self, value, context):
        if isinstance(value, date):
            return self.only_year(value, context)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if value == int(value) and 1000 <= value <= 2500:
                return int(value)
            if 2500 < value <= LAST_SERIAL:
                return self.only_year(day_of_serial(value, context), context)
        else:
            text = line(value, 60)
            plain = re.sub(r"[.,]0+$", "", text)
            if re.fullmatch(r"[0-9]{4}", plain, re.ASCII):
                return int(plain)
            try:
                return self.only_year(parse_date(without_time(text)), context)
            except DateError:
                pass  # told below, in the words of the column
        raise CellError(f"{quote(value)} không phải năm sinh.", "Ghi bốn chữ số, ví dụ 1998.")

    def only_year(self, day, context):
        context.repair("Ngày sinh đầy đủ không được thu thập: chỉ lấy năm.")
        return day.year

    def cell(self, value):
        return "" if value is None else Year(value)


@dataclass(frozen=True)
class Phone(Column):
    how = "Chữ số, bắt đầu bằng 0"

    def read(self, value, context):
        if isinstance(value, float) and not isinstance(value, bool) and value == int(value):
            value = int(value)
        text = line(value, 200)
        digits = re.sub(r"[\s.()\-–]", "", text)
        digits = re.sub(r"^(\+84|0084)", "0", digits)
        digits = re.sub(r"^84(?=[0-9]{9}$)", "0", digits)
        if re.fullmatch(r"[1-9][0-9]{8}", digits, re.ASCII):
            # Excel took the number for a quantity and dropped its 0.
            digits = f"0{digits}"
            context.repair("Excel bỏ mất số 0 ở đầu số điện thoại; đã thêm lại.")
        if not re.fullmatch(r"0[0-9]{8,10}", digits, re.ASCII):
            # Not quoted: it may be the number of an identity card.
            raise CellError(
                "Ô không phải số điện thoại.",
                "Ghi một số, 9 đến 11 chữ số, bắt đầu bằng 0, ví dụ 0912 345 678.",
            )
        return digits

    def show(self, value):
        return f"{value[:3]}{'•' * (len(value) - 5)}{value[-2:]}" if value else ""


@dataclass(frozen=True)
class Day(Column):
    first: date = FIRST_DAY
    last: date = LAST_DAY
    number_format = "dd/mm/yyyy"
    how = "Ngày/tháng/năm"

    def read(self, value, context):
        day = self.day(value, context)
        if not self.first <= day <= self.last:
            raise CellError(f"Ngày {format_date(day)} không hợp lý.", "Kiểm tra lại năm.")
        return day.isoformat()

    def day(self, value, context):
        if isinstance(value, date):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            if 1900 <= value <= 2100 and value == int(value):
                raise CellError(f"Ô chỉ có năm {int(value)}.", "Ghi đủ ngày/tháng/năm, ví dụ 24/2/2023.")
            if 1 <= value <= LAST_SERIAL:
                return day_of_serial(value, context)
            raise CellError(f"{quote(value)} không phải ngày.", "Ghi ngày/tháng/năm, ví dụ 24/2/2023.")
        try:
            return parse_date(without_time(line(value, 60)))
        except DateError as error:
            raise CellError(f"{quote(value)} không phải ngày.", why(error)) from error

    def show(self, value):
        return format_date(date.fromisoformat(value)) if value else ""

    def python(self, value):
        return date.fromisoformat(value) if value else None

    def cell(self, value):
        return date.fromisoformat(value) if value else ""


def why(error):
    """The part of the parser's message that says what to do."""
    text = str(error)
    return text if text.startswith("Không có ngày") else "Ghi ngày/tháng/năm, ví dụ 24/2/2023."


def without_time(text):
    """«24/02/2023 00:00:00» and «2023-02-24T00:00:00» as a day alone."""
    return re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", "", text)


def day_of_serial(value, context):
    """The day of Excel's count, right from 1/3/1900 on."""
    return (EPOCH_1904 if context.date_1904 else EPOCH_1900) + timedelta(days=int(value))


@dataclass(frozen=True)
class Choice(Column):
    choices: tuple = ()
    also: tuple = ()  # (other spelling, code)
    how = "Chọn trong danh sách"

    def read(self, value, context):
        key = self.known.get(value) or self.known.get(fold(line(value, 200)))
        if key is None:
            labels = ", ".join(f"«{label}»" for _, label in self.choices)
            raise CellError(f"{quote(value)} không có trong danh sách.", f"Chọn một trong: {labels}.")
        return key

    @cached_property
    def known(self):
        """{folded label, code or other spelling: code}."""
        spellings = {label: key for key, label in self.choices} | dict(self.also)
        spellings |= {key: key for key, _ in self.choices}
        return spellings | {fold(label): key for label, key in spellings.items()}

    def show(self, value):
        return dict(self.choices).get(value, value or "")

    def cell(self, value):
        return self.show(value)


@dataclass(frozen=True)
class Count(Column):
    number_format = "#,##0"
    how = "Số nguyên"
    most: int = 10**15 - 1

    def read(self, value, context):
        number = self.number(value)
        if number < 0 or number > self.most:
            raise CellError(f"Số {quote(value)} ngoài khoảng cho phép.", "Kiểm tra lại số chữ số 0.")
        return number

    def number(self, value):
        try:
            if isinstance(value, float):
                value = format_number(Decimal(repr(value)))
            return value if type(value) is int else parse_count(line(value, 60))
        except NumberError as error:
            raise CellError(
                f"{quote(value)} không phải số nguyên.", "Ghi chữ số, ví dụ 12 hoặc 1.234."
            ) from error

    def show(self, value):
        return "" if value is None else format_number(value)


@dataclass(frozen=True)
class Kilometres(Column):
    """Kept as text, so that 2.5 stays 2.5 on its way through JSON."""

    number_format = "#,##0.###"
    how = "Số, phần lẻ nhiều nhất 3 chữ số"
    places: int = 3

    def read(self, value, context):
        try:
            if isinstance(value, int | float) and not isinstance(value, bool):
                number = Decimal(repr(round(value, 9)))
            else:
                number = parse_decimal(line(value, 60))
        except (NumberError, InvalidOperation) as error:
            raise CellError(f"{quote(value)} không phải số.", "Ghi số km, ví dụ 2,5.") from error
        if round(number, self.places) != number:
            raise CellError(
                f"{quote(value)} có quá {self.places} chữ số lẻ.", "Làm tròn đến mét, ví dụ 2,125."
            )
        if not 0 <= number < 10_000:
            raise CellError(f"{quote(value)} ngoài khoảng cho phép.", "Kiểm tra lại dấu phẩy, đơn vị là km.")
        return format(number.normalize(), "f")

    def show(self, value):
        return format_number(Decimal(value)) if value else ""

    def python(self, value):
        return Decimal(value) if value else None

    def cell(self, value):
        return Decimal(value) if value else ""
