"""Decisions, submissions to a higher level, certificates and the golden book (domain.md §3.4, §3.5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from doanportal import clock
from units.models import Document

from .nomination import Nomination
from .round import AwardForm, Round


class Decision(models.Model):
    """A decision of the Standing Committee: prepared quietly, published in one act."""

    class State(models.TextChoices):
        PREPARED = "prepared", "đang chuẩn bị"
        PUBLISHED = "published", "đã công bố"

    round = models.ForeignKey(Round, models.PROTECT, verbose_name="đợt", related_name="decisions")
    document = models.OneToOneField(
        Document, models.PROTECT, verbose_name="Quyết định", related_name="award_decision"
    )
    state = models.CharField("trạng thái", max_length=9, choices=State.choices, default=State.PREPARED)
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "quyết định khen thưởng"
        verbose_name_plural = "quyết định khen thưởng"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="prepared") | Q(published_at__isnull=False),
                name="decision_published_has_moment",
            )
        ]

    def __str__(self):
        return f"Quyết định #{self.pk} – {self.round}"


class DecisionLine(models.Model):
    """The outcome of one nomination: đạt with its form, or không đạt with a reason."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lines")
    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="decision_line")
    outcome = models.CharField("kết quả", max_length=8, choices=Nomination.Outcome.choices)
    form = models.ForeignKey(AwardForm, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("lý do không đạt", max_length=300, blank=True)

    class Meta:
        verbose_name = "kết quả xét"
        verbose_name_plural = "kết quả xét"
        ordering = ["decision", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="granted", form__isnull=False)
                | (Q(outcome="refused", form__isnull=True) & ~Q(reason="")),
                name="decisionline_form_or_reason",
                violation_error_message="Đạt thì ghi hình thức; không đạt thì ghi lý do.",
            )
        ]

    def __str__(self):
        return f"{self.get_outcome_display()} – đề nghị #{self.nomination_id}"


class HigherSubmission(models.Model):
    """A nomination that the Standing Committee submitted to a higher level, and the answer (A5)."""

    class Answer(models.TextChoices):
        GRANTED = "granted", "cấp trên đã khen"
        REFUSED = "refused", "cấp trên không khen"

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="higher_submission")
    form = models.ForeignKey(AwardForm, models.PROTECT, verbose_name="hình thức", related_name="+")
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="Tờ trình", null=True, blank=True, related_name="+"
    )
    sent_on = models.DateField("ngày trình")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField("kết quả", max_length=8, choices=Answer.choices, blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    answer_reference = models.CharField("văn bản trả lời", max_length=200, blank=True)
    answer_reason = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "trình cấp cao hơn"
        verbose_name_plural = "trình cấp cao hơn"
        ordering = ["-sent_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True)
                | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="highersubmission_answer_has_day",
            )
        ]

    def __str__(self):
        return f"trình cấp trên – đề nghị #{self.nomination_id}"


class GoldenBookEntry(models.Model):
    """A line of the golden book: numbers without gaps, never changed; a correction is a new entry."""

    class Kind(models.TextChoices):
        AWARD = "award", "khen thưởng"
        CORRECTION = "correction", "đính chính"
        REVOCATION = "revocation", "thu hồi"

    book = models.CharField("sổ", max_length=20, help_text="Nhiệm kỳ, ví dụ 2022-2027")
    number = models.PositiveIntegerField("vào sổ vàng số")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.AWARD)
    line = models.ForeignKey(DecisionLine, models.PROTECT, related_name="entries")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    name = models.CharField("người, tập thể được khen", max_length=200)
    detail = models.CharField("chức vụ, đơn vị", max_length=300, blank=True)
    form_name = models.CharField("hình thức", max_length=160)
    achievement = models.CharField("thành tích", max_length=300)
    decision_number = models.CharField("số Quyết định", max_length=80)
    decision_date = models.DateField("ngày Quyết định")
    reason = models.CharField("lý do", max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "dòng sổ vàng"
        verbose_name_plural = "sổ vàng"
        ordering = ["book", "number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="goldenbook_number_once"),
            models.UniqueConstraint(fields=["line"], condition=Q(kind="award"), name="goldenbook_line_once"),
            models.CheckConstraint(
                condition=Q(kind="award", corrects__isnull=True)
                | (~Q(kind="award") & Q(corrects__isnull=False) & ~Q(reason="")),
                name="goldenbook_correction_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.book} số {self.number}"


class CertificateBatch(models.Model):
    """Certificates being set in the worker: ids in, one PDF out, with how far it is."""

    class Mode(models.TextChoices):
        FULL = "full", "in cả phôi"
        OVERLAY = "overlay", "in trên phôi có sẵn"

    class State(models.TextChoices):
        WAITING = "waiting", "đang chờ"
        RUNNING = "running", "đang in"
        READY = "ready", "xong"
        FAILED = "failed", "hỏng"

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    mode = models.CharField("cách in", max_length=8, choices=Mode.choices)
    offset_x_mm = models.DecimalField("dịch ngang (mm)", max_digits=5, decimal_places=1, default=0)
    offset_y_mm = models.DecimalField("dịch dọc (mm)", max_digits=5, decimal_places=1, default=0)
    entries = models.ManyToManyField(GoldenBookEntry, related_name="batches")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="certificates/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=300, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    requested_at = models.DateTimeField(default=clock.now)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "lượt in bằng"
        verbose_name_plural = "lượt in bằng"
        ordering = ["-requested_at", "-pk"]

    def __str__(self):
        return f"in bằng #{self.pk}"


class PrintLayout(models.Model):
    """Where things stand on a pre-printed blank: offsets in mm that were found by a test print."""

    name = models.CharField("phôi", max_length=80, unique=True)
    width_mm = models.PositiveSmallIntegerField("rộng (mm)", default=297)
    height_mm = models.PositiveSmallIntegerField("cao (mm)", default=210)
    offset_x_mm = models.DecimalField("dịch ngang (mm)", max_digits=5, decimal_places=1, default=0)
    offset_y_mm = models.DecimalField("dịch dọc (mm)", max_digits=5, decimal_places=1, default=0)
    positions = models.JSONField("vị trí từng dòng (mm)", default=dict, blank=True)

    class Meta:
        verbose_name = "mẫu phôi bằng"
        verbose_name_plural = "mẫu phôi bằng"

    def __str__(self):
        return self.name
