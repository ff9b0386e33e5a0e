"""The register of papers: what a unit issued under which number, and its signed scan (domain.md §2.3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from doanportal import clock

from .unit import Unit


class DocumentType(models.TextChoices):
    PLAN = "KH", "Kế hoạch"
    REPORT = "BC", "Báo cáo"
    DECISION = "QĐ", "Quyết định"
    NOTICE = "TB", "Thông báo"
    PROPOSAL = "TTr", "Tờ trình"
    GUIDELINE = "HD", "Hướng dẫn"
    DISPATCH = "CV", "Công văn"
    MINUTES = "BB", "Biên bản"
    LIST = "DS", "Danh sách"


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for a province post; a unit sees what it issued."""
        if user.is_province:
            return self
        return self.filter(issuer__in=user.unit_ids)


class Document(models.Model):
    """A paper with the number the clerk gave it. Numbers run per type through a whole term."""

    issuer = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="cơ quan ban hành", related_name="documents"
    )
    type = models.CharField("loại văn bản", max_length=5, choices=DocumentType.choices)
    term = models.CharField("nhiệm kỳ", max_length=20, blank=True, help_text="Ví dụ: 2022-2027")
    number = models.CharField("số", max_length=20, blank=True, help_text="Chỉ phần số, ví dụ 05")
    symbol = models.CharField("ký hiệu", max_length=60, blank=True, help_text="Ví dụ: QĐ/ĐTN")
    date = models.DateField("ngày văn bản", null=True, blank=True)
    subject = models.CharField("trích yếu", max_length=400)
    signer_title = models.CharField("chức vụ người ký", max_length=80, blank=True)
    signer_name = models.CharField("họ tên người ký", max_length=80, blank=True)
    file = models.FileField("bản đã ký", upload_to="documents/%Y/%m/", blank=True)
    original_name = models.CharField("tên tệp", max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField("lập lúc", default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người lập", null=True, related_name="+"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        ordering = ["-date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "type", "term", "number"],
                condition=~Q(number=""),
                name="document_number_once_a_term",
                violation_error_message="Số này đã dùng cho văn bản cùng loại trong nhiệm kỳ.",
            ),
            models.CheckConstraint(
                condition=Q(number="", date__isnull=True) | (~Q(number="") & Q(date__isnull=False)),
                name="document_number_with_date",
                violation_error_message="Ghi cả số và ngày của văn bản, hoặc để trống cả hai.",
            ),
            models.CheckConstraint(
                condition=Q(number="") | Q(number__regex=r"^[0-9]{1,6}[a-zA-ZđĐ]?$"),
                name="document_number_is_a_number",
                violation_error_message="Số văn bản chỉ gồm chữ số, ví dụ 05.",
            ),
            models.CheckConstraint(
                condition=Q(file="") | ~Q(sha256=""),
                name="document_file_has_hash",
            ),
        ]

    def __str__(self):
        return f"{self.get_type_display()} {self.full_number}".strip()

    @property
    def full_number(self):
        """«05-QĐ/ĐTN», or '' before the clerk gave it."""
        return f"{self.number}-{self.symbol}" if self.number else ""

    @property
    def is_issued(self):
        return bool(self.number and self.date)
