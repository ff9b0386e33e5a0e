"""Who was honoured: granted lines of published decisions, less what was taken back; totals of the same rows.

A unit reads its own, once published also what was not granted; province posts all that is granted.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, ExtractYear, JSONObject

from doanportal.textfold import fold
from doanportal.typed import clean_line

from .models import (
    AwardForm,
    Decision,
    DecisionLine,
    GoldenBookEntry,
    Nomination,
    SubjectKind,
    Visibility,
)

PER_PAGE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2100
NOT_GRANTED = "khong-dat"
SUBJECTS = {"tap-the": SubjectKind.COLLECTIVE, "ca-nhan": SubjectKind.INDIVIDUAL}
Outcome, Kind = Nomination.Outcome, GoldenBookEntry.Kind
ORDER = ("nomination__unit__display_order", "nomination__unit_id", "nomination__subject_kind", "pk")


@dataclass(frozen=True)
class HonourFilter:
    """What the list is narrowed to; empty: everything."""

    unit: str = ""
    form: str = ""
    year: int = 0
    subject: str = ""
    text: str = ""
    refused: bool = False

    @property
    def kind(self):
        return SUBJECTS.get(self.subject, "")


def honour_filter(asked):
    """The HonourFilter of an address; what is not known is left out."""
    year, subject = asked.get("nam", ""), asked.get("doi-tuong", "")
    return HonourFilter(
        unit=clean_line(asked.get("don-vi", ""), 20),
        form=clean_line(asked.get("hinh-thuc", ""), 50),
        year=int(year) if is_year(year) else 0,
        subject=subject if subject in SUBJECTS else "",
        text=clean_line(asked.get("q", ""), 100),
        refused=asked.get("ket-qua") == NOT_GRANTED,
    )


def is_year(text):
    return len(text) == 4 and text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR


def honours_of(user, *, refused=False):
    """Published outcomes that this person reads, each with `honoured_on`; not yet run.

    What a higher level granted counts from the day of its answer, all else from that of the decision. What
    was taken back is in the golden book only.
    """
    rows = DecisionLine.objects.filter(decision__state=Decision.State.PUBLISHED).annotate(
        honoured_on=Coalesce("nomination__higher_submission__answered_on", "decision__document__date")
    )
    if refused:
        # Also a refusal is told to the unit only as the round says.
        told = Visibility.objects.filter(
            round=OuterRef("decision__round"),
            audience=Visibility.Audience.OWN_UNIT,
            what=Visibility.What.OUTCOME,
        )
        return rows.filter(Exists(told), outcome=Outcome.REFUSED, nomination__unit__in=user.unit_ids)
    taken_back = GoldenBookEntry.objects.filter(line=OuterRef("pk"), kind=Kind.REVOCATION)
    rows = rows.filter(~Exists(taken_back), outcome=Outcome.GRANTED)
    return rows if user.is_province else rows.filter(nomination__unit__in=user.unit_ids)


def narrow(rows, found):
    """The rows of a HonourFilter. Searching by name reads corrections of the golden book once more."""
    if found.unit:
        rows = rows.filter(nomination__unit__code=found.unit)
    if found.form:
        rows = rows.filter(Q(form__code=found.form) | Q(form=None, nomination__form__code=found.form))
    if found.year:
        rows = rows.filter(honoured_on__range=(date(found.year, 1, 1), date(found.year, 12, 31)))
    if found.kind:
        rows = rows.filter(nomination__subject_kind=found.kind)
    if found.text:
        words = fold(found.text)
        rows = rows.filter(Q(nomination__search_key__contains=words) | Q(pk__in=corrected_to(words)))
    return rows


def corrected_to(words):
    """Ids of the lines whose correction in the golden book says the words; one query, corrections are few."""
    corrections = GoldenBookEntry.objects.filter(kind=Kind.CORRECTION)
    return [
        line
        for line, name, detail in corrections.values_list("line", "name", "detail")
        if words in fold(f"{name} {detail}")
    ]


def with_entries(rows):
    """The rows with what the list shows, and the last word of the golden book as `entry`; one query."""
    last = (
        GoldenBookEntry.objects.filter(line=OuterRef("pk"))
        .order_by("-number")
        .values(row=JSONObject(pk="pk", number="number", book="book", name="name", detail="detail"))[:1]
    )
    return (
        rows.select_related(
            "form",
            "decision__document",
            "decision__round",
            "nomination__unit",
            "nomination__form",
            "nomination__higher_submission",
        )
        .defer("nomination__report", "nomination__summary", "decision__round__rules")
        .annotate(entry=Subquery(last))
        .order_by(F("honoured_on").desc(), *ORDER)
    )


@dataclass(frozen=True)
class Honour:
    """One line as it is shown, printed and exported."""

    line: DecisionLine

    @property
    def name(self):
        return self.line.entry["name"] if self.line.entry else self.line.nomination.name

    @property
    def detail(self):
        if self.line.entry:
            return self.line.entry["detail"]
        nomination = self.line.nomination
        return ", ".join(text for text in (nomination.position, nomination.workplace) if text)

    @property
    def unit(self):
        return self.line.nomination.unit

    @property
    def form(self):
        return self.line.form or self.line.nomination.form

    @property
    def is_collective(self):
        return self.line.nomination.subject_kind == SubjectKind.COLLECTIVE

    @property
    def subject(self):
        return self.line.nomination.get_subject_kind_display()

    @property
    def paper(self):
        """Number of the decision, or what a higher level answered."""
        submission = getattr(self.line.nomination, "higher_submission", None)
        if self.line.form and submission is not None and submission.answer_reference:
            return submission.answer_reference
        return self.line.decision.document.full_number

    @property
    def on(self):
        return self.line.honoured_on

    @property
    def book_words(self):
        """«số 12, sổ 2022-2027», or '' for what a higher level granted."""
        entry = self.line.entry
        return f"số {entry['number']}, sổ {entry['book']}" if entry else ""


@dataclass
class Totals:
    """How many collectives and individuals, in all, by form and by unit. `forms`: all there are."""

    forms: list
    by_form: dict
    by_unit: dict
    by_unit_form: dict

    @property
    def pair(self):
        return add(self.by_form.values())

    @property
    def number(self):
        return sum(self.pair)


def add(pairs):
    found = (0, 0)
    for pair in pairs:
        found = (found[0] + pair[0], found[1] + pair[1])
    return found


def totals_of(rows):
    """Totals of the rows, units and forms in their order; two queries."""
    groups = (
        rows.order_by()
        .annotate(asked_form=Coalesce("form", "nomination__form"))
        .values("asked_form", "nomination__unit", "nomination__subject_kind")
        .annotate(
            number=Count("pk"),
        )
        .values_list(
            "asked_form",
            "nomination__unit",
            "nomination__unit__short_name",
            "nomination__unit__display_order",
            "nomination__subject_kind",
            "number",
        )
    )
    forms = {row.pk: row for row in AwardForm.objects.order_by("display_order", "code")}
    by_form, by_unit = {}, {}
    by_unit_form = defaultdict(dict)
    places = {pk: place for place, pk in enumerate(forms)}
    for form, unit, name, order, kind, number in sorted(
        groups, key=lambda row: (places[row[0]], row[3], row[1])
    ):
        pair = (number, 0) if kind == SubjectKind.COLLECTIVE else (0, number)
        key = (order, unit, name)
        by_form[forms[form]] = add([by_form.get(forms[form], (0, 0)), pair])
        by_unit[key] = add([by_unit.get(key, (0, 0)), pair])
        by_unit_form[key][forms[form]] = add([by_unit_form[key].get(forms[form], (0, 0)), pair])
    return Totals(list(forms.values()), by_form, dict(sorted(by_unit.items())), by_unit_form)


def choices_of(rows):
    """(years, [(unit code, name)]) that have something in the rows; one query."""
    found = set(
        rows.order_by()
        .annotate(year=ExtractYear("honoured_on"))
        .values_list(
            "year",
            "nomination__unit__display_order",
            "nomination__unit__code",
            "nomination__unit__short_name",
        )
        .distinct()
    )
    units = sorted({row[1:] for row in found})
    return sorted({row[0] for row in found}, reverse=True), [(code, name) for _, code, name in units]


def year_rows(user, year, *, unit=None):
    """The granted lines of a year in the order of the annual list: units, collectives first, forms."""
    rows = narrow(honours_of(user), HonourFilter(year=year))
    if unit is not None:
        rows = rows.filter(nomination__unit=unit)
    return rows


def in_list_order(rows):
    """with_entries() in the order of the annual list."""
    return with_entries(rows).order_by(
        "nomination__unit__display_order",
        "nomination__unit_id",
        "nomination__subject_kind",
        "form__display_order",
        "pk",
    )
