"""Addresses of teams and of their papers. Fixed words stand before the number of a team."""

from django.urls import path

from .views import team_acts, team_overview, team_papers, teams

TEAM = "doi-hinh/<int:team_id>/"

urlpatterns = [
    path("doi-hinh/", teams.team_list, name="team_list"),
    path("doi-hinh/lap/", teams.team_create, name="team_create"),
    path("doi-hinh/toan-tinh/", team_overview.team_overview, name="team_overview"),
    path(
        "doi-hinh/nghia-vu/<int:obligation_id>/",
        team_papers.team_of_obligation,
        name="team_of_obligation",
    ),
    path(TEAM, teams.team_detail, name="team_detail"),
    path(f"{TEAM}sua/", teams.team_edit, name="team_edit"),
    path(f"{TEAM}quyet-dinh/", team_papers.team_decision_record, name="team_decision_record"),
    path(f"{TEAM}quyet-dinh.<slug:kind>", team_papers.team_decision, name="team_decision"),
    path(f"{TEAM}ra-mat/", team_acts.team_debut, name="team_debut"),
    path(f"{TEAM}phu-trach/", team_acts.team_responsible, name="team_responsible"),
    path(f"{TEAM}ban-chi-huy/", team_acts.team_board, name="team_board"),
    path(f"{TEAM}ban-chi-huy/<int:seat_id>/ket-thuc/", team_acts.team_board_end, name="team_board_end"),
    path(f"{TEAM}tiep-nhan/", team_papers.team_papers_note, name="team_papers_note"),
    path(f"{TEAM}giai-the/", team_acts.team_dissolve, name="team_dissolve"),
    path("van-ban/<int:document_id>/tep/", team_papers.document_file, name="document_file"),
]
