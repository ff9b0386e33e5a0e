"""manage.py publish_plan YEAR [--preview]: make the year's obligations, or only show them."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from doanportal import arguments
from plans.publishing import PublishError, due_rows, plan_of_year, publish


class Command(BaseCommand):
    help = "Ban hành kế hoạch: lập nghĩa vụ báo cáo cả năm cho các đơn vị. --preview chỉ xem trước."

    def add_arguments(self, parser):
        parser.add_argument("year", type=arguments.year, help="năm của kế hoạch")
        parser.add_argument("--preview", action="store_true", help="chỉ xem trước, không ghi gì")

    def handle(self, *args, **options):
        try:
            plan = plan_of_year(options["year"])
            if options["preview"]:
                self.preview(plan)
                return
            result = publish(plan)
        except PublishError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Đã ban hành {plan}: {result.total} nghĩa vụ báo cáo, {result.created} mới lập lần này."
        )

    def preview(self, plan):
        rows = due_rows(plan)
        units = Counter((row.title, row.printed_on, row.due_at) for row in rows)
        for (title, printed_on, due_at), count in units.items():
            local = timezone.localtime(due_at)
            self.stdout.write(
                f"{title}: ngày ghi {printed_on:%d/%m/%Y}, hạn hết {local:%d/%m/%Y %H:%M}, {count} đơn vị"
            )
        self.stdout.write(f"Cộng: {len(rows)} nghĩa vụ. Chưa ghi gì.")
