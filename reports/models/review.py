"""What Ban Phong trào and the department in charge say of a version (design.md §4, features F16)."""

from django.conf import settings
from django.db import models

from doanportal import clock
from plans.models import Obligation
from units.models import Unit

from .report import Version


class Acceptance(models.Model):
    """«Tiếp nhận»: once a version, by Ban Phong trào."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="acceptance")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    note = models.CharField("lời nhắn", max_length=300, blank=True)

    class Meta:
        verbose_name = "tiếp nhận"
        verbose_name_plural = "tiếp nhận"

    def __str__(self):
        return str(self.version)


class SendBack(models.Model):
    """«Đề nghị chỉnh sửa, bổ sung», with a date of its own as a correction obligation."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="send_backs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    correction = models.OneToOneField(Obligation, models.PROTECT, related_name="send_back")
    message = models.TextField("lời nhắn", blank=True)

    class Meta:
        verbose_name = "đề nghị bổ sung"
        verbose_name_plural = "đề nghị bổ sung"
        ordering = ["-at"]

    def __str__(self):
        return str(self.version)


class Remark(models.Model):
    class Kind(models.TextChoices):
        MUST_FIX = "must_fix", "cần sửa"
        NOTE = "note", "lưu ý"

    version = models.ForeignKey(Version, models.PROTECT, related_name="remarks")
    send_back = models.ForeignKey(SendBack, models.PROTECT, null=True, related_name="remarks")
    anchor = models.CharField(
        "chỗ",
        max_length=80,
        blank=True,
        help_text="target:T6, field:teams.volunteers, section:teams",
    )
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.MUST_FIX)
    text = models.TextField("ý kiến")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    resolved_in = models.ForeignKey(Version, models.PROTECT, null=True, related_name="resolved_remarks")

    class Meta:
        verbose_name = "ý kiến"
        verbose_name_plural = "ý kiến"
        ordering = ["version", "pk"]

    def __str__(self):
        return self.text[:60]
