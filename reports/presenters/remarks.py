"""Remarks of a request for amendments as a to-fix list: where each one leads and whether it is done."""

from dataclasses import dataclass

from reports.models import Remark

from .form import card_id


@dataclass(frozen=True)
class Place:
    """A place of the form a remark may be bound to: its label, its section's code and the id in the page."""

    label: str
    code: str
    anchor: str


NOWHERE = Place("", "", "")


@dataclass(frozen=True)
class ToFix:
    remark: Remark
    place: Place

    @property
    def done(self):
        return self.remark.resolved_in_id is not None

    @property
    def must(self):
        return self.remark.kind == Remark.Kind.MUST_FIX


def to_fix(remarks, form_sections, targets):
    """[ToFix] of remarks, each with its place in the form; the whole report where it names none."""
    places = places_of(form_sections, targets)
    return [ToFix(remark, places.get(remark.anchor, NOWHERE)) for remark in remarks]


def places_of(form_sections, targets):
    """{anchor: Place}: `target:T6`, `field:teams.volunteers` or `field:volunteers`, `section:teams`."""
    places = {}
    for form_section in form_sections:
        code = form_section.code
        places[f"section:{code}"] = Place(form_section.title, code, "")
        for form_field in form_section.fields.all():
            place = Place(form_field.label, code, card_id(form_field.key))
            places[f"field:{form_field.key}"] = places[f"field:{code}.{form_field.key}"] = place
        for target in targets:
            if form_section.sector_id == target.sector_id:
                places[f"target:{target.code}"] = Place(target.short_label, code, f"target-{target.code}")
    return places
