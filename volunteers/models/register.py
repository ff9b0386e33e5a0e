"""Registers that targets count: what stood on a day can be asked of their dates (plan III: T6 to T8, T15)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from doanportal import clock
from doanportal.textfold import fold
from units.models import Unit


class RegisterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for a province post; a unit sees its own."""
        if user.is_province:
            return self
        return self.filter(unit__in=user.unit_ids)

    def valid(self):
        """Rows that were not taken back as entered by mistake."""
        return self.filter(voided_at__isnull=True)

    def matching(self, text):
        return self.filter(search_key__contains=fold(text))


class RegisterRow(models.Model):
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="+")
    name = models.CharField("tên", max_length=200)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    voided_at = models.DateTimeField("bỏ khỏi danh mục lúc", null=True, blank=True, editable=False)
    void_reason = models.CharField("lý do bỏ", max_length=300, blank=True, editable=False)
    search_key = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField("ghi lúc", default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self):
        """The search key from the name; bulk writers call it themselves."""
        self.search_key = fold(self.name)[:300]


def void_check(name):
    return models.CheckConstraint(
        condition=Q(voided_at__isnull=True, void_reason="")
        | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
        name=name,
    )


def name_once(name, *more):
    return models.UniqueConstraint(
        fields=["unit", "name", *more],
        condition=Q(voided_at__isnull=True),
        nulls_distinct=False,
        name=name,
        violation_error_message="Đơn vị đã ghi mục này rồi.",
    )


class CameraRoute(RegisterRow):
    """A camera route; it counts from the day it was handed over (T15)."""

    class Kind(models.TextChoices):
        ROAD = "road", "đường giao thông"
        BORDER = "border", "tuyến biên giới"
        QUARTER = "quarter", "khu phố"
        RESIDENTIAL = "residential", "khu dân cư"

    kind = models.CharField("loại tuyến", max_length=12, choices=Kind.choices)
    place = models.CharField("địa điểm", max_length=200)
    length_km = models.DecimalField("chiều dài (km)", max_digits=8, decimal_places=3, null=True, blank=True)
    cameras = models.PositiveIntegerField("số camera", null=True, blank=True)
    value = models.PositiveBigIntegerField("giá trị (đồng)", null=True, blank=True)
    handed_over_on = models.DateField("ngày trao tặng", null=True, blank=True)
    minutes = models.CharField("biên bản bàn giao", max_length=120, blank=True, help_text="Số, ngày biên bản")

    class Meta:
        verbose_name = "tuyến đường camera"
        verbose_name_plural = "tuyến đường camera"
        ordering = ["unit__display_order", "-handed_over_on", "pk"]
        constraints = [
            void_check("cameraroute_void"),
            name_once("cameraroute_once", "place"),
            models.CheckConstraint(
                condition=Q(handed_over_on__isnull=True)
                | (~Q(minutes="") & Q(cameras__gte=1, length_km__gt=0)),
                name="cameraroute_handed_over_whole",
                violation_error_message="Tuyến đã trao tặng cần số km, số camera và biên bản bàn giao.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__lt=10**15), name="cameraroute_value_sane"
            ),
        ]


class Digitised(RegisterRow):
    """What makes a product digitised: a day and how (QR, market place, own page)."""

    digitised_on = models.DateField("ngày có trên môi trường số", null=True, blank=True)
    digital_how = models.CharField(
        "hình thức", max_length=120, blank=True, help_text="Mã QR, sàn, trang bán …"
    )
    digital_link = models.URLField("đường dẫn", max_length=300, blank=True)
    ended_on = models.DateField("ngừng từ ngày", null=True, blank=True)

    class Meta:
        abstract = True


def digitised_check(name):
    return models.CheckConstraint(
        condition=Q(digitised_on__isnull=True) | ~Q(digital_how=""),
        name=name,
        violation_error_message="Ghi hình thức số hóa (mã QR, sàn thương mại điện tử, trang bán hàng …).",
    )


class OcopProduct(Digitised):
    """An OCOP product of young people (T8): recognised on a day, digitised or not on another."""

    owner = models.CharField("chủ thể", max_length=200)
    stars = models.PositiveSmallIntegerField("hạng sao", null=True, blank=True)
    recognised_on = models.DateField("ngày được công nhận")
    decision = models.CharField("quyết định công nhận", max_length=120, blank=True)

    class Meta:
        verbose_name = "sản phẩm OCOP của thanh niên"
        verbose_name_plural = "sản phẩm OCOP của thanh niên"
        ordering = ["unit__display_order", "recognised_on", "pk"]
        constraints = [
            void_check("ocopproduct_void"),
            name_once("ocopproduct_once", "owner"),
            digitised_check("ocopproduct_digitised_how"),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__gte=1, stars__lte=5), name="ocopproduct_stars"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("recognised_on")),
                name="ocopproduct_ends_later",
            ),
        ]


class Enterprise(Digitised):
    """A farm or firm: association member (T6), owned by young people (T7); its product digitised or not."""

    class Kind(models.TextChoices):
        FARM = "farm", "trang trại"
        FIRM = "firm", "doanh nghiệp"
        COOPERATIVE = "cooperative", "hợp tác xã, tổ hợp tác"

    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    place = models.CharField("nơi đặt trụ sở", max_length=200, blank=True)
    product = models.CharField("sản phẩm chính", max_length=200, blank=True)
    youth_owned_from = models.DateField("do thanh niên làm chủ từ ngày", null=True, blank=True)
    youth_owned_to = models.DateField("đến trước ngày (thanh niên làm chủ)", null=True, blank=True)
    member_from = models.DateField("hội viên, thành viên câu lạc bộ từ ngày", null=True, blank=True)
    member_to = models.DateField("đến trước ngày (hội viên)", null=True, blank=True)

    class Meta:
        verbose_name = "trang trại, doanh nghiệp"
        verbose_name_plural = "trang trại, doanh nghiệp"
        ordering = ["unit__display_order", "pk"]
        constraints = [
            void_check("enterprise_void"),
            name_once("enterprise_once", "place"),
            digitised_check("enterprise_digitised_how"),
            models.CheckConstraint(
                condition=Q(youth_owned_from__isnull=False) | Q(member_from__isnull=False),
                name="enterprise_of_some_kind",
                violation_error_message="Ghi ít nhất một ngày: do thanh niên làm chủ, hoặc hội viên.",
            ),
            models.CheckConstraint(
                condition=(Q(youth_owned_to__isnull=True) | Q(youth_owned_to__gt=F("youth_owned_from")))
                & (Q(member_to__isnull=True) | Q(member_to__gt=F("member_from"))),
                name="enterprise_ranges",
            ),
        ]


class WorkbookImport(models.Model):
    """An Excel file on its way in: checked as a whole, shown, taken over once; then its bytes go."""

    class State(models.TextChoices):
        CHECKING = "checking", "đang kiểm tra"
        CHECKED = "checked", "đã kiểm tra"
        REFUSED = "refused", "không đọc được"
        TAKING = "taking", "đang ghi"
        TAKEN = "taken", "đã ghi"
        DROPPED = "dropped", "đã bỏ"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    team_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    original_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    as_of = models.DateField(null=True)
    findings = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "tệp Excel nhập vào"
        verbose_name_plural = "tệp Excel nhập vào"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self):
        return f"{self.kind} #{self.pk}"
