"""The programme and its yearly plan with legal bases and contents."""

from django.contrib import admin

from plans.models import ContentItem, LegalBasis, Plan, Programme
from units.admin.base import PortalAdmin, PortalInline, plain

from .issued import REASON, InlineOfPlan, is_issued


class LegalBasisInline(InlineOfPlan, PortalInline):
    model = LegalBasis
    closed_fields = ("code",)


class ContentItemInline(InlineOfPlan, PortalInline):
    model = ContentItem
    closed_fields = ("code",)


@admin.register(Programme)
class ProgrammeAdmin(PortalAdmin):
    list_display = ["title", "code", plain("from_year", "từ năm"), plain("to_year", "đến năm")]
    search_fields = ["title", "code"]
    deletable = True


@admin.register(Plan)
class PlanAdmin(PortalAdmin):
    """The state is not edited here: `publish_plan` makes the obligations and the state together."""

    list_display = ["__str__", "title", "state", "issued_on", "published_at"]
    list_filter = ["state"]
    search_fields = ["title"]
    inlines = [LegalBasisInline, ContentItemInline]
    deletable = True
    year_shown = staticmethod(plain("year", "năm"))
    first_day_shown = staticmethod(plain("period_starts_on_day", "kỳ bắt đầu từ ngày"))

    def get_fields(self, request, obj=None):
        closed = is_issued(obj)
        return [
            "programme",
            self.year_shown if closed else "year",
            "title",
            ("state", "published_at"),
            "issued_on",
            ("first_period", self.first_day_shown if closed else "period_starts_on_day"),
            "recipients",
            "unit_recipients",
        ]

    def get_readonly_fields(self, request, obj=None):
        fields = ["state", "published_at"]
        if is_issued(obj):
            fields += ["programme", self.year_shown, "first_period", self.first_day_shown]
        return fields

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not is_issued(obj)

    def notes(self, obj):
        if is_issued(obj):
            return [REASON]
        return [*super().notes(obj), "Kế hoạch đang soạn. Ban hành bằng lệnh publish_plan (có xem trước)."]
