"""What people type about register rows: days as 25/3/2023, km with a comma, đồng whole. Parsing only."""

from django import forms
from django.utils.text import capfirst

from doanportal import clock
from doanportal.formats import (
    DateError,
    NumberError,
    format_date,
    format_number,
    parse_count,
    parse_date,
    parse_decimal,
)
from doanportal.typed import clean_line, clean_text

from .models import CameraRoute, Enterprise
from .queries_registers import VOIDED, RegisterFilter

LONGEST_TYPED = 40
LONGEST_PAGE = 6  # digits
MAX_PAGE = 10_000
KM_PLACES = 3


class LineField(forms.CharField):
    """One clean line; too long a one is told, never cut."""

    def __init__(self, *, longest, **kwargs):
        self.longest = longest
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        line = clean_line(super().to_python(value), self.longest + 1)
        if len(line) > self.longest:
            raise forms.ValidationError(f"Dài quá {self.longest} ký tự, hãy rút gọn.")
        return line


class TypedField(forms.Field):
    """Text that `read` turns into a value and `show` back; its own words where it cannot."""

    mode = ""
    hint = ""

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "off"}
        attrs |= {"inputmode": self.mode} if self.mode else {}
        attrs |= {"placeholder": self.hint} if self.hint else {}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value):
        text = clean_text(value or "")
        if not text:
            return None
        try:
            return self.read(text[:LONGEST_TYPED])
        except (DateError, NumberError) as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else self.show(value)


class DayField(TypedField):
    hint = "ngày/tháng/năm"

    def read(self, text):
        return parse_date(text)

    def show(self, value):
        return format_date(value)


class CountField(TypedField):
    mode = "numeric"

    def read(self, text):
        value = parse_count(text)
        if value < 0:
            raise NumberError("Số không được âm.")
        return value

    def show(self, value):
        return format_number(value)


class KmField(TypedField):
    mode = "decimal"
    hint = "ví dụ 2,5"

    def read(self, text):
        value = parse_decimal(text)
        if value < 0:
            raise NumberError("Số km không được âm.")
        if -value.as_tuple().exponent > KM_PLACES:
            raise NumberError("Ghi số km với nhiều nhất 3 chữ số sau dấu phẩy, ví dụ 2,125.")
        return value

    def show(self, value):
        return format_number(value)


def chosen(choices, label):
    return forms.ChoiceField(
        label=label,
        choices=[("", "Chọn …"), *((value, capfirst(words)) for value, words in choices)],
        error_messages={
            "required": "Hãy chọn một loại.",
            "invalid_choice": "Hãy chọn một loại trong danh sách.",
        },
    )


def line(label, longest, *, required=True, words="Hãy điền mục này.", **kwargs):
    return LineField(
        label=label, longest=longest, required=required, error_messages={"required": words}, **kwargs
    )


