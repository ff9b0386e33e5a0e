"""A rendered rollup: asked for by a person or made by itself on the morning after the deadline."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from doanportal import clock


class RollupFile(models.Model):
    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"
        BRIEF = "brief", "PDF giao ban"

    class State(models.TextChoices):
        WAITING = "waiting", "đang chờ"
        READY = "ready", "đã xong"
        FAILED = "failed", "không tạo được"

    period_key = models.CharField("kỳ", max_length=20)
    format = models.CharField("định dạng", max_length=6, choices=Format.choices)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.WAITING)
    automatic = models.BooleanField("tự động", default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người yêu cầu", null=True, related_name="+"
    )
    requested_at = models.DateTimeField("yêu cầu lúc", default=clock.now)
    finished_at = models.DateTimeField("xong lúc", null=True)
    file = models.FileField(upload_to="rollups/%Y/%m/", blank=True)
    sha256 = models.CharField("mã kiểm tra tệp", max_length=64, blank=True)
    error = models.TextField("lỗi", blank=True)

    class Meta:
        verbose_name = "bản tổng hợp"
        verbose_name_plural = "bản tổng hợp"
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["period_key", "format"],
                condition=Q(automatic=True),
                name="rollupfile_automatic_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(file=""),
                name="rollupfile_ready_has_file",
            ),
        ]

    def __str__(self):
        return f"{self.period_key} {self.format}"
