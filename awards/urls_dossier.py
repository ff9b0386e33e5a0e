"""Addresses of a unit's dossier of a round, of its nominations, files and papers."""

from django.urls import path

from .views import dossier, dossier_excel, dossier_nominations, dossier_papers

DOSSIER = "ho-so/<int:dossier_id>/"
NOMINATION = "de-nghi/<int:nomination_id>/"

urlpatterns = [
    path("<int:round_id>/ho-so/", dossier.dossier_start, name="dossier_start"),
    path("ho-so/nghia-vu/<int:obligation_id>/", dossier.dossier_of_obligation, name="dossier_of_obligation"),
    path("ho-so/tep/<int:file_id>/", dossier_papers.dossier_file, name="dossier_file"),
    path("ho-so/tep/<int:file_id>/bo/", dossier_papers.file_remove, name="file_remove"),
    path(DOSSIER, dossier.dossier_detail, name="dossier_detail"),
    path(f"{DOSSIER}them/", dossier_nominations.nomination_create, name="nomination_create"),
    path(f"{DOSSIER}bien-ban/", dossier_papers.dossier_minutes, name="dossier_minutes"),
    path(f"{DOSSIER}to-trinh/", dossier_papers.dossier_number, name="dossier_number"),
    path(f"{DOSSIER}to-trinh/tep/", dossier_papers.dossier_proposal_file, name="dossier_proposal_file"),
    path(f"{DOSSIER}tep/", dossier_papers.dossier_file_add, name="dossier_file_add"),
    path(f"{DOSSIER}so-lieu/", dossier.dossier_facts, name="dossier_facts"),
    path(f"{DOSSIER}qua-trinh/", dossier.dossier_history, name="dossier_history"),
    path(f"{DOSSIER}kiem-tra/", dossier.dossier_check, name="dossier_check"),
    path(f"{DOSSIER}gui/", dossier.dossier_hand_in, name="dossier_hand_in"),
    path(f"{DOSSIER}khong-de-nghi/", dossier.dossier_nothing, name="dossier_nothing"),
    path(f"{DOSSIER}bien-nhan/", dossier.dossier_receipt, name="dossier_receipt"),
    path(f"{DOSSIER}excel/<slug:subject>/", dossier_excel.nomination_import, name="nomination_import"),
    path(
        f"{DOSSIER}excel/<slug:subject>/mau/",
        dossier_excel.nomination_template,
        name="nomination_template",
    ),
    path(f"{DOSSIER}<slug:paper>.<slug:kind>", dossier_papers.dossier_paper, name="dossier_paper"),
    path(NOMINATION, dossier_nominations.nomination_detail, name="nomination_detail"),
    path(f"{NOMINATION}sua/", dossier_nominations.nomination_edit, name="nomination_edit"),
    path(f"{NOMINATION}bo/", dossier_nominations.nomination_remove, name="nomination_remove"),
    path(f"{NOMINATION}bao-cao/", dossier_nominations.nomination_report, name="nomination_report"),
    path(f"{NOMINATION}khong-can/", dossier_nominations.nomination_waive, name="nomination_waive"),
    path(f"{NOMINATION}bo-sung/", dossier_nominations.nomination_supplement, name="nomination_supplement"),
    path(f"{NOMINATION}tep/", dossier_papers.nomination_file_add, name="nomination_file_add"),
    path(f"{NOMINATION}bao-cao.<slug:kind>", dossier_papers.nomination_paper, name="nomination_paper"),
]
