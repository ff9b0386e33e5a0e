"""What people type into a dossier: nominees, reports, minutes, files. Parsing only, no saving."""

from django import forms

from doanportal import clock
from doanportal.formats import NumberError, parse_count
from doanportal.typed import clean_line
from volunteers.forms_teams import (
    SCAN_TYPES,
    DayField,
    DecisionForm,
    DressedForm,
    LineField,
    RowField,
    TextField,
    chosen,
)
from volunteers.models import Gender

from .dossiers import FILE_KINDS, MINUTES_FIELDS
from .models import SubjectKind

LONGEST_REPORT = 40_000
LONGEST_SUMMARY = 2000
LONGEST_DISCUSSION = 20_000
MOST_PEOPLE = 30_000
OLDEST = 100
FILE_TYPES = f"{SCAN_TYPES},.docx,.xlsx"


class CountField(forms.Field):
    """A whole number as people write it, 1.234 included; empty is None."""

    def __init__(self, *, most=MOST_PEOPLE, **kwargs):
        self.most = most
        attrs = {"autocomplete": "off", "inputmode": "numeric", "maxlength": 12}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value):
        line = clean_line(value or "", 40)
        if not line:
            return None
        try:
            number = parse_count(line)
        except NumberError as error:
            raise forms.ValidationError(str(error)) from error
        if not 0 <= number <= self.most:
            raise forms.ValidationError(f"Ghi một số từ 0 đến {self.most}.")
        return number


class YearField(CountField):
    """A year of birth in four digits."""

    def to_python(self, value):
        line = clean_line(value or "", 40)
        if not line:
            return None
        this_year = clock.today().year
        if not (line.isascii() and line.isdigit() and len(line) == 4):
            raise forms.ValidationError(f"“{line[:20]}” không phải năm sinh. Ghi bốn chữ số, ví dụ 1992.")
        if not this_year - OLDEST <= int(line) <= this_year - 6:
            raise forms.ValidationError(f"Năm sinh {line} không hợp lý. Hãy kiểm tra lại.")
        return int(line)


class AwardFormField(RowField):
    def label_from_instance(self, form):
        return form.name


class NominationForm(DressedForm):
    """Who is proposed, for which form: the line of trích ngang."""

    form = AwardFormField(
        label="Hình thức đề nghị",
        queryset=None,
        empty_label="Chọn hình thức",
        error_messages=chosen("Hãy chọn hình thức trong danh sách của đợt."),
    )
    summary = TextField(
        label="Tóm tắt thành tích",
        longest=LONGEST_SUMMARY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    over_quota_reason = LineField(
        label="Lý do đề nghị nhiều hơn số lượng của đợt", longest=300, required=False
    )

    def __init__(self, *args, award_forms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form"].queryset = award_forms

    @property
    def facts(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "form"}


class IndividualForm(NominationForm):
    name = LineField(
        label="Họ và tên", longest=120, error_messages={"required": "Hãy ghi họ và tên, có dấu."}
    )
    birth_year = YearField(label="Năm sinh", error_messages={"required": "Hãy ghi năm sinh, bốn chữ số."})
    gender = forms.ChoiceField(
        label="Giới tính",
        choices=[("", "Chọn"), *Gender.choices],
        required=False,
        error_messages=chosen("Hãy chọn Nam hoặc Nữ."),
    )
    position = LineField(label="Chức vụ", longest=160, required=False)
    workplace = LineField(label="Đơn vị công tác", longest=200, required=False)
    field_order = ("form", "name", "birth_year", "gender", "position", "workplace")

    def clean_name(self):
        name = self.cleaned_data["name"]
        if any(letter.isdigit() for letter in name) or not any(letter.isalpha() for letter in name):
            raise forms.ValidationError("Họ và tên chỉ gồm chữ, ví dụ Nguyễn Thị Lan.")
        return name


class CollectiveForm(NominationForm):
    name = LineField(
        label="Tên tập thể", longest=200, error_messages={"required": "Hãy ghi tên tập thể, viết đầy đủ."}
    )
    members = CountField(label="Số người của tập thể", required=False)
    workplace = LineField(label="Thuộc đơn vị", longest=200, required=False)
    field_order = ("form", "name", "members", "workplace")


NOMINATION_FORMS = {SubjectKind.COLLECTIVE: CollectiveForm, SubjectKind.INDIVIDUAL: IndividualForm}


class ReportForm(DressedForm):
    """The achievement report and the direct manager who confirms it."""

    report = TextField(
        label="Báo cáo thành tích",
        longest=LONGEST_REPORT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 24}),
    )
    confirmed_by = LineField(label="Thủ trưởng xác nhận", longest=120, required=False)
    confirmed_title = LineField(label="Chức vụ người xác nhận", longest=120, required=False)
    confirmed_on = DayField(label="Ngày xác nhận", required=False)

    def clean_confirmed_on(self):
        day = self.cleaned_data["confirmed_on"]
        if day and day > clock.today():
            raise forms.ValidationError("Ngày xác nhận ở sau hôm nay. Hãy kiểm tra lại.")
        return day


