"""The form a secretary fills in: inputs with what was typed, what is wrong with it, and what stood before."""

from dataclasses import dataclass, field

from doanportal.formats import format_date, format_number, parse_date
from plans.models import FormField, FormSection, TargetSource
from plans.turns import is_in_turn, source_kind
from reports.parsing import ON, asked_targets, people_rows
from reports.previous import Previous

from . import figures
from .offers import offer_of

FILE_TYPES = (FormField.Type.FILES, FormField.Type.PHOTOS)
NUMBER_TYPES = (FormField.Type.COUNT, FormField.Type.MONEY)
TEXT_TYPES = (FormField.Type.TEXT, FormField.Type.LONG_TEXT)
WORD_PARTS = (
    ("method", "Phương pháp ước tính"),
    ("source", "Nguồn số liệu"),
)
MAX_NOTE = 300
ACCEPT = {
    FormField.Type.PHOTOS: "image/jpeg,image/png,image/webp",
    FormField.Type.FILES: ".pdf,.docx,.xlsx,image/jpeg,image/png",
}


def element_id(name):
    """The HTML id of the input of that name."""
    return "id_" + name.replace(".", "-")


def card_id(key):
    """The HTML id of the card of a question: what was remarked on it stands on top there."""
    return f"card-{key}"


@dataclass
class Input:
    """One input: its name, label, what was typed and what is wrong with it."""

    name: str
    label: str
    value: str = ""
    error: str = ""
    inputmode: str = ""
    unit: str = ""
    required: bool = False
    theirs: str | None = None

    @property
    def id(self):
        return element_id(self.name)


@dataclass
class PersonCard:
    """One row of a people table: numbered inputs."""

    number: int
    heading: str
    inputs: list


@dataclass
class FieldView:
    field: FormField
    input: Input
    carried: str = ""
    offer: object = None
    people: list = field(default_factory=list)
    files: list = field(default_factory=list)
    remarks: list = field(default_factory=list)

    @property
    def is_file(self):
        return self.field.type in FILE_TYPES

    @property
    def accept(self):
        return ACCEPT[self.field.type]

    @property
    def card(self):
        return card_id(self.field.key)

    @property
    def anchor(self):
        """Where a finding about this question leads."""
        return element_id(f"f.{self.field.key}") if self.is_file or self.people else ""

    @property
    def full(self):
        return bool(self.field.maximum) and len(self.files) >= self.field.maximum


@dataclass
class TargetView:
    target: object
    inputs: list
    words: list
    reason: Input
    soft: str
    before: str
    goal: str
    goal_value: object
    bar: object = None
    unchanged_name: str = ""
    unchanged: bool = False
    unchanged_error: str = ""
    note: Input | None = None
    remarks: list = field(default_factory=list)

    @property
    def anchor(self):
        return f"target-{self.target.code}"

    @property
    def unchanged_id(self):
        return element_id(self.unchanged_name)

    @property
    def touched(self):
        """Whether something stands or is wrong here, so that a folded target opens."""
        inputs = [*self.inputs, *self.words, *([self.note] if self.note else [])]
        return any(row.value or row.error for row in inputs) or bool(self.unchanged_error or self.remarks)


@dataclass(frozen=True)
class Problem:
    """One line of the summary on top, linked to its input."""

    name: str
    label: str
    message: str

    @property
    def id(self):
        return element_id(self.name)


@dataclass
class SectionView:
    """One section as the template shows it."""

    form_section: FormSection
    number: int
    revision: int = 0
    saved_at: object = None
    nil: bool = False
    fields: list = field(default_factory=list)
    in_turn: list = field(default_factory=list)
    folded: list = field(default_factory=list)
    counted: list = field(default_factory=list)
    muted: list = field(default_factory=list)
    remarks: list = field(default_factory=list)

    @property
    def open_folded(self):
        return any(row.touched for row in self.folded)


@dataclass
class Typed:
    """What was typed in a section and what parsing said of it; `theirs` where two people met."""

    raw: dict
    errors: dict
    soft: dict
    theirs: dict | None = None

    def input(self, name, label, **more):
        return Input(
            name=name,
            label=label,
            value=self.raw.get(name, ""),
            error=self.errors.get(name, ""),
            theirs=self.other_text(name),
            **more,
        )

    def other_text(self, name):
        if self.theirs is None or self.theirs.get(name, "") == self.raw.get(name, ""):
            return None
        return self.theirs.get(name, "")


def section_view(draft, section, typed, *, number, carried=None, spare_row=""):
    """The SectionView of a section of a Draft.

    `carried`: {field id: value} of the period before; `spare_row`: the list that shows one more person.
    """
    form_section = section.form_section
    view = SectionView(
        form_section=form_section,
        number=number,
        revision=section.revision,
        saved_at=section.saved_at,
        nil=typed.raw.get("nil") == ON,
        remarks=remarks_at(draft.remarks, f"section:{form_section.code}"),
    )
    for form_field in form_section.fields.all():
        view.fields.append(
            field_view(
                draft, form_field, typed, carried=(carried or {}).get(form_field.pk), spare_row=spare_row
            )
        )
    if form_section.kind == FormSection.Kind.TARGETS:
        context = draft.context
        for target in asked_targets(form_section, context.targets, context.month, context.unit_id):
            row = target_view(draft, target, typed)
            (view.in_turn if is_in_turn(target, context.month) else view.folded).append(row)
        counted = {pk: figures.counted_value(figure) for pk, figure in context.counted.items()}
        view.counted = counted_rows(form_section, context, counted, draft.obligation)
        view.muted = not_typed(form_section, context, shown=view.counted)
    return view


