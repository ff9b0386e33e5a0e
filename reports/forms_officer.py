"""What officers send: filters, remarks with a date, calls, waivers. Parsing only, no saving."""

from dataclasses import dataclass

from django import forms

from doanportal.formats import DateError, format_date, parse_date
from plans.models import Contact

from .adjusting import Act
from .models import Remark
from .parsing import clean_text
from .presenters.review import Place
from .queries_review import MINE, QueueFilter, Tab, clusters_of_year, default_cluster

MAX_PAGE = 10_000
LONGEST_PAGE = 6  # digits
LONGEST_DAY = 40


class DayField(forms.Field):
    """A day as people write it: 25/3/2023."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "25/3/2023"})

    def to_python(self, value):
        text = (value or "").strip()
        if not text:
            return None
        try:
            return parse_date(text[:LONGEST_DAY])
        except DateError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else format_date(value)


class TextField(forms.CharField):
    """Text cleaned of control characters, new lines kept."""

    def to_python(self, value):
        return clean_text(super().to_python(value))


def positive(text):
    """The page number asked for; 1 for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_PAGE else 1
    return number if 0 < number <= MAX_PAGE else 1


@dataclass(frozen=True)
class ClusterChoice:
    """The clusters an officer may narrow a list to, and the one chosen."""

    chosen: str
    options: list

    @property
    def label(self):
        return dict(self.options)[self.chosen]


def cluster_choice(request):
    """The ClusterChoice of ?cum=; unknown values fall back to where the officer begins. One query."""
    options = [("", "Tất cả cụm")]
    if request.user.officer_department_ids:
        options.append((MINE, "Đơn vị tôi phụ trách"))
    options += clusters_of_year()
    asked = request.GET.get("cum", default_cluster(request.user))
    known = {value for value, _ in options}
    return ClusterChoice(asked if asked in known else default_cluster(request.user), options)


def cluster_asked(request):
    """?cum= as the queue understands it, without a look at which clusters there are."""
    asked = request.GET.get("cum", default_cluster(request.user))
    known = asked in ("", MINE) or (asked.isascii() and asked.isdigit() and len(asked) < 10)
    return asked if known else default_cluster(request.user)


def queue_filter(request, cluster):
    """The QueueFilter of the address; what is not known is left out."""
    asked = request.GET
    tab = asked.get("trang-thai", "")
    form = clean_text(asked.get("bieu-mau", ""))[:50]
    return QueueFilter(
        tab=Tab(tab) if tab in set(Tab) else Tab.WAITING,
        form=form,
        cluster=cluster,
        page=positive(asked.get("trang", "")),
    )


class SendBackForm(forms.Form):
    """The date, a general message, and remarks bound to places."""

    due_on = DayField(label="Hạn gửi lại", error_messages={"required": "Hãy ghi ngày hạn gửi lại."})
    message = TextField(
        label="Lời nhắn chung",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = groups
        if self.is_bound:
            for place in self.places():
                self.read_place(place)

    def places(self):
        return [place for group in self.groups for place in group.places]

    def read_place(self, place: Place):
        """Take over what was typed at the place, so that an error loses nothing."""
        place.text = clean_text(self.data.get(f"text.{place.anchor}", ""))
        place.ticked = self.data.get(f"place.{place.anchor}") == "on" or bool(place.text)
        kind = self.data.get(f"kind.{place.anchor}", "")
        place.kind = kind if kind in Remark.Kind.values else Remark.Kind.MUST_FIX

    def clean(self):
        cleaned = super().clean()
        for place in self.places():
            if place.ticked and not place.text:
                place.error = "Hãy ghi cần sửa, bổ sung gì ở đây, hoặc bỏ chọn."
            elif len(place.text) > 2000:
                place.error = "Ý kiến dài quá 2.000 ký tự. Hãy rút gọn."
        if any(place.error for place in self.places()):
            raise forms.ValidationError("Có chỗ đã chọn nhưng chưa ghi rõ ý kiến.")
        if not self.remarks and not cleaned.get("message") and "message" not in self.errors:
            raise forms.ValidationError("Hãy ghi ít nhất một ý kiến để đơn vị biết cần bổ sung gì.")
        return cleaned

    @property
    def remarks(self):
        """[(anchor, kind, text)] of the places with text."""
        return [(place.anchor, place.kind, place.text) for place in self.places() if place.text]


class ContactForm(forms.Form):
    """A call that was made: how, what was said, what was promised."""

    channel = forms.ChoiceField(
        label="Bằng",
        choices=Contact._meta.get_field("channel").choices,
        initial="phone",
        error_messages={"invalid_choice": "Hãy chọn cách liên hệ.", "required": "Hãy chọn cách liên hệ."},
    )
    note = TextField(label="Nội dung", required=False, max_length=300)
    promised_on = DayField(label="Hẹn gửi ngày", required=False)


class AdjustForm(forms.Form):
    """Waive, extend or end a waiver for the ticked units, with a reason."""

    act = forms.ChoiceField(
        label="Việc", choices=Act.choices, error_messages={"required": "Hãy chọn gia hạn hoặc miễn."}
    )
    until = DayField(label="Hạn mới", required=False)
    reason = TextField(
        label="Lý do",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do."},
    )
    units = forms.MultipleChoiceField(
        label="Đơn vị",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Hãy chọn ít nhất một đơn vị.",
            "invalid_choice": "Có đơn vị không thuộc danh sách này.",
        },
    )

    def __init__(self, *args, obligations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(str(row.pk), row.owner.label) for row in obligations]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") == Act.EXTEND and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Hãy ghi ngày hạn mới.")
        return cleaned
