"""A report under review: what changed and what is odd first, places to remark on, the requests so far."""

from dataclasses import dataclass, field
from itertools import groupby

from doanportal.formats import format_number
from plans.due_words import day_words, last_day
from plans.turns import is_in_turn

from ..models import Remark, Version
from ..parsing import asked_targets, odd_amount, odd_pair
from ..previous import Previous
from ..review import value_text
from .figures import amount_words, beside_words, pair_words

GOOD, WARN, PLAIN = "good", "warn", "plain"
WHOLE_SECTION = "Cả mục"


@dataclass(frozen=True)
class Chip:
    """A difference in a word or two, with its tone: good, warn or plain."""

    text: str
    tone: str = PLAIN


@dataclass(frozen=True)
class Figure:
    """A figure that an officer should look at: before, now, the difference, what is odd and why."""

    target: object
    before: str
    now: str
    to_date: str
    chips: list
    odd: str = ""
    reason: str = ""
    note: str = ""

    @property
    def anchor(self):
        return f"target:{self.target.code}"

    @property
    def flagged(self):
        return bool(self.odd or self.reason)


@dataclass
class Attention:
    """What comes first on the page: pairs to date, figures of the period, and what was left blank."""

    pairs: list = field(default_factory=list)
    flows: list = field(default_factory=list)
    blanks: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.pairs or self.flows or self.blanks)


def attention(content, *, month, changed=()):
    """The Attention of a Submitted content; `changed` are anchors that differ from the version before."""
    found = Attention()
    for section in content.sections:
        for target in asked_targets(section.form_section, content.targets, month, content.unit_id):
            value = content.values.get(target.pk)
            before = content.previous.get(target.pk, Previous())
            if value is None or value.is_blank:
                if is_in_turn(target, month):
                    found.blanks.append(target)
                continue
            figure = (
                pair_figure(target, value, before) if target.is_ratio else flow_figure(target, value, before)
            )
            if figure.flagged or figure.anchor in changed or differs(target, value, before):
                (found.pairs if target.is_ratio else found.flows).append(figure)
    for rows in (found.pairs, found.flows):
        rows.sort(key=lambda row: (not row.flagged, row.target.number))
    found.blanks.sort(key=lambda target: target.number)
    return found


def differs(target, value, before):
    """Whether a figure says something new: another pair than before, or a flow above zero."""
    if target.is_ratio:
        return not value.unchanged and (value.numerator, value.denominator) != (
            before.numerator,
            before.denominator,
        )
    return bool(value.amount)


def pair_figure(target, value, before):
    had = pair_words(before.numerator, before.denominator) if before.has_pair else "–"
    if value.unchanged:
        return Figure(target, had, "không thay đổi", had, [], note=beside_note(value))
    now = pair_words(value.numerator, value.denominator)
    numbers = {"numerator": value.numerator, "denominator": value.denominator}
    return Figure(
        target=target,
        before=had,
        now=now,
        to_date=now,
        chips=pair_chips(value, before),
        odd=odd_pair(numbers, before),
        reason=value.soft_flag_reason,
        note=beside_note(value),
    )


def pair_chips(value, before):
    """«+79», «mẫu số −6»; «mới» for the first pair."""
    if not before.has_pair:
        return [Chip("mới")]
    chips = []
    if difference := value.numerator - before.numerator:
        chips.append(Chip(signed(difference), GOOD if difference > 0 else WARN))
    if difference := value.denominator - before.denominator:
        chips.append(Chip(f"mẫu số {signed(difference)}", WARN if difference < 0 else PLAIN))
    return chips


def flow_figure(target, value, before):
    amount = value.amount
    return Figure(
        target=target,
        before=amount_words(before.last_amount, target) if before.last_amount is not None else "–",
        now=amount_words(amount, target),
        to_date=format_number(amount + (before.amount_to_date or 0)),
        chips=[],
        odd=odd_amount(amount, before),
        reason=value.soft_flag_reason,
        note=beside_note(value),
    )


def beside_note(value):
    """Method, source and note in one line; the reason of an odd figure stands on its own."""
    words = beside_words(value)
    reason = f"Lý do: {value.soft_flag_reason}"
    return words.removeprefix(reason).removeprefix(" · ") if value.soft_flag_reason else words


def signed(number):
    """+79, −6 with a real minus sign."""
    return f"+{format_number(number)}" if number > 0 else f"−{format_number(-number)}"


@dataclass
class Place:
    """Somewhere a remark can be bound to: a figure, a question or a whole section; with what was typed."""

    anchor: str
    label: str
    now: str = ""
    ticked: bool = False
    kind: str = Remark.Kind.MUST_FIX
    text: str = ""
    error: str = ""

    @property
    def id(self):
        return "id_" + "".join(letter if letter.isalnum() else "-" for letter in self.anchor)


@dataclass
class PlaceGroup:
    """The places of one section of the form."""

    title: str
    places: list

    @property
    def open(self):
        return any(place.ticked or place.text or place.error for place in self.places)


def place_groups(content, *, month):
    """[PlaceGroup] of a Submitted content, in the order of the form."""
    groups = []
    for section in content.sections:
        form_section = section.form_section
        places = [
            Place(f"target:{target.code}", target.short_label, now_words(content.values.get(target.pk)))
            for target in asked_targets(form_section, content.targets, month, content.unit_id)
        ]
        places += [
            Place(f"field:{form_field.key}", form_field.label) for form_field in form_section.fields.all()
        ]
        whole = WHOLE_SECTION if places else form_section.title
        places.append(Place(f"section:{form_section.code}", whole))
        groups.append(PlaceGroup(form_section.title, places))
    return groups


def now_words(value):
    return "để trống" if value is None or value.is_blank else value_text(value)


def place_names(content, *, month):
    """{anchor: label} of all places, for lists of remarks."""
    return {
        place.anchor: group.title if place.label == WHOLE_SECTION else place.label
        for group in place_groups(content, month=month)
        for place in group.places
    }


@dataclass(frozen=True)
class RemarkLine:
    """A remark with the place it is about and whether it was dealt with."""

    remark: Remark
    place: str

    @property
    def done_in(self):
        """The version that dealt with it, when that one was handed in."""
        resolved = self.remark.resolved_in
        return None if resolved is None or resolved.state == Version.State.DRAFT else resolved


@dataclass(frozen=True)
class Request:
    """One request for amendments with its remarks; `send_back` None for remarks left outside a request."""

    send_back: object
    lines: list

    @property
    def due_words(self):
        return day_words(last_day(self.send_back.correction)) if self.send_back else ""


def requests_made(remarks, names):
    """[Request] of remarks that come newest request first; the number of the version is in each remark."""
    groups = groupby(remarks, key=lambda remark: remark.send_back)
    return [
        Request(back, [RemarkLine(remark, names.get(remark.anchor, "")) for remark in rows])
        for back, rows in groups
    ]


def resolved_words(remarks, version):
    """«2/2 ý kiến đã giải quyết» of the remarks on earlier versions that must be mended, or ''."""
    asked = [
        remark
        for remark in remarks
        if remark.kind == Remark.Kind.MUST_FIX and remark.version.number < version.number
    ]
    if not asked:
        return ""
    done = sum(remark.resolved_in_id is not None for remark in asked)
    return f"{done}/{len(asked)} ý kiến đã giải quyết"


def difficulty_sections(sections):
    """[(label, text)] of what a report says of difficulties, from its ReadSections."""
    return [
        (answer.field.label, answer.text)
        for section in sections
        if section.form_section.code == "difficulties"
        for answer in section.answers
        if answer.text
    ]
