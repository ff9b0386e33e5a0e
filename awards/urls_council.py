"""Addresses of the pages of council."""

urlpatterns = []
