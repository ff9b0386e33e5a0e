"""What people type about workbooks: the file, the day, the declaration, the reason. Parsing only."""

from django import forms

from doanportal import clock
from doanportal.formats import DateError, format_date, parse_date
from doanportal.typed import clean_line

from .models import Consent

LONGEST_REASON = 300
SHORTEST_REASON = 5


class DayField(forms.CharField):
    """A day as people type it, day first."""

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {"required": "Hãy ghi ngày."})
        attrs = {"class": "form-control", "placeholder": "ngày/tháng/năm"}
        attrs |= {"autocomplete": "off", "maxlength": 30}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_date(typed)
        except DateError as error:
            raise forms.ValidationError(str(error)) from error


class ReasonField(forms.CharField):
    def __init__(self, **kwargs):
        attrs = {"class": "form-control", "autocomplete": "off", "maxlength": LONGEST_REASON}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value):
        reason = clean_line(value or "", LONGEST_REASON)
        if self.required and len(reason) < SHORTEST_REASON:
            raise forms.ValidationError("Ghi rõ lý do, ví dụ: gửi kèm Quyết định thành lập đội.")
        return reason


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Tệp Excel",
        help_text="Tệp .xlsx, nhiều nhất 10 MB.",
        error_messages={
            "required": "Hãy chọn tệp Excel.",
            "empty": "Tệp trống, không có nội dung. Hãy chọn lại tệp.",
        },
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx"}),
    )
    as_of = DayField(
        label="Ngày vào đội của dòng để trống «Từ ngày»", required=False, help_text="Để trống: hôm nay."
    )

    def __init__(self, *args, with_day=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not with_day:
            del self.fields["as_of"]

    def clean_as_of(self):
        day = self.cleaned_data["as_of"]
        if day and not 1990 <= day.year <= clock.today().year + 1:
            raise forms.ValidationError(f"Ngày {format_date(day)} không hợp lý. Kiểm tra lại năm.")
        return day


class TemplateForm(forms.Form):
    reason = ReasonField(label="Lý do tải danh sách hiện có")


class TakeForm(forms.Form):
    """Everybody was told and agreed: how, and when. Nothing is chosen beforehand."""

    declared = forms.BooleanField(
        label="Mọi người có tên trong tệp đã được thông báo mục đích và đã đồng ý có tên trong danh sách.",
        error_messages={"required": "Hãy xác nhận mọi người đã được thông báo và đồng ý."},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    channel = forms.ChoiceField(
        label="Cách đồng ý",
        choices=[("", "Chọn …"), *Consent.Channel.choices],
        error_messages={"required": "Hãy chọn cách đồng ý.", "invalid_choice": "Hãy chọn cách đồng ý."},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    given_on = DayField(label="Ngày đồng ý", help_text="Ngày người cuối cùng đồng ý.")

    @property
    def declaration(self):
        data = self.cleaned_data
        return {"channel": data["channel"], "given_on": data["given_on"].isoformat()}

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        if day > clock.today():
            raise forms.ValidationError("Ngày đồng ý không thể ở sau hôm nay.")
        return day


class ExportForm(forms.Form):
    reason = ReasonField(label="Lý do tải")
    day = DayField(label="Danh sách tính đến ngày")
    phones = forms.BooleanField(
        label="Kèm số điện thoại",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
