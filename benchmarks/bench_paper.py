"""The rollup's PDF, from figures to bytes, against bare WeasyPrint of the same HTML."""

import time

from django.template.loader import render_to_string

from benchmarks import world
from benchmarks.floors import pdf as floor
from benchmarks.measure import compare
from doanportal.paper.render import STYLESHEET, paper_html
from doanportal.pdf import FONT_FACES, FONT_FOLDER, FONT_SCHEME, font_face_css
from reports.documents.rollup import context, render_pdf
from reports.rollup import rollup

MOST_RATIO = 1.3


def measure():
    plan = world.small()

    def ours():
        return render_pdf(rollup(plan, world.PERIOD, now=world.NOW))

    html = paper_html(context(rollup(plan, world.PERIOD, now=world.NOW)))
    sheets = [fonts_from_files(font_face_css()), render_to_string(STYLESHEET)]
    yield compare(
        f"PDF tổng hợp {world.SMALL} đơn vị, sàn là WeasyPrint trần",
        ours,
        lambda: floor.render(html, sheets),
        times=3,
        most=MOST_RATIO,
        clock=time.process_time,
    )


def fonts_from_files(css):
    """The same font faces, by the addresses of their files."""
    for name in FONT_FACES:
        path = next(FONT_FOLDER.glob(f"*-{name}.ttf"))
        css = css.replace(f"{FONT_SCHEME}{name}", path.as_uri())
    return css
