"""What people type about activities: filter, details, another day, plan, result, photos. Parsing only."""

import re
from datetime import time

from django import forms

from doanportal import clock
from doanportal.formats import NumberError, parse_count
from doanportal.typed import clean_line, clean_text

from .activities import COUNTED, Details
from .forms_registers import CountField, DayField, LineField, TypedField
from .models import GROUPS, Activity, ActivityPlan
from .queries_activities import MONTH, TARGET, YEAR, ActivityFilter

LONGEST_PAGE = 6  # digits
LONGEST_ID = 9
LARGEST_COUNT = 1_000_000
LARGEST_MONEY = 10**15
FIRST_YEAR = 2020
YEARS_AHEAD = 2
LONGEST_TEXT = 10_000
TIME = re.compile(r"([01]?[0-9]|2[0-3])\s*(?:[:hH.]|giờ)\s*([0-5]?[0-9])?(?::[0-5][0-9])?")
REQUIRED = {"required": "Chưa nhập."}


def number_in(text, longest, default):
    """The positive number of an address; `default` for anything else."""
    known = text.isascii() and text.isdigit() and len(text) <= longest
    return int(text) or default if known else default


def activity_filter(asked):
    """The ActivityFilter of an address; what is not known is left out."""
    period, target, state = asked.get("ky", ""), asked.get("chi-tieu", ""), asked.get("trang-thai", "")
    return ActivityFilter(
        period=period if MONTH.fullmatch(period) or YEAR.fullmatch(period) else "",
        target=target if TARGET.fullmatch(target) else "",
        team=number_in(asked.get("doi", ""), LONGEST_ID, 0),
        unit=clean_line(asked.get("don-vi", ""), 20),
        state=state if state in Activity.State.values else "",
        text=clean_line(asked.get("q", ""), 100),
        page=number_in(asked.get("trang", ""), LONGEST_PAGE, 1),
    )


class TimeField(TypedField):
    """An hour of the day: 7:30, 7h30, 7 giờ 30, 14h."""

    hint = "7:30"

    def read(self, text):
        if not (found := TIME.fullmatch(text)):
            raise NumberError(f"“{text}” không phải giờ. Hãy viết như 7:30 hoặc 14h.")
        return time(int(found[1]), int(found[2] or 0))

    def show(self, value):
        return f"{value:%H:%M}"


class LimitedCountField(CountField):
    """A whole number up to a million."""

    limit = LARGEST_COUNT
    too_large = "Số quá lớn, hãy kiểm tra lại."

    def read(self, text):
        value = super().read(text)
        if value >= self.limit:
            raise NumberError(self.too_large)
        return value


class MoneyField(LimitedCountField):
    """Whole đồng."""

    limit = LARGEST_MONEY
    too_large = "Số tiền quá lớn, hãy kiểm tra lại (tính bằng đồng)."


class TextField(forms.CharField):
    """Text of several lines, cleaned; too long a one is told, never cut."""

    def __init__(self, *, longest, rows=4, **kwargs):
        self.longest = longest
        super().__init__(strip=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value):
        text = clean_text(super().to_python(value))
        if len(text) > self.longest:
            raise forms.ValidationError(f"Dài {len(text)} ký tự, nhiều nhất {self.longest}. Hãy rút gọn.")
        return text


class EventDayField(DayField):
    """The day of an activity: within the years that plans are about."""

    def read(self, text):
        day = super().read(text)
        last = clock.today().year + YEARS_AHEAD
        if not FIRST_YEAR <= day.year <= last:
            raise NumberError(f"Năm {day.year} ngoài khoảng {FIRST_YEAR} đến {last}. Hãy kiểm tra lại.")
        return day


def choice(label, required, **kwargs):
    messages = {"required": required, "invalid_choice": "Giá trị này không có trong danh sách. Hãy chọn lại."}
    return forms.ChoiceField(label=label, required=bool(required), error_messages=messages, **kwargs)


def several(label):
    messages = {"invalid_choice": "Có mục không thuộc danh sách này. Hãy chọn lại."}
    return forms.MultipleChoiceField(label=label, required=False, error_messages=messages)


