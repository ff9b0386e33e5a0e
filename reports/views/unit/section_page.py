"""The page of one section, or of a short form whole, with all that stands beside the inputs."""

from dataclasses import dataclass, field

from django.http import Http404, HttpRequest
from django.shortcuts import render

from reports.parsing import parse_section
from reports.presenters.form import Typed, problems, section_view
from reports.presenters.offers import offered_text
from reports.presenters.reading import progress_of
from reports.presenters.time_left import time_words
from reports.queries_unit import Draft

from . import typed_text

WHOLE = "toan-bo"
SHORT_SECTIONS = 2


@dataclass
class Page:
    """A page of sections. `typed`: {form section id: Typed} where the page differs from what is stored."""

    request: HttpRequest
    draft: Draft
    code: str
    sections: list
    typed: dict = field(default_factory=dict)
    upload_errors: dict = field(default_factory=dict)
    message: str = ""
    held: bool = False
    spare_row: str = ""

    @property
    def in_conflict(self):
        return any(row.theirs is not None for row in self.typed.values())


def is_short(draft):
    """Whether the whole form goes on one page: two sections at most, one «không phát sinh» at most."""
    return len(draft.sections) <= SHORT_SECTIONS and (
        sum(section.form_section.allow_nil for section in draft.sections) <= 1
    )


def page_of(request, draft, code):
    """The Page of that code. Raises Http404 for one the form does not have."""
    if code == WHOLE and is_short(draft):
        return Page(request, draft, code, draft.sections)
    section = draft.section(code)
    if section is None:
        raise Http404
    return Page(request, draft, code, [section])


def with_held(page, held):
    """The page with the text that was typed before the session ended, on top of what is stored."""
    for section in page.sections:
        raw = section.raw | typed_text.of_section(page.draft, section, held)
        page.typed[section.form_section.pk] = understood(page.draft, section, raw)
    page.held = True
    return page


def understood(draft, section, raw, theirs=None):
    """Typed of a text that is not stored."""
    parsed = parse_section(
        section.form_section,
        raw,
        targets=draft.context.targets,
        previous=draft.context.previous,
        first_of_month=draft.context.month,
        unit_id=draft.context.unit_id,
    )
    return Typed(raw, parsed.errors, parsed.soft, theirs)


def text_of(page, section):
    """Typed of a section on the page: its own, or what is stored; with the files that were refused."""
    typed = page.typed.get(section.form_section.pk)
    if typed is None:
        parsed = page.draft.checked.parsed[section.form_section.pk]
        typed = Typed(raw_of(page, section), parsed.errors, parsed.soft)
    names = {f"upload.{row.key}" for row in section.form_section.fields.all()}
    refused = {name: text for name, text in page.upload_errors.items() if name in names}
    return Typed(typed.raw, typed.errors | refused, typed.soft, typed.theirs)


def raw_of(page, section):
    """What is stored; in a section nobody saved yet with the numbers of the portal's lists on top.

    What is entered for a unit comes from its paper, so nothing is offered there unasked.
    """
    own = page.draft.obligation.owner_id in page.request.user.unit_ids
    if section.saved_at is not None or not own:
        return section.raw
    return offered_text(page.draft, section.form_section) | section.raw


def show(page, *, status=200):
    """Render the page; reads and changes nothing."""
    draft, obligation = page.draft, page.draft.obligation
    views, found = [], []
    for section in page.sections:
        typed = text_of(page, section)
        views.append(
            section_view(
                draft,
                section,
                typed,
                number=draft.sections.index(section) + 1,
                carried=draft.carried,
                spare_row=page.spare_row or page.request.GET.get("them", ""),
            )
        )
        found += problems(section.form_section, draft.context.targets, typed.errors)
    context = {
        "page": page,
        "draft": draft,
        "obligation": obligation,
        "plan_label": str(obligation.plan),
        "sections": views,
        "only": views[0] if len(views) == 1 else None,
        "problems": found,
        "revision": typed_text.pack_revisions(page.sections),
        "progress": progress_of(draft),
        "next_code": code_after(draft, page.sections[-1]),
        "time": time_words(obligation),
        "for_unit": obligation.owner_id not in page.request.user.unit_ids,
    }
    return render(page.request, "reports/unit/section.html", context, status=status)


def code_after(draft, section):
    """The code of the section after this one, or ''."""
    place = draft.sections.index(section) + 1
    return draft.sections[place].form_section.code if place < len(draft.sections) else ""
