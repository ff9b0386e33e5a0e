"""What is typed about people and their time in a team: parsing only, the rules are elsewhere."""

from django import forms

from doanportal import clock
from doanportal.formats import DateError, parse_date
from doanportal.typed import clean_line

from .forms_registers import DayField, LineField, positive
from .models import Consent, Gender
from .people import DETAIL_NAMES, Details, PersonError, clean_birth_year, clean_phone
from .roster import BASIS_LENGTH, ROLE_LENGTH, GuardianTold, Told

LONGEST_SEARCH = 80
LONGEST_PHONE = 30
CHOOSE = ("", "– chọn –")
NO_DAY = "Hãy ghi ngày, ví dụ 25/3/2023."
CONSENT_PART = ("told", "channel", "given_on")
GUARDIAN_PART = ("guardian_name", "guardian_channel", "guardian_on")


class RosterForm(forms.Form):
    """A form whose inputs look like the portal's and whose rules name the field they complain about."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput):
                css = "form-check-input"
            else:
                css = "form-select" if isinstance(widget, forms.Select) else "form-control"
            widget.attrs["class"] = css

    def blame(self, error):
        """Show a rule's refusal at its field, or above the form."""
        name = error.field if error.field in self.fields else None
        self.add_error(name, str(error))


class BirthYearField(LineField):
    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "placeholder": "1998"})
        super().__init__(longest=20, widget=widget, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        try:
            return clean_birth_year(text) if text else ""
        except PersonError as error:
            raise forms.ValidationError(str(error)) from error


class PhoneField(LineField):
    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"})
        super().__init__(longest=LONGEST_PHONE, widget=widget, **kwargs)

    def to_python(self, value):
        try:
            return clean_phone(super().to_python(value))
        except PersonError as error:
            raise forms.ValidationError(str(error)) from error


class DetailFields(RosterForm):
    """The fewest fields that do: no ethnicity, religion, party membership or ID number."""

    full_name = LineField(label="Họ và tên", longest=120, error_messages={"required": "Hãy ghi họ và tên."})
    birth_year = BirthYearField(label="Năm sinh", error_messages={"required": "Hãy ghi năm sinh."})
    gender = forms.ChoiceField(
        label="Giới tính",
        required=False,
        choices=[CHOOSE, *Gender.choices],
        error_messages={"invalid_choice": "Hãy chọn Nam hoặc Nữ."},
    )
    position = LineField(label="Chức vụ", required=False, longest=120)
    workplace = LineField(label="Đơn vị công tác, học tập", required=False, longest=200)
    phone = PhoneField(label="Số điện thoại", required=False)

    @property
    def details(self):
        return Details(**{name: self.cleaned_data[name] for name in DETAIL_NAMES})

    @property
    def detail_fields(self):
        return [self[name] for name in DETAIL_NAMES if name in self.fields]


def channel_field(label, **kwargs):
    return forms.ChoiceField(
        label=label,
        choices=[CHOOSE, *Consent.Channel.choices],
        error_messages={
            "required": "Hãy chọn cách đồng ý.",
            "invalid_choice": "Hãy chọn cách đồng ý.",
        },
        **kwargs,
    )


class JoinForm(DetailFields):
    """A person into a team: who (unless chosen), in what role since when, and that they agreed.

    `person`: somebody of the unit who is there already; `agreed`: whose consent is on record.
    """

    role = LineField(
        label="Vai trò trong đội", required=False, longest=ROLE_LENGTH, help_text="Để trống: thành viên."
    )
    joined = DayField(label="Vào đội từ ngày", error_messages={"required": NO_DAY})
    basis = LineField(
        label="Căn cứ",
        required=False,
        longest=BASIS_LENGTH,
        help_text="Quyết định thành lập, danh sách bổ sung … Không ghi tên người ở đây.",
    )
    told = forms.BooleanField(
        label="Người này đã được thông báo nội dung trên và đồng ý",
        error_messages={"required": "Chỉ ghi người đã được thông báo và đồng ý; đánh dấu khi đúng như vậy."},
    )
    channel = channel_field("Đồng ý bằng cách")
    given_on = DayField(label="Ngày đồng ý", error_messages={"required": NO_DAY})
    guardian_name = LineField(label="Họ tên cha, mẹ hoặc người giám hộ", required=False, longest=120)
    guardian_channel = channel_field("Người giám hộ đồng ý bằng cách", required=False)
    guardian_on = DayField(label="Ngày người giám hộ đồng ý", required=False)

    def __init__(self, *args, person=None, agreed=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            for name in DETAIL_NAMES:
                del self.fields[name]
        if agreed:
            for name in CONSENT_PART:
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        typed = [name for name in GUARDIAN_PART if cleaned.get(name)]
        if typed and len(typed) < len(GUARDIAN_PART):
            for name in GUARDIAN_PART:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Ghi đủ họ tên, cách và ngày đồng ý của người giám hộ.")
        return cleaned

    @property
    def told_consent(self):
        if "told" not in self.fields:
            return None
        return Told(self.cleaned_data["channel"], self.cleaned_data["given_on"])

    @property
    def guardian_consent(self):
        given = self.cleaned_data
        if not given.get("guardian_name"):
            return None
        return GuardianTold(given["guardian_name"], given["guardian_channel"], given["guardian_on"])

    @property
    def place_fields(self):
        return [self[name] for name in ("joined", "role", "basis")]

    @property
    def consent_fields(self):
        return [self[name] for name in CONSENT_PART[1:] if name in self.fields]

    @property
    def guardian_fields(self):
        return [self[name] for name in GUARDIAN_PART]

    @property
    def guardian_open(self):
        """Whether the part for whoever may be under 16 is to be seen at once."""
        return any(self[name].errors or self[name].value() for name in GUARDIAN_PART)


class PersonForm(DetailFields):
    """Mend a person's details."""

    reason = LineField(
        label="Lý do sửa", required=False, longest=300, help_text="Không ghi tên, số điện thoại ở đây."
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)


class LeaveForm(RosterForm):
    left = DayField(
        label="Ngày rời đội",
        error_messages={"required": NO_DAY},
        help_text="Từ ngày này không còn là thành viên.",
    )
    basis = LineField(
        label="Căn cứ",
        longest=300,
        error_messages={"required": "Hãy ghi căn cứ: quyết định, biên bản họp, đơn xin rời đội …"},
        help_text="Được giữ trong nhật ký; không ghi tên, số điện thoại.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class CorrectForm(RosterForm):
    """Mend days, role and basis of a time in the team; or another role from a day on."""

    joined = DayField(label="Vào đội từ ngày", error_messages={"required": NO_DAY})
    left = DayField(
        label="Ngày rời đội",
        required=False,
        help_text="Từ ngày này không còn là thành viên. Để trống: vẫn trong đội.",
    )
    role = LineField(
        label="Vai trò trong đội", required=False, longest=ROLE_LENGTH, help_text="Để trống: thành viên."
    )
    role_since = DayField(
        label="Vai trò mới áp dụng từ ngày",
        required=False,
        help_text="Chỉ ghi khi vai trò thay đổi giữa chừng. Để trống: sửa cho cả thời gian.",
    )
    basis = LineField(label="Căn cứ", required=False, longest=BASIS_LENGTH)
    reason = LineField(
        label="Lý do sửa",
        longest=300,
        error_messages={"required": "Hãy ghi lý do sửa; lý do được giữ trong nhật ký."},
        help_text="Được giữ trong nhật ký; không ghi tên, số điện thoại.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class PaperForm(RosterForm):
    """Why the list is taken out, and whether with whole phone numbers."""

    reason = LineField(
        label="Dùng để làm gì",
        longest=200,
        error_messages={
            "required": "Hãy ghi mục đích sử dụng; mục đích được in trên văn bản và ghi nhật ký."
        },
        help_text="Ví dụ: trình ký Quyết định thành lập đội hình.",
    )
    full_phones = forms.BooleanField(label="Ghi đủ số điện thoại", required=False)


def day_asked(request):
    """(day of ?ngay=, message): today where none is given; a wrong one is told and today shown."""
    typed = clean_line(request.GET.get("ngay", ""), 40)
    if not typed:
        return clock.today(), ""
    try:
        return parse_date(typed), ""
    except DateError as error:
        return clock.today(), f"{error} Đang hiện danh sách hôm nay."


def text_asked(request):
    """?q= as typed, at most so long as a name."""
    return clean_line(request.GET.get("q", ""), LONGEST_SEARCH)


def page_asked(request):
    return positive(request.GET.get("trang", "")) or 1


def number_asked(text):
    """An id that was sent, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
