"""The event log, to read: who, when, what, from, to, why; nobody can change it."""

from django.apps import apps
from django.contrib import admin

from units.models import Event

from .base import ReadOnlyAdmin

VERB_LABELS = {
    "admin_add": "thêm ở trang quản trị",
    "admin_change": "sửa ở trang quản trị",
    "admin_delete": "xóa ở trang quản trị",
    "invite": "gửi lời mời",
    "password_link": "gửi đường dẫn mật khẩu",
    "set_password": "đặt mật khẩu",
    "unlock": "mở khóa đăng nhập",
    "change_account": "sửa tài khoản của mình",
    "publish": "ban hành kế hoạch",
    "extend": "gia hạn",
    "waive": "miễn",
    "end_waiver": "bỏ miễn",
    "fulfil": "gửi",
    "fulfil_again": "gửi lại",
    "accept": "tiếp nhận",
    "send_back": "đề nghị chỉnh sửa, bổ sung",
}


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "verb_label", "subject", "unit", "from_state", "to_state", "reason"]
    list_filter = ["verb", "subject_type"]
    list_select_related = ["actor", "unit"]
    search_fields = ["actor__search_key", "unit__search_key", "verb", "reason"]
    date_hierarchy = "at"
    fields = ["at", "actor", "verb_label", "subject", "unit", "from_state", "to_state", "reason"]

    @admin.display(description="việc", ordering="verb")
    def verb_label(self, obj):
        return VERB_LABELS.get(obj.verb, obj.verb)

    @admin.display(description="đối tượng", ordering="subject_type")
    def subject(self, obj):
        label = obj.subject_type
        if label in {model._meta.label_lower for model in apps.get_models()}:
            label = apps.get_model(label)._meta.verbose_name
        return f"{label} số {obj.subject_id}"
