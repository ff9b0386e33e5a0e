"""The council: members, attendance, conflicts of interest, counted votes (domain.md §3.3)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from doanportal import clock
from units.models import Unit

from .nomination import Nomination
from .round import Round


class Council(models.Model):
    """One session of the council of a round; closed, nothing in it changes."""

    class State(models.TextChoices):
        PREPARED = "prepared", "chuẩn bị"
        SITTING = "sitting", "đang họp"
        CLOSED = "closed", "đã thông qua biên bản"

    round = models.OneToOneField(Round, models.PROTECT, verbose_name="đợt", related_name="council")
    state = models.CharField("trạng thái", max_length=8, choices=State.choices, default=State.PREPARED)
    sits_on = models.DateField("ngày họp", null=True, blank=True)
    starts_time = models.TimeField("từ giờ", null=True, blank=True)
    ends_time = models.TimeField("đến giờ", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    basis = models.CharField("Quyết định thành lập Hội đồng", max_length=200, blank=True)
    discussion = models.TextField("nội dung trao đổi", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "Hội đồng xét khen thưởng"
        verbose_name_plural = "Hội đồng xét khen thưởng"

    def __str__(self):
        return f"Hội đồng – {self.round}"


class CouncilMember(models.Model):
    class Role(models.TextChoices):
        CHAIR = "chair", "Chủ tịch"
        VICE_CHAIR = "vice_chair", "Phó Chủ tịch"
        STANDING = "standing", "Ủy viên thường trực"
        MEMBER = "member", "Ủy viên"

    council = models.ForeignKey(Council, models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="tài khoản", null=True, blank=True
    )
    name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức vụ", max_length=160)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name="đơn vị của thành viên",
        null=True,
        blank=True,
        related_name="+",
        help_text="Để nhận ra khi xét hồ sơ của chính đơn vị mình.",
    )
    role = models.CharField("chức danh", max_length=10, choices=Role.choices, default=Role.MEMBER)
    present = models.BooleanField("có mặt", null=True, blank=True)
    absence_reason = models.CharField("lý do vắng", max_length=200, blank=True)

    class Meta:
        verbose_name = "thành viên Hội đồng"
        verbose_name_plural = "thành viên Hội đồng"
        ordering = ["council", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "user"], condition=Q(user__isnull=False), name="councilmember_once"
            ),
            models.UniqueConstraint(
                fields=["council"], condition=Q(role="chair"), name="councilmember_one_chair"
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} #{self.pk}"


class Conflict(models.Model):
    """A member who does not vote on a nomination: out of the base."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="conflicts")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="conflicts")
    reason = models.CharField("lý do", max_length=200)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "không tham gia biểu quyết"
        verbose_name_plural = "không tham gia biểu quyết"
        constraints = [models.UniqueConstraint(fields=["nomination", "member"], name="conflict_once")]

    def __str__(self):
        return f"{self.member_id} – {self.nomination_id}"


class KeptVoter(models.Model):
    """A member of the nomination's own unit who votes all the same: said aloud, with the reason."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="kept_voters")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="kept_votes")
    reason = models.CharField("lý do", max_length=200)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "vẫn tham gia biểu quyết"
        verbose_name_plural = "vẫn tham gia biểu quyết"
        constraints = [
            models.UniqueConstraint(fields=["nomination", "member"], name="keptvoter_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="keptvoter_with_reason"),
        ]

    def __str__(self):
        return f"{self.member_id} – {self.nomination_id}"


class VoteCount(models.Model):
    """The counted votes of one ballot, entered by the secretary and confirmed by somebody else.

    `members`, `present` leave out whoever has a conflict; quorum and threshold are those of that day.
    """

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="vote_counts")
    council = models.ForeignKey(Council, models.PROTECT, related_name="vote_counts")
    ballot = models.PositiveSmallIntegerField("lần bỏ phiếu")
    members = models.PositiveSmallIntegerField("thành viên được biểu quyết")
    present = models.PositiveSmallIntegerField("có mặt, được biểu quyết")
    issued = models.PositiveSmallIntegerField("phiếu phát ra")
    votes_for = models.PositiveSmallIntegerField("đồng ý")
    votes_against = models.PositiveSmallIntegerField("không đồng ý")
    blank = models.PositiveSmallIntegerField("phiếu trắng", default=0)
    invalid = models.PositiveSmallIntegerField("phiếu không hợp lệ", default=0)
    base = models.PositiveSmallIntegerField("số để tính tỷ lệ")
    threshold_percent = models.DecimalField("tỷ lệ cần đạt (%)", max_digits=5, decimal_places=2)
    passed = models.BooleanField("đủ tỷ lệ")
    method = models.CharField("cách biểu quyết", max_length=5, choices=Round.Method.choices)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "kết quả kiểm phiếu"
        verbose_name_plural = "kết quả kiểm phiếu"
        ordering = ["nomination", "ballot"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "ballot"], name="votecount_once_a_ballot"),
            models.CheckConstraint(
                condition=Q(
                    issued__lte=F("present"),
                    present__lte=F("members"),
                    issued__gte=F("votes_for") + F("votes_against") + F("blank") + F("invalid"),
                ),
                name="votecount_no_more_than_present",
                violation_error_message="Số phiếu không thể nhiều hơn số người có mặt được biểu quyết.",
            ),
            models.CheckConstraint(
                condition=Q(base=F("members")) | Q(base=F("present")), name="votecount_base_is_told"
            ),
            models.CheckConstraint(
                condition=Q(base__gt=0, passed=True, votes_for__gte=F("base") * F("threshold_percent") / 100)
                | Q(passed=False, votes_for__lt=F("base") * F("threshold_percent") / 100)
                | Q(base=0, passed=False),
                name="votecount_passed_by_the_numbers",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("entered_by"))
                ),
                name="votecount_confirmed_by_another",
                violation_error_message="Người xác nhận phải khác người nhập.",
            ),
        ]

    def __str__(self):
        return f"lần {self.ballot} – {self.nomination_id}"


class ChairRuling(models.Model):
    """A tie that the last ballot left: the chair decides, with a reason that stands in the minutes."""

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="chair_ruling")
    recommended = models.BooleanField("đề nghị khen")
    reason = models.CharField("lý do", max_length=300)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "ý kiến quyết định của Chủ tịch"
        verbose_name_plural = "ý kiến quyết định của Chủ tịch"

    def __str__(self):
        return f"đề nghị #{self.nomination_id}"


class MinutesFile(models.Model):
    """The minutes of many nominations as PDF: the worker makes it; the row is the truth."""

    class State(models.TextChoices):
        WAITING = "waiting", "đang tạo"
        READY = "ready", "đã xong"
        FAILED = "failed", "không tạo được"

    council = models.ForeignKey(Council, models.PROTECT, related_name="minutes_files")
    state = models.CharField("trạng thái", max_length=8, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("yêu cầu lúc", default=clock.now)
    sent_at = models.DateTimeField("giao việc lúc", default=clock.now)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)
    file = models.FileField("tệp", upload_to="awards/minutes/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "tệp biên bản"
        verbose_name_plural = "tệp biên bản"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["council"], condition=Q(state="waiting"), name="minutesfile_one_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(file=""), name="minutesfile_ready_has_file"
            ),
        ]

    def __str__(self):
        return f"biên bản #{self.pk}"
