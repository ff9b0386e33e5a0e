"""Targets, where their figures come from, and for whom they apply (domain.md §7.3)."""

from django.db import models
from django.db.models import Q

from units.models import Sector, Unit, UnitKind

from .plan import ContentItem, Plan


class Target(models.Model):
    class Kind(models.TextChoices):
        RATIO = "ratio", "tỷ lệ (tử số/mẫu số)"
        FLOW = "flow", "số phát sinh trong kỳ"
        STATE = "state", "số hiện có"
        BOOLEAN = "boolean", "có/không"

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", "hằng tháng"
        QUARTERLY = "quarterly", "hằng quý (tháng 3, 6, 9, 12)"
        HALF_YEAR = "half_year", "6 tháng (tháng 6, 12)"
        DERIVED = "derived", "hệ thống tự tính"
        ON_NOTICE = "on_notice", "theo Thông báo"

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="targets")
    code = models.CharField("mã", max_length=8)
    number = models.PositiveSmallIntegerField("số thứ tự")
    sector = models.ForeignKey(Sector, models.PROTECT, verbose_name="lĩnh vực")
    content = models.ForeignKey(
        ContentItem,
        models.PROTECT,
        verbose_name="nội dung triển khai",
        null=True,
        blank=True,
    )
    wording = models.TextField("chỉ tiêu (nguyên văn đã sửa lỗi)")
    short_label = models.CharField("tên gọn", max_length=160)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    goal = models.DecimalField("mức phấn đấu", max_digits=14, decimal_places=2)
    goal_text = models.CharField("mức phấn đấu, bằng chữ", max_length=80)
    unit_of_measure = models.CharField("đơn vị tính", max_length=40)
    numerator_label = models.CharField("nhãn tử số", max_length=160, blank=True)
    denominator_label = models.CharField("nhãn mẫu số", max_length=160, blank=True)
    amount_label = models.CharField("nhãn số lượng", max_length=160, blank=True)
    frequency = models.CharField("chế độ báo cáo", max_length=12, choices=Frequency.choices)
    definition = models.TextField("cách tính")
    example = models.TextField("ví dụ", blank=True)
    estimate = models.BooleanField(
        "là số ước tính", default=False, help_text="Bắt buộc ghi phương pháp và nguồn."
    )
    department = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name="Ban theo dõi",
        null=True,
        blank=True,
        related_name="+",
    )
    lineage = models.SlugField("mã xuyên năm", max_length=80)
    measure = models.SlugField(
        "cách hệ thống tự tính",
        max_length=40,
        blank=True,
        help_text="Dùng cho kỳ có nguồn «hệ thống tự tính»: đội hình, hoạt động hoặc danh mục nào được đếm.",
    )
    measure_options = models.JSONField("tham số của cách tính", default=dict, blank=True)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="target_code_once"),
            models.UniqueConstraint(fields=["plan", "number"], name="target_number_once"),
            models.CheckConstraint(condition=Q(goal__gte=0), name="target_goal_not_negative"),
            models.CheckConstraint(
                condition=~Q(kind="ratio") | (~Q(numerator_label="") & ~Q(denominator_label="")),
                name="target_ratio_has_labels",
                violation_error_message="Chỉ tiêu tỷ lệ cần nhãn tử số và nhãn mẫu số.",
            ),
        ]

    def __str__(self):
        return f"CT {self.number}. {self.short_label}"

    @property
    def is_ratio(self):
        return self.kind == self.Kind.RATIO

    @property
    def is_flow(self):
        return self.kind == self.Kind.FLOW


class TargetSource(models.Model):
    """Where a target's figure comes from, from a month on (design.md §3.7). No row: no source yet.

    A row of one unit (or of the province) stands beside those for all; the latest in force holds.
    """

    class Kind(models.TextChoices):
        REPORTED = "reported", "đơn vị báo cáo"
        DERIVED = "derived", "hệ thống tự tính"
        DEPARTMENT = "department", "Ban nhập, có nguồn"

    target = models.ForeignKey(Target, models.CASCADE, verbose_name="chỉ tiêu", related_name="sources")
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name="riêng đơn vị",
        null=True,
        blank=True,
        related_name="+",
        help_text="Để trống: áp dụng cho mọi đơn vị. Chọn đơn vị (hoặc cấp tỉnh) để chuyển riêng.",
    )
    kind = models.CharField("nguồn", max_length=12, choices=Kind.choices)
    from_period = models.DateField("từ kỳ", help_text="Ngày 01 của tháng")

    class Meta:
        verbose_name = "nguồn số liệu"
        verbose_name_plural = "nguồn số liệu"
        ordering = ["target", "from_period"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "unit", "from_period"],
                nulls_distinct=False,
                name="targetsource_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(from_period__day=1),
                name="targetsource_from_first_of_month",
                violation_error_message="Hãy ghi ngày 01 của tháng.",
            ),
        ]

    def __str__(self):
        return f"{self.target.code}: {self.get_kind_display()}"


class TargetScope(models.Model):
    """Does a target apply to a kind of unit, or to one unit; and what share was given to that unit."""

    target = models.ForeignKey(Target, models.CASCADE, verbose_name="chỉ tiêu", related_name="scopes")
    unit_kind = models.ForeignKey(UnitKind, models.PROTECT, verbose_name="loại đơn vị", null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", null=True, blank=True)
    applicable = models.BooleanField("áp dụng", default=True)
    share = models.DecimalField("mức giao", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "phạm vi chỉ tiêu"
        verbose_name_plural = "phạm vi chỉ tiêu"
        constraints = [
            models.UniqueConstraint(
                fields=["target", "unit_kind", "unit"],
                nulls_distinct=False,
                name="targetscope_once",
            ),
            models.CheckConstraint(
                condition=Q(unit_kind__isnull=False, unit__isnull=True)
                | Q(unit_kind__isnull=True, unit__isnull=False),
                name="targetscope_kind_or_unit",
                violation_error_message="Chọn loại đơn vị hoặc một đơn vị, không chọn cả hai.",
            ),
        ]

    def __str__(self):
        return f"{self.target.code}: {self.unit or self.unit_kind}"
