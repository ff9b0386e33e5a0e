"""Plan and deliver the reminders of one moment (design.md §7)."""

from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from doanportal import clock
from plans import delivery
from plans.notices import plan_due
from plans.quiet_hours import is_quiet, opening_moment


def parse_moment(text):
    """The aware moment of an ISO text; without a zone it is Vietnam's, a bare day means its opening hour."""
    try:
        if len(text) == len("2023-02-28"):
            return opening_moment(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"Thời điểm «{text}» không đúng: ghi như 2023-02-28T09:00.") from None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


class Command(BaseCommand):
    help = (
        "Lập và gửi lời nhắc của một thời điểm. Mỗi tin một dòng, cách nhau bằng tab: "
        "thời điểm, mốc nhắc, thư điện tử người nhận, kênh, tiêu đề."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--at", metavar="ISO", help="thời điểm, ví dụ 2023-02-28T09:00 (giờ Việt Nam); mặc định: bây giờ"
        )
        parser.add_argument("--dry-run", action="store_true", help="chỉ liệt kê, không ghi và không gửi gì")

    def handle(self, *, at, dry_run, **options):
        moment = parse_moment(at) if at else clock.now()
        with clock.at(moment) as now:
            if is_quiet(now):
                self.stderr.write("Đang trong giờ không gửi thư; thư sẽ đi khi hết giờ này.")
            try:
                outcome = preview(now=now) if dry_run else deliver(now=now)
            except DatabaseError as error:
                raise CommandError(f"Không đọc ghi được cơ sở dữ liệu: {error}") from error
            for item in outcome.told:
                self.stdout.write(line_of(item, now=now))
        if outcome.server_away:
            raise CommandError("Không kết nối được máy chủ thư; lời nhắc còn trong sổ và sẽ được gửi lại.")
        if outcome.failed:
            raise CommandError(
                f"{len(outcome.failed)} thư chưa gửi được, lý do ghi trong sổ; cổng sẽ tự thử lại."
            )


def deliver(*, now):
    plan_due(now=now)
    return delivery.deliver_all(now=now)


def preview(*, now):
    """What delivery would tell, by doing all of it but the sending and taking it back."""
    with transaction.atomic():
        plan_due(now=now)
        outcome = delivery.Outcome()
        while claimed := delivery.claim(now=now):
            outcome.told += claimed
        transaction.set_rollback(True)
    return outcome


def line_of(item, *, now):
    message = item.message
    columns = [
        timezone.localtime(now).isoformat(timespec="minutes"),
        item.stages,
        message.recipient.email,
        message.channel,
        message.subject,
    ]
    return "\t".join(columns)
