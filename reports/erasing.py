"""People in reports: found for whoever erases a person, blanked in lists that were handed in (§5.1).

A handed-in version is frozen; the database lets one function blank one person's cells, order and number of
rows stay, and an event says so. The version's hash stays that of what was handed in.
"""

import json
import re

from django.db import connection
from django.urls import reverse

from doanportal import clock, held_text
from doanportal.textfold import fold
from plans.models import FormField
from volunteers.erasure import Place

from .models import Answer, Section, Value, Version

MARK = "(đã xóa thông tin)"
SEPARATOR = "\x1f"
TYPED_CELL = re.compile(r"(f\..+\.[0-9]+)\.([a-z_]+)")
WORDS = (FormField.Type.TEXT, FormField.Type.LONG_TEXT)


def find_person_in_reports(person):
    """[Place]: lists that hold the person (blanked by themselves), texts that name it (for a human)."""
    versions = versions_of(person.unit_id)
    held = {version: words for version, _, words in matches(person, versions)}
    places = [
        Place(what=f"Danh sách trong {label(version)}", url=address(version), held=held[version.pk])
        for version in versions
        if version.pk in held
    ]
    in_words = versions_naming(person, versions)
    return places + [
        Place(
            what=f"Phần viết trong {label(version)} có nhắc tên",
            url=address(version),
            by_itself=False,
        )
        for version in versions
        if version.pk in in_words
    ]


def erase_person_from_reports(person, *, by):
    """Blank the person's rows in every list of the unit's reports; returns how many versions changed.

    Also takes it out of texts that wait in sessions for somebody to sign in again.
    """
    found = matches(person, versions_of(person.unit_id))
    changed = blank({version for version, _, _ in found}, {key for _, key, _ in found}, by=by)
    forget_held_texts(person)
    return changed


def blank_lists_before(*, before):
    """Blank everybody in the lists of periods that ended before that day; how many versions changed."""
    versions = list(
        Version.objects.filter(report__obligation__cutoff_on__lt=before).values_list("pk", flat=True)
    )
    rows = list(people_in(versions))
    everybody = {key for _, key, row in rows if row.get("full_name") != MARK}
    return blank({version for version, key, _ in rows if key in everybody}, everybody, by=None)


def versions_of(unit_id):
    """All versions of the unit's reports, drafts included."""
    rows = Version.objects.filter(report__obligation__owner=unit_id).select_related("report__obligation")
    return list(rows.order_by("pk"))


def matches(person, versions):
    """{(version id, exact key, words)} of the person's rows: by name and year, or by year and phone."""
    return {
        (version, key, " · ".join(str(cell) for cell in row.values() if cell))
        for version, key, row in people_in([version.pk for version in versions])
        if is_person(row, person)
    }


def is_person(row, person):
    year = str(row.get("birth_year") or "")
    same_name = fold(str(row.get("full_name") or "")) == fold(person.full_name)
    same_phone = bool(person.phone) and digits(row.get("phone")) == person.phone
    if year == str(person.birth_year):
        return same_name or same_phone
    return same_name and not year


def digits(text):
    return re.sub(r"[ .()-]", "", str(text or "")).replace("+84", "0", 1)


def people_in(version_ids):
    """(version id, exact key, row) of each person in answers and in what was typed. Two queries."""
    answers = Answer.objects.filter(version__in=version_ids, field__type=FormField.Type.PEOPLE)
    for version, people in answers.values_list("version", "value"):
        for row in people or []:
            yield version, key_of(row), row
    for version, raw in Section.objects.filter(version__in=version_ids).values_list("version", "raw"):
        for row in typed_rows(raw):
            yield version, key_of(row), row


def typed_rows(raw):
    """[{column: text}] of the rows of people that were typed in a section."""
    rows = {}
    for name, text in raw.items():
        if match := TYPED_CELL.fullmatch(name):
            rows.setdefault(match[1], {})[match[2]] = text
    return list(rows.values())


def key_of(row):
    """How the database function knows a row: the exact name and birth year."""
    return f"{row.get('full_name') or ''}{SEPARATOR}{row.get('birth_year') or ''}"


def blank(version_ids, keys, *, by):
    """Call the database function that blanks those rows; returns how many versions changed."""
    if not version_ids or not keys:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reports_erase_people(%s, %s, %s, %s)",
            [sorted(version_ids), json.dumps(sorted(keys)), by.pk if by else None, clock.now()],
        )
        return cursor.fetchone()[0]


def versions_naming(person, versions):
    """Ids of the versions with the name in a text; only a human can say whether it is the same person."""
    name, ids = fold(person.full_name), [version.pk for version in versions]
    answers = Answer.objects.filter(version__in=ids, field__type__in=WORDS).values_list("version", "value")
    notes = Value.objects.filter(version__in=ids).exclude(note="", source="", method="")
    texts = [*answers, *((row.version_id, f"{row.note} {row.source} {row.method}") for row in notes)]
    return {version for version, text in texts if name in fold(str(text or ""))}


def forget_held_texts(person):
    """Drop texts held for a sign-in that name the person, or its phone number."""
    name = fold(person.full_name)

    def names_it(entry):
        values = held_text.values_of(entry)
        has_phone = bool(person.phone) and any(person.phone in digits(value) for value in values)
        return has_phone or name in fold(" ".join(values))

    held_text.forget(names_it)


def label(version):
    return f"{version.report.obligation.title}, bản {version.number}"


def address(version):
    return reverse("report_detail", args=[version.report.obligation_id])
