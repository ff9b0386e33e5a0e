"""What people send about a council: members, the session, conflicts, counts. Parsing only, no saving."""

import re
from dataclasses import dataclass
from datetime import time

from django import forms

from doanportal.formats import NumberError, parse_count
from doanportal.typed import clean_line
from volunteers.forms_teams import DayField, DressedForm, LineField, RowField, TextField, chosen

from .council_votes import COUNTS, figures_of
from .models import CouncilMember
from .voting import HANDS

CLOCK = re.compile(r"([0-9]{1,2})\s*(?:giờ|gio|g|h|:|\.)\s*([0-9]{1,2})?\s*(?:phút|phut|p)?", re.IGNORECASE)
LONGEST_CLOCK = 20
LONGEST_REASON = 200
MOST_VOTES = 1000
# Short names keep a page of fifty rows small: issued, for, against, blank, invalid.
LETTERS = {"issued": "i", "votes_for": "f", "votes_against": "a", "blank": "b", "invalid": "x"}
NEEDED = ("votes_for", "votes_against")
LABELS = {
    "issued": "Phát ra",
    "votes_for": "Đồng ý",
    "votes_against": "Không đồng ý",
    "blank": "Phiếu trắng",
    "invalid": "Không hợp lệ",
}


class ClockField(forms.Field):
    """An hour as people write it: 8 giờ 30, 8h30, 8:30."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "8 giờ 30", "maxlength": 20})

    def to_python(self, value):
        text = clean_line(value or "", LONGEST_CLOCK)
        if not text:
            return None
        match = CLOCK.fullmatch(text)
        if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
            raise forms.ValidationError(f"“{text}” không phải giờ. Hãy viết như 8 giờ 30 hoặc 8:30.")
        return time(int(match[1]), int(match[2] or 0))

    def prepare_value(self, value):
        return clock_words(value) if isinstance(value, time) else value


def clock_words(value):
    """8 giờ 30; 8 giờ on the hour."""
    return f"{value.hour} giờ {value.minute:02d}" if value.minute else f"{value.hour} giờ"


class UnitField(RowField):
    def label_from_instance(self, unit):
        return unit.label


class MemberForm(DressedForm):
    """A member: an account of the portal or only a name."""

    user = RowField(
        label="Tài khoản",
        queryset=None,
        required=False,
        error_messages=chosen("Tài khoản này không còn dùng được. Hãy chọn lại."),
        widget=forms.HiddenInput,
    )
    name = LineField(label="Họ và tên", longest=120, error_messages={"required": "Hãy ghi họ và tên."})
    title = LineField(
        label="Chức vụ, đơn vị công tác",
        longest=160,
        error_messages={"required": "Hãy ghi chức vụ, đơn vị công tác như in trong biên bản."},
    )
    role = forms.ChoiceField(
        label="Chức danh trong Hội đồng",
        choices=CouncilMember.Role.choices,
        initial=CouncilMember.Role.MEMBER,
        error_messages=chosen("Hãy chọn chức danh."),
    )
    unit = UnitField(
        label="Đơn vị của thành viên",
        queryset=None,
        required=False,
        empty_label="Không thuộc đơn vị nào gửi hồ sơ",
        error_messages=chosen("Hãy chọn lại đơn vị."),
    )

    def __init__(self, *args, users, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users
        self.fields["unit"].queryset = units


class SessionForm(DressedForm):
    sits_on = DayField(label="Ngày họp", required=False)
    starts_time = ClockField(label="Từ giờ", required=False)
    place = LineField(label="Địa điểm", longest=200, required=False)
    basis = LineField(label="Quyết định thành lập Hội đồng", longest=200, required=False)


class CloseForm(DressedForm):
    ends_time = ClockField(label="Đến giờ", error_messages={"required": "Hãy ghi giờ kết thúc phiên họp."})
    discussion = TextField(
        label="Nội dung trao đổi",
        longest=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    leave_behind = forms.BooleanField(label="Đã biết", required=False)


def attendance_typed(post, members):
    """{member id: (present or None, reason)} of the attendance table."""
    given = {}
    for member in members:
        state = {"yes": True, "no": False}.get(post.get(f"present_{member.pk}"))
        given[member.pk] = (state, clean_line(post.get(f"reason_{member.pk}", ""), LONGEST_REASON))
    return given


def conflicts_typed(post, members, is_proposed):
    """({member id: reason} out, {member id: reason} kept): an unticked row with a reason is kept in."""
    out, kept = {}, {}
    for member in members:
        reason = clean_line(post.get(f"reason_{member.pk}", ""), LONGEST_REASON)
        if post.get(f"out_{member.pk}"):
            out[member.pk] = reason
        elif is_proposed(member) and reason:
            kept[member.pk] = reason
    return out, kept


# Counts: a table of rows, each a handful of numbers


@dataclass(frozen=True)
class CountRow:
    """What was typed in one row; `given` only when it can be read and something was typed."""

    typed: dict
    ballot: int
    seen: str
    given: object = None
    errors: tuple = ()


def count_row(post, nomination_id, *, method):
    """The row of that nomination: nothing typed, numbers, or numbers that cannot be read."""
    typed = {name: clean_line(post.get(f"{nomination_id}{LETTERS[name]}", ""), 12) for name in COUNTS}
    seen = clean_line(post.get(f"{nomination_id}s", ""), 80)
    ballot_text = post.get(f"{nomination_id}n", "1")
    ballot = (
        int(ballot_text) if ballot_text.isascii() and ballot_text.isdigit() and len(ballot_text) < 4 else 0
    )
    row = {"typed": typed, "ballot": ballot, "seen": seen}
    if not any(typed[name] for name in COUNTS if name != "issued"):
        return CountRow(**row)
    numbers, errors = {}, []
    for name in COUNTS:
        if method == HANDS and name in ("issued", "invalid"):
            numbers[name] = 0
            continue
        try:
            numbers[name] = number_typed(typed[name], needed=name in NEEDED or name == "issued")
        except NumberError as error:
            errors.append((name, f"{LABELS[name]}: {error}"))
    if errors:
        return CountRow(**row, errors=tuple(errors))
    return CountRow(**row, given=figures_of(method=method, **numbers))


def number_typed(text, *, needed):
    """The count typed; an empty one is 0 unless needed. Raises NumberError."""
    if not text and not needed:
        return 0
    number = parse_count(text)
    if not 0 <= number <= MOST_VOTES:
        raise NumberError(f"{text} không hợp lý. Hãy nhập số phiếu từ 0 trở lên.")
    return number
