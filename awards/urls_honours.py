"""Addresses of the pages of who was honoured."""

from django.urls import path

from .views import honours

HONOURS = "danh-hieu/"

urlpatterns = [
    path(HONOURS, honours.honours, name="honours"),
    path(f"{HONOURS}xuat-excel/", honours.honours_export, name="honours_export"),
    path(f"{HONOURS}<int:year>/", honours.honours_annual, name="honours_annual"),
    path(f"{HONOURS}<int:year>/danh-sach.<slug:kind>", honours.honours_paper, name="honours_paper"),
]
