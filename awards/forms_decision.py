"""What people send about decisions, the higher level, golden book and printing. Parsing only, no saving."""

from decimal import Decimal

from django import forms

from doanportal.formats import NumberError, format_number, parse_count, parse_decimal
from doanportal.typed import clean_line
from units.documents import clean_term, split_number
from volunteers.forms_teams import DayField, DecisionForm, DressedForm, LineField, TextField, chosen, read

from .certificates import OVERLAY_SLOTS, SLOTS
from .decisions import LONGEST_REASON, Given
from .models import CertificateBatch, HigherSubmission, Nomination, SubjectKind

MOST_ROWS = 100
OUTCOMES = ("", *Nomination.Outcome.values)
LONGEST_NUMBER = 30
MOST_SHIFT = 60
SMALLEST_SIDE, LARGEST_SIDE = 100, 450


def ids_of(data, name="id"):
    """The ids a page sent, each once; nonsense is left out."""
    typed = data.getlist(name)[:MOST_ROWS]
    return list(
        dict.fromkeys(int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 19)
    )


def outcome_rows(data):
    """({nomination id: Given}, {id: words}) of the table of outcomes as it was sent."""
    given, wrong = {}, {}
    for pk in ids_of(data):
        outcome = data.get(f"o{pk}", "")
        reason = clean_line(data.get(f"r{pk}", ""), LONGEST_REASON + 1)
        if outcome not in OUTCOMES:
            wrong[pk] = "Hãy chọn lại kết quả."
        elif len(reason) > LONGEST_REASON:
            wrong[pk] = f"Lý do dài quá {LONGEST_REASON} ký tự, hãy rút gọn."
        else:
            refused = outcome == Nomination.Outcome.REFUSED
            given[pk] = Given(outcome, reason if refused else "", data.get(f"w{pk}", ""))
    return given, wrong


class NumberForm(DecisionForm):
    """Number, day, term and signed scan as they come back."""


class ScanForm(DressedForm):
    file = forms.FileField(
        label="Bản đã ký, đóng dấu",
        allow_empty_file=True,
        error_messages={"required": "Hãy chọn tệp.", "invalid": "Không nhận được tệp. Hãy chọn lại."},
    )


class SubmitForm(DressedForm):
    """The day and, if known, the number of the Tờ trình."""

    sent_on = DayField(label="Ngày trình", error_messages={"required": "Hãy ghi ngày trình."})
    number = LineField(label="Số Tờ trình", longest=80, required=False)
    term = LineField(label="Nhiệm kỳ", longest=20, required=False)

    def clean(self):
        data = super().clean()
        data["symbol"] = ""
        if data.get("number"):
            data["number"], data["symbol"] = read(self, "number", split_number, data["number"]) or ("", "")
            if not data.get("term"):
                self.add_error("term", "Hãy ghi nhiệm kỳ của Tờ trình, ví dụ 2022-2027.")
        if data.get("term"):
            data["term"] = read(self, "term", clean_term, data["term"])
        return data


class AnswerForm(DressedForm):
    answer = forms.ChoiceField(
        label="Kết quả",
        choices=HigherSubmission.Answer.choices,
        widget=forms.RadioSelect,
        error_messages=chosen("Hãy chọn cấp trên đã khen hay không khen."),
    )
    answered_on = DayField(label="Ngày trả lời", error_messages={"required": "Hãy ghi ngày trả lời."})
    reference = LineField(label="Văn bản của cấp trên", longest=200, required=False)
    reason = LineField(label="Lý do không khen", longest=250, required=False)


class CorrectForm(DressedForm):
    name = LineField(label="Người, tập thể", longest=200, error_messages={"required": "Hãy ghi tên."})
    detail = LineField(label="Chức vụ, đơn vị", longest=300, required=False)
    achievement = LineField(
        label="Thành tích", longest=300, error_messages={"required": "Hãy ghi thành tích."}
    )
    reason = LineField(
        label="Lý do đính chính", longest=300, error_messages={"required": "Hãy ghi lý do đính chính."}
    )


