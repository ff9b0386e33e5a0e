"""Deadlines, days off and the stages of reminding."""

from django.contrib import admin

from plans.models import Deadline, Holiday, Notice, Obligation, Stage
from units.admin.base import PortalAdmin

from .issued import PartOfPlan


@admin.register(Deadline)
class DeadlineAdmin(PartOfPlan, PortalAdmin):
    list_display = ["code", "title", "form", "schedule", "printed_words", "publishes", "plan"]
    list_display_links = ["code", "title"]
    list_filter = ["plan", "schedule", "publishes"]
    list_select_related = ["form", "plan"]
    search_fields = ["code", "title", "wording"]
    filter_horizontal = ["applies_to"]
    deletable = True
    closed_fields = (
        "plan",
        "code",
        "form",
        "schedule",
        "day",
        "month",
        "offset_days",
        "offset_unit",
        "boundary",
        "day_off",
        "applies_to",
        "publishes",
    )
    fieldsets = [
        (None, {"fields": ["plan", "code", "title", "form", "applies_to", "publishes"]}),
        (
            "Cách tính hạn",
            {"fields": ["schedule", ("day", "month"), ("offset_days", "offset_unit"), "boundary", "day_off"]},
        ),
        ("Nguyên văn", {"fields": ["printed_words", "wording"]}),
    ]


@admin.register(Holiday)
class HolidayAdmin(PortalAdmin):
    list_display = ["date", "name", "kind"]
    list_filter = ["kind"]
    search_fields = ["name"]
    date_hierarchy = "date"
    deletable = True

    def notes(self, obj):
        if Obligation.objects.filter(due_at__year=obj.date.year).exists():
            return [
                "Hạn của kế hoạch đã ban hành không tự đổi theo ngày này: muốn dời, dùng gia hạn có lý do."
            ]
        return []


@admin.register(Stage)
class StageAdmin(PortalAdmin):
    list_display = ["name", "code", "basis", "offset_days", "audience", "last_working_day", "display_order"]
    search_fields = ["name", "code"]
    deletable = True

    def get_readonly_fields(self, request, obj=None):
        # The ledger knows a reminder by this code: another one would send it again.
        return ["code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self.was_used(obj))

    def notes(self, obj):
        return ["Mốc nhắc đã có trong sổ nhắc nên không xóa được."] if self.was_used(obj) else []

    def was_used(self, obj):
        return Notice.objects.filter(stage=obj.code).exists()
