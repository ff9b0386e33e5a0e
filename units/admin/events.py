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
    "start_draft": "bắt đầu soạn",
    "start_amendment": "mở bản sửa, bổ sung",
    "take_over_draft": "soạn tiếp bản của người khác",
    "discard_draft": "bỏ bản nháp",
    "remove_evidence": "bỏ minh chứng",
    "add_signed_copy": "tải bản ký lên",
    "contact": "đôn đốc",
    "create": "lập",
    "move": "dời ngày",
    "move_event": "đổi hạn theo ngày mới",
    "owe": "ghi nghĩa vụ",
    "cancel": "hủy",
    "hold": "ghi kết quả",
    "correct_result": "sửa kết quả",
    "send_plan": "gửi phương án",
    "answer_plan": "trả lời phương án",
    "add_photo": "thêm ảnh",
    "remove_photo": "bỏ ảnh",
    "publish_photo": "cho đăng ảnh",
    "withdraw_photo": "thôi đăng ảnh",
    "register_add": "ghi vào danh mục",
    "register_change": "sửa mục danh mục",
    "register_digitise": "ghi số hóa",
    "register_end": "ghi ngừng",
    "register_void": "bỏ khỏi danh mục",
    "join_team": "vào đội hình",
    "leave_team": "rời đội hình",
    "import_workbook": "ghi từ tệp Excel",
    "correct_membership": "sửa ngày, vai trò trong đội hình",
    "change_role": "đổi vai trò trong đội hình",
    "end_seat": "thôi chức danh Ban Chỉ huy",
    "send_roster": "gửi danh sách đội hình",
    "add_person": "ghi người vào danh sách",
    "edit_person": "sửa thông tin người",
    "not_twins": "ghi nhớ hai người khác nhau",
    "merge_person": "gộp vào người khác",
    "take_over_person": "nhận thông tin từ dòng trùng",
    "unite_time": "gộp thời gian trong đội hình",
    "consent": "ghi sự đồng ý",
    "withdraw_consent": "ghi rút lại sự đồng ý",
    "restrict": "hạn chế xử lý dữ liệu",
    "lift_restriction": "bỏ hạn chế xử lý",
    "data_request": "ghi yêu cầu về dữ liệu",
    "answer_data_request": "trả lời yêu cầu về dữ liệu",
    "extend_data_request": "gia hạn yêu cầu về dữ liệu",
    "close_data_request": "kết thúc yêu cầu về dữ liệu",
    "erase_person": "xóa thông tin một người",
    "erase_people": "xóa người khỏi danh sách đã gửi",
    "create_round": "lập đợt xét chọn",
    "edit_round": "sửa đợt xét chọn",
    "set_round_forms": "ghi hình thức của đợt",
    "set_quota": "ghi số lượng được đề nghị",
    "remove_quota": "bỏ số lượng được đề nghị",
    "change_round_visibility": "sửa quyền xem của đợt",
    "open_round": "mở nhận hồ sơ",
    "extend_round": "gia hạn nhận hồ sơ",
    "close_round": "kết thúc nhận hồ sơ",
    "start_dossier": "bắt đầu hồ sơ khen thưởng",
    "add_nomination": "thêm đề nghị khen thưởng",
    "edit_nomination": "sửa đề nghị khen thưởng",
    "remove_nomination": "bỏ đề nghị khen thưởng",
    "import_nominations": "ghi đề nghị từ tệp Excel",
    "save_award_report": "lưu báo cáo thành tích",
    "save_minutes": "lưu biên bản họp xét",
    "waive_piece": "ghi giấy tờ không cần",
    "add_dossier_file": "thêm tệp hồ sơ",
    "remove_dossier_file": "bỏ tệp hồ sơ",
    "hand_in_nothing": "gửi: đợt này không đề nghị",
    "number_document": "ghi số, ngày văn bản",
    "unnumber_document": "bỏ số văn bản",
    "award_hand_in": "gửi hồ sơ khen thưởng",
    "award_ask_supplement": "đề nghị bổ sung hồ sơ",
    "award_supplement": "bổ sung hồ sơ",
    "award_propose": "đề xuất của Ban phụ trách cụm",
    "award_check": "kiểm tra hồ sơ",
    "award_check_together": "cho ý kiến phối hợp",
    "award_pass_to_check": "chuyển Ban Phong trào",
    "award_pass_to_council": "chuyển Hội đồng",
    "award_pass_to_bureau": "chuyển Ban Thường vụ",
    "award_prepare_outcome": "ghi kết quả xét",
    "award_submit_higher": "trình cấp cao hơn",
    "award_answer_higher": "ghi trả lời của cấp trên",
    "award_propose_fallback": "đề xuất Bằng khen thay",
    "award_publish": "công bố kết quả",
    "award_publish_decision": "công bố Quyết định khen thưởng",
    "award_decide_round": "đợt đã có Quyết định",
    "award_open_decision": "mở Quyết định khen thưởng",
    "award_set_up_council": "lập Hội đồng",
    "award_remove_member": "bỏ thành viên Hội đồng",
    "award_record_session": "ghi phiên họp Hội đồng",
    "award_open_council": "mở phiên họp Hội đồng",
    "award_reopen_council": "quay lại chuẩn bị phiên họp",
    "award_close_council": "thông qua biên bản Hội đồng",
    "award_note_conflict": "ghi người không biểu quyết",
    "award_note_conflicts": "ghi những người không biểu quyết",
    "award_count_votes": "nhập kết quả kiểm phiếu",
    "award_drop_count": "bỏ kết quả kiểm phiếu chưa xác nhận",
    "award_confirm_votes": "xác nhận kết quả kiểm phiếu",
    "award_rule_tie": "ghi ý kiến quyết định của Chủ tịch",
    "award_request_certificates": "in bằng",
    "award_print_certificate": "in bằng",
    "award_set_layout": "sửa mẫu phôi bằng",
    "award_take_decision": "tải Quyết định khen thưởng",
    "award_take_minutes": "tải biên bản Hội đồng",
    "award_take_proposal_list": "tải danh sách đề xuất",
    "golden_book_award": "vào sổ vàng",
    "golden_book_correction": "đính chính sổ vàng",
    "golden_book_revocation": "thu hồi khen thưởng",
}
STATE_LABELS = {
    "draft": "đang soạn",
    "published": "đã ban hành",
    "on_time": "đúng hạn",
    "late": "muộn",
    "accepted": "đã tiếp nhận",
    "needs_amendment": "cần bổ sung",
    "waived": "miễn",
    "first": "lần đầu",
    "reset": "đặt lại",
    "change": "đổi",
}


