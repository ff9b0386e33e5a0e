"""Addresses of the pages of honours."""

urlpatterns = []
