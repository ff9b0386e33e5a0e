"""The ledger that remembers who is to be told what and was told when (design.md §3.12, §8)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from doanportal import clock

from .obligation import Obligation

MAX_ATTEMPTS = 10  # with the pauses between them about half a day


class Stage(models.Model):
    class Basis(models.TextChoices):
        DUE = "due", "hạn cuối"
        PRINTED = "printed", "ngày ghi trong văn bản"

    class Audience(models.TextChoices):
        SECRETARY = "secretary", "Bí thư"
        DEPUTY = "deputy", "Bí thư và Phó Bí thư"
        OFFICER = "officer", "Cán bộ Ban phụ trách"
        LEADER = "leader", "Thường trực Tỉnh Đoàn"

    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=80)
    basis = models.CharField("tính từ", max_length=10, choices=Basis.choices, default=Basis.DUE)
    offset_days = models.SmallIntegerField("số ngày", default=0, help_text="Âm: trước. Dương: sau.")
    audience = models.CharField("người nhận", max_length=12, choices=Audience.choices)
    last_working_day = models.BooleanField(
        "lùi về ngày làm việc trước đó",
        default=False,
        help_text="Với mốc rơi vào ngày nghỉ.",
    )
    display_order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "mốc nhắc"
        verbose_name_plural = "mốc nhắc"
        ordering = ["display_order"]

    def __str__(self):
        return self.name


class Message(models.Model):
    """What one person gets on one day by one channel; owns the Message-ID."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người nhận", related_name="+"
    )
    channel = models.CharField("kênh", max_length=10)
    slot_on = models.DateField("ngày")
    subject = models.CharField("tiêu đề", max_length=250)
    body = models.TextField("nội dung")
    url = models.CharField(max_length=200, blank=True)
    message_id = models.CharField("mã thư", max_length=120, unique=True)
    created_at = models.DateTimeField("lập lúc", default=clock.now)
    sent_at = models.DateTimeField("gửi lúc", null=True)
    read_at = models.DateTimeField("đọc lúc", null=True)

    class Meta:
        verbose_name = "tin nhắn"
        verbose_name_plural = "tin nhắn"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["recipient", "channel", "-created_at"], name="message_inbox")]

    def __str__(self):
        return self.subject


class NoticeQuerySet(models.QuerySet):
    def waiting(self):
        """Planned and neither told, replaced nor cancelled."""
        return self.filter(sent_at__isnull=True, superseded_by__isnull=True, cancelled_at__isnull=True)

    def given_up(self):
        """Tried as often as mail is tried and still not told: an admin has to look."""
        return self.waiting().filter(attempts__gte=MAX_ATTEMPTS)


class Notice(models.Model):
    """One line of the ledger: this subject, at this stage, to this person, by this channel, once."""

    class Channel(models.TextChoices):
        INBOX = "inbox", "trên cổng"
        EMAIL = "email", "thư điện tử"

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, verbose_name="nghĩa vụ", null=True, related_name="notices"
    )
    subject_key = models.CharField(max_length=80)
    stage = models.CharField("mốc", max_length=30)
    slot_on = models.DateField("ngày")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người nhận", related_name="notices"
    )
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices)
    planned_for = models.DateTimeField("dự kiến gửi")
    title = models.CharField("nội dung nhắc", max_length=250)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=200, blank=True)
    leased_until = models.DateTimeField("đang gửi đến", null=True)
    sent_at = models.DateTimeField("gửi lúc", null=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name="thay bằng", null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField("hủy lúc", null=True)
    message = models.ForeignKey(
        Message, models.PROTECT, verbose_name="tin nhắn", null=True, related_name="notices"
    )
    attempts = models.PositiveSmallIntegerField("số lần gửi", default=0)
    error = models.TextField("lỗi", blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt nhắc"
        verbose_name_plural = "lượt nhắc"
        ordering = ["planned_for", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_key", "stage", "slot_on", "recipient", "channel"],
                name="notice_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["planned_for"],
                condition=Q(
                    sent_at__isnull=True,
                    superseded_by__isnull=True,
                    cancelled_at__isnull=True,
                ),
                name="notice_waiting",
            ),
            models.Index(fields=["obligation"], name="notice_obligation"),
        ]

    def __str__(self):
        return f"{self.stage} {self.subject_key}"


class Contact(models.Model):
    """A call or chat an officer logged: «đã gọi, hẹn 28/3»."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, verbose_name="việc được nhắc", related_name="contacts"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người gọi", related_name="+"
    )
    at = models.DateTimeField("lúc", default=clock.now)
    channel = models.CharField(
        "bằng",
        max_length=10,
        choices=[("phone", "gọi điện"), ("zalo", "nhắn Zalo"), ("other", "cách khác")],
        default="phone",
    )
    note = models.CharField("nội dung", max_length=300, blank=True)
    promised_on = models.DateField("hẹn gửi ngày", null=True, blank=True)

    class Meta:
        verbose_name = "lượt đôn đốc"
        verbose_name_plural = "lượt đôn đốc"
        ordering = ["-at"]

    def __str__(self):
        return f"{self.get_channel_display()} {self.obligation}"
