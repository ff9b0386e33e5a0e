"""Deadlines, days off, and the obligation: who owes which form by when (design.md §3.1 to §3.4)."""

from django.db import models
from django.db.models import F, Q

from units.models import Unit, UnitKind

from .form import Form
from .plan import Plan


class Deadline(models.Model):
    class Schedule(models.TextChoices):
        MONTHLY_DAY = "monthly_day", "ngày cố định hằng tháng"
        FIXED_DATE = "fixed_date", "ngày cố định trong năm"
        BEFORE_EVENT = "before_event", "trước sự kiện"
        AFTER_EVENT = "after_event", "sau sự kiện"
        ON_NOTICE = "on_notice", "theo Thông báo"

    class Boundary(models.TextChoices):
        INCLUSIVE = "inclusive", "tính cả ngày ghi (vào ngày)"
        EXCLUSIVE = "exclusive", "trước ngày ghi (trước ngày)"

    class OffsetUnit(models.TextChoices):
        CALENDAR = "calendar", "ngày thường"
        WORKING = "working", "ngày làm việc"

    class DayOff(models.TextChoices):
        KEEP = "keep", "giữ nguyên"
        NEXT = "next_working_day", "dời đến ngày làm việc tiếp theo"
        PREVIOUS = "previous_working_day", "lùi về ngày làm việc trước đó"

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="deadlines")
    code = models.CharField("mã", max_length=8)
    title = models.CharField("việc phải làm", max_length=200)
    form = models.ForeignKey(Form, models.PROTECT, verbose_name="biểu mẫu", null=True, blank=True)
    schedule = models.CharField("cách tính", max_length=14, choices=Schedule.choices)
    day = models.PositiveSmallIntegerField("ngày", null=True, blank=True)
    month = models.PositiveSmallIntegerField("tháng", null=True, blank=True)
    offset_days = models.PositiveSmallIntegerField("số ngày", null=True, blank=True)
    offset_unit = models.CharField(
        "loại ngày", max_length=10, choices=OffsetUnit.choices, default=OffsetUnit.CALENDAR
    )
    boundary = models.CharField(
        "ranh giới", max_length=10, choices=Boundary.choices, default=Boundary.INCLUSIVE
    )
    day_off = models.CharField(
        "khi rơi vào ngày nghỉ",
        max_length=20,
        choices=DayOff.choices,
        default=DayOff.NEXT,
    )
    applies_to = models.ManyToManyField(UnitKind, verbose_name="áp dụng cho", blank=True)
    publishes = models.BooleanField("thành nghĩa vụ khi ban hành kế hoạch", default=False)
    printed_words = models.CharField("văn bản ghi", max_length=120, blank=True)
    wording = models.TextField("nguyên văn", blank=True)

    class Meta:
        verbose_name = "thời hạn"
        verbose_name_plural = "thời hạn"
        ordering = ["plan", "code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="deadline_code_once"),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(day__gte=1, day__lte=31),
                name="deadline_day_range",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="deadline_month_range",
            ),
            models.CheckConstraint(
                condition=~Q(schedule="fixed_date") | Q(day__isnull=False, month__isnull=False),
                name="deadline_fixed_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(schedule="monthly_day") | Q(day__isnull=False),
                name="deadline_monthly_has_day",
            ),
            models.CheckConstraint(
                condition=Q(publishes=False) | Q(form__isnull=False),
                name="deadline_publishes_a_form",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


class Holiday(models.Model):
    """An override of the holidays library: a day off it does not know, or a swapped working day."""

    class Kind(models.TextChoices):
        OFF = "off", "ngày nghỉ"
        SWAP_WORKING = "swap_working", "ngày làm bù"

    date = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=120)
    kind = models.CharField("loại", max_length=12, choices=Kind.choices, default=Kind.OFF)

    class Meta:
        verbose_name = "ngày nghỉ, làm bù"
        verbose_name_plural = "ngày nghỉ, làm bù"
        ordering = ["date"]

    def __str__(self):
        return f"{self.date:%d/%m/%Y} {self.name}"


