"""What is typed about consents, requests, copies and erasures. Parsing only, no saving."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone

from doanportal import clock
from doanportal.formats import DateError, parse_date
from doanportal.typed import clean_line

from .data_requests import LONGEST_EXTENSION
from .erasure import WHY
from .forms_registers import CountField, DayField, LineField, positive
from .models import Consent, ConsentText, DataSubjectRequest, PersonalAccess

NO_NAMES = "Được giữ trong nhật ký: không ghi họ tên, số điện thoại."
LONGEST_REASON = 300


class PersonalForm(forms.Form):
    """A form that looks like the portal's; nothing in it is chosen beforehand."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs["class"] = "form-control"


class Radio(forms.RadioSelect):
    """A complaint about the group leads to its first button."""

    def id_for_label(self, id_, index=None):
        return f"{id_}_{index or 0}" if id_ else ""


def choice(label, choices, missing, **kwargs):
    """Radio buttons, none of them chosen."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=Radio(attrs={"class": "form-check-input"}),
        error_messages={"required": missing, "invalid_choice": missing},
        **kwargs,
    )


def tick(label, missing):
    return forms.BooleanField(
        label=label,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": missing},
    )


def reason_field(label, *, required=True, missing="Hãy ghi lý do.", help_text=NO_NAMES):
    return LineField(
        label=label,
        longest=LONGEST_REASON,
        required=required,
        help_text=help_text,
        error_messages={"required": missing},
    )


def day_field(label, missing):
    return DayField(label=label, error_messages={"required": missing})


class ConsentForm(PersonalForm):
    """Who agreed to what, how and when; a tick that the words were read or told."""

    purpose = choice("Đồng ý để", ConsentText.Purpose.choices, "Hãy chọn mục đích.")
    by = choice("Người đồng ý", Consent.By.choices, "Hãy chọn ai đã đồng ý.")
    guardian_name = LineField(
        label="Họ tên cha mẹ hoặc người giám hộ",
        longest=120,
        required=False,
        help_text="Khi người đó đồng ý thay.",
    )
    channel = choice("Cách đồng ý", Consent.Channel.choices, "Hãy chọn cách đồng ý.")
    given_on = day_field("Ngày đồng ý", "Hãy ghi ngày đồng ý.")
    told = tick(
        "Người đồng ý đã đọc hoặc được đọc nội dung dưới đây và đồng ý rõ ràng",
        "Chỉ ghi khi người đó đã được đọc nội dung và đồng ý rõ ràng; im lặng không phải là đồng ý.",
    )


class BulkConsentForm(PersonalForm):
    """Signed papers of several members: the day, and who, each ticked by hand."""

    given_on = day_field("Ngày ký trên giấy", "Hãy ghi ngày ký trên giấy.")
    people = forms.MultipleChoiceField(
        label="Người đã ký",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Hãy đánh dấu từng người đã ký.",
            "invalid_choice": "Có người không còn trong danh sách này. Hãy xem lại.",
        },
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(str(person.pk), person.display_name) for person in people]


class RequestForm(PersonalForm):
    """What the person asked, how it came in, and on which day."""

    kind = choice("Yêu cầu", DataSubjectRequest.Kind.choices, "Hãy chọn người đó yêu cầu gì.")
    channel = choice("Nhận qua", Consent.Channel.choices, "Hãy chọn cách nhận được yêu cầu.")
    received_on = day_field("Ngày nhận", "Hãy ghi ngày nhận yêu cầu.")
    third_party = forms.BooleanField(
        label="Thông tin đã chuyển cho bên thứ ba (hạn thực hiện 20 ngày)",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    @property
    def received_at(self):
        """The moment: now for today, the beginning of the day for an earlier one."""
        day = self.cleaned_data["received_on"]
        if day == clock.today():
            return clock.now()
        return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


class ExtendForm(PersonalForm):
    days = CountField(
        label=f"Thêm số ngày (1 đến {LONGEST_EXTENSION})", error_messages={"required": "Hãy ghi số ngày."}
    )
    reason = reason_field("Lý do gia hạn")


class DoneForm(PersonalForm):
    outcome = reason_field("Đã làm gì", required=False)


class RefuseForm(PersonalForm):
    reason = reason_field("Lý do không thực hiện")


class CopyForm(PersonalForm):
    """Which file, and why it is taken: the reason is printed on it and kept in the log."""

    format = choice("Dạng tệp", [("pdf", "PDF để in"), ("json", "JSON để máy đọc")], "Hãy chọn dạng tệp.")
    reason = reason_field(
        "Lấy để làm gì",
        missing="Hãy ghi lấy bản sao để làm gì.",
        help_text=f"Ví dụ: trả lời yêu cầu xem dữ liệu. In trên tệp. {NO_NAMES}",
    )


class EraseForm(PersonalForm):
    why = choice("Lý do xóa", list(WHY.items()), "Hãy chọn lý do xóa.")
    sure = tick(
        "Tôi đã xem các chỗ liệt kê trên đây và hiểu việc xóa không khôi phục được",
        "Đánh dấu khi đã xem và chắc chắn xóa.",
    )


class FindForm(PersonalForm):
    """By POST: a name never stands in an address."""

    text = LineField(
        label="Họ tên hoặc một phần họ tên",
        longest=120,
        error_messages={"required": "Hãy ghi ít nhất hai chữ cái của họ tên."},
    )

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) < 2:
            raise forms.ValidationError("Hãy ghi ít nhất hai chữ cái của họ tên.")
        return text


@dataclass(frozen=True)
class LogFilter:
    """What the address of the access log asks for; `wrong` says which day could not be read."""

    unit_id: int | None
    person_id: int | None
    kind: str
    first_day: date | None
    last_day: date | None
    page: int
    wrong: tuple

    def narrow(self, rows):
        """The rows of the unit, kind and days asked for; the person is the caller's matter."""
        if self.unit_id:
            rows = rows.filter(unit=self.unit_id)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.first_day:
            rows = rows.filter(at__gte=start_of(self.first_day))
        if self.last_day and self.last_day < date.max:
            rows = rows.filter(at__lt=start_of(self.last_day + timedelta(days=1)))
        return rows


def start_of(day):
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def log_filter(asked):
    """LogFilter of request.GET; what cannot be read is left out and told."""
    wrong, days = [], {}
    for name, label in (("tu", "Từ ngày"), ("den", "Đến ngày")):
        typed = clean_line(asked.get(name, ""), 40)
        days[name] = None
        if typed:
            try:
                days[name] = parse_date(typed)
            except DateError as error:
                wrong.append(f"{label}: {error}")
    kind = asked.get("viec", "")
    typed_person = clean_line(asked.get("nguoi", ""), 40)
    if typed_person and number(typed_person) is None:
        wrong.append("Mã người: ghi số, ví dụ 125.")
    return LogFilter(
        unit_id=number(asked.get("don-vi", "")),
        person_id=number(typed_person),
        kind=kind if kind in PersonalAccess.Kind.values else "",
        first_day=days["tu"],
        last_day=days["den"],
        page=positive(asked.get("trang", "")),
        wrong=tuple(wrong),
    )


def number(text):
    """An id as digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
