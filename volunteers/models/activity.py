"""Activities of units and the province: planned, held, counted by group (domain.md §4, plan IV: D6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from doanportal import clock
from plans.models import ContentItem, Obligation, Target
from units.models import Sector, Unit

from .team import Team

# Attendance groups (domain.md §4): field name and Vietnamese name. A person at two sessions counts twice.
GROUPS = (
    ("member_youth", "đoàn viên thanh niên"),
    ("pupils", "học sinh"),
    ("young_entrepreneurs", "doanh nhân trẻ"),
    ("residents", "người dân"),
    ("enterprises", "doanh nghiệp"),
)
GROUP_NAMES = dict(GROUPS)


class ActivityKind(models.Model):
    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=80)
    usual_targets = models.JSONField(
        "chỉ tiêu thường tính vào",
        default=list,
        blank=True,
        help_text="Mã chỉ tiêu được chọn sẵn khi lập hoạt động loại này; người lập sửa được.",
    )
    display_order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "loại hoạt động"
        verbose_name_plural = "loại hoạt động"
        ordering = ["display_order"]

    def __str__(self):
        return self.name


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for a province post; a unit sees what it hosts or takes part in."""
        if user.is_province:
            return self
        joint = ActivityUnit.objects.filter(unit__in=user.unit_ids).values("activity")
        return self.filter(Q(unit__in=user.unit_ids) | Q(pk__in=joint))

    def held(self):
        """Activities that took place: the only ones that count."""
        return self.filter(state=Activity.State.HELD)

    def in_period(self, first_day, last_day):
        """By the first day of the activity, both ends included."""
        return self.filter(starts_on__gte=first_day, starts_on__lte=last_day)


