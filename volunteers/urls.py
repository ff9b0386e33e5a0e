"""Addresses of teams, people, activities and registers."""

from django.urls import include, path

urlpatterns = [
    path("", include("volunteers.urls_teams")),
    path("", include("volunteers.urls_roster")),
    path("", include("volunteers.urls_workbooks")),
    path("", include("volunteers.urls_activities")),
    path("", include("volunteers.urls_registers")),
    path("", include("volunteers.urls_personal")),
]
