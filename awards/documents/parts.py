"""Pieces that the papers of a dossier share: the body in words, a nominee, the rows of a list."""

from doanportal import clock
from doanportal.paper import HeadCell, Row, RowKind, Table
from doanportal.paper.text import clean
from units.letterhead import letterhead_of
from units.naming import name_on
from volunteers.models import Gender

from ..models import SubjectKind


def body_of(name):
    """«Ban Thường vụ Huyện Đoàn Lộc Ninh», in the unit's own form of signing."""
    kind = "Ban Chấp hành" if "CHẤP HÀNH" in name.standing_committee.upper() else "Ban Thường vụ"
    return f"{kind} {name.full_name}"


def head_of(dossier, abbreviation, *, day=None):
    """(Letterhead, UnitName, day) of a paper of the dossier's unit; the unit comes with its names."""
    day = day or clock.today()
    name = name_on(dossier.unit, day)
    return letterhead_of(name, day=day, abbreviation=abbreviation), name, day


def split(nominations):
    """(collectives, individuals)"""
    rows = list(nominations)
    return (
        [row for row in rows if row.subject_kind == SubjectKind.COLLECTIVE],
        [row for row in rows if row.subject_kind == SubjectKind.INDIVIDUAL],
    )


def counted_words(nominations):
    """«02 tập thể, 03 cá nhân»"""
    collectives, individuals = split(nominations)
    parts = [(len(collectives), "tập thể"), (len(individuals), "cá nhân")]
    return ", ".join(f"{number:02d} {words}" for number, words in parts if number)


def by_form(nominations):
    """[(form, [nomination])] in the order of forms, collectives first."""
    groups = {}
    for row in sorted(nominations, key=lambda row: (row.form.display_order, row.subject_kind, row.pk)):
        groups.setdefault(row.form, []).append(row)
    return list(groups.items())


def who(nomination):
    """«Đồng chí Nguyễn Thị Lan», or the name of the collective."""
    prefix = "Đồng chí " if nomination.subject_kind == SubjectKind.INDIVIDUAL else ""
    return f"{prefix}{clean(nomination.name)}"


def where(nomination):
    return ", ".join(clean(text) for text in (nomination.position, nomination.workplace) if text)


def gender_words(nomination):
    return Gender(nomination.gender).label if nomination.gender in Gender.values else ""


def grouped_table(columns, head, nominations, line, *, small=False):
    """A Table with a group row for each form; `line(number, nomination)` gives the cells."""
    rows, number = [], 0
    for form, of_form in by_form(nominations):
        rows.append(Row((f"{clean(form.name)}: {counted_words(of_form)}",), RowKind.GROUP))
        for nomination in of_form:
            number += 1
            rows.append(Row(line(number, nomination)))
    return Table(tuple(columns), (tuple(map(HeadCell, head)),), tuple(rows), small=small)
