"""Addresses of the pages of teams."""

urlpatterns = []