class RevokeForm(DressedForm):
    reason = LineField(
        label="Lý do thu hồi", longest=300, error_messages={"required": "Hãy ghi lý do thu hồi."}
    )


class ExportForm(DressedForm):
    reason = TextField(
        label="Lý do tải tệp",
        longest=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 300}),
        error_messages={"required": "Hãy ghi lý do tải tệp."},
    )


class NumberText(forms.Field):
    """A number as people write it; `reader` makes it of the text. Empty is None."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal", "maxlength": 12})

    def __init__(self, *, least, most, whole=False, **kwargs):
        self.least, self.most, self.whole = least, most, whole
        super().__init__(**kwargs)

    def to_python(self, value):
        text = clean_line(value or "", LONGEST_NUMBER)
        if not text:
            return None
        try:
            number = parse_count(text) if self.whole else shift_of(text)
        except NumberError as error:
            raise forms.ValidationError(str(error)) from error
        if not self.least <= number <= self.most:
            raise forms.ValidationError(f"Hãy ghi số từ {self.least} đến {self.most}.")
        return number

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else format_number(Decimal(str(value)))


def shift_of(text):
    """A number of tenths of a millimetre; a sign in front says which way."""
    return round(parse_decimal(text.removeprefix("+")), 1)


class BatchForm(DressedForm):
    """Which entries of the round, and how."""

    mode = forms.ChoiceField(
        label="Cách in",
        choices=CertificateBatch.Mode.choices,
        initial=CertificateBatch.Mode.FULL,
        widget=forms.RadioSelect,
        error_messages=chosen("Hãy chọn cách in."),
    )
    kind = forms.ChoiceField(
        label="In cho",
        choices=[("", "Tất cả"), *SubjectKind.choices],
        required=False,
        error_messages=chosen("Hãy chọn tập thể, cá nhân hoặc tất cả."),
    )
    first = NumberText(label="Vào sổ vàng từ số", least=1, most=10**6, whole=True, required=False)
    last = NumberText(label="đến số", least=1, most=10**6, whole=True, required=False)

    def clean(self):
        data = super().clean()
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", "Số cuối nhỏ hơn số đầu.")
        return data


class LayoutForm(DressedForm):
    """The blank: its size, the shift found by a test print, the top of each line; empty: not printed."""

    width_mm = NumberText(
        label="Rộng (mm)",
        least=SMALLEST_SIDE,
        most=LARGEST_SIDE,
        whole=True,
        error_messages={"required": "Hãy ghi chiều rộng."},
    )
    height_mm = NumberText(
        label="Cao (mm)",
        least=SMALLEST_SIDE,
        most=LARGEST_SIDE,
        whole=True,
        error_messages={"required": "Hãy ghi chiều cao."},
    )
    offset_x_mm = NumberText(label="Dịch ngang (mm)", least=-MOST_SHIFT, most=MOST_SHIFT, required=False)
    offset_y_mm = NumberText(label="Dịch dọc (mm)", least=-MOST_SHIFT, most=MOST_SHIFT, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key in OVERLAY_SLOTS:
            field = NumberText(label=SLOTS[key].label, least=0, most=LARGEST_SIDE, required=False)
            field.widget.attrs["class"] = "form-control"
            self.fields[f"top_{key}"] = field

    @property
    def tops(self):
        return [(key, self[f"top_{key}"]) for key in OVERLAY_SLOTS]

    @property
    def layout_fields(self):
        """The values of a PrintLayout."""
        data = self.cleaned_data
        tops = {key: data[f"top_{key}"] for key in OVERLAY_SLOTS}
        return {
            "width_mm": data["width_mm"],
            "height_mm": data["height_mm"],
            "offset_x_mm": data["offset_x_mm"] or Decimal(0),
            "offset_y_mm": data["offset_y_mm"] or Decimal(0),
            "positions": {key: None if top is None else float(top) for key, top in tops.items()},
        }
