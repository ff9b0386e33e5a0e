"""How units hang together: clusters, sectors, who supervises whom, successions, base figures."""

from django.db import models
from django.db.models import F, Q

from .dated import Dated, valid_range_check
from .unit import Unit, no_overlap


class Sector(models.Model):
    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=80)
    display_order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "lĩnh vực"
        verbose_name_plural = "lĩnh vực"
        ordering = ["display_order"]

    def __str__(self):
        return self.name


class Cluster(models.Model):
    code = models.SlugField("mã")
    name = models.CharField("tên", max_length=120)
    year = models.PositiveSmallIntegerField("năm")

    class Meta:
        verbose_name = "cụm thi đua"
        verbose_name_plural = "cụm thi đua"
        ordering = ["year", "code"]
        constraints = [models.UniqueConstraint(fields=["year", "code"], name="cluster_code_once_a_year")]

    def __str__(self):
        return f"{self.name} {self.year}"


class ClusterMembership(Dated):
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="cluster_memberships")
    cluster = models.ForeignKey(Cluster, models.PROTECT, verbose_name="cụm", related_name="memberships")

    class Meta:
        verbose_name = "đơn vị trong cụm"
        verbose_name_plural = "đơn vị trong cụm"
        constraints = [
            valid_range_check("clustermembership_range"),
            no_overlap(
                "clustermembership_one_at_a_time",
                "unit",
                message="Đơn vị đã thuộc một cụm khác trong thời gian này.",
            ),
        ]

    def __str__(self):
        return f"{self.unit} – {self.cluster}"


class Supervision(Dated):
    """A department looks after a cluster, a sector or a single unit: exactly one of the three."""

    department = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="Ban phụ trách", related_name="supervisions"
    )
    cluster = models.ForeignKey(Cluster, models.PROTECT, verbose_name="cụm", null=True, blank=True)
    sector = models.ForeignKey(Sector, models.PROTECT, verbose_name="lĩnh vực", null=True, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name="đơn vị",
        null=True,
        blank=True,
        related_name="supervised_by",
    )

    class Meta:
        verbose_name = "phân công phụ trách"
        verbose_name_plural = "phân công phụ trách"
        constraints = [
            valid_range_check("supervision_range"),
            models.CheckConstraint(
                condition=(
                    Q(cluster__isnull=False, sector__isnull=True, unit__isnull=True)
                    | Q(cluster__isnull=True, sector__isnull=False, unit__isnull=True)
                    | Q(cluster__isnull=True, sector__isnull=True, unit__isnull=False)
                ),
                name="supervision_of_exactly_one",
                violation_error_message="Chọn đúng một trong ba: cụm, lĩnh vực hoặc đơn vị.",
            ),
        ]

    def __str__(self):
        return f"{self.department}: {self.cluster or self.sector or self.unit}"


class Succession(models.Model):
    """One unit lives on in another, wholly or in part, from a day on."""

    from_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị cũ", related_name="successors")
    to_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị mới", related_name="predecessors")
    share = models.DecimalField("phần", max_digits=5, decimal_places=4, default=1, help_text="Từ 0 đến 1")
    effective_on = models.DateField("ngày hiệu lực")
    basis = models.CharField("căn cứ pháp lý", max_length=200)

    class Meta:
        verbose_name = "kế thừa đơn vị"
        verbose_name_plural = "kế thừa đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["from_unit", "to_unit", "effective_on"],
                name="succession_once_a_day",
            ),
            models.CheckConstraint(condition=~Q(from_unit=F("to_unit")), name="succession_to_another_unit"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="succession_share_range"),
        ]

    def __str__(self):
        return f"{self.from_unit} → {self.to_unit}"


class Baseline(models.Model):
    """A dated base figure of a unit (members, branches …), offered as a denominator."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="baselines")
    measure = models.CharField("số liệu", max_length=80)
    value = models.PositiveBigIntegerField("giá trị")
    on = models.DateField("tính đến ngày")
    source = models.CharField("nguồn", max_length=200)

    class Meta:
        verbose_name = "số liệu nền"
        verbose_name_plural = "số liệu nền"
        constraints = [
            models.UniqueConstraint(fields=["unit", "measure", "on"], name="baseline_once_a_day"),
        ]

    def __str__(self):
        return f"{self.unit}: {self.measure} {self.value}"
