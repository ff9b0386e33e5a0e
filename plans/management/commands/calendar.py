"""manage.py calendar YEAR [--csv]: what the plan's deadlines give in a year, for the units it has."""

import csv

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from doanportal import arguments
from plans.calendar import year_calendar
from plans.models import Plan
from plans.publishing import obligation_title


class Command(BaseCommand):
    help = "Lịch báo cáo của một năm theo các thời hạn của kế hoạch. --csv để xuất bảng."

    def add_arguments(self, parser):
        parser.add_argument("year", type=arguments.year, help="năm cần xem")
        parser.add_argument("--csv", action="store_true", help="in dạng CSV")

    def handle(self, *args, **options):
        year = options["year"]
        plan = Plan.objects.filter(year=year).first() or Plan.objects.order_by("-year").first()
        if plan is None:
            raise CommandError("Chưa có kế hoạch nào. Nạp bằng lệnh load_plan trước.")
        rows = year_calendar(plan, year)
        if options["csv"]:
            self.print_csv(rows)
            return
        for unit, deadline, due in rows:
            local = timezone.localtime(due.due_at)
            self.stdout.write(
                f"{local:%d/%m/%Y %H:%M}  {obligation_title(deadline, due)} – {unit.label} "
                f"(ngày ghi {due.printed_on:%d/%m/%Y})"
            )
        self.stdout.write(f"Cộng: {len(rows)}.")

    def print_csv(self, rows):
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(["unit", "form", "period", "printed_on", "due_at"])
        lines = [
            [
                unit.code,
                deadline.form.code,
                due.period_key,
                due.printed_on.isoformat(),
                timezone.localtime(due.due_at).isoformat(timespec="seconds"),
            ]
            for unit, deadline, due in rows
        ]
        writer.writerows(sorted(lines))
