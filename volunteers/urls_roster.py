"""Addresses of the pages of roster."""

urlpatterns = []
