"""What people send about teams: founding, decision, debut, board, end. Parsing only, no saving."""

import tomllib
from functools import lru_cache
from pathlib import Path

from django import forms

from doanportal.formats import DateError, format_date, parse_date
from doanportal.typed import clean_line, clean_text
from units.documents import DocumentError, clean_term, split_number

from .models import BoardRole, Team

TASKS_FILE = Path(__file__).parent / "data" / "team_tasks.toml"
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
LONGEST_DAY = 40
MAX_TASKS = 4000
SCAN_TYPES = ".pdf,image/jpeg,image/png,image/webp"


class DayField(forms.Field):
    """A day as people write it: 25/3/2023."""

    widget = forms.TextInput(
        attrs={"autocomplete": "off", "placeholder": "ngày/tháng/năm", "inputmode": "text", "maxlength": 30}
    )

    def to_python(self, value):
        text = clean_line(value or "", LONGEST_DAY)
        if not text:
            return None
        try:
            day = parse_date(text)
        except DateError as error:
            raise forms.ValidationError(str(error)) from error
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise forms.ValidationError(f"Năm {day.year} không hợp lý. Hãy kiểm tra lại.")
        return day

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else format_date(value)


class LineField(forms.CharField):
    """One clean line; one that is too long is told, never cut."""

    def __init__(self, *, longest, **kwargs):
        self.longest = longest
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "maxlength": longest}))
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        line = clean_line(super().to_python(value), self.longest + 1)
        if len(line) > self.longest:
            raise forms.ValidationError(f"Dài quá {self.longest} ký tự, hãy rút gọn.")
        return line


class TextField(forms.CharField):
    """Text cleaned of control characters, new lines kept."""

    def __init__(self, *, longest, **kwargs):
        self.longest = longest
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        text = clean_text(super().to_python(value))
        if len(text) > self.longest:
            raise forms.ValidationError(f"Dài {len(text)} ký tự, nhiều nhất {self.longest}. Hãy rút gọn.")
        return text


