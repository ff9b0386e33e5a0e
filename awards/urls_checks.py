"""Addresses of the pages of checks."""

urlpatterns = []
