"""Addresses of the pages of personal."""

urlpatterns = []
