"""manage.py retention: anonymise people whose time is over; counts and dates stay."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_date
from volunteers.retention import apply_retention, first_kept_day, preview


class Command(BaseCommand):
    help = (
        "Xóa thông tin cá nhân của người đã hết thời hạn lưu giữ (hết năm kế hoạch và số tháng trong "
        "PERSONAL_RETENTION_MONTHS); số lượng giữ nguyên. Không khôi phục được: xem trước bằng --dry-run."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="chỉ in ra, không xóa")
        parser.add_argument(
            "--at", metavar="ISO", help="coi như đang ở thời điểm này, ví dụ 2026-01-01T08:00"
        )

    def handle(self, *args, **options):
        now = moment(options["at"]) if options["at"] else clock.now()
        if now > clock.now() and not options["dry_run"]:
            raise CommandError("Thời điểm ở tương lai chỉ xem trước được: thêm --dry-run.")
        day = timezone.localdate(now)
        self.stdout.write(
            f"Ngày {format_date(day)}: xóa thông tin người không còn ở đội hình nào "
            f"từ ngày {format_date(first_kept_day(day))}."
        )
        due = preview(on=day)
        for row in due:
            self.stdout.write(f"{row.unit.label}: {row.people} người")
        if options["dry_run"]:
            self.stdout.write(f"Xem trước: {sum(row.people for row in due)} người, chưa xóa gì.")
            return
        outcome = apply_retention(now=now)
        self.stdout.write(
            f"Đã xóa thông tin {outcome.people} người, {outcome.imports} tệp Excel, "
            f"danh sách trong {outcome.lists} bản báo cáo."
        )


def moment(text):
    """The aware moment of an ISO text, local where it names no zone. Raises CommandError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"«{text}» không phải thời điểm. Ví dụ: 2026-01-01T08:00.") from None
    return found if found.tzinfo else timezone.make_aware(found)