class VerbFilter(admin.SimpleListFilter):
    title = "việc"
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        verbs = Event.objects.order_by("verb").values_list("verb", flat=True).distinct()
        return [(verb, VERB_LABELS.get(verb, verb)) for verb in verbs]

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


class SubjectFilter(admin.SimpleListFilter):
    title = "đối tượng"
    parameter_name = "subject_type"

    def lookups(self, request, model_admin):
        types = Event.objects.order_by("subject_type").values_list("subject_type", flat=True).distinct()
        return [(label, subject_name(label)) for label in types]

    def queryset(self, request, queryset):
        return queryset.filter(subject_type=self.value()) if self.value() else queryset


def subject_name(label):
    """«đơn vị» for units.unit; the label itself for a kind of row that is no more."""
    names = {model._meta.label_lower: str(model._meta.verbose_name) for model in apps.get_models()}
    return names.get(label, label)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "verb_label", "subject", "unit", "before", "after", "reason"]
    list_filter = [VerbFilter, SubjectFilter]
    list_select_related = ["actor", "unit"]
    search_fields = ["actor__search_key", "unit__search_key", "verb", "reason"]
    date_hierarchy = "at"
    fields = ["at", "actor", "verb_label", "subject", "unit", "before", "after", "reason"]

    @admin.display(description="việc", ordering="verb")
    def verb_label(self, obj):
        return VERB_LABELS.get(obj.verb, obj.verb)

    @admin.display(description="đối tượng", ordering="subject_type")
    def subject(self, obj):
        return f"{subject_name(obj.subject_type)} số {obj.subject_id}"

    @admin.display(description="từ", ordering="from_state")
    def before(self, obj):
        return STATE_LABELS.get(obj.from_state, obj.from_state)

    @admin.display(description="sang", ordering="to_state")
    def after(self, obj):
        return STATE_LABELS.get(obj.to_state, obj.to_state)
