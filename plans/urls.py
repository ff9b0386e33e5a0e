"""Addresses of plans."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("lich/", views.calendar, name="calendar"),
    path("lich/lich.ics", views.calendar_ics, name="calendar_ics"),
    path("", include("plans.urls_inbox")),
]
