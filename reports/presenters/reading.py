"""A report to read: the check page of a draft and the page of a version that was handed in."""

from dataclasses import dataclass, field

from plans.models import FormField, FormSection
from plans.turns import is_in_turn
from reports.parsing import ON, asked_targets
from reports.previous import Previous

from .figures import counted_value, figure_row
from .form import FILE_TYPES, answer_text, counted_rows, not_typed

STATE_WORDS = {
    "done": "xong",
    "nil": "không phát sinh",
    "unchanged": "không thay đổi",
    "started": "đang soạn",
    "empty": "chưa soạn",
    "error": "cần sửa",
    "files": "có tệp",
    "optional": "không bắt buộc",
    "idle": "chưa đến lượt",
}
FINISHED = ("done", "nil", "unchanged", "files")
NOT_COUNTED = ("optional", "idle")


@dataclass(frozen=True)
class SectionLine:
    """One line of the section list."""

    form_section: FormSection
    state: str
    words: str
    saved_at: object = None

    @property
    def finished(self):
        return self.state in FINISHED


@dataclass(frozen=True)
class Progress:
    lines: list
    done: int
    total: int
    next_code: str

    @property
    def words(self):
        return f"xong {self.done}/{self.total} mục"


def progress_of(draft):
    """The Progress of a Draft: section states, how many are finished, and where to go on."""
    lines = [section_line(draft, state) for state in draft.checked.sections]
    counted = [line for line in lines if line.state not in NOT_COUNTED]
    open_lines = [line for line in counted if not line.finished]
    return Progress(
        lines=lines,
        done=len(counted) - len(open_lines),
        total=len(counted),
        next_code=(open_lines or lines)[0].form_section.code if lines else "",
    )


def section_line(draft, section_state):
    form_section, state = section_state.section, section_state.state
    words = ""
    if form_section.kind == FormSection.Kind.EVIDENCE:
        state, words = evidence_state(draft, form_section, state)
    elif form_section.kind == FormSection.Kind.TARGETS and state == "empty":
        month = draft.context.month
        asked = asked_targets(form_section, draft.context.targets, month, draft.context.unit_id)
        if not any(is_in_turn(target, month) for target in asked):
            state = "idle"
    return SectionLine(form_section, state, words or STATE_WORDS[state], section_state.saved_at)


def evidence_state(draft, form_section, state):
    """(state, words) of a section of files: how many there are, or whether any is needed."""
    fields = list(form_section.fields.all())
    count = sum(len(draft.evidence.get(form_field.pk, [])) for form_field in fields)
    if count:
        photos = all(row.type == FormField.Type.PHOTOS for row in fields if draft.evidence.get(row.pk))
        return "files", f"{count} {'ảnh' if photos else 'tệp'}"
    if any(form_field.required for form_field in fields):
        return "empty", STATE_WORDS["empty"]
    return "optional", STATE_WORDS["optional"]


@dataclass(frozen=True)
class AnswerRow:
    """One question with its answer: a text, or a table of people."""

    field: FormField
    text: str
    people: list = field(default_factory=list)
    wrong: bool = False

    @property
    def name(self):
        return f"f.{self.field.key}"


@dataclass
class ReadSection:
    form_section: FormSection
    nil: bool
    figures: list
    folded: list
    answers: list
    files: list
    not_typed: list


def read_draft(draft):
    """[ReadSection] of a Draft as its text is understood now."""
    values, answers = {pk: counted_value(figure) for pk, figure in draft.context.counted.items()}, {}
    for parsed in draft.checked.parsed.values():
        values |= parsed.values
        answers |= parsed.answers
    return [
        read_section(
            section.form_section,
            nil=section.raw.get("nil") == ON,
            values=values,
            answers=answers,
            evidence=draft.evidence,
            context=draft.context,
            obligation=draft.obligation,
            wrong=wrong_texts(section, draft.checked.parsed[section.form_section.pk].errors),
        )
        for section in draft.sections
    ]


def wrong_texts(section, errors):
    """{T6 or f.key: what was typed} where it cannot be read yet: the check page shows it as it stands."""
    texts = {}
    for name in errors:
        first, second = name.split(".")[:2]
        if first == "f":
            texts[f"f.{second}"] = section.raw.get(name, "")
        elif second in ("numerator", "denominator"):
            pair = [section.raw.get(f"{first}.{part}", "") or "…" for part in ("numerator", "denominator")]
            texts[first] = "/".join(pair)
        else:
            texts[first] = section.raw.get(name, "")
    return texts


@dataclass(frozen=True)
class Beside:
    """What stands beside the figures of a version: its month, unit, targets and the figures before."""

    month: object
    unit_id: int
    targets: list
    previous: dict


def read_submitted(content, *, month, obligation):
    """[ReadSection] of a Submitted content."""
    return [
        read_section(
            section.form_section,
            nil=section.nil,
            values=content.values,
            answers=content.answers,
            evidence=content.evidence,
            context=Beside(month, content.unit_id, content.targets, content.previous),
            obligation=obligation,
        )
        for section in content.sections
    ]


def read_section(form_section, *, nil, values, answers, evidence, context, obligation, wrong=None):
    wrong = wrong or {}
    rows, folded = counted_rows(form_section, context, values, obligation), []
    is_of_targets = form_section.kind == FormSection.Kind.TARGETS
    unasked = not_typed(form_section, context, shown=rows) if is_of_targets else []
    for target in asked_targets(form_section, context.targets, context.month, context.unit_id):
        before = context.previous.get(target.pk, Previous())
        value = values.get(target.pk)
        row = figure_row(target, value, before, obligation.owner, typed=wrong.get(target.code, ""))
        said = row.wrong or (value is not None and not value.unchanged)
        quiet = not said and not is_in_turn(target, context.month)
        (folded if quiet else rows).append(row)
    return ReadSection(
        form_section=form_section,
        nil=nil,
        figures=sorted(rows, key=lambda row: row.target.number),
        folded=folded,
        answers=[
            answer_row(form_field, answers.get(form_field.pk), typed=wrong.get(f"f.{form_field.key}", ""))
            for form_field in form_section.fields.all()
            if form_field.type not in FILE_TYPES
        ],
        files=[row for form_field in form_section.fields.all() for row in evidence.get(form_field.pk, [])],
        not_typed=unasked,
    )


def answer_row(form_field, value, *, typed=""):
    if form_field.type == FormField.Type.PEOPLE:
        people = [
            [
                (column["label"], str(person[column["key"]]))
                for column in form_field.columns
                if person.get(column["key"])
            ]
            for person in value or []
        ]
        return AnswerRow(form_field, f"{len(people)} người" if people else "", people)
    if value is None and typed:
        return AnswerRow(form_field, typed, wrong=True)
    text = answer_text(form_field, value)
    if text and form_field.unit_of_measure:
        text = f"{text} {form_field.unit_of_measure}"
    return AnswerRow(form_field, text)