class Activity(models.Model):
    """Counts for its host alone, whoever takes part (domain.md §7.3, T5: no double count of joint events)."""

    class State(models.TextChoices):
        PLANNED = "planned", "dự kiến"
        HELD = "held", "đã diễn ra"
        CANCELLED = "cancelled", "đã hủy"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị chủ trì", related_name="activities")
    joint_units = models.ManyToManyField(
        Unit, through="ActivityUnit", verbose_name="đơn vị phối hợp", related_name="joint_activities"
    )
    teams = models.ManyToManyField(Team, verbose_name="đội hình", related_name="activities", blank=True)
    targets = models.ManyToManyField(
        Target, verbose_name="tính vào chỉ tiêu", related_name="activities", blank=True
    )
    content = models.ForeignKey(
        ContentItem, models.PROTECT, verbose_name="nội dung triển khai", null=True, blank=True
    )
    sector = models.ForeignKey(Sector, models.PROTECT, verbose_name="lĩnh vực", null=True, blank=True)
    kind = models.ForeignKey(ActivityKind, models.PROTECT, verbose_name="loại", related_name="activities")
    title = models.CharField("tên hoạt động", max_length=200)
    starts_on = models.DateField("ngày")
    starts_time = models.TimeField("giờ bắt đầu", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200)
    assigned = models.BooleanField("hoạt động được giao", default=False)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.PLANNED)
    cancel_reason = models.CharField("lý do hủy", max_length=300, blank=True)
    volunteers = models.PositiveIntegerField("số tình nguyện viên", null=True, blank=True)
    member_youth = models.PositiveIntegerField("lượt đoàn viên thanh niên", null=True, blank=True)
    pupils = models.PositiveIntegerField("lượt học sinh", null=True, blank=True)
    young_entrepreneurs = models.PositiveIntegerField("lượt doanh nhân trẻ", null=True, blank=True)
    residents = models.PositiveIntegerField("lượt người dân", null=True, blank=True)
    enterprises = models.PositiveIntegerField("lượt doanh nghiệp", null=True, blank=True)
    result = models.TextField("kết quả", blank=True)
    value = models.PositiveBigIntegerField("giá trị (đồng)", null=True, blank=True)
    cost = models.PositiveBigIntegerField("kinh phí (đồng)", null=True, blank=True)
    obligation = models.OneToOneField(
        Obligation,
        models.PROTECT,
        verbose_name="nghĩa vụ gửi phương án",
        null=True,
        blank=True,
        related_name="activity",
    )
    search_key = models.CharField(max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField("lập lúc", default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    held_at = models.DateTimeField("ghi nhận đã diễn ra lúc", null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động"
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(fields=["unit", "starts_on"], name="activity_unit_day"),
            models.Index(fields=["starts_on"], name="activity_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="activity_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="activity_cancelled_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_at__isnull=False), name="activity_held_has_moment"
            ),
            models.CheckConstraint(
                condition=Q(state="held")
                | Q(
                    result="",
                    value__isnull=True,
                    cost__isnull=True,
                ),
                name="activity_result_after_held",
            ),
            models.CheckConstraint(
                condition=(Q(value__isnull=True) | Q(value__lt=10**15))
                & (Q(cost__isnull=True) | Q(cost__lt=10**15)),
                name="activity_money_sane",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def attendances(self):
        """All groups together, None when none was counted."""
        counted = [number for name, _ in GROUPS if (number := getattr(self, name)) is not None]
        return sum(counted) if counted else None


class ActivityUnit(models.Model):
    """A unit that takes part in another one's activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "đơn vị phối hợp"
        verbose_name_plural = "đơn vị phối hợp"
        constraints = [models.UniqueConstraint(fields=["activity", "unit"], name="activityunit_once")]

    def __str__(self):
        return f"{self.activity_id} {self.unit_id}"


class AttendanceTap(models.Model):
    """One tap of a counter on a phone: append-only; the key makes a repeat on a weak line harmless."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="taps")
    key = models.UUIDField(unique=True)
    group = models.CharField(max_length=20, choices=GROUPS)
    delta = models.SmallIntegerField()
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "lượt đếm"
        verbose_name_plural = "lượt đếm"
        constraints = [
            models.CheckConstraint(
                condition=Q(delta__gte=-1000, delta__lte=1000) & ~Q(delta=0), name="attendancetap_delta"
            ),
        ]

    def __str__(self):
        return f"{self.activity_id} {self.group} {self.delta:+d}"


class ActivityPlan(models.Model):
    """The plan of an assigned activity as sent; answered by «đã tiếp nhận» or «có ý kiến» (D6)."""

    class Answer(models.TextChoices):
        NOTED = "noted", "đã tiếp nhận"
        COMMENTS = "comments", "có ý kiến"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField("bản")
    text = models.TextField("phương án", blank=True)
    file = models.FileField("tệp", upload_to="activity-plans/%Y/%m/", blank=True)
    original_name = models.CharField("tên tệp", max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField("gửi lúc", default=clock.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    late_reason = models.CharField("lý do gửi muộn", max_length=300, blank=True)
    answer = models.CharField("trả lời", max_length=8, choices=Answer.choices, blank=True)
    answer_text = models.TextField("ý kiến", blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "phương án đã gửi"
        verbose_name_plural = "phương án đã gửi"
        ordering = ["activity", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="activityplan_number_once"),
            models.CheckConstraint(condition=~Q(text="") | ~Q(file=""), name="activityplan_says_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="activityplan_answer_whole",
            ),
            models.CheckConstraint(
                condition=~Q(answer="comments") | ~Q(answer_text=""),
                name="activityplan_comments_have_text",
            ),
        ]

    def __str__(self):
        return f"phương án {self.number} của hoạt động {self.activity_id}"


class ActivityPhoto(models.Model):
    """A photo made anew without hidden data; published only with consent that is written down."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos")
    file = models.FileField("ảnh", upload_to="activity-photos/%Y/%m/")
    original_name = models.CharField("tên tệp", max_length=200)
    size = models.PositiveBigIntegerField("dung lượng, byte")
    sha256 = models.CharField(max_length=64)
    caption = models.CharField("chú thích", max_length=200, blank=True)
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    may_publish = models.BooleanField("được đăng", default=False)
    publish_basis = models.CharField("căn cứ đồng ý", max_length=300, blank=True)
    publish_set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "ảnh hoạt động"
        verbose_name_plural = "ảnh hoạt động"
        ordering = ["activity", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "sha256"], name="activityphoto_once"),
            models.CheckConstraint(
                condition=Q(may_publish=False) | ~Q(publish_basis=""), name="activityphoto_publish_with_basis"
            ),
        ]

    def __str__(self):
        return self.original_name
