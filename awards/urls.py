"""Addresses of the awards."""

from django.urls import include, path

urlpatterns = [
    path("khen-thuong/", include("awards.urls_rounds")),
    path("khen-thuong/", include("awards.urls_dossier")),
    path("khen-thuong/", include("awards.urls_checks")),
    path("khen-thuong/", include("awards.urls_council")),
    path("khen-thuong/", include("awards.urls_decision")),
    path("khen-thuong/", include("awards.urls_golden_book")),
    path("khen-thuong/", include("awards.urls_honours")),
]
