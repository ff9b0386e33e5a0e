"""manage.py check_portal: the health of the portal, a line a question; fails when something is wrong."""

from django.core.management.base import BaseCommand, CommandError

from doanportal.checkup import Level, examine


class Command(BaseCommand):
    help = (
        "Kiểm tra sức khỏe của cổng: cơ sở dữ liệu, Redis, việc nền, thư nhắc, phông chữ, PDF, kho tệp, "
        "kế hoạch. Mỗi dòng OK, CHÚ Ý hoặc LỖI; kết thúc với mã khác 0 khi có LỖI."
    )
    # The framework's own checks would stop before the first line when a setting is wrong.
    requires_system_checks = []

    def handle(self, *args, **options):
        findings = examine()
        for finding in findings:
            self.stdout.write(f"{finding.level.value:<6} {finding.text}")
        failures = sum(finding.level is Level.FAILED for finding in findings)
        if failures:
            raise CommandError(f"{failures} mục LỖI.")
        self.stdout.write("Cổng hoạt động bình thường.")
