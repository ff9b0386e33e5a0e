"""Addresses of the province's pages."""

from django.urls import path, register_converter

from .views.officer import adjust, dashboard, follow_up, on_behalf, review, rollup


class MonthConverter:
    """2023-08"""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


class PeriodConverter(MonthConverter):
    """2023-08, 2023"""

    regex = "[0-9A-Za-z-]{4,20}"


register_converter(MonthConverter, "month")
register_converter(PeriodConverter, "period")

urlpatterns = [
    path("tong-quan/", dashboard.dashboard, name="dashboard"),
    path("chi-tieu/<slug:code>/<month:period>/", dashboard.target_detail, name="target_detail"),
    path("tiep-nhan/", review.review_queue, name="review_queue"),
    path("tiep-nhan/<int:obligation_id>/", review.review_detail, name="review_detail"),
    path("tiep-nhan/<int:obligation_id>/tiep-nhan/", review.review_accept, name="review_accept"),
    path("tiep-nhan/<int:obligation_id>/bo-sung/", review.review_send_back, name="review_send_back"),
    path("nhap-thay/<int:obligation_id>/", on_behalf.on_behalf, name="on_behalf"),
    path("don-doc/", follow_up.follow_up, name="follow_up"),
    path("don-doc/<int:obligation_id>/", follow_up.contact_log, name="contact_log"),
    path("nghia-vu/<int:obligation_id>/", adjust.obligation_adjust, name="obligation_adjust"),
    path("nghia-vu/<slug:form_code>/<period:period_key>/", adjust.period_adjust, name="period_adjust"),
    path("tong-hop/", rollup.rollup_list, name="rollup_list"),
    path("tong-hop/<month:period>/", rollup.rollup_detail, name="rollup_detail"),
    path("tong-hop/<month:period>/tep/", rollup.rollup_files, name="rollup_files"),
    path("tong-hop/<month:period>/tao-tep/", rollup.rollup_request, name="rollup_request"),
    path("tong-hop/tep/<int:file_id>/", rollup.rollup_file, name="rollup_file"),
]
