"""Addresses of the unit's pages. Fixed words stand before the codes of sections."""

from django.urls import path, register_converter

from reports.views.unit import board_list, draft, files, home, report, submit


class PaperKind:
    regex = "pdf|docx"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(PaperKind, "paper")

REPORT = "bao-cao/<int:obligation_id>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("bao-cao/", home.report_list, name="report_list"),
    path(REPORT, report.report_detail, name="report_detail"),
    path(f"{REPORT}kiem-tra/", submit.report_check, name="report_check"),
    path(f"{REPORT}gui/", submit.report_submit, name="report_submit"),
    path(f"{REPORT}bien-nhan/", submit.report_receipt, name="report_receipt"),
    path(f"{REPORT}ban-ky/", submit.report_signed, name="report_signed"),
    path(f"{REPORT}sua/", report.report_amend, name="report_amend"),
    path(f"{REPORT}bo-ban-nhap/", report.report_discard, name="report_discard"),
    path(f"{REPORT}y-kien/<int:remark_id>/", report.report_remark, name="report_remark"),
    path(f"{REPORT}lich-su/", report.report_history, name="report_history"),
    path(f"{REPORT}ban/<int:number>/", report.report_version, name="report_version"),
    path(f"{REPORT}so-sanh/<int:number>/", report.report_compare, name="report_compare"),
    path(f"{REPORT}van-ban/<int:number>.<paper:kind>", files.report_document, name="report_document"),
    path(f"{REPORT}<slug:section_code>/", draft.report_section, name="report_section"),
    path("doi-hinh/<int:team_id>/gioi-thieu-ban-chi-huy/", board_list.board_list, name="board_list"),
    path("tep/<int:evidence_id>/", files.evidence_file, name="evidence_file"),
    path("ban-ky/<int:signed_id>/", files.signed_file, name="signed_file"),
]
