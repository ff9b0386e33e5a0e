"""From what somebody typed to figures and answers: one parser for autosave, save, check and hand-in.

Nothing typed is lost: `raw` keeps the text, the parser only says what it means or what is wrong with it.
Names: T6.numerator, T6.denominator, T6.amount, T6.unchanged, T6.blank, T6.method, T6.source, T6.note,
T6.reason; f.<key>; f.<key>.<row>.<column>; nil.
"""

import re
from dataclasses import dataclass, field
from datetime import time
from statistics import median

from doanportal import clock
from doanportal.ages import ADULT_FOR_CONSENT, may_be_under_16
from doanportal.formats import (
    DateError,
    NumberError,
    format_number,
    parse_count,
    parse_date,
    parse_decimal,
)
from doanportal.typed import clean_text
from plans.models import FormField, FormSection
from plans.turns import is_in_turn, is_reported

from .previous import Previous

MAX_FIGURE = 10**12
MAX_TEXT = 10_000
MAX_LINE = 500
MAX_NOTE = 300
OUTLIER_FACTOR = 3
OUTLIER_FLOOR = 50
NOTE_PARTS = ("method", "source", "note")
PHONE = re.compile(r"0[0-9]{8,10}")
ON = "on"


@dataclass(frozen=True)
class ValueData:
    """One figure as it will be stored; all empty means blank."""

    numerator: int | None = None
    denominator: int | None = None
    amount: object = None
    unchanged: bool = False
    method: str = ""
    source: str = ""
    note: str = ""
    soft_flag_reason: str = ""

    @property
    def is_blank(self):
        return not self.unchanged and self.numerator is None and self.amount is None


@dataclass
class Parsed:
    """Figures by target id, answers by field id, and what is wrong (`errors`) or odd (`soft`) by name."""

    values: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    soft: dict = field(default_factory=dict)


def asked_targets(form_section, targets, first_of_month, unit_id=None):
    """The targets of the section's sector that the unit reports in that month, in turn or not."""
    if form_section.kind != FormSection.Kind.TARGETS:
        return []
    return [
        target
        for target in targets
        if target.sector_id == form_section.sector_id and is_reported(target, first_of_month, unit_id)
    ]


def parse_section(form_section, raw, *, targets, previous, first_of_month, unit_id=None):
    """Parsed of one section's raw text. `targets` are those that apply to the unit, `previous` by id."""
    parsed = Parsed()
    nil = raw.get("nil") == ON and form_section.allow_nil
    for target in asked_targets(form_section, targets, first_of_month, unit_id):
        before = previous.get(target.pk, Previous())
        value = parse_target(target, raw, before, parsed, nil=nil, in_turn=is_in_turn(target, first_of_month))
        if value is not None:
            parsed.values[target.pk] = value
    if form_section.kind == FormSection.Kind.FIELDS:
        for form_field in form_section.fields.all():
            answer = parse_field(form_field, raw, parsed, nil=nil)
            if answer is not None:
                parsed.answers[form_field.pk] = answer
    return parsed


def parse_target(target, raw, before, parsed, *, nil, in_turn):
    """ValueData of one target, or None when nothing is said of it."""
    code = target.code
    typed = {
        part: clean_text(raw.get(f"{code}.{part}", "")) for part in ("numerator", "denominator", "amount")
    }
    words = {part: clean_text(raw.get(f"{code}.{part}", ""))[:MAX_NOTE] for part in (*NOTE_PARTS, "reason")}
    if not target.is_ratio:
        return parse_amount(target, typed["amount"], words, before, parsed, nil=nil)
    unchanged = raw.get(f"{code}.unchanged") == ON
    if not unchanged and not typed["numerator"] and not typed["denominator"]:
        # Nil, or a target that is not asked for this month: what stood before stands.
        unchanged = before.has_pair and (nil or not in_turn)
    if unchanged:
        if not before.has_pair:
            parsed.errors[f"{code}.unchanged"] = (
                "Chưa có số liệu kỳ trước để giữ nguyên. Hãy ghi tử số và mẫu số."
            )
            return None
        return ValueData(unchanged=True, **{part: words[part] for part in NOTE_PARTS})
    if not typed["numerator"] and not typed["denominator"]:
        return None
    return parse_pair(target, typed, words, before, parsed)