class RowForm(forms.Form):
    """The fields of one row; `units`: the units this person may write for, more than one gives a choice."""

    def __init__(self, *args, units=(), adding=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.adding = adding
        if adding:
            self.fields.pop("ended_on", None)
            if len(units) > 1:
                choices = [(str(unit.pk), unit.label) for unit in units]
                self.fields = {
                    "unit": forms.ChoiceField(
                        label="Đơn vị",
                        choices=choices,
                        error_messages={"invalid_choice": "Hãy chọn một đơn vị trong danh sách."},
                    )
                } | self.fields

    @property
    def values(self):
        """{model field: value} of what was typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "unit"}

    def take_problems(self, problems):
        """Put a rule's problems beside their fields; those of fields that are not here go on top."""
        for name, message in problems:
            self.add_error(name if name in self.fields else None, message)


def note_field():
    return line("Ghi chú", 300, required=False)


class CameraForm(RowForm):
    name = line("Tên tuyến", 200, words="Hãy ghi tên tuyến.")
    kind = chosen(CameraRoute.Kind.choices, "Loại tuyến")
    place = line("Địa điểm", 200, words="Hãy ghi địa điểm.", help_text="Ví dụ: ấp Hiệp Thành, xã Lộc Hiệp")
    length_km = KmField(label="Chiều dài (km)", required=False)
    cameras = CountField(label="Số camera", required=False)
    value = CountField(label="Giá trị (đồng)", required=False, help_text="Ghi đủ số đồng, ví dụ 45.000.000")
    handed_over_on = DayField(
        label="Ngày trao tặng",
        required=False,
        help_text="Để trống khi còn đang vận động, lắp đặt. Tuyến được tính từ ngày này.",
    )
    minutes = line(
        "Biên bản bàn giao", 120, required=False, help_text="Số, ngày biên bản; cần khi đã trao tặng"
    )
    note = note_field()


class DigitisedFields(forms.Form):
    digitised_on = DayField(
        label="Ngày có trên môi trường số", required=False, help_text="Để trống khi chưa số hóa."
    )
    digital_how = line(
        "Hình thức số hóa",
        120,
        required=False,
        widget=forms.TextInput(attrs={"list": "digital-how", "autocomplete": "off"}),
        help_text="Mã QR, sàn thương mại điện tử, trang bán hàng …",
    )
    digital_link = line(
        "Đường dẫn",
        300,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text="Nếu có, bắt đầu bằng https://",
    )


class OcopForm(RowForm, DigitisedFields):
    name = line("Tên sản phẩm", 200, words="Hãy ghi tên sản phẩm.")
    owner = line(
        "Chủ thể",
        200,
        words="Hãy ghi chủ thể của sản phẩm.",
        help_text="Tên cơ sở hoặc hộ kinh doanh. Không ghi số điện thoại, số căn cước.",
    )
    stars = CountField(label="Hạng sao", required=False, help_text="Từ 1 đến 5")
    recognised_on = DayField(
        label="Ngày được công nhận", error_messages={"required": "Hãy ghi ngày được công nhận."}
    )
    decision = line("Quyết định công nhận", 120, required=False, help_text="Số, ngày quyết định")
    ended_on = DayField(label="Ngừng từ ngày", required=False, help_text="Từ ngày này không còn được tính.")
    note = note_field()
    field_order = ["name", "owner", "stars", "recognised_on", "decision"]


class EnterpriseForm(RowForm, DigitisedFields):
    kind = chosen(Enterprise.Kind.choices, "Loại")
    name = line("Tên cơ sở", 200, words="Hãy ghi tên cơ sở.")
    place = line("Nơi đặt trụ sở", 200, required=False)
    product = line("Sản phẩm chính", 200, required=False)
    youth_owned_from = DayField(label="Do thanh niên làm chủ từ ngày", required=False)
    youth_owned_to = DayField(
        label="Do thanh niên làm chủ đến trước ngày",
        required=False,
        help_text="Để trống khi còn do thanh niên làm chủ.",
    )
    member_from = DayField(
        label="Hội viên, thành viên câu lạc bộ từ ngày",
        required=False,
        help_text="Hội Doanh nghiệp trẻ, Câu lạc bộ Khởi nghiệp, Câu lạc bộ Khởi nghiệp - Sáng tạo trẻ.",
    )
    member_to = DayField(
        label="Hội viên, thành viên đến trước ngày",
        required=False,
        help_text="Để trống khi còn là hội viên, thành viên.",
    )
    ended_on = DayField(label="Ngừng từ ngày", required=False, help_text="Từ ngày này không còn được tính.")
    note = note_field()
    field_order = ["kind", "name", "place", "product"]
    field_order += ["youth_owned_from", "youth_owned_to", "member_from", "member_to"]


class DigitiseForm(DigitisedFields):
    """The short form: from when, how, where."""

    take_problems = RowForm.take_problems

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["digitised_on"].help_text = ""

    @property
    def values(self):
        return self.cleaned_data


class EndForm(forms.Form):
    ended_on = DayField(
        label="Ngừng từ ngày",
        required=False,
        help_text="Trước ngày này vẫn được tính, từ ngày này thì không.",
    )
    take_problems = RowForm.take_problems


class VoidForm(forms.Form):
    reason = LineField(
        label="Lý do",
        longest=300,
        required=False,
        help_text="Ví dụ: ghi trùng, ghi nhầm đơn vị. Không ghi thông tin cá nhân.",
    )
    take_problems = RowForm.take_problems


FORMS = {"camera": CameraForm, "ocop": OcopForm, "doanh-nghiep": EnterpriseForm}


def positive(text, longest=LONGEST_PAGE):
    """The number typed, or 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else 0


def register_filter(asked):
    """(RegisterFilter, what is wrong with the day asked or "") of an address's parameters."""
    typed, wrong, day = clean_text(asked.get("ngay", ""))[:LONGEST_TYPED], "", clock.today()
    if typed:
        try:
            day = parse_date(typed)
        except DateError as error:
            wrong = f"{error} Danh mục dưới đây tính đến hôm nay."
    return (
        RegisterFilter(
            day=day,
            unit_id=positive(asked.get("don-vi", ""), 9) or None,
            state=clean_line(asked.get("trang-thai", ""), len(VOIDED) + 20),
            words=clean_line(asked.get("tim", ""), 100),
            page=min(MAX_PAGE, positive(asked.get("trang", "")) or 1),
        ),
        wrong,
    )
