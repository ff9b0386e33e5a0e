"""The programme, its yearly plan, its legal bases and contents (seed plan, I and II)."""

from django.db import models


class Programme(models.Model):
    code = models.SlugField("mã", unique=True)
    title = models.TextField("tên Đề án")
    from_year = models.PositiveSmallIntegerField("từ năm")
    to_year = models.PositiveSmallIntegerField("đến năm")

    class Meta:
        verbose_name = "Đề án"
        verbose_name_plural = "Đề án"

    def __str__(self):
        return self.title


class Plan(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "đang soạn"
        PUBLISHED = "published", "đã ban hành"
        CLOSED = "closed", "đã kết thúc"

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="Đề án", related_name="plans")
    year = models.PositiveSmallIntegerField("năm", unique=True)
    title = models.TextField("tên kế hoạch")
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.DRAFT)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    first_period = models.DateField(
        "kỳ báo cáo đầu tiên",
        help_text="Ngày 01 của tháng đầu tiên phải báo cáo, ví dụ 01/02/2023.",
    )
    period_starts_on_day = models.PositiveSmallIntegerField(
        "kỳ bắt đầu từ ngày",
        default=26,
        help_text="Kỳ tháng N tính từ ngày này của tháng N−1.",
    )
    recipients = models.TextField("Nơi nhận của báo cáo tổng hợp", blank=True, help_text="Mỗi dòng một nơi.")
    unit_recipients = models.TextField(
        "Nơi nhận của báo cáo đơn vị", blank=True, help_text="Mỗi dòng một nơi."
    )
    published_at = models.DateTimeField("ban hành trên cổng lúc", null=True, blank=True, editable=False)
    cloned_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "kế hoạch năm"
        verbose_name_plural = "kế hoạch năm"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_starts_on_day__gte=1, period_starts_on_day__lte=28),
                name="plan_period_day_range",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(published_at__isnull=False),
                name="plan_published_has_moment",
            ),
        ]

    def __str__(self):
        return f"Kế hoạch năm {self.year}"


class LegalBasis(models.Model):
    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="legal_bases")
    code = models.CharField("mã", max_length=8)
    text = models.TextField("căn cứ")
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)

    class Meta:
        verbose_name = "căn cứ"
        verbose_name_plural = "căn cứ"
        ordering = ["plan", "code"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="legalbasis_code_once")]

    def __str__(self):
        return self.number or self.code


class ContentItem(models.Model):
    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="contents")
    code = models.CharField("mã", max_length=8)
    text = models.TextField("nội dung")

    class Meta:
        verbose_name = "nội dung triển khai"
        verbose_name_plural = "nội dung triển khai"
        ordering = ["plan", "code"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="contentitem_code_once")]

    def __str__(self):
        return f"{self.code} {self.text[:60]}"