class MinutesForm(DressedForm):
    """The minutes of the unit's own meeting; for each nominee the votes."""

    met_on = DayField(label="Ngày họp", required=False)
    met_place = LineField(label="Nơi họp", longest=200, required=False)
    chair = LineField(label="Chủ trì, chức vụ", longest=120, required=False)
    minutes_taker = LineField(label="Thư ký, chức vụ", longest=120, required=False)
    invited = CountField(label="Số người được triệu tập", required=False)
    present = CountField(label="Số người có mặt", required=False)
    discussion = TextField(
        label="Diễn biến, ý kiến",
        longest=LONGEST_DISCUSSION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args, nominations=(), **kwargs):
        self.nominations = list(nominations)
        super().__init__(*args, **kwargs)
        for row in self.nominations:
            for side, words in (("for", "đồng ý"), ("against", "không đồng ý")):
                field = CountField(label=f"{row.name}: phiếu {words}", required=False)
                field.widget.attrs["class"] = "form-control"
                field.initial = getattr(row, f"votes_{side}")
                self.fields[f"{side}_{row.pk}"] = field

    def clean(self):
        cleaned = super().clean()
        for row in self.nominations:
            names = f"for_{row.pk}", f"against_{row.pk}"
            if any(name in self.errors for name in names):
                continue
            counted = [cleaned.get(name) for name in names]
            if counted.count(None) == 1:
                blank = names[counted.index(None)]
                self.add_error(blank, "Ghi cả phiếu đồng ý và không đồng ý; không có thì ghi 0.")
        return cleaned

    @property
    def rows(self):
        """[(nomination, field of votes for, field of votes against)]"""
        return [(row, self[f"for_{row.pk}"], self[f"against_{row.pk}"]) for row in self.nominations]

    @property
    def facts(self):
        return {name: self.cleaned_data[name] for name in MINUTES_FIELDS}

    @property
    def votes(self):
        data = self.cleaned_data
        return {row.pk: (data[f"for_{row.pk}"], data[f"against_{row.pk}"]) for row in self.nominations}


class FileForm(DressedForm):
    """One file with what it is."""

    file = forms.FileField(
        label="Tệp",
        allow_empty_file=True,  # an empty one is told by the reader of uploads, with its name
        widget=forms.FileInput(attrs={"accept": FILE_TYPES}),
        error_messages={"required": "Hãy chọn tệp.", "invalid": "Không nhận được tệp. Hãy chọn lại."},
    )
    kind = forms.ChoiceField(label="Là", error_messages=chosen("Hãy chọn loại giấy tờ."))
    caption = LineField(label="Chú thích", longest=200, required=False)

    def __init__(self, *args, of_nomination, **kwargs):
        super().__init__(*args, **kwargs)
        wanted = ("evidence", "report", "other") if of_nomination else ("minutes", "other")
        words = dict(FILE_KINDS)
        self.fields["kind"].choices = [(kind, words[kind]) for kind in wanted]


class WaiveForm(DressedForm):
    kind = forms.ChoiceField(
        choices=[("report", "report"), ("evidence", "evidence")],
        error_messages=chosen("Hãy chọn lại thành phần hồ sơ."),
    )
    reason = LineField(label="Lý do không cần", longest=300, required=False)


class ProposalForm(DecisionForm):
    """Number, day and signed scan of the Tờ trình."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date"].label = "Ngày Tờ trình"
        self.fields["date"].error_messages["required"] = "Hãy ghi ngày của Tờ trình."


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one kind; none is an empty list."""

    widget = ManyFiles(attrs={"accept": FILE_TYPES, "multiple": True})

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files if file]


class SupplementFiles(DressedForm):
    report_scan = FilesField(
        label="Báo cáo thành tích có xác nhận (bản quét)", required=False, allow_empty_file=True
    )
    evidence = FilesField(label="Minh chứng", required=False, allow_empty_file=True)

    @property
    def uploads(self):
        """[(upload, kind)]"""
        data = self.cleaned_data
        return [(file, "report") for file in data["report_scan"]] + [
            (file, "evidence") for file in data["evidence"]
        ]


class ConfirmForm(DressedForm):
    """A box to tick before what cannot be undone."""

    sure = forms.BooleanField(widget=forms.CheckboxInput)

    def __init__(self, *args, label, error, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = label
        self.fields["sure"].error_messages["required"] = error
        self.fields["sure"].widget.attrs["class"] = "form-check-input"
