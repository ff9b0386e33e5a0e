"""Addresses of the pages of rounds."""

urlpatterns = []
