"""Forms of award and layouts of blanks: what rounds already use keeps its code and who decides on it."""

from django.contrib import admin

from awards.models import AwardForm, PrintLayout
from units.admin.base import PortalAdmin


@admin.register(AwardForm)
class AwardFormAdmin(PortalAdmin):
    list_display = ["name", "short_name", "level", "issuer", "valid_from", "valid_to", "display_order"]
    list_filter = ["level"]
    search_fields = ["name", "code"]
    fields = [
        "code",
        "name",
        "short_name",
        "level",
        "issuer",
        "title_line",
        "valid_from",
        "valid_to",
        "display_order",
    ]
    deletable = True

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        # Versions of dossiers name a form by its code; the level says which way a nomination goes.
        return ["code", "level"] if self.held_by(obj) else ["code"]

    def notes(self, obj):
        notes = super().notes(obj)
        if notes:
            notes.append(
                "Hình thức đã dùng giữ nguyên mã và cấp quyết định. Khi không dùng nữa, hãy ghi ngày "
                "hết hiệu lực."
            )
        return notes


@admin.register(PrintLayout)
class PrintLayoutAdmin(PortalAdmin):
    """Where each line stands is set on the page of the test print; here the blank and its offsets."""

    list_display = ["name", "width_mm", "height_mm", "offset_x_mm", "offset_y_mm"]
    search_fields = ["name"]
    fields = ["name", "width_mm", "height_mm", "offset_x_mm", "offset_y_mm"]
    deletable = True
