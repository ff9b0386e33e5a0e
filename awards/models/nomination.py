"""The unit's dossier and its nominations: frozen at hand-in, never given back, never deleted (A4)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from doanportal import clock
from doanportal.textfold import fold
from plans.models import Obligation
from units.models import Document, Unit
from units.supervision import supervised_by

from .round import AwardForm, Round, SubjectKind


class Stage(models.TextChoices):
    """Where a nomination stands. Code, not data: what may happen in each is awards.stages (issue 5)."""

    DRAFT = "draft", "đơn vị chuẩn bị"
    CLUSTER = "cluster", "Ban phụ trách cụm đề xuất"
    CHECK = "check", "Ban Phong trào kiểm tra"
    COUNCIL = "council", "Hội đồng xét"
    BUREAU = "bureau", "Ban Thường vụ quyết định"
    PUBLISHED = "published", "đã công bố"


STAGE_ORDER = {stage.value: place for place, stage in enumerate(Stage)}


class DossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The own unit's; Ban Phong trào, Ban Xây dựng Đoàn, leaders and council people see handed-in ones.

        A department sees those of the units in its charge. Drafts are the unit's own.
        """
        own = Q(unit__in=user.unit_ids)
        if sees_all_dossiers(user):
            return self.filter(own | Q(handed_in_at__isnull=False))
        charge = supervised_by(user.officer_department_ids, unit_field="unit")
        return self.filter(own | (charge & Q(handed_in_at__isnull=False)))


SEES_ALL_ROLES = ("leader", "council_secretary")
CHECKING_DEPARTMENT = "BXDD"  # Ban Xây dựng Đoàn checks together with Ban Phong trào (domain.md §7.5, R10)


def sees_all_dossiers(user):
    """Whether a post of this person looks at the dossiers of all units."""
    return user.is_lead_officer or any(
        post.role in SEES_ALL_ROLES or (post.role == "officer" and post.unit.code == CHECKING_DEPARTMENT)
        for post in user.current_posts
    )


