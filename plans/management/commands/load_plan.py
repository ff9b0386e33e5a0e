"""manage.py load_plan [FILE]: load the year plan, 2023 by default; may run again at any time."""

from django.core.management.base import BaseCommand, CommandError

from plans.loading import DEFAULT_FILE, PlanFileError, load_plan


class Command(BaseCommand):
    help = "Nạp kế hoạch năm (mặc định: năm 2023), đơn vị, biểu mẫu. Chạy lại không làm thay đổi gì thêm."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default=DEFAULT_FILE, help="tệp TOML của kế hoạch")

    def handle(self, *args, **options):
        try:
            plan = load_plan(options["file"])
        except PlanFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Đã nạp {plan}: {plan.targets.count()} chỉ tiêu, {plan.deadlines.count()} thời hạn, "
            f"{plan.contents.count()} nội dung."
        )
