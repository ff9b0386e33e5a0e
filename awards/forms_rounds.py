"""What people type about a round: facts, forms, quotas, visibility, deadlines. Parsing only, no saving."""

from django import forms

from doanportal.formats import NumberError, format_number, parse_count, parse_decimal
from doanportal.typed import clean_line
from volunteers.forms_teams import DayField, DecisionForm, DressedForm, LineField, RowField, TextField, chosen

from .forms_dossier import CountField
from .models import AwardForm, Round, SubjectKind, Visibility
from .rounds import possible_stages
from .stages import Stage

LONGEST_RULES = 10_000
MOST_AWARDS = 10_000
NEVER = ""


class PercentField(forms.Field):
    """A share in percent, more than 0 and at most 100: 70, 66,67."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal", "maxlength": 12})

    def to_python(self, value):
        line = clean_line(value or "", 40).removesuffix("%")
        if not line:
            return None
        try:
            number = parse_decimal(line)
        except NumberError as error:
            raise forms.ValidationError(str(error)) from error
        if not 0 < number <= 100:
            raise forms.ValidationError("Ghi một tỷ lệ lớn hơn 0 và nhiều nhất 100.")
        if number != round(number, 2):
            raise forms.ValidationError("Ghi nhiều nhất hai chữ số sau dấu phẩy, ví dụ 66,67.")
        return number

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else format_number(value)


class NamedRowField(RowField):
    def label_from_instance(self, row):
        return str(getattr(row, "label", "") or row)


class RoundFactsForm(DressedForm):
    """The facts of a round; fields that may not be changed any more are taken out by `only`."""

    plan = NamedRowField(
        label="Kế hoạch năm", queryset=None, empty_label=None, error_messages=chosen("Hãy chọn kế hoạch năm.")
    )
    name = LineField(label="Tên đợt", longest=200, error_messages={"required": "Hãy ghi tên đợt xét chọn."})
    achievement = LineField(
        label="Thành tích in trên bằng",
        longest=300,
        error_messages={"required": "Hãy ghi thành tích, phần sau «Đã có thành tích xuất sắc trong»."},
    )
    rules = TextField(
        label="Quy định riêng của đợt",
        longest=LONGEST_RULES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    printed_on = DayField(
        label="Hạn ghi trong Thông báo", error_messages={"required": "Hãy ghi hạn gửi hồ sơ."}
    )
    exclusive = forms.BooleanField(label="Thông báo ghi «trước ngày»", required=False)
    supplements_allowed = forms.BooleanField(
        label="Cho đề nghị bổ sung trước khi hết hạn nhận hồ sơ", required=False
    )
    quorum_numerator = CountField(
        label="Có mặt ít nhất, tử số", most=100, error_messages={"required": "Hãy ghi tử số."}
    )
    quorum_denominator = CountField(
        label="Mẫu số", most=100, error_messages={"required": "Hãy ghi mẫu số, ví dụ 2/3."}
    )
    threshold_percent = PercentField(
        label="Đồng ý ít nhất (%)", error_messages={"required": "Hãy ghi tỷ lệ phiếu đồng ý cần đạt."}
    )
    base = forms.ChoiceField(
        label="Tính trên", choices=Round.Base.choices, error_messages=chosen("Hãy chọn cách tính tỷ lệ.")
    )
    method = forms.ChoiceField(
        label="Cách biểu quyết",
        choices=Round.Method.choices,
        error_messages=chosen("Hãy chọn cách biểu quyết."),
    )
    most_ballots = CountField(
        label="Số lần bỏ phiếu nhiều nhất",
        most=9,
        error_messages={"required": "Hãy ghi số lần bỏ phiếu nhiều nhất."},
    )
    fallback_form = NamedRowField(
        label="Hình thức thay khi cấp trên không khen",
        queryset=None,
        required=False,
        empty_label="Không có",
        error_messages=chosen("Hãy chọn lại hình thức."),
    )
    fallback_collectives = forms.BooleanField(label="Áp dụng cho tập thể", required=False)
    fallback_individuals = forms.BooleanField(label="Áp dụng cho cá nhân", required=False)

    def __init__(self, *args, plans, only, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans
        self.fields["fallback_form"].queryset = AwardForm.objects.filter(level=AwardForm.Level.PROVINCE)
        for field in self.fields.values():
            if isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "form-check-input"
        for name in [name for name in self.fields if name not in only]:
            del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        numerator, denominator = cleaned.get("quorum_numerator"), cleaned.get("quorum_denominator")
        for name, least in (("quorum_numerator", 1), ("quorum_denominator", 1), ("most_ballots", 1)):
            if cleaned.get(name) is not None and cleaned[name] < least:
                self.add_error(name, "Ghi một số từ 1 trở lên.")
        if numerator and denominator and numerator > denominator:
            self.add_error("quorum_numerator", "Tử số không lớn hơn mẫu số, ví dụ 2/3.")
        return cleaned


class ExtendForm(DressedForm):
    until = DayField(label="Nhận hồ sơ đến hết ngày", error_messages={"required": "Hãy ghi hạn mới."})
    reason = LineField(
        label="Lý do gia hạn", longest=300, error_messages={"required": "Hãy ghi lý do gia hạn."}
    )


class CloseRoundForm(DressedForm):
    reason = LineField(label="Lý do kết thúc sớm", longest=300, required=False)


class NoticeForm(DecisionForm):
    """Number, day and signed scan of the Thông báo that announced the round."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date"].label = "Ngày Thông báo"
        self.fields["date"].error_messages["required"] = "Hãy ghi ngày của Thông báo."