class Dossier(models.Model):
    """What one unit sends in one round: nominations, the minutes of its meeting, tờ trình."""

    round = models.ForeignKey(Round, models.PROTECT, verbose_name="đợt", related_name="dossiers")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="award_dossiers")
    obligation = models.OneToOneField(
        Obligation, models.PROTECT, verbose_name="nghĩa vụ", null=True, related_name="award_dossier"
    )
    proposal = models.ForeignKey(
        Document, models.PROTECT, verbose_name="Tờ trình", null=True, blank=True, related_name="+"
    )
    met_on = models.DateField("ngày họp xét", null=True, blank=True)
    met_place = models.CharField("nơi họp", max_length=200, blank=True)
    chair = models.CharField("chủ trì", max_length=120, blank=True)
    minutes_taker = models.CharField("thư ký", max_length=120, blank=True)
    invited = models.PositiveSmallIntegerField("số người được triệu tập", null=True, blank=True)
    present = models.PositiveSmallIntegerField("số người có mặt", null=True, blank=True)
    discussion = models.TextField("diễn biến, ý kiến", blank=True)
    nothing_to_propose = models.BooleanField("đợt này đơn vị không đề nghị", default=False)
    handed_in_at = models.DateTimeField("gửi lúc", null=True, blank=True, editable=False)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ của đơn vị"
        verbose_name_plural = "hồ sơ của đơn vị"
        ordering = ["round", "unit__display_order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="dossier_once_a_round"),
            models.CheckConstraint(
                condition=Q(present__isnull=True) | Q(invited__isnull=True) | Q(present__lte=F("invited")),
                name="dossier_present_within_invited",
                violation_error_message="Số người có mặt không thể nhiều hơn số người được triệu tập.",
            ),
        ]

    def __str__(self):
        return f"{self.unit} – {self.round}"


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nominations of the dossiers that the user may see."""
        return self.filter(dossier__in=Dossier.objects.visible_to(user))


class Nomination(models.Model):
    """One nominee for one form: nobody is proposed twice in a round."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", "đạt"
        REFUSED = "refused", "không đạt"

    dossier = models.ForeignKey(Dossier, models.PROTECT, verbose_name="hồ sơ", related_name="nominations")
    round = models.ForeignKey(Round, models.PROTECT, related_name="nominations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="award_nominations")
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind.choices)
    form = models.ForeignKey(AwardForm, models.PROTECT, verbose_name="hình thức đề nghị", related_name="+")
    name = models.CharField("họ tên hoặc tên tập thể", max_length=200, blank=True)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    gender = models.CharField("giới tính", max_length=6, blank=True)
    position = models.CharField("chức vụ", max_length=160, blank=True)
    workplace = models.CharField("đơn vị công tác", max_length=200, blank=True)
    members = models.PositiveIntegerField("số người của tập thể", null=True, blank=True)
    summary = models.TextField("tóm tắt thành tích", blank=True)
    report = models.TextField("báo cáo thành tích", blank=True)
    confirmed_by = models.CharField("thủ trưởng trực tiếp xác nhận", max_length=120, blank=True)
    confirmed_title = models.CharField("chức vụ người xác nhận", max_length=120, blank=True)
    confirmed_on = models.DateField("ngày xác nhận", null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField("phiếu đồng ý", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("phiếu không đồng ý", null=True, blank=True)
    over_quota_reason = models.CharField("lý do vượt số lượng", max_length=300, blank=True)
    stage = models.CharField("bước", max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    fallback_of = models.OneToOneField(
        "self",
        models.PROTECT,
        verbose_name="thay cho đề nghị cấp trên không khen",
        null=True,
        blank=True,
        related_name="fallback",
    )
    identity_key = models.CharField(max_length=260, editable=False)
    search_key = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị khen thưởng"
        verbose_name_plural = "đề nghị khen thưởng"
        ordering = ["dossier", "subject_kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "identity_key"],
                condition=Q(fallback_of__isnull=True),
                name="nomination_one_form_a_round",
                violation_error_message="Đã được đề nghị trong đợt; mỗi người, tập thể một hình thức.",
            ),
            models.CheckConstraint(
                condition=Q(subject_kind="individual") | Q(birth_year__isnull=True, gender="", position=""),
                name="nomination_collective_has_no_birth_year",
            ),
            models.CheckConstraint(
                condition=Q(stage="draft") | ~Q(name=""), name="nomination_handed_in_has_a_name"
            ),
        ]
        indexes = [
            models.Index(fields=["round", "stage"], name="nomination_stage"),
            models.Index(fields=["search_key"], name="nomination_search"),
        ]

    def __str__(self):
        return f"đề nghị #{self.pk}"

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self):
        """Who it is, for «one nominee, one form», and the search key; bulk writers call it themselves."""
        self.search_key = fold(f"{self.name} {self.workplace}")[:300]
        self.identity_key = identity_of(
            subject_kind=self.subject_kind, name=self.name, birth_year=self.birth_year, unit_id=self.unit_id
        )


def identity_of(*, subject_kind, name, birth_year, unit_id):
    """The same text for the same nominee: folded name and year of birth; a collective's name in its unit."""
    who = birth_year or "" if subject_kind == SubjectKind.INDIVIDUAL else unit_id
    return f"{subject_kind}:{fold(name)[:200]}:{who}"


class NominationVersion(models.Model):
    """What stood in a nomination when it was handed in or supplemented: remarks name the version judged."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("bản")
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    reason = models.CharField("lý do", max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "bản của đề nghị"
        verbose_name_plural = "bản của đề nghị"
        ordering = ["nomination", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "number"], name="nominationversion_once")
        ]

    def __str__(self):
        return f"{self.nomination_id} bản {self.number}"


class ChecklistItem(models.Model):
    """One piece of a nomination's dossier: present, missing, or waived with a reason (domain.md §3.2)."""

    class Kind(models.TextChoices):
        REPORT = "report", "Báo cáo thành tích có xác nhận"
        PROFILE = "profile", "Trích ngang"
        EVIDENCE = "evidence", "Minh chứng"
        OTHER = "other", "Giấy tờ khác"

    class State(models.TextChoices):
        PRESENT = "present", "có"
        MISSING = "missing", "thiếu"
        WAIVED = "waived", "không cần, có lý do"

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="checklist")
    kind = models.CharField("giấy tờ", max_length=10, choices=Kind.choices)
    state = models.CharField("trạng thái", max_length=8, choices=State.choices, default=State.MISSING)
    reason = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "thành phần hồ sơ"
        verbose_name_plural = "thành phần hồ sơ"
        constraints = [
            models.UniqueConstraint(fields=["nomination", "kind"], name="checklistitem_once"),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(reason=""), name="checklistitem_waived_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_state_display()}"


class DossierFile(models.Model):
    """A signed scan or evidence; frozen once the dossier is handed in, supplements add."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="files")
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="files")
    kind = models.CharField("loại", max_length=10)
    file = models.FileField("tệp", upload_to="awards/%Y/%m/")
    original_name = models.CharField("tên tệp", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    caption = models.CharField("chú thích", max_length=200, blank=True)
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "tệp của hồ sơ"
        verbose_name_plural = "tệp của hồ sơ"
        ordering = ["dossier", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "nomination", "sha256"], nulls_distinct=False, name="dossierfile_once"
            )
        ]

    def __str__(self):
        return self.original_name


class SupplementRequest(models.Model):
    """What is still to be added: possible only before the round closes, if the round allows it (A4)."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="supplement_requests")
    version = models.ForeignKey(NominationVersion, models.PROTECT, related_name="+")
    text = models.TextField("cần bổ sung")
    due_on = models.DateField("trước hết ngày")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    answered_by_version = models.ForeignKey(
        NominationVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "đề nghị bổ sung hồ sơ"
        verbose_name_plural = "đề nghị bổ sung hồ sơ"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"bổ sung #{self.pk}"


class Assessment(models.Model):
    """What a department says of a nomination, bound to the version it read; one verdict a step."""

    class Step(models.TextChoices):
        CLUSTER = "cluster", "đề xuất của Ban phụ trách cụm"
        CHECK = "check", "kiểm tra của Ban Phong trào"
        CHECK_TOGETHER = "together", "ý kiến của Ban Xây dựng Đoàn"

    class Verdict(models.TextChoices):
        PROPOSE = "propose", "đề xuất"
        NOT_PROPOSE = "not", "không đề xuất"

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="assessments")
    version = models.ForeignKey(NominationVersion, models.PROTECT, related_name="+")
    step = models.CharField("bước", max_length=8, choices=Step.choices)
    department = models.ForeignKey(Unit, models.PROTECT, verbose_name="Ban", related_name="+")
    verdict = models.CharField("ý kiến", max_length=8, choices=Verdict.choices)
    text = models.TextField("nhận xét, lý do", blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "nhận xét, đề xuất"
        verbose_name_plural = "nhận xét, đề xuất"
        ordering = ["nomination", "-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="propose") | ~Q(text=""), name="assessment_refusal_with_reason"
            )
        ]

    def __str__(self):
        return f"{self.get_step_display()} #{self.nomination_id}"
