"""Forms as data: monthly report, launch, lists and any ad hoc report run on one engine (design.md §4)."""

from django.db import models
from django.db.models import Q

from units.models import Sector


class Form(models.Model):
    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên biểu mẫu", max_length=200)
    short_name = models.CharField("tên gọn", max_length=80)
    audience = models.CharField("đơn vị lập", max_length=20, default="unit")
    document_type = models.CharField("tên loại văn bản", max_length=40, blank=True)
    document_abbr = models.CharField("ký hiệu loại", max_length=10, blank=True)
    subject_template = models.CharField("trích yếu", max_length=400, blank=True)
    needs_document = models.BooleanField("có văn bản trình ký", default=True)

    class Meta:
        verbose_name = "biểu mẫu"
        verbose_name_plural = "biểu mẫu"
        ordering = ["code"]

    def __str__(self):
        return self.name


class FormSection(models.Model):
    class Kind(models.TextChoices):
        FIELDS = "fields", "câu hỏi"
        TARGETS = "targets", "chỉ tiêu"
        EVIDENCE = "evidence", "minh chứng"

    form = models.ForeignKey(Form, models.CASCADE, verbose_name="biểu mẫu", related_name="sections")
    code = models.SlugField("mã")
    title = models.CharField("tên mục", max_length=120)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.FIELDS)
    sector = models.ForeignKey(Sector, models.PROTECT, verbose_name="lĩnh vực", null=True, blank=True)
    intro = models.TextField("lời dẫn", blank=True)
    allow_nil = models.BooleanField("cho phép «Không phát sinh trong kỳ»", default=False)
    nil_label = models.CharField(
        "lời của ô không phát sinh", max_length=80, default="Không phát sinh trong kỳ"
    )
    display_order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "mục của biểu mẫu"
        verbose_name_plural = "mục của biểu mẫu"
        ordering = ["form", "display_order"]
        constraints = [
            models.UniqueConstraint(fields=["form", "code"], name="formsection_code_once"),
            models.CheckConstraint(
                condition=~Q(kind="targets") | Q(sector__isnull=False),
                name="formsection_targets_have_sector",
            ),
        ]

    def __str__(self):
        return self.title


class FormField(models.Model):
    class Type(models.TextChoices):
        TEXT = "text", "một dòng"
        LONG_TEXT = "long_text", "nhiều dòng"
        COUNT = "count", "số nguyên"
        DECIMAL = "decimal", "số thập phân"
        MONEY = "money", "số tiền (đồng)"
        DATE = "date", "ngày"
        TIME = "time", "giờ"
        CHOICE = "choice", "chọn một"
        PEOPLE = "people", "danh sách người"
        FILES = "files", "tệp"
        PHOTOS = "photos", "ảnh"

    section = models.ForeignKey(FormSection, models.CASCADE, verbose_name="mục", related_name="fields")
    key = models.SlugField("khóa")
    type = models.CharField("kiểu", max_length=12, choices=Type.choices)
    label = models.CharField("câu hỏi", max_length=200)
    help = models.CharField("hướng dẫn", max_length=400, blank=True)
    required = models.BooleanField("bắt buộc", default=False)
    unit_of_measure = models.CharField("đơn vị tính", max_length=40, blank=True)
    maximum = models.PositiveBigIntegerField("lớn nhất", null=True, blank=True)
    choices = models.JSONField("lựa chọn", default=list, blank=True)
    columns = models.JSONField("cột", default=list, blank=True)
    carry = models.BooleanField("cho chép từ kỳ trước", default=False)
    prefill = models.SlugField(
        "lấy sẵn từ",
        max_length=40,
        blank=True,
        help_text="Số liệu đội hình, hoạt động trên cổng điền sẵn vào câu hỏi này; người lập sửa được.",
    )
    display_order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "câu hỏi"
        verbose_name_plural = "câu hỏi"
        ordering = ["section", "display_order"]
        constraints = [models.UniqueConstraint(fields=["section", "key"], name="formfield_key_once")]

    def __str__(self):
        return self.label
