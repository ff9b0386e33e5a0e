"""The event log: append-only by trigger, ids and never personal values (design.md §3.14)."""

from django.conf import settings
from django.db import models

from doanportal import clock

from .unit import Unit


class EventQuerySet(models.QuerySet):
    def about(self, obj):
        """The history of one object, oldest first."""
        return self.filter(subject_type=obj._meta.label_lower, subject_id=obj.pk).order_by("at", "pk")


class Event(models.Model):
    at = models.DateTimeField("lúc", default=clock.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="người làm",
        null=True,
        related_name="+",
    )
    verb = models.CharField("việc", max_length=60)
    subject_type = models.CharField("loại đối tượng", max_length=60)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", null=True, related_name="+")
    from_state = models.CharField("từ", max_length=60, blank=True)
    to_state = models.CharField("sang", max_length=60, blank=True)
    reason = models.TextField("lý do", blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="event_subject")]

    def __str__(self):
        return f"{self.verb} {self.subject_type}#{self.subject_id}"