class RowField(forms.ModelChoiceField):
    """One row of a queryset; any nonsense is «hãy chọn», never an error of the machine."""

    def to_python(self, value):
        if value not in self.empty_values and not (str(value).isascii() and str(value).isdigit()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        if value not in self.empty_values and len(str(value)) > 18:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class PostField(RowField):
    def label_from_instance(self, post):
        return f"{post.user.full_name}, {post.get_role_display()}"


class DressedForm(forms.Form):
    """Fields in the portal's own classes; what is wrong is said beside the field and to screen readers."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            ticked = isinstance(field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
            select = isinstance(field.widget, forms.Select) and not ticked
            css = "form-check-input" if ticked else "form-select" if select else "form-control"
            field.widget.attrs["class"] = css


def chosen(words):
    """The words of a choice that was not made, or is not on offer."""
    return {"required": words, "invalid_choice": words}


class KindsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        known = [
            one for one in value or [] if str(one).isascii() and str(one).isdigit() and len(str(one)) < 10
        ]
        return super().clean(known)


class TeamForm(DressedForm):
    """The facts of a team; how it came to be as long as that is open."""

    only_maintained = ("maintained_since",)

    name = LineField(label="Tên đội hình", longest=200, error_messages={"required": "Hãy ghi tên đội hình."})
    kinds = KindsField(
        label="Loại đội hình",
        queryset=None,
        error_messages=chosen("Hãy chọn ít nhất một loại đội hình.")
        | {"invalid_pk_value": "Hãy chọn lại loại."},
    )
    founding = forms.ChoiceField(
        label="Hình thành",
        choices=[
            (Team.Founding.DECISION, "Thành lập mới theo Quyết định"),
            (Team.Founding.MAINTAINED, "Duy trì từ trước"),
        ],
        initial=Team.Founding.DECISION,
        widget=forms.RadioSelect,
        error_messages=chosen("Hãy chọn thành lập mới hoặc duy trì từ trước."),
    )
    maintained_since = DayField(label="Duy trì từ ngày", required=False)
    place = LineField(label="Nơi hoạt động chính", longest=200, required=False)
    tasks = TextField(
        label="Nhiệm vụ", longest=MAX_TASKS, required=False, widget=forms.Textarea(attrs={"rows": 7})
    )

    def __init__(self, *args, kinds, with_founding=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].queryset = kinds
        if not with_founding:
            del self.fields["founding"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("founding") == Team.Founding.DECISION:
            self.forget(*self.only_maintained)
        elif not cleaned.get("maintained_since") and "maintained_since" not in self.errors:
            self.require_start()
        return cleaned

    def forget(self, *names):
        """What stands in fields that do not apply is neither read nor complained about."""
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data[name] = None

    def require_start(self):
        if "founding" in self.fields:
            self.add_error("maintained_since", "Hãy ghi ngày đội hình bắt đầu hoạt động.")


class FoundingForm(TeamForm):
    """A new team: also the unit, who is in charge, the debut, and the old decision of a kept-up team."""

    unit = RowField(label="Đơn vị", queryset=None, error_messages=chosen("Hãy chọn đơn vị."))
    responsible = PostField(
        label="Đồng chí phụ trách",
        queryset=None,
        empty_label="Chọn Bí thư hoặc Phó Bí thư",
        error_messages=chosen("Hãy chọn đồng chí Bí thư hoặc Phó Bí thư phụ trách đội hình."),
    )
    old_number = LineField(label="Quyết định cũ, số và ký hiệu", longest=80, required=False)
    old_date = DayField(label="Ngày Quyết định cũ", required=False)
    old_term = LineField(label="Nhiệm kỳ", longest=20, required=False)
    debut_on = DayField(label="Ngày ra mắt", required=False)
    debut_place = LineField(label="Nơi ra mắt", longest=200, required=False)
    field_order = ("unit", "kinds", "name", "founding")
    only_maintained = ("maintained_since", "old_number", "old_date", "old_term")

    def __init__(self, *args, units, posts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["responsible"].queryset = posts

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("founding") == Team.Founding.MAINTAINED:
            self.read_old_decision(cleaned)
        return cleaned

    def read_old_decision(self, cleaned):
        """`old_decision` of number, day and term, which go together or are all left out."""
        cleaned["old_decision"] = None
        number, day = cleaned.get("old_number"), cleaned.get("old_date")
        if not number and not day:
            return
        if not number:
            self.add_error("old_number", "Đã ghi ngày thì ghi cả số của Quyết định cũ, hoặc để trống cả hai.")
        if not day and "old_date" not in self.errors:
            self.add_error("old_date", "Đã ghi số thì ghi cả ngày của Quyết định cũ, hoặc để trống cả hai.")
        number, symbol = read(self, "old_number", split_number, number) or ("", "")
        term = read(self, "old_term", clean_term, cleaned.get("old_term", ""))
        if number and day and term:
            cleaned["old_decision"] = (number, symbol, term, day)


class DecisionForm(DressedForm):
    """Number, day and signed scan of a decision as they come back."""

    number = LineField(
        label="Số, ký hiệu",
        longest=80,
        error_messages={"required": "Hãy ghi số, ký hiệu như trên bản đã ký."},
    )
    date = DayField(label="Ngày Quyết định", error_messages={"required": "Hãy ghi ngày của Quyết định."})
    term = LineField(
        label="Nhiệm kỳ", longest=20, error_messages={"required": "Hãy ghi nhiệm kỳ, ví dụ 2022-2027."}
    )
    file = forms.FileField(
        label="Bản đã ký, đóng dấu",
        required=False,
        allow_empty_file=True,  # an empty one is told by the reader of uploads, with its name
        widget=forms.FileInput(attrs={"accept": SCAN_TYPES}),
        error_messages={"invalid": "Không nhận được tệp. Hãy chọn lại."},
    )

    def clean(self):
        cleaned = super().clean()
        if "number" in cleaned:
            cleaned["number"], cleaned["symbol"] = read(self, "number", split_number, cleaned["number"]) or (
                "",
                "",
            )
        if "term" in cleaned:
            cleaned["term"] = read(self, "term", clean_term, cleaned["term"])
        return cleaned


def read(form, name, reader, text):
    """What the reader makes of the text, or None with its words at the field."""
    if name in form.errors:
        return None
    try:
        return reader(text)
    except DocumentError as error:
        form.add_error(name, str(error))
        return None


class DebutForm(DressedForm):
    on = DayField(label="Ngày ra mắt", error_messages={"required": "Hãy ghi ngày ra mắt."})
    place = LineField(label="Nơi ra mắt", longest=200, required=False)


class ResponsibleForm(DressedForm):
    post = PostField(
        label="Đồng chí phụ trách",
        queryset=None,
        empty_label=None,
        error_messages=chosen("Hãy chọn đồng chí Bí thư hoặc Phó Bí thư phụ trách đội hình."),
    )

    def __init__(self, *args, posts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts


class AppointForm(DressedForm):
    """A seat on the command board."""

    person = RowField(
        label="Người", queryset=None, error_messages=chosen("Hãy chọn một người trong danh sách của đơn vị.")
    )
    role = forms.ChoiceField(
        label="Chức danh", choices=BoardRole.choices, error_messages=chosen("Hãy chọn chức danh.")
    )
    since = DayField(label="Từ ngày", error_messages={"required": "Hãy ghi ngày bắt đầu."})
    basis = LineField(label="Căn cứ", longest=200, required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class EndTermForm(DressedForm):
    on = DayField(label="Thôi giữ chức danh từ ngày", error_messages={"required": "Hãy ghi ngày thôi giữ."})


class DissolveForm(DressedForm):
    on = DayField(label="Giải thể từ ngày", error_messages={"required": "Hãy ghi ngày giải thể."})
    basis = LineField(label="Căn cứ", longest=200, error_messages={"required": "Hãy ghi căn cứ giải thể."})


@lru_cache(maxsize=1)
def usual_tasks():
    """{team kind code: [task]} as the plan words them."""
    return tomllib.loads(TASKS_FILE.read_text(encoding="utf-8"))


def suggested_tasks(kinds):
    """The tasks of those kinds, one a line, each once."""
    lines = dict.fromkeys(line for kind in kinds for line in usual_tasks().get(kind.code, []))
    return "\n".join(lines)
