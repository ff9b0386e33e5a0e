"""Answers of a form on paper: short ones as a line, long ones as paragraphs, people as a table."""

from datetime import date, time
from decimal import Decimal

from doanportal.formats import format_date, format_number
from doanportal.paper import Column, HeadCell, Row, Style, Table, Text
from doanportal.paper.text import clean, paragraphs, sentence
from plans.models import FormField

NUMBERS = (FormField.Type.COUNT, FormField.Type.DECIMAL, FormField.Type.MONEY)
# Millimetres that a column of a people table wants, by its type; the rest of the width is shared.
COLUMN_WIDTHS = {"year": 13, "choice": 17, "phone": 25, "text": 32}


def field_blocks(field, value):
    """The blocks of one answer."""
    if field.type == FormField.Type.PEOPLE:
        return [people_table(field, value)]
    if field.type == FormField.Type.LONG_TEXT:
        lines = [sentence(line) for line in paragraphs(value)]
        if len(lines) == 1:
            return [Text(f"- {field.label}: {lines[0]}", Style.ITEM)]
        return [Text(f"{field.label}:", Style.SUBHEADING), *map(Text, lines)]
    return [Text(f"- {field.label}: {sentence(answer_text(field, value))}", Style.ITEM)]


def answer_text(field, value):
    """A short answer in Vietnamese writing, with its unit of measure."""
    if field.type in NUMBERS:
        return f"{format_number(Decimal(str(value)))} {field.unit_of_measure}".strip()
    if field.type == FormField.Type.DATE:
        return format_date(date.fromisoformat(value))
    if field.type == FormField.Type.TIME:
        moment = time.fromisoformat(value)
        return f"{moment.hour} giờ {moment.minute:02d}" if moment.minute else f"{moment.hour} giờ"
    return clean(value)


def people_table(field, people):
    """TT and the form's own columns, one row a person."""
    columns = [Column(9), *(column_of(column) for column in field.columns)]
    return Table(
        columns=tuple(columns),
        head=((HeadCell("TT"), *(HeadCell(column["label"]) for column in field.columns)),),
        rows=tuple(
            Row((str(number), *(clean(person.get(column["key"], "")) for column in field.columns)))
            for number, person in enumerate(people, start=1)
        ),
        small=True,
    )


def column_of(column):
    kind = column.get("type", "text")
    return Column(COLUMN_WIDTHS.get(kind, COLUMN_WIDTHS["text"]), "left" if kind == "text" else "center")
