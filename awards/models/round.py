"""Award forms, rounds with their own rules, quotas and who may see what (domain.md §3, A1 to A5)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from doanportal import clock
from plans.models import Plan
from units.models import Cluster, Document, Unit, UnitKind
from units.models.dated import Dated, valid_range_check


class SubjectKind(models.TextChoices):
    COLLECTIVE = "collective", "tập thể"
    INDIVIDUAL = "individual", "cá nhân"


class AwardForm(Dated):
    """A form of award with its issuer; `level` says whether it is ours to give or to submit for."""

    class Level(models.TextChoices):
        PROVINCE = "province", "Ban Thường vụ Tỉnh Đoàn"
        HIGHER = "higher", "cấp cao hơn"

    code = models.SlugField("mã", unique=True)
    name = models.CharField("hình thức", max_length=160)
    short_name = models.CharField("tên gọn", max_length=80)
    level = models.CharField("cấp quyết định", max_length=10, choices=Level.choices)
    issuer = models.CharField("cơ quan tặng", max_length=160)
    title_line = models.CharField("chữ trên bằng", max_length=80, default="BẰNG KHEN")
    display_order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "hình thức khen thưởng"
        verbose_name_plural = "hình thức khen thưởng"
        ordering = ["display_order", "code"]
        constraints = [valid_range_check("awardform_range")]

    def __str__(self):
        return self.name


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every round for a province post; the units' people see those that were opened."""
        if user.is_province:
            return self
        return self.exclude(state=Round.State.DRAFT)


