"""Targets with their sources and for whom they apply."""

from django import forms
from django.contrib import admin

from doanportal import clock
from plans.models import Target, TargetScope, TargetSource
from plans.source_words import timeline
from units.admin.base import LabelledFormSet, PortalAdmin, PortalInline

from .issued import PartOfPlan, is_issued

DEPARTMENT_KIND = "department"


class TargetSourceFormSet(LabelledFormSet):
    """Once the plan is out a source changes from this month on, never for months already reported."""

    def clean(self):
        super().clean()
        this_month = clock.today().replace(day=1)
        for form in self.forms:
            month = getattr(form, "cleaned_data", {}).get("from_period")
            if month and month.day != 1:
                form.add_error("from_period", "Hãy ghi ngày 01 của tháng.")
            self.check_row(form)
            if not is_issued(self.instance.plan) or not (form.has_changed() or form in self.deleted_forms):
                continue
            if any(day and day < this_month for day in (month, form.initial.get("from_period"))):
                raise forms.ValidationError(
                    "Nguồn số liệu của các tháng đã qua không đổi được: hãy thêm dòng từ tháng này trở đi."
                )

    def check_row(self, form):
        """What is counted needs a way to count; a row of its own is for a reporting unit or the province."""
        row = getattr(form, "cleaned_data", {})
        if row.get("kind") == TargetSource.Kind.DERIVED and not self.instance.measure:
            form.add_error("kind", "Chỉ tiêu này chưa có cách để hệ thống tự tính: hãy chọn nguồn khác.")
        unit = row.get("unit")
        if unit is not None and unit.kind.code == DEPARTMENT_KIND:
            form.add_error(
                "unit",
                "Hoạt động, danh mục của các Ban tính cho cấp tỉnh: hãy chọn Tỉnh Đoàn hoặc một đơn vị.",
            )


class TargetSourceInline(PortalInline):
    model = TargetSource
    formset = TargetSourceFormSet
    fields = ["unit", "kind", "from_period"]
    autocomplete_fields = ["unit"]

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class TargetScopeInline(PortalInline):
    model = TargetScope
    autocomplete_fields = ["unit"]

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj) and not (obj and is_issued(obj.plan))


@admin.register(Target)
class TargetAdmin(PartOfPlan, PortalAdmin):
    list_display = ["number", "short_label", "sector", "kind", "goal_text", "frequency", "department", "plan"]
    list_display_links = ["number", "short_label"]
    list_filter = ["plan", "sector", "kind", "frequency"]
    list_select_related = ["sector", "department", "plan"]
    search_fields = ["code", "short_label", "wording"]
    autocomplete_fields = ["department"]
    readonly_fields = ["measure", "sources_in_words"]
    inlines = [TargetSourceInline, TargetScopeInline]
    deletable = True
    closed_fields = (
        "plan",
        "code",
        "number",
        "sector",
        "content",
        "kind",
        "goal",
        "goal_text",
        "unit_of_measure",
        "frequency",
        "estimate",
        "lineage",
    )
    fieldsets = [
        (None, {"fields": ["plan", ("code", "number"), ("sector", "content"), "wording", "short_label"]}),
        (
            "Mức phấn đấu",
            {"fields": ["kind", ("goal", "goal_text"), "unit_of_measure", "frequency", "department"]},
        ),
        (
            "Trên biểu mẫu",
            {
                "fields": [
                    "numerator_label",
                    "denominator_label",
                    "amount_label",
                    "definition",
                    "example",
                    "estimate",
                    "lineage",
                ]
            },
        ),
        ("Nguồn số liệu đang có hiệu lực", {"fields": ["measure", "sources_in_words"]}),
    ]

    @admin.display(description="theo tháng")
    def sources_in_words(self, target):
        return "\n".join(timeline(target)) if target.pk else "–"