class QuotaForm(DressedForm):
    """One number for a unit, each unit of a kind (khối), or each unit of a cluster."""

    round_form = NamedRowField(
        label="Hình thức, đối tượng",
        queryset=None,
        empty_label="Chọn hình thức",
        error_messages=chosen("Hãy chọn hình thức của đợt."),
    )
    target = forms.ChoiceField(
        label="Cho đơn vị, khối hoặc cụm", error_messages=chosen("Hãy chọn đơn vị, khối hoặc cụm.")
    )
    most = CountField(
        label="Nhiều nhất một đơn vị",
        most=MOST_AWARDS,
        error_messages={"required": "Hãy ghi số lượng nhiều nhất mỗi đơn vị."},
    )

    def __init__(self, *args, round_forms, kinds, clusters, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round_form"].queryset = round_forms
        groups = (("khoi", "Khối", kinds), ("cum", "Cụm thi đua", clusters), ("don-vi", "Đơn vị", units))
        self.targets = {f"{code}-{row.pk}": row for code, _, rows in groups for row in rows}
        self.fields["target"].choices = [
            ("", "Chọn đơn vị, khối hoặc cụm"),
            *[
                (label, [(f"{code}-{row.pk}", getattr(row, "label", "") or str(row)) for row in rows])
                for code, label, rows in groups
                if rows
            ],
        ]

    @property
    def chosen_target(self):
        return self.targets[self.cleaned_data["target"]]


def forms_typed(post, award_forms):
    """({(form id, kind): most or None}, {input name: (typed, message)}) of the table of forms.

    `xet-<form>-<kind>` is ticked where the round considers it, `most-<form>-<kind>` is its number.
    """
    rows, wrong = {}, {}
    for form in award_forms:
        for kind in SubjectKind.values:
            name = f"{form.pk}-{kind}"
            if not post.get(f"xet-{name}"):
                continue
            text = clean_line(post.get(f"most-{name}", ""), 20)
            try:
                number = parse_count(text) if text else None
            except NumberError as error:
                wrong[f"most-{name}"] = str(error)
                continue
            if number is not None and not 0 < number <= MOST_AWARDS:
                wrong[f"most-{name}"] = "Ghi một số từ 1 trở lên, hoặc để trống nếu không giới hạn."
                continue
            rows[form.pk, kind] = number
    return rows, wrong


def visibility_typed(post):
    """{(audience, what): stage or ''} of the table; nonsense counts as never."""
    return {
        (audience, what): stage if (stage := post.get(f"{audience}-{what}", "")) in Stage.values else NEVER
        for audience in Visibility.Audience.values
        for what in Visibility.What.values
    }


def visibility_table(chosen_stages):
    """[(audience label, [(input name, what label, [(stage, label, chosen)], fixed)])] of the page.

    `chosen_stages`: {(audience, what): stage}.
    """
    table = []
    for audience in Visibility.Audience:
        cells = []
        for what in Visibility.What:
            possible = possible_stages(audience, what)
            current = chosen_stages.get((audience.value, what.value), NEVER)
            options = [(stage.value, stage.label, stage.value == current) for stage in possible]
            cells.append((f"{audience}-{what}", what.label, options, possible == (Stage.DRAFT,)))
        table.append((audience.label, cells))
    return table
