"""manage.py rollup PERIOD: the figures of a month, on screen, as JSON, or as PDF, DOCX and XLSX files."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from doanportal.formats import format_number, format_percent
from plans.calendar import parse_month_key
from plans.models import Plan
from reports.documents import rollup as paper
from reports.rollup import RollupError, as_json, rollup
from reports.rollup_xlsx import render_xlsx

WRITERS = {"pdf": paper.render_pdf, "docx": paper.render_docx, "xlsx": render_xlsx}


class Command(BaseCommand):
    help = "Tổng hợp số liệu một tháng. PERIOD là năm-tháng, ví dụ 2023-03."

    def add_arguments(self, parser):
        parser.add_argument("period", metavar="PERIOD", help="kỳ báo cáo, ví dụ 2023-03")
        parser.add_argument("--json", action="store_true", help="in ra JSON, và chỉ JSON")
        for name in WRITERS:
            parser.add_argument(f"--{name}", metavar="FILE", type=Path, help=f"ghi tệp {name.upper()}")

    def handle(self, *args, **options):
        try:
            period = parse_month_key(options["period"])
            figures = rollup(plan_of(period.year), period)
        except (ValueError, RollupError) as error:
            raise CommandError(str(error)) from error
        say = self.stderr.write if options["json"] else self.stdout.write
        for name, render in WRITERS.items():
            if options[name] is not None:
                write_file(options[name], render(figures))
                say(f"Đã ghi {options[name]}", lambda text: text)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(figures), ensure_ascii=False, indent=2))
        else:
            self.show(figures)

    def show(self, figures):
        self.stdout.write(
            f"Tháng {figures.period.month}/{figures.period.year}: "
            f"{figures.units_reported}/{figures.units_expected} đơn vị đã gửi báo cáo."
        )
        if figures.missing:
            self.stdout.write(f"Chưa gửi: {', '.join(unit.display for unit in figures.missing)}.")
        for line in figures.targets:
            self.stdout.write(f"CT {line.target.number:>2}  {target_text(line)}  {line.target.short_label}")


def plan_of(year):
    """The issued Plan of the year. Raises RollupError when there is none."""
    plan = Plan.objects.exclude(state=Plan.State.DRAFT).filter(year=year).first()
    if plan is None:
        raise RollupError(f"Chưa có kế hoạch năm {year} được ban hành.")
    return plan


def write_file(path, content):
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"Không ghi được {path}: {error.strerror}.") from error


def target_text(line):
    if line.source is None:
        return "chưa có nguồn số liệu"
    figure = (
        f"{format_number(line.numerator)}/{format_number(line.denominator)} = "
        f"{format_percent(line.numerator, line.denominator)}"
        if line.target.is_ratio
        else format_number(line.amount)
    )
    return f"{figure} ({line.units_reported}/{line.units_expected} đơn vị)"