class ObligationKind(models.TextChoices):
    PLAN = "plan", "theo kế hoạch"
    CORRECTION = "correction", "chỉnh sửa, bổ sung"
    REVIEW = "review", "xem, tiếp nhận"


class ObligationQuerySet(models.QuerySet):
    def of_plan(self):
        """The only kind that rates and the calendar count (design.md §3.1)."""
        return self.filter(kind=ObligationKind.PLAN)

    def open(self):
        """Neither handed in nor waived."""
        return self.filter(first_fulfilled_at__isnull=True, waived_at__isnull=True)

    def visible_to(self, user):
        """All for a province post; a unit sees its own."""
        if user.is_province:
            return self
        return self.filter(owner__in=user.unit_ids)


class Obligation(models.Model):
    """Who owes something by a time. The moments are set only by functions of plans.obligations."""

    kind = models.CharField(
        "loại",
        max_length=12,
        choices=ObligationKind.choices,
        default=ObligationKind.PLAN,
    )
    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name="kế hoạch", related_name="obligations")
    deadline = models.ForeignKey(
        Deadline, models.PROTECT, verbose_name="thời hạn", null=True, related_name="obligations"
    )
    form = models.ForeignKey(Form, models.PROTECT, verbose_name="biểu mẫu", related_name="obligations")
    owner = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="obligations")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="nghĩa vụ gốc",
        null=True,
        related_name="children",
        help_text="Nghĩa vụ gốc của một lần bổ sung.",
    )
    title = models.CharField("việc phải làm", max_length=200)
    period_key = models.CharField("kỳ", max_length=20)
    period_from = models.DateField("từ ngày")
    cutoff_on = models.DateField("chốt số liệu ngày")
    printed_on = models.DateField("ngày ghi trong văn bản")
    due_at = models.DateTimeField("hạn cuối")
    extended_to = models.DateTimeField("gia hạn đến", null=True)
    waived_at = models.DateTimeField("miễn lúc", null=True)
    waive_reason = models.TextField("lý do miễn", blank=True)
    draft_started_at = models.DateTimeField("bắt đầu soạn", null=True)
    first_fulfilled_at = models.DateTimeField("gửi lần đầu", null=True)
    last_fulfilled_at = models.DateTimeField("gửi lần cuối", null=True)
    sent_back_at = models.DateTimeField("đề nghị bổ sung lúc", null=True)
    accepted_at = models.DateTimeField("tiếp nhận lúc", null=True)
    cause = models.CharField("nguyên do", max_length=60, null=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "nghĩa vụ báo cáo"
        verbose_name_plural = "nghĩa vụ báo cáo"
        ordering = ["due_at", "owner__display_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "form", "owner", "period_key", "cause"],
                nulls_distinct=False,
                name="obligation_once",
            ),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True) | ~Q(waive_reason=""),
                name="obligation_waiver_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(first_fulfilled_at__isnull=True, last_fulfilled_at__isnull=True)
                | Q(
                    first_fulfilled_at__isnull=False,
                    last_fulfilled_at__isnull=False,
                    first_fulfilled_at__lte=F("last_fulfilled_at"),
                ),
                name="obligation_first_before_last",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(sent_back_at__isnull=True),
                name="obligation_accepted_or_sent_back",
            ),
            models.CheckConstraint(
                condition=Q(first_fulfilled_at__isnull=False)
                | Q(accepted_at__isnull=True, sent_back_at__isnull=True),
                name="obligation_reviewed_after_hand_in",
            ),
            models.CheckConstraint(
                condition=Q(period_from__lte=F("cutoff_on")),
                name="obligation_period_order",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="obligation_due"),
            models.Index(fields=["owner", "kind", "due_at"], name="obligation_owner"),
            models.Index(fields=["form", "period_key"], name="obligation_period"),
        ]

    def __str__(self):
        return f"{self.title} – {self.owner}"
