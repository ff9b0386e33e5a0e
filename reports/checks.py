"""What stands between a draft and its hand-in: mistakes, odd figures, blanks, the state of each section."""

from collections import defaultdict
from dataclasses import dataclass, field

from plans.models import FormField, FormSection
from plans.turns import is_in_turn

from .drafts import first_of_month, targets_for
from .parsing import ON, asked_targets, parse_section
from .previous import unit_figures

FILE_TYPES = (FormField.Type.FILES, FormField.Type.PHOTOS)


@dataclass(frozen=True)
class Finding:
    """Something to mend or to explain: where it is (section, name) and what to do."""

    section: FormSection
    name: str
    label: str
    message: str


@dataclass(frozen=True)
class SectionState:
    """One line of the section list; state: done, nil, unchanged, started, empty or error."""

    section: FormSection
    state: str
    saved_at: object = None


@dataclass
class Checked:
    """The findings of a draft, its sections' states, and what parsing gave, by section id."""

    errors: list[Finding] = field(default_factory=list)
    soft: list[Finding] = field(default_factory=list)
    blanks: list = field(default_factory=list)
    sections: list[SectionState] = field(default_factory=list)
    parsed: dict = field(default_factory=dict)

    @property
    def can_submit(self):
        return not self.errors


@dataclass(frozen=True)
class DraftContext:
    """All that checking a draft needs, loaded once; `counted` is what the portal counts itself, by target."""

    version: object
    month: object
    targets: list
    previous: dict
    sections: list
    files_by_field: dict
    file_hashes: list
    unit_id: int | None = None
    counted: dict = field(default_factory=dict)


def load_context(version):
    """The DraftContext of a version, in a constant number of queries."""
    obligation = version.report.obligation
    files = defaultdict(int)
    evidence = list(version.evidence.values_list("field_id", "sha256"))
    for field_id, _ in evidence:
        files[field_id] += 1
    targets = targets_for(obligation)
    previous, counted = unit_figures(obligation, targets)
    return DraftContext(
        version=version,
        month=first_of_month(obligation),
        targets=targets,
        previous=previous,
        sections=list(
            version.sections.select_related("form_section", "form_section__sector")
            .prefetch_related("form_section__fields")
            .order_by("form_section__display_order")
        ),
        files_by_field=files,
        file_hashes=sorted(sha256 for _, sha256 in evidence),
        unit_id=obligation.owner_id,
        counted=counted,
    )


def review_before_submit(version, *, context=None):
    """Checked: everything that is wrong, odd or blank in a draft, in the order of its sections."""
    context = context or load_context(version)
    checked = Checked()
    for section in context.sections:
        form_section = section.form_section
        parsed = parse_section(
            form_section,
            section.raw,
            targets=context.targets,
            previous=context.previous,
            first_of_month=context.month,
            unit_id=context.unit_id,
        )
        checked.parsed[form_section.pk] = parsed
        labels = labels_of(form_section, context.targets)
        before = len(checked.errors)
        checked.errors += [
            Finding(form_section, name, label_for(name, labels, form_section), message)
            for name, message in parsed.errors.items()
        ]
        checked.errors += missing_answers(form_section, section, parsed, context)
        checked.soft += odd_figures(form_section, section, parsed, labels)
        blanks = blank_targets(form_section, parsed, context)
        checked.blanks += [(target, form_section) for target in blanks]
        checked.errors += [
            Finding(
                form_section,
                f"{target.code}.blank",
                target.short_label,
                "Chưa có số liệu. Ghi số, hoặc xác nhận để trống: đơn vị sẽ bị ghi là thiếu số liệu này.",
            )
            for target in blanks
            if section.raw.get(f"{target.code}.blank") != ON
        ]
        state = state_of(section, parsed, has_errors=len(checked.errors) > before)
        checked.sections.append(SectionState(form_section, state, section.saved_at))
    return checked


def labels_of(form_section, targets):
    labels = {f"f.{form_field.key}": form_field.label for form_field in form_section.fields.all()}
    return labels | {
        target.code: target.short_label for target in targets if target.sector_id == form_section.sector_id
    }


def label_for(name, labels, form_section):
    """The label of the field or target that a name belongs to."""
    if name in labels:
        return labels[name]
    head = name.split(".")[0] if not name.startswith("f.") else ".".join(name.split(".")[:2])
    return labels.get(head, form_section.title)


def missing_answers(form_section, section, parsed, context):
    """Findings for required questions without an answer; none when the section says nil."""
    if section.raw.get("nil") == ON and form_section.allow_nil:
        return []
    found = []
    for form_field in form_section.fields.all():
        name = f"f.{form_field.key}"
        wrong = any(key == name or key.startswith(f"{name}.") for key in parsed.errors)
        if not form_field.required or wrong:
            continue
        if form_field.type in FILE_TYPES:
            if not context.files_by_field.get(form_field.pk):
                what = "một ảnh" if form_field.type == FormField.Type.PHOTOS else "một tệp"
                found.append(Finding(form_section, name, form_field.label, f"Cần đính kèm ít nhất {what}."))
        elif form_field.pk not in parsed.answers:
            found.append(Finding(form_section, name, form_field.label, f"Chưa trả lời «{form_field.label}»."))
    return found


def odd_figures(form_section, section, parsed, labels):
    """Odd figures; each passes with a reason beside it (features F15)."""
    return [
        Finding(form_section, name, label_for(name, labels, form_section), message)
        for name, message in parsed.soft.items()
        if not section.raw.get(f"{name.split('.')[0]}.reason")
    ]


def blank_targets(form_section, parsed, context):
    """Targets whose turn it is and of which nothing was said."""
    return [
        target
        for target in asked_targets(form_section, context.targets, context.month, context.unit_id)
        if is_in_turn(target, context.month)
        and target.pk not in parsed.values
        and not any(name.startswith(f"{target.code}.") for name in parsed.errors)
    ]


def state_of(section, parsed, *, has_errors):
    if section.saved_at is None and not section.raw:
        return "empty"
    if parsed.errors:
        return "error"
    if section.raw.get("nil") == ON:
        return "nil"
    if has_errors:
        return "started"
    if parsed.values and all(value.unchanged for value in parsed.values.values()):
        return "unchanged"
    return "done"
