"""People on rosters with the fewest fields that do, their consent, and what they may ask (domain.md §5.1)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from doanportal import clock
from doanportal.textfold import fold, vietnamese_sort_key
from units.models import Unit
from units.supervision import supervised_by


class Gender(models.TextChoices):
    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People of the own units; Ban Phong trào sees all, a department those of the units in its charge.

        Other province posts see counts, never people (design.md §3.13).
        """
        if user.is_lead_officer:
            return self
        return self.filter(
            Q(unit__in=user.unit_ids) | supervised_by(user.officer_department_ids, unit_field="unit")
        )

    def living(self):
        """People who were not anonymised."""
        return self.filter(anonymised_at__isnull=True)

    def matching(self, text):
        """People whose name holds `text`, diacritics ignored."""
        return self.filter(search_key__contains=fold(text))


class Person(models.Model):
    """No ethnicity, religion, party membership, ID number or ID photo: they are not collected."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị quản lý", related_name="people")
    full_name = models.CharField("họ và tên", max_length=120, blank=True)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    gender = models.CharField("giới tính", max_length=6, choices=Gender.choices, blank=True)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    workplace = models.CharField("đơn vị công tác, học tập", max_length=200, blank=True)
    phone = models.CharField("số điện thoại", max_length=15, blank=True)
    search_key = models.CharField(max_length=200, blank=True, editable=False)
    sort_key = models.CharField(max_length=900, blank=True, editable=False)
    created_at = models.DateTimeField("ghi lúc", default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    restricted_at = models.DateTimeField("hạn chế xử lý từ", null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField("đã xóa thông tin lúc", null=True, blank=True, editable=False)
    anonymised_why = models.CharField(max_length=20, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "người trong danh sách"
        verbose_name_plural = "người trong danh sách"
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["unit", "search_key", "birth_year"], name="person_twin"),
            models.Index(fields=["unit", "sort_key"], name="person_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True, birth_year__isnull=False) & ~Q(full_name="")
                | Q(
                    anonymised_at__isnull=False,
                    full_name="",
                    birth_year__isnull=True,
                    gender="",
                    position="",
                    workplace="",
                    phone="",
                    search_key="",
                    sort_key="",
                ),
                name="person_whole_or_anonymous",
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__gte=1900, birth_year__lte=2100),
                name="person_birth_year_range",
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^0[0-9]{8,10}$"),
                name="person_phone_digits",
                violation_error_message="Số điện thoại gồm 9 đến 11 chữ số, bắt đầu bằng 0.",
            ),
        ]

    def __str__(self):
        return f"người #{self.pk}"

    def save(self, *args, **kwargs):
        self.set_keys()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_key", "sort_key"}
        super().save(*args, **kwargs)

    def set_keys(self):
        """Search and order keys from the name; bulk writers call it themselves."""
        self.search_key = fold(self.full_name)[:200]
        self.sort_key = name_sort_key(self.full_name)

    @property
    def display_name(self):
        return self.full_name or "(đã xóa thông tin)"

    @property
    def masked_phone(self):
        """«091•••••67»: the whole number is shown on a click that is logged."""
        return f"{self.phone[:3]}{'•' * (len(self.phone) - 5)}{self.phone[-2:]}" if self.phone else ""


def name_sort_key(full_name):
    """Vietnamese lists go by the given name, then the whole name."""
    words = full_name.split()
    return vietnamese_sort_key(" ".join([*words[-1:], *words]))[:900]


class ConsentText(models.Model):
    """The words that people agreed to; a changed text is a new version."""

    class Purpose(models.TextChoices):
        ROSTER = "roster", "lập danh sách đội hình"
        PHOTO = "photo", "đăng ảnh"

    purpose = models.CharField("mục đích", max_length=10, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField("bản")
    text = models.TextField("nội dung")
    valid_from = models.DateField("áp dụng từ ngày")

    class Meta:
        verbose_name = "nội dung đồng ý"
        verbose_name_plural = "nội dung đồng ý"
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="consenttext_once")]

    def __str__(self):
        return f"{self.get_purpose_display()}, bản {self.version}"


class Consent(models.Model):
    """Who agreed to which text, when, how, and who wrote it down; never a default, never silence."""

    class Channel(models.TextChoices):
        PAPER = "paper", "ký trên giấy"
        IN_PERSON = "in_person", "trực tiếp bằng lời"
        PHONE = "phone", "qua điện thoại"
        MESSAGE = "message", "tin nhắn, thư điện tử"

    class By(models.TextChoices):
        SELF = "self", "chính người đó"
        GUARDIAN = "guardian", "cha mẹ hoặc người giám hộ"

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người", related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, verbose_name="nội dung", related_name="+")
    by = models.CharField("người đồng ý", max_length=8, choices=By.choices, default=By.SELF)
    guardian_name = models.CharField("họ tên người giám hộ", max_length=120, blank=True)
    channel = models.CharField("cách đồng ý", max_length=10, choices=Channel.choices)
    given_on = models.DateField("ngày đồng ý")
    recorded_at = models.DateTimeField("ghi nhận lúc", default=clock.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("rút lại lúc", null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "sự đồng ý"
        verbose_name_plural = "sự đồng ý"
        ordering = ["person", "-recorded_at", "-pk"]

    def __str__(self):
        return f"{self.text} – người #{self.person_id}"


class DataSubjectRequest(models.Model):
    """What a person asks about the own data, with the two clocks of the law (domain.md §5.1, Timing)."""

    class Kind(models.TextChoices):
        ACCESS = "access", "xem, nhận bản sao"
        CORRECT = "correct", "sửa thông tin"
        WITHDRAW = "withdraw", "rút lại sự đồng ý"
        DELETE = "delete", "xóa thông tin"
        RESTRICT = "restrict", "hạn chế xử lý"
        OBJECT = "object", "phản đối xử lý"

    class State(models.TextChoices):
        OPEN = "open", "chờ trả lời"
        ANSWERED = "answered", "đã trả lời, đang thực hiện"
        DONE = "done", "đã thực hiện"
        REFUSED = "refused", "không thực hiện, có lý do"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị quản lý", related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người", related_name="requests")
    kind = models.CharField("yêu cầu", max_length=10, choices=Kind.choices)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN)
    channel = models.CharField("nhận qua", max_length=10, choices=Consent.Channel.choices)
    third_party = models.BooleanField("thông tin đã chuyển cho bên thứ ba", default=False)
    received_at = models.DateTimeField("nhận lúc")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer_due_at = models.DateTimeField("hạn trả lời")
    act_due_at = models.DateTimeField("hạn thực hiện")
    extended = models.BooleanField("đã gia hạn một lần", default=False)
    extend_reason = models.CharField("lý do gia hạn", max_length=300, blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    done_at = models.DateTimeField("xong lúc", null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField("kết quả, lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "yêu cầu về dữ liệu cá nhân"
        verbose_name_plural = "yêu cầu về dữ liệu cá nhân"
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_due_at__gte=F("received_at"), act_due_at__gte=F("answer_due_at")),
                name="request_clocks_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered"]) | Q(done_at__isnull=False),
                name="request_done_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(outcome=""), name="request_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(extended=False) | ~Q(extend_reason=""), name="request_extended_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} – người #{self.person_id}"


class PersonalAccess(models.Model):
    """Who saw or took personal fields: append-only, ids and counts, no values (domain.md §5.1)."""

    class Kind(models.TextChoices):
        LIST = "list", "xem danh sách"
        PHONE = "phone", "xem số điện thoại"
        PERSON = "person", "xem một người"
        EXPORT = "export", "tải tệp"
        PRINT = "print", "tải văn bản"

    at = models.DateTimeField("lúc", default=clock.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField("việc", max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị quản lý", related_name="+")
    team_id = models.BigIntegerField("đội hình", null=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    people = models.PositiveIntegerField("số người", default=1)
    fields = models.CharField("trường", max_length=200, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "lượt xem dữ liệu cá nhân"
        verbose_name_plural = "nhật ký xem dữ liệu cá nhân"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["unit", "at"], name="personalaccess_unit")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="export") | ~Q(reason=""), name="personalaccess_export_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} #{self.pk}"
