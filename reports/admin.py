"""Reports, their versions and the files made of them, to read: what was handed in is never edited here."""

from django.contrib import admin

from units.admin.base import PortalInline, ReadOnly, ReadOnlyAdmin

from .models import Report, RollupFile, SignedCopy, Version


class VersionInline(ReadOnly, PortalInline):
    model = Version
    fields = ["number", "state", "submitted_at", "submitted_by", "on_behalf", "receipt_code"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("submitted_by")


class SignedCopyInline(ReadOnly, PortalInline):
    model = SignedCopy
    fields = ["number", "date", "uploaded_by", "uploaded_at", "sha256"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("uploaded_by")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["obligation", "period", "created_at"]
    list_filter = ["obligation__form", "obligation__period_key"]
    list_select_related = ["obligation__owner"]
    search_fields = ["obligation__title", "obligation__owner__search_key"]
    fields = ["obligation", "created_at"]
    inlines = [VersionInline, SignedCopyInline]

    @admin.display(description="kỳ", ordering="obligation__period_key")
    def period(self, obj):
        return obj.obligation.period_key


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    """Who, when and in what state; the answers and lists of people stay in the report's own pages."""

    list_display = ["report", "number", "state", "submitted_at", "submitted_by", "on_behalf", "receipt_code"]
    list_filter = ["state", "on_behalf"]
    list_select_related = ["report__obligation__owner", "submitted_by"]
    search_fields = [
        "report__obligation__title",
        "report__obligation__owner__search_key",
        "receipt_code",
    ]
    date_hierarchy = "submitted_at"
    fields = [
        ("report", "number", "state"),
        "reason",
        ("created_at", "saved_at", "submitted_at"),
        ("typed_by", "submitted_by", "on_behalf"),
        ("receipt_code", "content_hash"),
    ]


@admin.register(RollupFile)
class RollupFileAdmin(ReadOnlyAdmin):
    list_display = [
        "period_key",
        "format",
        "state",
        "automatic",
        "requested_by",
        "requested_at",
        "finished_at",
    ]
    list_filter = ["state", "format", "automatic"]
    list_select_related = ["requested_by"]
    search_fields = ["period_key"]
    fields = [
        ("period_key", "format", "state"),
        ("automatic", "requested_by"),
        ("requested_at", "finished_at"),
        "sha256",
        "error",
    ]
