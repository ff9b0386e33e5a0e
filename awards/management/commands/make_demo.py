"""manage.py make_demo: the plan published, accounts, illustrative reports, teams, awards."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from awards.demo.story import tell_awards
from doanportal import arguments, clock
from plans.calendar import parse_month_key
from plans.loading import DEFAULT_FILE, PlanFileError, load_plan
from plans.publishing import PublishError, publish
from reports.demo.accounts import account_lines, add_accounts, add_units
from reports.demo.history import History
from volunteers.demo.stage import moment
from volunteers.demo.story import tell_story

DEFAULT_YEAR = 2023


class Command(BaseCommand):
    help = (
        "Tạo dữ liệu minh họa (chỉ ở bản trình diễn): kế hoạch, tài khoản mỗi vai trò và đơn vị, "
        "báo cáo đến kỳ chọn."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--units", type=arguments.units, default=14, help="số đơn vị báo cáo (ít nhất 14)"
        )
        parser.add_argument("--year", type=arguments.year, default=DEFAULT_YEAR, help="năm của kế hoạch")
        parser.add_argument(
            "--seed", type=arguments.whole_number, default=1, help="số gieo, cho dữ liệu giống nhau mỗi lần"
        )
        parser.add_argument(
            "--through",
            default="",
            help="kỳ cuối có báo cáo, ví dụ 2023-07; none: không; bỏ trống: theo đồng hồ",
        )
        parser.add_argument("--accounts", action="store_true", help="chỉ in danh sách tài khoản")

    def handle(self, *args, **options):
        if not settings.ALLOW_DEMO_DATA:
            raise CommandError("Chỉ bản trình diễn mới được tạo dữ liệu minh họa.")
        if not options["accounts"]:
            self.make(options)
        for line in account_lines():
            self.stdout.write(line)

    @transaction.atomic
    def make(self, options):
        through = options["through"]
        try:
            if through not in ("", "none"):
                parse_month_key(through)
            plan = load_plan(DEFAULT_FILE, year=options["year"])
            made = add_units(options["units"], year=options["year"])
            publish(plan)
        except (ValueError, PlanFileError, PublishError) as error:
            raise CommandError(str(error)) from error
        add_accounts(year=options["year"], seed=options["seed"])
        done, told, rounds = 0, (0, 0, 0), 0
        if through != "none":
            history = History(plan, seed=options["seed"], now=clock.now())
            done = history.play(through=through or None)
            moment_told = {
                "seed": options["seed"],
                "until": end_of(through) if through else clock.now(),
                "live": not through,
                "photo": history.photo,
            }
            told = tell_story(plan, **moment_told)
            rounds = tell_awards(plan, **moment_told)
            history.settle()
        self.stdout.write(
            f"Đã tạo {plan}: {made} đơn vị minh họa thêm, {done} báo cáo minh họa, "
            f"{told[0]} đội hình, {told[1]} hoạt động, {told[2]} mục trong danh mục, "
            f"{rounds} đợt khen thưởng."
        )


def end_of(period_key):
    """The evening of the 25th, with which the period ends."""
    return moment(parse_month_key(period_key).replace(day=25), 23)