class ActivityForm(forms.Form):
    """The details of an activity; its host and day only when it is planned."""

    unit = choice("Đơn vị chủ trì", "Hãy chọn đơn vị chủ trì.")
    kind = choice("Loại hoạt động", "Hãy chọn loại hoạt động.")
    title = LineField(
        label="Tên hoạt động", longest=200, error_messages={"required": "Hãy ghi tên hoạt động."}
    )
    starts_on = EventDayField(label="Ngày", error_messages={"required": "Hãy ghi ngày diễn ra."})
    starts_time = TimeField(label="Giờ bắt đầu", required=False)
    ends_on = EventDayField(label="Đến ngày", required=False)
    place = LineField(label="Địa điểm", longest=200, error_messages={"required": "Hãy ghi địa điểm."})
    assigned = forms.BooleanField(label="Hoạt động được giao", required=False)
    volunteers = LimitedCountField(label="Số tình nguyện viên dự kiến", required=False)
    teams = several("Đội hình tham gia")
    joint = several("Đơn vị phối hợp")
    targets = several("Tính vào chỉ tiêu")
    usual = forms.BooleanField(label="Thêm các chỉ tiêu thường tính của loại hoạt động này", required=False)
    content = choice("Nội dung triển khai", "")
    sector = choice("Lĩnh vực", "")

    def __init__(self, *args, hosts, choices, teams, guests, activity=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.hosts, self.choices, self.activity = hosts, choices, activity
        self.all_teams, self.guests = teams, guests
        if activity is not None:
            del self.fields["starts_on"], self.fields["unit"]
        elif len(hosts) == 1:
            del self.fields["unit"]
        else:
            self.fields["unit"].choices = [(str(unit.pk), unit.label) for unit in hosts]
        self.fields["kind"].choices = [("", "– chọn –"), *coded(choices.kinds)]
        self.fields["sector"].choices = [("", "–"), *coded(choices.sectors)]
        self.fields["content"].choices = [("", "–"), *coded(choices.contents)]
        self.fields["targets"].choices = coded(choices.targets)
        self.fields["teams"].choices = [(str(team.pk), team.name) for team in teams]
        self.fields["joint"].choices = [(str(unit.pk), unit.label) for unit in guests]

    def clean(self):
        given = super().clean()
        starts_on = self.activity.starts_on if self.activity else given.get("starts_on")
        ends_on = given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        host = self.host
        if host is not None:
            strangers = [
                t for t in self.all_teams if str(t.pk) in given.get("teams", []) and t.unit_id != host.pk
            ]
            if strangers:
                names = ", ".join(team.name for team in strangers)
                self.add_error("teams", f"Không phải đội hình của {host.label}: {names}. Hãy bỏ chọn.")
            if str(host.pk) in given.get("joint", []):
                self.add_error("joint", f"{host.label} là đơn vị chủ trì, không ghi vào đơn vị phối hợp.")
        return given

    @property
    def host(self):
        """The Unit that hosts, None as long as none was chosen."""
        if self.activity is not None:
            return self.activity.unit
        if len(self.hosts) == 1:
            return self.hosts[0]
        chosen = self.cleaned_data.get("unit")
        return next((unit for unit in self.hosts if str(unit.pk) == chosen), None)

    @property
    def details(self):
        """The Details of a valid form; targets with the kind's usual ones where that was asked for."""
        given = self.cleaned_data
        kind = next(row for row in self.choices.kinds if row["code"] == given["kind"])
        codes = set(given["targets"]) | (set(kind["targets"]) if given["usual"] else set())
        return Details(
            kind_id=kind["id"],
            title=given["title"],
            place=given["place"],
            starts_time=given["starts_time"],
            ends_on=given["ends_on"],
            content_id=id_of(self.choices.contents, given["content"]),
            sector_id=id_of(self.choices.sectors, given["sector"]),
            volunteers=given["volunteers"],
            assigned=given["assigned"],
            targets=[row["id"] for row in self.choices.targets if row["code"] in codes],
            teams=[int(pk) for pk in given["teams"]],
            joint=[int(pk) for pk in given["joint"]],
        )


def coded(rows):
    return [(row["code"], row["label"]) for row in rows]


def id_of(rows, code):
    return next((row["id"] for row in rows if row["code"] == code), None)


class MoveForm(forms.Form):
    starts_on = EventDayField(label="Ngày mới", error_messages={"required": "Hãy ghi ngày mới."})
    starts_time = TimeField(label="Giờ bắt đầu", required=False)
    ends_on = EventDayField(label="Đến ngày", required=False)
    reason = LineField(label="Lý do dời", longest=300, error_messages={"required": "Hãy ghi lý do dời ngày."})


class CancelForm(forms.Form):
    reason = LineField(label="Lý do hủy", longest=300, error_messages={"required": "Hãy ghi lý do hủy."})


class PlanForm(forms.Form):
    """The plan as text, as a file, or both."""

    text = TextField(label="Phương án", longest=LONGEST_TEXT, rows=8, required=False)
    file = forms.FileField(
        label="Tệp phương án",
        required=False,
        allow_empty_file=True,
        max_length=None,
        error_messages={"invalid": "Không nhận được tệp. Hãy chọn lại."},
    )
    late_reason = LineField(label="Lý do gửi muộn", longest=300, required=False)


class AnswerForm(forms.Form):
    answer = choice(
        "Trả lời", "Hãy chọn «Đã tiếp nhận» hoặc «Có ý kiến».", choices=ActivityPlan.Answer.choices
    )
    text = TextField(label="Ý kiến", longest=4000, required=False)


class ResultForm(forms.Form):
    """How it went. Blank is not zero: what was not counted stays blank."""

    result = TextField(label="Kết quả", longest=LONGEST_TEXT, rows=5, required=False)
    volunteers = LimitedCountField(label="Số tình nguyện viên tham gia", required=False)
    value = MoneyField(label="Giá trị công trình, phần việc (đồng)", required=False)
    cost = MoneyField(label="Kinh phí (đồng)", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in GROUPS:
            self.fields[name] = LimitedCountField(label=f"Lượt {label}", required=False)

    @property
    def groups(self):
        return [self[name] for name in COUNTED]

    @property
    def seen(self):
        """{group: what stood in the form when it was opened}; unreadable means nothing stood there."""
        return {name: whole(self.data.get(f"was_{name}", "")) for name in COUNTED}


def whole(text):
    try:
        return parse_count(text[:24])
    except NumberError:
        return None


class PhotoForm(forms.Form):
    caption = LineField(label="Chú thích", longest=200, required=False)


class PublishForm(forms.Form):
    may_publish = forms.BooleanField(label="Được đăng", required=False)
    basis = LineField(label="Căn cứ đồng ý", longest=300, required=False)
