"""Addresses of the council of a round."""

from django.urls import path

from .views import council, council_end, council_members, council_votes

COUNCIL = "<int:round_id>/hoi-dong/"
ONE = f"{COUNCIL}<int:nomination_id>/"

urlpatterns = [
    path(COUNCIL, council.council_detail, name="council_detail"),
    path(f"{COUNCIL}thanh-vien/", council_members.council_members, name="council_members"),
    path(f"{COUNCIL}thanh-vien/<int:member_id>/", council_members.council_member, name="council_member"),
    path(f"{COUNCIL}phien-hop/", council_members.council_attendance, name="council_attendance"),
    path(f"{COUNCIL}khong-bieu-quyet/", council_votes.council_conflicts_all, name="council_conflicts_all"),
    path(f"{COUNCIL}kiem-phieu/", council_votes.council_count, name="council_count"),
    path(f"{COUNCIL}xac-nhan/", council_end.council_confirm, name="council_confirm"),
    path(f"{COUNCIL}bang-phieu/", council_end.council_tie, name="council_tie"),
    path(f"{COUNCIL}thong-qua/", council_end.council_close, name="council_close"),
    path(f"{COUNCIL}bien-ban/", council.council_minutes_file, name="council_minutes_file"),
    path(ONE, council.council_nomination, name="council_nomination"),
    path(f"{ONE}khong-bieu-quyet/", council_votes.council_conflict, name="council_conflict"),
    path(f"{ONE}bo-ket-qua/", council_votes.council_count_drop, name="council_count_drop"),
    path(f"{ONE}xac-nhan/", council_end.council_confirm_one, name="council_confirm_one"),
    path("<int:round_id>/bien-ban.<slug:kind>", council.council_minutes, name="council_minutes"),
]
