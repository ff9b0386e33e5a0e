"""Addresses of checks and proposals."""

from django.urls import path

from .views import checks, checks_lists

urlpatterns = [
    path("xet/", checks.check_queue, name="check_queue"),
    path("xet/<int:nomination_id>/", checks.check_nomination, name="check_nomination"),
    path("xet/<int:nomination_id>/bo-sung/", checks.check_supplement, name="check_supplement"),
    path("<int:round_id>/cum/", checks_lists.cluster_list, name="cluster_list"),
    path("<int:round_id>/cum/danh-sach.<slug:kind>", checks_lists.cluster_paper, name="cluster_paper"),
    path("<int:round_id>/kiem-tra/", checks_lists.bpt_list, name="bpt_list"),
]