class Round(models.Model):
    """One đợt xét chọn. All numbers of quorum and threshold stand here, none in the code (domain.md §3.3)."""

    class State(models.TextChoices):
        DRAFT = "draft", "đang chuẩn bị"
        OPEN = "open", "nhận hồ sơ"
        CLOSED = "closed", "hết hạn nhận, đang xét"
        DECIDED = "decided", "đã có Quyết định"

    class Base(models.TextChoices):
        MEMBERS = "members", "tổng số thành viên Hội đồng"
        PRESENT = "present", "thành viên có mặt"

    class Method(models.TextChoices):
        PAPER = "paper", "phiếu kín"
        HANDS = "hands", "giơ tay"

    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name="kế hoạch", related_name="award_rounds")
    name = models.CharField("tên đợt", max_length=200)
    achievement = models.CharField(
        "thành tích",
        max_length=300,
        help_text="Câu in trên bằng: Đã có thành tích xuất sắc trong …",
    )
    rules = models.TextField("quy định riêng của đợt", blank=True)
    notice = models.ForeignKey(
        Document, models.PROTECT, verbose_name="Thông báo", null=True, blank=True, related_name="+"
    )
    state = models.CharField("trạng thái", max_length=8, choices=State.choices, default=State.DRAFT)
    printed_on = models.DateField("hạn ghi trong Thông báo")
    exclusive = models.BooleanField(
        "ghi «trước ngày»", default=False, help_text="Hạn là hết ngày hôm trước của ngày ghi."
    )
    supplements_allowed = models.BooleanField(
        "cho đề nghị bổ sung",
        default=True,
        help_text="Chỉ trước khi hết hạn nhận hồ sơ; hồ sơ không bao giờ trả về đơn vị.",
    )
    quorum_numerator = models.PositiveSmallIntegerField("số thành viên cần có mặt: tử số", default=2)
    quorum_denominator = models.PositiveSmallIntegerField("mẫu số", default=3)
    threshold_percent = models.DecimalField(
        "tỷ lệ phiếu đồng ý cần đạt (%)", max_digits=5, decimal_places=2, default=70
    )
    base = models.CharField("tính trên", max_length=8, choices=Base.choices, default=Base.MEMBERS)
    method = models.CharField("cách biểu quyết", max_length=5, choices=Method.choices, default=Method.PAPER)
    most_ballots = models.PositiveSmallIntegerField("số lần bỏ phiếu nhiều nhất", default=2)
    fallback_form = models.ForeignKey(
        AwardForm,
        models.PROTECT,
        verbose_name="hình thức thay khi cấp trên không khen",
        null=True,
        blank=True,
        related_name="+",
    )
    fallback_collectives = models.BooleanField("áp dụng cho tập thể", default=True)
    fallback_individuals = models.BooleanField("áp dụng cho cá nhân", default=True)
    opened_at = models.DateTimeField("mở lúc", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("kết thúc nhận lúc", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("lập lúc", default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt xét chọn"
        verbose_name_plural = "đợt xét chọn"
        ordering = ["-printed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="round_name_once"),
            models.CheckConstraint(
                condition=Q(quorum_denominator__gt=0)
                & Q(quorum_numerator__gt=0)
                & Q(quorum_numerator__lte=F("quorum_denominator")),
                name="round_quorum_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(threshold_percent__gt=0, threshold_percent__lte=100), name="round_threshold_range"
            ),
            models.CheckConstraint(condition=Q(most_ballots__gte=1), name="round_has_a_ballot"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(opened_at__isnull=False), name="round_opened_has_moment"
            ),
        ]

    def __str__(self):
        return self.name


class RoundForm(models.Model):
    """What may be asked for in a round, and how many of it there are to give."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="forms")
    form = models.ForeignKey(AwardForm, models.PROTECT, verbose_name="hình thức", related_name="+")
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind.choices)
    most = models.PositiveSmallIntegerField(
        "số lượng nhiều nhất cả đợt", null=True, blank=True, help_text="Để trống: không giới hạn."
    )

    class Meta:
        verbose_name = "hình thức của đợt"
        verbose_name_plural = "hình thức của đợt"
        ordering = ["round", "form__display_order", "subject_kind"]
        constraints = [
            models.UniqueConstraint(fields=["round", "form", "subject_kind"], name="roundform_once")
        ]

    def __str__(self):
        return f"{self.form} – {self.get_subject_kind_display()}"


class Quota(models.Model):
    """How many a unit may ask for: by itself, by its kind (khối) or its cluster; more needs a reason."""

    round_form = models.ForeignKey(RoundForm, models.CASCADE, related_name="quotas")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", null=True, blank=True)
    unit_kind = models.ForeignKey(UnitKind, models.PROTECT, verbose_name="khối", null=True, blank=True)
    cluster = models.ForeignKey(Cluster, models.PROTECT, verbose_name="cụm", null=True, blank=True)
    most = models.PositiveSmallIntegerField("nhiều nhất một đơn vị")

    class Meta:
        verbose_name = "số lượng được đề nghị"
        verbose_name_plural = "số lượng được đề nghị"
        constraints = [
            models.UniqueConstraint(
                fields=["round_form", "unit", "unit_kind", "cluster"],
                nulls_distinct=False,
                name="quota_once",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, unit_kind__isnull=True, cluster__isnull=True)
                | Q(unit__isnull=True, unit_kind__isnull=False, cluster__isnull=True)
                | Q(unit__isnull=True, unit_kind__isnull=True, cluster__isnull=False),
                name="quota_of_exactly_one",
                violation_error_message="Chọn đúng một trong ba: đơn vị, khối hoặc cụm.",
            ),
        ]

    def __str__(self):
        return f"{self.round_form}: {self.most}"


class Visibility(models.Model):
    """From which stage an audience of the round sees something; no row: never."""

    class Audience(models.TextChoices):
        DEPARTMENT = "department", "Ban phụ trách cụm"
        LEAD = "lead", "Ban Phong trào"
        CHECKER = "checker", "Ban Xây dựng Đoàn"
        COUNCIL = "council", "thành viên Hội đồng"
        SECRETARY = "secretary", "Thư ký Hội đồng"
        LEADER = "leader", "Thường trực"
        OWN_UNIT = "own_unit", "đơn vị đề nghị"

    class What(models.TextChoices):
        DOSSIER = "dossier", "hồ sơ"
        REMARKS = "remarks", "nhận xét, đề xuất của các Ban"
        VOTES = "votes", "kết quả kiểm phiếu"
        OUTCOME = "outcome", "kết quả xét"

    round = models.ForeignKey(Round, models.CASCADE, related_name="visibilities")
    audience = models.CharField("ai", max_length=10, choices=Audience.choices)
    what = models.CharField("xem gì", max_length=8, choices=What.choices)
    from_stage = models.CharField("từ bước", max_length=10)

    class Meta:
        verbose_name = "quyền xem"
        verbose_name_plural = "quyền xem"
        constraints = [models.UniqueConstraint(fields=["round", "audience", "what"], name="visibility_once")]

    def __str__(self):
        return f"{self.get_audience_display()}: {self.get_what_display()}"