def counted_rows(form_section, context, values, obligation):
    """[FigureRow] of the section's targets that the portal counts; `values` by target id."""
    return [
        figures.counted_row(
            target, values[target.pk], context.previous.get(target.pk, Previous()), obligation
        )
        for target in context.targets
        if target.sector_id == form_section.sector_id
        and target.pk in values
        and source_kind(target, context.month, context.unit_id) == TargetSource.Kind.DERIVED
    ]


def not_typed(form_section, context, *, shown=()):
    """[(target, why)] of the section's targets that the unit does not type, without the rows `shown`."""
    seen = {row.target.pk for row in shown}
    return [
        (target, why)
        for target in context.targets
        if target.sector_id == form_section.sector_id
        and target.pk not in seen
        and (why := figures.not_typed_words(target, context.month, context.unit_id))
    ]


def field_view(draft, form_field, typed, *, carried, spare_row):
    name = f"upload.{form_field.key}" if form_field.type in FILE_TYPES else f"f.{form_field.key}"
    view = FieldView(
        field=form_field,
        input=typed.input(
            name,
            form_field.label,
            inputmode=inputmode_of(form_field.type),
            unit=form_field.unit_of_measure,
            required=form_field.required,
        ),
        files=draft.evidence.get(form_field.pk, []),
        remarks=remarks_at(draft.remarks, *field_anchors(form_field)),
    )
    if form_field.carry and form_field.type in (*TEXT_TYPES, *NUMBER_TYPES) and carried is not None:
        view.carried = answer_text(form_field, carried)
    view.offer = offer_of(draft, form_field, view.input.value)
    if form_field.type == FormField.Type.PEOPLE:
        view.people = person_cards(form_field, typed, spare_row=spare_row == form_field.key)
    return view


def inputmode_of(field_type):
    if field_type in NUMBER_TYPES or field_type == FormField.Type.DATE:
        return "numeric" if field_type in NUMBER_TYPES else "text"
    return "decimal" if field_type == FormField.Type.DECIMAL else "text"


def field_anchors(form_field):
    """How a remark may name a question: with or without its section."""
    return f"field:{form_field.key}", f"field:{form_field.section.code}.{form_field.key}"


def remarks_at(remarks, *anchors):
    return [remark for remark in remarks if remark.anchor in anchors]


def person_cards(form_field, typed, *, spare_row):
    """The people typed, and an empty card where there is none or one was asked for."""
    rows = [number for number, _ in people_rows(form_field, typed.raw)]
    if not rows or spare_row:
        rows.append(max(rows, default=-1) + 1)
    return [
        PersonCard(
            number=number,
            heading=f"Người thứ {place}",
            inputs=[
                (
                    column,
                    typed.input(
                        f"f.{form_field.key}.{number}.{column['key']}",
                        column["label"],
                        inputmode={"year": "numeric", "phone": "tel"}.get(column["type"], "text"),
                        required=column.get("required", False),
                    ),
                )
                for column in form_field.columns
            ],
        )
        for place, number in enumerate(rows, start=1)
    ]


def target_view(draft, target, typed):
    code, owner = target.code, draft.obligation.owner
    before = draft.context.previous.get(target.pk, Previous())
    if target.is_ratio:
        inputs = [
            typed.input(f"{code}.numerator", target.numerator_label, inputmode="numeric"),
            typed.input(f"{code}.denominator", target.denominator_label, inputmode="numeric"),
        ]
        soft = typed.soft.get(f"{code}.numerator", "")
    else:
        inputs = [typed.input(f"{code}.amount", target.amount_label, inputmode="numeric")]
        soft = typed.soft.get(f"{code}.amount", "")
    can_stand = target.is_ratio and before.has_pair
    goal = figures.goal_of(target, owner)
    return TargetView(
        target=target,
        inputs=inputs,
        words=[typed.input(f"{code}.{part}", label) for part, label in WORD_PARTS] if target.estimate else [],
        note=typed.input(f"{code}.note", "Ghi chú (nếu cần)"),
        reason=typed.input(f"{code}.reason", "Lý do"),
        soft=soft,
        before=figures.before_words(target, before),
        goal=goal.words,
        goal_value=goal.value,
        bar=figures.bar(target, before, goal, draft.context.month),
        unchanged_name=f"{code}.unchanged" if can_stand else "",
        unchanged=typed.raw.get(f"{code}.unchanged") == ON,
        unchanged_error=typed.errors.get(f"{code}.unchanged", ""),
        remarks=remarks_at(draft.remarks, f"target:{code}"),
    )


def answer_text(form_field, value):
    """An answer as a person would type it again, or read it."""
    if value is None:
        return ""
    if form_field.type in NUMBER_TYPES:
        return format_number(value)
    if form_field.type == FormField.Type.DECIMAL:
        return str(value).replace(".", ",")
    if form_field.type == FormField.Type.DATE:
        return format_date(parse_date(value))
    return str(value)


def problems(form_section, targets, errors):
    """[Problem] of {name: message}, in the order given, each with the label of its input."""
    labels = input_labels(form_section, targets)
    return [
        Problem(name, labels.get(name, labels.get(head(name), "")), text) for name, text in errors.items()
    ]


def head(name):
    """T6 of T6.numerator, f.people of f.people.0.phone."""
    return ".".join(name.split(".")[:2]) if name.startswith(("f.", "upload.")) else name.split(".")[0]


def input_labels(form_section, targets):
    labels = {}
    for form_field in form_section.fields.all():
        labels[f"f.{form_field.key}"] = labels[f"upload.{form_field.key}"] = form_field.label
    for target in targets:
        if target.sector_id == form_section.sector_id:
            labels[target.code] = target.short_label
    return labels