def parse_pair(target, typed, words, before, parsed):
    numbers = {}
    for part, label in (("numerator", target.numerator_label), ("denominator", target.denominator_label)):
        name = f"{target.code}.{part}"
        if not typed[part]:
            parsed.errors[name] = f"Thiếu «{label}»: ghi cả tử số và mẫu số, hoặc xóa cả hai."
            continue
        number = read_count(typed[part], name, parsed)
        if number is not None:
            numbers[part] = number
    if len(numbers) < 2:
        return None
    if numbers["numerator"] > numbers["denominator"]:
        parsed.errors[f"{target.code}.numerator"] = (
            f"Tử số ({format_number(numbers['numerator'])}) lớn hơn mẫu số "
            f"({format_number(numbers['denominator'])}): kiểm tra lại «{target.numerator_label}» và "
            f"«{target.denominator_label}»."
        )
        return None
    require_estimate_words(target, words, parsed)
    if odd := odd_pair(numbers, before):
        parsed.soft[f"{target.code}.numerator"] = odd
    return ValueData(
        **numbers, **{part: words[part] for part in NOTE_PARTS}, soft_flag_reason=words["reason"]
    )


def odd_pair(numbers, before):
    """A soft warning about a pair, or ''. Cumulative figures seldom fall (features F15)."""
    if not before.has_pair:
        return ""
    if numbers["numerator"] < before.numerator:
        return (
            f"Thấp hơn kỳ trước ({format_number(before.numerator)} → {format_number(numbers['numerator'])}). "
            "Số lũy kế thường không giảm."
        )
    if before.denominator and not (
        before.denominator <= numbers["denominator"] * 2 and numbers["denominator"] <= before.denominator * 2
    ):
        return (
            f"Mẫu số thay đổi nhiều ({format_number(before.denominator)} → "
            f"{format_number(numbers['denominator'])})."
        )
    return ""


def parse_amount(target, text, words, before, parsed, *, nil):
    name = f"{target.code}.amount"
    if not text:
        return ValueData(amount=0) if nil else None
    number = read_count(text, name, parsed)
    if number is None:
        return None
    if nil and number > 0:
        parsed.errors[name] = (
            "Đã đánh dấu «Không phát sinh trong kỳ» nhưng vẫn ghi số lớn hơn 0: bỏ dấu hoặc xóa số."
        )
        return None
    require_estimate_words(target, words, parsed)
    if odd := odd_amount(number, before):
        parsed.soft[name] = odd
    return ValueData(
        amount=number, **{part: words[part] for part in NOTE_PARTS}, soft_flag_reason=words["reason"]
    )


def odd_amount(number, before):
    """A soft warning about a flow that is far above the last months, or ''."""
    if not before.recent_amounts:
        return ""
    usual = median(before.recent_amounts)
    if number > OUTLIER_FLOOR and number > usual * OUTLIER_FACTOR:
        return f"Cao hơn nhiều so với các kỳ gần đây (thường khoảng {format_number(usual, 0)})."
    return ""


def require_estimate_words(target, words, parsed):
    """Estimates say how and from where (domain.md §7.3, T9 and T12)."""
    if not target.estimate:
        return
    for part, label in (("method", "phương pháp ước tính"), ("source", "nguồn số liệu")):
        if not words[part]:
            parsed.errors[f"{target.code}.{part}"] = f"Số ước tính cần ghi {label}."


def read_count(text, name, parsed, *, maximum=MAX_FIGURE):
    """The whole number typed, or None with an error noted under `name`."""
    try:
        number = parse_count(text)
    except NumberError as error:
        parsed.errors[name] = str(error)
        return None
    if number < 0:
        parsed.errors[name] = f"{format_number(number)} là số âm. Hãy ghi số từ 0 trở lên."
        return None
    if number > maximum:
        parsed.errors[name] = (
            f"{format_number(number)} quá lớn (nhiều nhất {format_number(maximum)}). Kiểm tra lại."
        )
        return None
    return number


def parse_field(form_field, raw, parsed, *, nil):
    """The answer as JSON, or None when empty or wrong. Missing required ones are found at hand-in."""
    name = f"f.{form_field.key}"
    if form_field.type == FormField.Type.PEOPLE:
        return parse_people(form_field, raw, parsed)
    text = clean_text(raw.get(name, ""))
    if not text:
        return None
    readers = {
        FormField.Type.COUNT: read_count_field,
        FormField.Type.MONEY: read_count_field,
        FormField.Type.DECIMAL: read_decimal_field,
        FormField.Type.DATE: read_date_field,
        FormField.Type.TIME: read_time_field,
        FormField.Type.CHOICE: read_choice_field,
    }
    return readers.get(form_field.type, read_text_field)(form_field, text, name, parsed)


