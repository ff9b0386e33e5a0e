"""A unit outlives its names: data hangs on Unit, names are dated rows (design.md §3.10)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from doanportal.textfold import fold

from .dated import Dated, valid_range_check


def no_overlap(name, *columns, message):
    """An exclusion constraint without btree_gist: each column as a one-point range, the dates as a range."""
    points = [
        (
            Func(
                F(column),
                F(column),
                Value("[]"),
                function="int8range",
                output_field=models.TextField(),
            ),
            "&&",
        )
        for column in columns
    ]
    days = Func(
        F("valid_from"),
        F("valid_to"),
        function="daterange",
        output_field=models.TextField(),
    )
    return ExclusionConstraint(
        name=name,
        index_type="gist",
        expressions=[*points, (days, "&&")],
        violation_error_message=message,
    )


class UnitKind(models.Model):
    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=80)
    level = models.PositiveSmallIntegerField("cấp", help_text="0: tỉnh, 1: huyện và trực thuộc, 2: xã")
    territorial = models.BooleanField("theo địa bàn", default=False)

    class Meta:
        verbose_name = "loại đơn vị"
        verbose_name_plural = "loại đơn vị"
        ordering = ["level", "code"]

    def __str__(self):
        return self.name


class UnitQuerySet(models.QuerySet):
    def alive_on(self, day):
        """Units that exist on `day`."""
        return self.filter(Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def reporting(self):
        """Units that hand in reports: district-level and attached ones."""
        return self.filter(kind__code__in=["district", "attached", "commune"])

    def visible_to(self, user):
        """Every unit for a province post, the own units for the others."""
        if user.is_province:
            return self
        return self.filter(pk__in=user.unit_ids)

    def matching(self, text):
        """Units whose names, old ones included, hold `text`, diacritics ignored."""
        return self.filter(search_key__contains=fold(text))


class Unit(models.Model):
    code = models.CharField("mã", max_length=20, unique=True, help_text="Mã GSO với đơn vị cấp huyện.")
    kind = models.ForeignKey(UnitKind, models.PROTECT, verbose_name="loại", related_name="units")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="trực thuộc",
        null=True,
        blank=True,
        related_name="children",
    )
    name = models.CharField(
        "tên hiện nay",
        max_length=120,
        blank=True,
        help_text="Lấy từ tên có hiệu lực mới nhất.",
    )
    short_name = models.CharField("tên gọn hiện nay", max_length=80, blank=True)
    display_order = models.PositiveIntegerField("thứ tự", default=0)
    opened_on = models.DateField("ngày thành lập")
    closed_on = models.DateField("ngày kết thúc hoạt động", null=True, blank=True)
    illustrative = models.BooleanField("minh họa", default=False)
    search_key = models.CharField(max_length=400, blank=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["display_order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="unit_closes_after_opening",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """The name on the screen, marked where the unit is only an illustration."""
        return f"{self.name} (minh họa)" if self.illustrative else self.name


class UnitName(Dated):
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="names")
    full_name = models.CharField("tên đầy đủ", max_length=120)
    short_name = models.CharField("tên gọn", max_length=80)
    upper_line = models.CharField("dòng cơ quan cấp trên", max_length=120, blank=True)
    issuer_line = models.CharField("dòng cơ quan ban hành", max_length=120)
    issuer_code = models.CharField("ký hiệu cơ quan", max_length=40, help_text="Ví dụ: ĐTN, TĐTN")
    place_name = models.CharField("địa danh", max_length=80)
    standing_committee = models.CharField(
        "thể thức đề ký",
        max_length=120,
        default="TM. BAN THƯỜNG VỤ",
        help_text="Ví dụ: TM. BAN THƯỜNG VỤ",
    )
    signer_title = models.CharField("chức vụ người ký", max_length=80, default="BÍ THƯ")
    signer_name = models.CharField("họ tên người ký", max_length=80, blank=True)
    basis = models.CharField("căn cứ", max_length=200, blank=True)

    class Meta:
        verbose_name = "tên đơn vị theo thời gian"
        verbose_name_plural = "tên đơn vị theo thời gian"
        ordering = ["unit", "valid_from"]
        constraints = [
            valid_range_check("unitname_range"),
            no_overlap(
                "unitname_no_overlap",
                "unit",
                message="Đơn vị đã có tên khác trong khoảng thời gian này.",
            ),
        ]

    def __str__(self):
        return self.full_name
