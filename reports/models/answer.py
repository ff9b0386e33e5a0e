"""What is in a version: sections, target values, answers, evidence. Frozen with the version."""

from django.db import models
from django.db.models import F, Q

from doanportal import clock
from plans.models import FormField, FormSection, Target

from .report import Version


class Section(models.Model):
    version = models.ForeignKey(Version, models.CASCADE, related_name="sections")
    form_section = models.ForeignKey(FormSection, models.PROTECT, related_name="+")
    nil = models.BooleanField("không phát sinh trong kỳ", default=False)
    saved_at = models.DateTimeField("lưu lúc", null=True)
    revision = models.PositiveIntegerField(default=0)
    raw = models.JSONField(
        default=dict,
        blank=True,
        help_text="Nội dung đã gõ mà chưa đọc được, giữ nguyên để không mất chữ nào.",
    )

    class Meta:
        verbose_name = "mục"
        verbose_name_plural = "mục"
        ordering = ["version", "form_section__display_order"]
        constraints = [models.UniqueConstraint(fields=["version", "form_section"], name="section_once")]

    def __str__(self):
        return self.form_section.title


class Value(models.Model):
    """A figure of one target: a pair, an amount, or «không thay đổi». No row, or all empty: blank."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="values")
    target = models.ForeignKey(Target, models.PROTECT, related_name="values")
    numerator = models.PositiveBigIntegerField("tử số", null=True)
    denominator = models.PositiveBigIntegerField("mẫu số", null=True)
    amount = models.DecimalField("số lượng", max_digits=18, decimal_places=2, null=True)
    unchanged = models.BooleanField("không thay đổi so với kỳ trước", default=False)
    method = models.CharField("phương pháp", max_length=300, blank=True)
    source = models.CharField("nguồn số liệu", max_length=300, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    soft_flag_reason = models.CharField("lý do số liệu khác thường", max_length=300, blank=True)

    class Meta:
        verbose_name = "số liệu"
        verbose_name_plural = "số liệu"
        ordering = ["version", "target__number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "target"], name="value_once"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(
                    numerator__isnull=False,
                    denominator__isnull=False,
                    numerator__gte=0,
                    numerator__lte=F("denominator"),
                ),
                name="value_numerator_within_denominator",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0, amount__lt=10**15),
                name="value_amount_sane",
            ),
            models.CheckConstraint(
                condition=Q(unchanged=False)
                | Q(
                    numerator__isnull=True,
                    denominator__isnull=True,
                    amount__isnull=True,
                ),
                name="value_unchanged_has_no_figure",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) | Q(amount__isnull=True),
                name="value_pair_or_amount",
            ),
        ]

    def __str__(self):
        return f"{self.target.code} {self.version_id}"

    @property
    def is_blank(self):
        return not self.unchanged and self.numerator is None and self.amount is None


class Answer(models.Model):
    version = models.ForeignKey(Version, models.CASCADE, related_name="answers")
    field = models.ForeignKey(FormField, models.PROTECT, related_name="+")
    value = models.JSONField("trả lời", null=True)

    class Meta:
        verbose_name = "trả lời"
        verbose_name_plural = "trả lời"
        ordering = ["version", "field__display_order"]
        constraints = [models.UniqueConstraint(fields=["version", "field"], name="answer_once")]

    def __str__(self):
        return self.field.label


class Evidence(models.Model):
    """A file or photo; an amendment points at the same stored bytes with a row of its own."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="evidence")
    field = models.ForeignKey(FormField, models.PROTECT, related_name="+", null=True)
    file = models.FileField("tệp", upload_to="evidence/%Y/%m/")
    original_name = models.CharField("tên tệp", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("dung lượng, byte")
    sha256 = models.CharField(max_length=64)
    caption = models.CharField("chú thích", max_length=200, blank=True)
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["version", "pk"]

    def __str__(self):
        return self.original_name

    @property
    def is_image(self):
        return self.content_type.startswith("image/")
