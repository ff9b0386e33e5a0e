"""Addresses of rosters and of the people on them."""

from django.urls import path, register_converter

from .views import members, people, roster


class RosterPaperKind:
    regex = "pdf|docx"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(RosterPaperKind, "roster_paper")

ROSTER = "doi-hinh/<int:team_id>/danh-sach/"
MEMBER = f"{ROSTER}<int:membership_id>/"
PERSON = "nguoi/<int:person_id>/"

urlpatterns = [
    path(ROSTER, roster.roster, name="roster"),
    path(f"{ROSTER}them/", members.roster_add, name="roster_add"),
    path(f"{ROSTER}thay-doi/", roster.roster_changes, name="roster_changes"),
    path(f"{ROSTER}gui/", roster.roster_send, name="roster_send"),
    path(f"{MEMBER}roi-doi/", members.member_end, name="member_end"),
    path(f"{MEMBER}sua/", members.member_correct, name="member_correct"),
    path("doi-hinh/<int:team_id>/danh-sach.<roster_paper:kind>", roster.roster_paper, name="roster_paper"),
    path("nguoi/trung/", people.twins, name="twins"),
    path(PERSON, people.person_detail, name="person_detail"),
    path(f"{PERSON}thong-tin/", people.person_edit, name="person_edit"),
    path(f"{PERSON}gop/<int:other_id>/", people.person_merge, name="person_merge"),
    path(f"{PERSON}khac/<int:other_id>/", people.not_twins, name="not_twins"),
]
