"""How a held form is shown to the person who typed it: each field under the label its form gives it."""

from functools import cache

from django import forms

NO_LABEL = "Nội dung"


def labelled(fields):
    """[(label, text)] of [[name, values]], without what is blank, ticked only, or hidden in the form."""
    known = fields_of({name for name, _ in fields})
    rows = []
    for name, values in fields:
        field = known.get(name)
        if field is not None and field.widget.is_hidden:
            continue
        texts = [shown(field, value) for value in values if value.strip() and value != "on"]
        if texts:
            label = str(field.label or NO_LABEL) if field is not None else NO_LABEL
            rows.append((label, "\n".join(texts)))
    return rows


def fields_of(names):
    """The fields of the form class that knows most of the names; {} when none knows any."""
    best = max(
        form_classes(),
        key=lambda form: (len(names & form.base_fields.keys()), -len(form.base_fields)),
        default=None,
    )
    return best.base_fields if best and names & best.base_fields.keys() else {}


@cache
def form_classes():
    """Every form of the portal; which there are is settled once the addresses are loaded."""
    found, waiting = [], [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if getattr(form, "base_fields", None) and not form.__module__.startswith("django."):
            found.append(form)
    return found


def shown(field, value):
    """The words of a choice instead of its code; a model's rows are not asked for."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value))
    return value
