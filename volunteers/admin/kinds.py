"""Kinds of teams and activities, the words people consent to: what is in use keeps its code and text."""

from django.contrib import admin

from units.admin.base import PortalAdmin
from volunteers.models import ActivityKind, Consent, ConsentText, TeamKind


class KindAdmin(PortalAdmin):
    search_fields = ["name", "code"]
    deletable = True

    def get_readonly_fields(self, request, obj=None):
        # Derived targets and the suggestions of forms name a kind by its code.
        return ["code"] if obj else []


@admin.register(TeamKind)
class TeamKindAdmin(KindAdmin):
    list_display = ["name", "short_name", "code", "needs_decision", "display_order"]
    fields = ["code", "name", "short_name", "needs_decision", "display_order"]


@admin.register(ActivityKind)
class ActivityKindAdmin(KindAdmin):
    list_display = ["name", "code", "display_order"]
    fields = ["code", "name", "usual_targets", "display_order"]


@admin.register(ConsentText)
class ConsentTextAdmin(PortalAdmin):
    """A text somebody agreed to stays as it is: other words are a new version."""

    list_display = ["purpose", "version", "valid_from"]
    list_filter = ["purpose"]
    search_fields = ["text"]
    fields = ["purpose", "version", "valid_from", "text"]
    deletable = True

    def get_readonly_fields(self, request, obj=None):
        return ["purpose", "version", "valid_from", "text"] if obj and self.was_used(obj) else []

    def was_used(self, obj):
        return Consent.objects.filter(text=obj).exists()

    def notes(self, obj):
        if self.was_used(obj):
            return ["Đã có người đồng ý với nội dung này nên không sửa, không xóa được: hãy thêm bản mới."]
        return super().notes(obj)
