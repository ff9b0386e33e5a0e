"""A report fulfils one obligation; its versions are frozen once handed in (design.md §3.5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from doanportal import clock
from plans.models import Obligation


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for a province post; a unit sees its own."""
        if user.is_province:
            return self
        return self.filter(obligation__owner__in=user.unit_ids)


class Report(models.Model):
    obligation = models.OneToOneField(
        Obligation, models.PROTECT, verbose_name="nghĩa vụ", related_name="report"
    )
    created_at = models.DateTimeField("lập lúc", default=clock.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"

    def __str__(self):
        return str(self.obligation)


class VersionQuerySet(models.QuerySet):
    def current(self):
        """The latest submitted versions, the only ones that count."""
        return self.filter(state=Version.State.SUBMITTED)

    def visible_to(self, user):
        """A unit sees all of its own; a province post what was handed in, and drafts «nhập thay».

        Who holds both posts sees both.
        """
        own = Q(report__obligation__owner__in=user.unit_ids)
        if user.is_province:
            return self.filter(own | ~Q(state=Version.State.DRAFT, on_behalf=False))
        return self.filter(own)


class Version(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "bản nháp"
        SUBMITTED = "submitted", "đã gửi"
        SUPERSEDED = "superseded", "đã thay bằng bản sau"

    report = models.ForeignKey(Report, models.PROTECT, verbose_name="báo cáo", related_name="versions")
    number = models.PositiveSmallIntegerField("bản số")
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.DRAFT)
    reason = models.TextField("lý do sửa", blank=True)
    created_at = models.DateTimeField("lập lúc", default=clock.now)
    saved_at = models.DateTimeField("lưu lần cuối", null=True)
    submitted_at = models.DateTimeField("gửi lúc", null=True)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name="người lập",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name="người gửi",
    )
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ người ký", max_length=80, blank=True)
    recipients = models.TextField("Nơi nhận", blank=True)
    on_behalf = models.BooleanField("Tỉnh Đoàn nhập thay", default=False)
    on_behalf_note = models.CharField("nguồn nhập thay", max_length=300, blank=True)
    receipt_code = models.CharField("mã biên nhận", max_length=20, null=True, unique=True)
    content_hash = models.CharField("mã kiểm tra nội dung", max_length=64, blank=True)
    idempotency_key = models.UUIDField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "bản báo cáo"
        verbose_name_plural = "bản báo cáo"
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["report"], condition=Q(state="draft"), name="version_one_draft"),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(state="submitted"),
                name="version_one_current",
            ),
            models.UniqueConstraint(
                fields=["submitted_by", "idempotency_key"],
                name="version_idempotency_once",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True)
                | Q(
                    ~Q(state="draft"),
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    receipt_code__isnull=False,
                ),
                name="version_submitted_has_receipt",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf=False) | Q(state="draft") | ~Q(on_behalf_note=""),
                name="version_on_behalf_has_source",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="version_amendment_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.report}, bản {self.number}"


class SignedCopy(models.Model):
    """The signed, sealed scan, taken back later: it changes no date (features F21)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="signed_copies")
    version = models.ForeignKey(Version, models.PROTECT, related_name="signed_copies")
    number = models.CharField("số, ký hiệu", max_length=60)
    date = models.DateField("ngày ký")
    file = models.FileField("bản ký, đóng dấu", upload_to="signed/%Y/%m/")
    original_name = models.CharField(max_length=200)
    sha256 = models.CharField("mã kiểm tra tệp", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người tải lên", related_name="+"
    )
    uploaded_at = models.DateTimeField("tải lên lúc", default=clock.now)

    class Meta:
        verbose_name = "bản ký"
        verbose_name_plural = "bản ký"
        ordering = ["-uploaded_at"]

    def __str__(self):
        return self.number
