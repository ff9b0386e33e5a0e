"""Addresses of the pages of golden book."""

urlpatterns = []