def read_text_field(form_field, text, name, parsed):
    limit = MAX_LINE if form_field.type == FormField.Type.TEXT else MAX_TEXT
    if len(text) > limit:
        parsed.errors[name] = (
            f"Dài {format_number(len(text))} ký tự, nhiều nhất {format_number(limit)}. Hãy rút gọn; "
            "nội dung đã gõ vẫn được giữ."
        )
        return None
    return text


def read_count_field(form_field, text, name, parsed):
    return read_count(text, name, parsed, maximum=form_field.maximum or MAX_FIGURE)


def read_decimal_field(form_field, text, name, parsed):
    try:
        number = parse_decimal(text)
    except NumberError as error:
        parsed.errors[name] = str(error)
        return None
    if not 0 <= number <= (form_field.maximum or MAX_FIGURE):
        parsed.errors[name] = f"{format_number(number)} ngoài khoảng cho phép. Kiểm tra lại."
        return None
    return str(number)


def read_date_field(form_field, text, name, parsed):
    try:
        return parse_date(text).isoformat()
    except DateError as error:
        parsed.errors[name] = str(error)
        return None


def read_time_field(form_field, text, name, parsed):
    match = re.fullmatch(r"([0-9]{1,2}) *(?:[:hg.]|giờ)? *([0-9]{2})?(?: *phút)?", text.lower())
    if match and int(match[1]) < 24 and int(match[2] or 0) < 60:
        return time(int(match[1]), int(match[2] or 0)).strftime("%H:%M")
    parsed.errors[name] = f"«{text}» không phải giờ. Hãy ghi như 7:30 hoặc 7 giờ 30."
    return None


def read_choice_field(form_field, text, name, parsed):
    if text in form_field.choices:
        return text
    parsed.errors[name] = "Hãy chọn một trong các mục có sẵn."
    return None


def people_rows(form_field, raw):
    """[{column: text}] of the rows typed, in order of their numbers; empty rows are left out."""
    pattern = re.compile(rf"f\.{re.escape(form_field.key)}\.([0-9]{{1,4}})\.([a-z_]+)")
    rows = {}
    for name, text in raw.items():
        if (match := pattern.fullmatch(name)) and (text := clean_text(text)):
            rows.setdefault(int(match[1]), {})[match[2]] = text
    return sorted(rows.items())


def parse_people(form_field, raw, parsed):
    """[{column: value}] or None; each wrong cell is named by row and column."""
    people = []
    for number, row in people_rows(form_field, raw):
        person = {}
        for column in form_field.columns:
            name = f"f.{form_field.key}.{number}.{column['key']}"
            text = row.get(column["key"], "")
            if not text:
                if column.get("required"):
                    parsed.errors[name] = f"Người thứ {len(people) + 1}: thiếu «{column['label']}»."
                continue
            value = read_person_cell(column, text, name, parsed)
            if value is not None:
                person[column["key"]] = value
        people.append(person)
    if form_field.maximum and len(people) > form_field.maximum:
        parsed.errors[f"f.{form_field.key}"] = (
            f"Danh sách có {len(people)} người, nhiều nhất {form_field.maximum}."
        )
    return people or None


def read_person_cell(column, text, name, parsed):
    kind = column["type"]
    if kind == "year":
        return read_birth_year(text, name, parsed)
    if kind == "phone":
        digits = re.sub(r"[ .()-]", "", text).replace("+84", "0", 1)
        if PHONE.fullmatch(digits):
            return digits
        parsed.errors[name] = f"«{text}» không phải số điện thoại: 9 đến 11 chữ số, bắt đầu bằng 0."
        return None
    if kind == "choice" and text not in column["choices"]:
        parsed.errors[name] = f"«{column['label']}»: hãy chọn một trong {', '.join(column['choices'])}."
        return None
    if len(text) > MAX_LINE:
        parsed.errors[name] = f"«{column['label']}» quá dài, nhiều nhất {MAX_LINE} ký tự."
        return None
    return text


def read_birth_year(text, name, parsed):
    """A year of birth of somebody who is 16 for certain: younger people appear only as counts."""
    today = clock.today()
    if not re.fullmatch(r"(19|20)[0-9]{2}", text) or int(text) > today.year:
        parsed.errors[name] = f"«{text}» không phải năm sinh. Hãy ghi bốn chữ số, ví dụ 1998."
        return None
    if may_be_under_16(int(text), on=today):
        parsed.errors[name] = (
            f"Sinh năm {text}: có thể chưa đủ {ADULT_FOR_CONSENT} tuổi, không đưa vào danh sách."
        )
        return None
    return int(text)
