"""Addresses of the pages of dossier."""

urlpatterns = []
