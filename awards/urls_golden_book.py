"""Addresses of the golden book and of printing certificates."""

from django.urls import path

from .views import certificates, golden_book

BOOK = "so-vang/"
ENTRY = f"{BOOK}<int:entry_id>/"

urlpatterns = [
    path(BOOK, golden_book.golden_book, name="golden_book"),
    path(f"{BOOK}xuat/", golden_book.golden_export, name="golden_export"),
    path(f"{BOOK}phoi/", certificates.layout_edit, name="layout_edit"),
    path(f"{BOOK}phoi/in-thu.pdf", certificates.layout_test, name="layout_test"),
    path(ENTRY, golden_book.golden_entry, name="golden_entry"),
    path(f"{ENTRY}dinh-chinh/", golden_book.golden_correct, name="golden_correct"),
    path(f"{ENTRY}thu-hoi/", golden_book.golden_revoke, name="golden_revoke"),
    path(f"{ENTRY}<slug:mode>.pdf", certificates.certificate, name="certificate"),
    path("<int:round_id>/in-bang/", certificates.batch_create, name="batch_create"),
    path("in-bang/<int:batch_id>/", certificates.batch_detail, name="batch_detail"),
    path("in-bang/<int:batch_id>/tep.pdf", certificates.batch_file, name="batch_file"),
]
