"""Rows that hold for a half-open range of days [valid_from, valid_to)."""

from django.db import models
from django.db.models import Q


class DatedQuerySet(models.QuerySet):
    def on(self, day):
        """Rows in force on `day`."""
        return self.filter(Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class Dated(models.Model):
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField(
        "đến trước ngày",
        null=True,
        blank=True,
        help_text="Để trống khi còn hiệu lực. Ngày này không còn tính.",
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


def valid_range_check(name):
    """A check constraint: the range is not empty."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
        name=name,
        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
    )
