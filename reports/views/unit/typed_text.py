"""From a sent form to the raw text of a section and back: names, revisions, small edits of a button."""

from django.utils import timezone

from plans.models import FormField, FormSection
from reports.parsing import asked_targets
from reports.presenters.form import FILE_TYPES, answer_text

KEPT_PARTS = ("blank", "reason")


def has_text(form_section):
    """Whether anything is typed in the section; files are kept apart."""
    return form_section.kind != FormSection.Kind.EVIDENCE or any(
        row.type not in FILE_TYPES for row in form_section.fields.all()
    )


def of_section(draft, section, posted):
    """{name: text} of the section's own inputs in a sent form.

    A confirmed blank and a reason are typed on the check page too: where the form does not have their
    input, what stands is kept.
    """
    form_section = section.form_section
    targets = asked_targets(form_section, draft.context.targets, draft.context.month, draft.context.unit_id)
    fields = list(form_section.fields.all())
    heads = [f"{target.code}." for target in targets]
    heads += [f"f.{row.key}." for row in fields if row.type == FormField.Type.PEOPLE]
    names = {f"f.{row.key}" for row in fields}
    if form_section.allow_nil:
        names.add("nil")
    text = {name: value for name, value in posted.items() if name in names or name.startswith(tuple(heads))}
    for target in targets:
        for part in KEPT_PARTS:
            name = f"{target.code}.{part}"
            if name not in text and name in section.raw:
                text[name] = section.raw[name]
    return text


def edited(text, section, *, action, what, carried, offered):
    """The text after the button that was pressed: last answer, the portal's count, one person less."""
    if action == "copy":
        return with_copy(text, section, what, carried)
    if action == "take":
        return text | {name: number for name, number in offered.items() if name == f"f.{what}"}
    if action == "drop_row":
        key, _, number = what.partition(".")
        return {name: value for name, value in text.items() if not name.startswith(f"f.{key}.{number}.")}
    return text


def with_copy(text, section, key, carried):
    """Last period's answer into an empty field, or below what is there already."""
    form_field = next((row for row in section.form_section.fields.all() if row.key == key), None)
    if form_field is None or not form_field.carry or carried.get(form_field.pk) is None:
        return text
    name = f"f.{key}"
    before = answer_text(form_field, carried[form_field.pk])
    typed = text.get(name, "").strip()
    if typed and form_field.type == FormField.Type.LONG_TEXT and before not in typed:
        before = f"{typed}\n{before}"
    return text | {name: before}


def pack_revisions(sections):
    return pack({section.form_section.code: section.revision for section in sections})


def pack(revisions):
    """One text for the hidden input: "teams:3", "launch:2 evidence:0"."""
    return " ".join(f"{code}:{number}" for code, number in revisions.items())


def unpack_revisions(text):
    """{section code: revision}; what cannot be read is left out and counts as stale."""
    pairs = (part.partition(":") for part in text.split())
    return {code: int(number) for code, _, number in pairs if number.isdecimal() and len(number) < 9}


def clock_words(moment):
    """14:32, local time, as the page says «Đã lưu 14:32»."""
    return f"{timezone.localtime(moment):%H:%M}"
