"""Volunteer teams: kinds as data, founding, command board, roster with dates (domain.md §4)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from doanportal import clock
from units.models import Document, Post, Unit
from units.models.dated import Dated, DatedQuerySet, valid_range_check
from units.models.unit import no_overlap

from .person import Person


class TeamKind(models.Model):
    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=120)
    short_name = models.CharField("tên gọn", max_length=60)
    needs_decision = models.BooleanField(
        "chỉ tính khi có Quyết định",
        default=True,
        help_text="Tắt: đội hình duy trì từ trước được tính dù không còn Quyết định (chỉ tiêu 16, 17).",
    )
    display_order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "loại đội hình"
        verbose_name_plural = "loại đội hình"
        ordering = ["display_order"]

    def __str__(self):
        return self.name


class TeamQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for a province post; a unit sees its own."""
        if user.is_province:
            return self
        return self.filter(unit__in=user.unit_ids)

    def founded_by(self, day):
        """Teams with a numbered decision dated up to `day`, or kept up since a day before."""
        return self.filter(
            Q(document__date__lte=day) | Q(founding=Team.Founding.MAINTAINED, maintained_since__lte=day)
        )

    def active_on(self, day):
        """Founded by then and not dissolved; whether a kind also needs a decision is the target's matter."""
        return self.founded_by(day).filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=day))


class Team(models.Model):
    class Founding(models.TextChoices):
        DECISION = "decision", "thành lập theo Quyết định"
        MAINTAINED = "maintained", "duy trì từ trước"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="teams")
    name = models.CharField("tên đội hình", max_length=200)
    kinds = models.ManyToManyField(TeamKind, verbose_name="loại", related_name="teams")
    founding = models.CharField(
        "hình thành", max_length=12, choices=Founding.choices, default=Founding.DECISION
    )
    document = models.OneToOneField(
        Document,
        models.PROTECT,
        verbose_name="Quyết định thành lập",
        null=True,
        blank=True,
        related_name="founded_team",
    )
    maintained_since = models.DateField("duy trì từ ngày", null=True, blank=True)
    place = models.CharField("nơi hoạt động chính", max_length=200, blank=True)
    tasks = models.TextField("nhiệm vụ", blank=True)
    debut_on = models.DateField("ngày ra mắt", null=True, blank=True)
    debut_place = models.CharField("nơi ra mắt", max_length=200, blank=True)
    responsible = models.ForeignKey(
        Post,
        models.PROTECT,
        verbose_name="Bí thư hoặc Phó Bí thư phụ trách",
        related_name="teams_in_charge",
    )
    dissolved_on = models.DateField("ngày giải thể", null=True, blank=True)
    dissolution_basis = models.CharField("căn cứ giải thể", max_length=200, blank=True)
    created_at = models.DateTimeField("lập lúc", default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người lập", null=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = "đội hình"
        verbose_name_plural = "đội hình"
        ordering = ["unit__display_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="team_name_once_a_unit",
                violation_error_message="Đơn vị đã có đội hình tên này.",
            ),
            models.CheckConstraint(
                condition=Q(founding="decision", maintained_since__isnull=True, document__isnull=False)
                | Q(founding="maintained", maintained_since__isnull=False),
                name="team_founding_is_told",
                violation_error_message="Ghi ngày bắt đầu duy trì, hoặc lập Quyết định thành lập.",
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True) | ~Q(dissolution_basis=""),
                name="team_dissolved_with_basis",
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True)
                | Q(maintained_since__isnull=True)
                | Q(dissolved_on__gt=F("maintained_since")),
                name="team_dissolved_after_start",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_maintained(self):
        return self.founding == self.Founding.MAINTAINED


class BoardRole(models.TextChoices):
    LEADER = "leader", "Đội trưởng"
    DEPUTY_LEADER = "deputy_leader", "Đội phó"
    MEMBER = "member", "Ủy viên"


class CommandPost(Dated):
    """A seat on the team's command board (Ban Chỉ huy đội), with its term."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", editable=False)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name="đội hình", related_name="command_posts")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người", related_name="command_posts")
    role = models.CharField("chức danh", max_length=14, choices=BoardRole.choices)
    basis = models.CharField("căn cứ", max_length=200, blank=True)

    class Meta:
        verbose_name = "chức danh Ban Chỉ huy đội"
        verbose_name_plural = "Ban Chỉ huy đội"
        ordering = ["team", "valid_from", "pk"]
        constraints = [
            valid_range_check("commandpost_range"),
            no_overlap(
                "commandpost_one_seat_a_person",
                "team_id",
                "person_id",
                message="Người này đã có chức danh trong Ban Chỉ huy đội ở thời gian đó.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} – {self.team_id}"


class Membership(Dated):
    """Who belonged to the team from when to when, and on what basis."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", editable=False)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name="đội hình", related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người", related_name="memberships")
    role = models.CharField("vai trò trong đội", max_length=80, blank=True, help_text="Để trống: thành viên")
    basis = models.CharField(
        "căn cứ", max_length=200, blank=True, help_text="Quyết định, danh sách bổ sung …"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "thành viên đội hình"
        verbose_name_plural = "thành viên đội hình"
        ordering = ["team", "valid_from", "pk"]
        constraints = [
            valid_range_check("membership_range"),
            no_overlap(
                "membership_once_at_a_time",
                "team_id",
                "person_id",
                message="Người này đã ở trong đội hình vào thời gian đó.",
            ),
        ]

    def __str__(self):
        return f"{self.person_id} – {self.team_id}"


class RosterSending(models.Model):
    """The roster as it was sent to Tỉnh Đoàn on a day: ids only, append-only."""

    team = models.ForeignKey(Team, models.PROTECT, verbose_name="đội hình", related_name="sendings")
    as_of = models.DateField("tính đến ngày")
    sent_at = models.DateTimeField("gửi lúc", default=clock.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    members = models.PositiveIntegerField("số thành viên")

    class Meta:
        verbose_name = "lần gửi danh sách"
        verbose_name_plural = "các lần gửi danh sách"
        ordering = ["-sent_at", "-pk"]

    def __str__(self):
        return f"{self.team_id} {self.as_of}"


class RosterLine(models.Model):
    """One person of a roster that was sent, with the role of that day."""

    sending = models.ForeignKey(RosterSending, models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    board_role = models.CharField(max_length=14, choices=BoardRole.choices, blank=True)
    role = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = "dòng danh sách đã gửi"
        verbose_name_plural = "dòng danh sách đã gửi"
        constraints = [models.UniqueConstraint(fields=["sending", "person"], name="rosterline_once")]

    def __str__(self):
        return f"{self.sending_id} {self.person_id}"
