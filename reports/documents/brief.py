"""The giao ban sheet: a month on exactly one A4 page, for the morning meeting (features, O4)."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string

from doanportal.formats import format_date, format_moment, format_percent
from doanportal.paper.text import clean, listed, paragraphs, shortened
from doanportal.pdf import layout
from units.letterhead import province_names_on
from units.naming import name_on

from . import figures

STYLESHEET = "documents/brief.css"


@dataclass(frozen=True)
class Room:
    """How much of the words fits: units named in a list, difficulties shown and their length in letters."""

    names: int
    difficulties: int
    letters: int


# From roomy to tight; the last one fits whatever the units wrote.
ROOMS = (
    Room(names=40, difficulties=30, letters=400),
    Room(names=30, difficulties=20, letters=220),
    Room(names=24, difficulties=16, letters=105),
    Room(names=20, difficulties=12, letters=105),
    Room(names=16, difficulties=8, letters=105),
    Room(names=12, difficulties=4, letters=80),
    Room(names=6, difficulties=2, letters=60),
    Room(names=3, difficulties=0, letters=0),
)


def render_pdf(rollup):
    """One A4 page as bytes: as many difficulties as fit, the rest as «và n ý kiến khác»."""
    stylesheets = [render_to_string(STYLESHEET)]
    sheet = base_context(rollup)
    for room in ROOMS:
        lists = context_within(rollup, room, sheet["short_names"])
        html = render_to_string("documents/brief.html", sheet | lists)
        document = layout(html, stylesheets=stylesheets)
        if len(document.pages) == 1:
            break
    return document.write_pdf()


def base_context(rollup):
    """What stands on the sheet whatever room there is. Five queries at most."""
    province, department = province_names_on(rollup.cutoff_on)
    return {
        "issuer": province.issuer_line,
        "department": department.issuer_line,
        "month": f"{rollup.period.month}/{rollup.period.year}",
        "generated": format_moment(rollup.generated_at),
        "period": f"{format_date(rollup.period_from)} - {format_date(rollup.cutoff_on)}",
        "counts": (
            ("Đã gửi", f"{rollup.units_reported}/{rollup.units_expected}"),
            ("Tỷ lệ gửi", format_percent(rollup.units_reported, rollup.units_expected)),
            ("Đúng hạn", str(rollup.on_time)),
            ("Gửi muộn", str(len(rollup.late))),
            ("Chưa gửi", str(len(rollup.missing))),
        ),
        "targets": [target_row(line) for line in rollup.targets],
        "short_names": short_names(rollup),
    }


def target_row(line):
    return {
        "number": line.target.number,
        "label": shortened(line.target.short_label, 70),
        "part": figures.province_part(line),
        "goal": shortened(line.target.goal_text, 32),
        "in_period": figures.in_period(line),
        "cumulative": figures.cumulative(line),
        "rate": figures.rate(line),
        "coverage": figures.coverage(line),
        "verdict": figures.verdict(line),
    }


def short_names(rollup):
    """{unit id: short name on the day the figures were closed}. One query."""
    units = [line.unit for line in rollup.units]
    prefetch_related_objects(units, "names")
    return {unit.pk: name_on(unit, rollup.cutoff_on).short_name for unit in units}


def context_within(rollup, room, names):
    """The lists cut to the room there is; `names` are the units' short names by id."""
    return {
        "late": named(rollup.late, names, room),
        "missing": named(rollup.missing, names, room),
        "waived": named(rollup.waived, names, room),
        "difficulties": [
            (names[unit.pk], shortened(" ".join(paragraphs(text)), room.letters))
            for unit, text in rollup.difficulties[: room.difficulties]
        ],
        "more": max(0, len(rollup.difficulties) - room.difficulties),
    }


def named(units, names, room):
    """Đồng Xoài, Bình Long và 3 đơn vị khác"""
    shown = listed(clean(names[unit.pk]) for unit in units[: room.names])
    rest = len(units) - room.names
    return f"{shown} và {rest} đơn vị khác" if rest > 0 else shown
