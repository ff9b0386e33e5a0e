"""Addresses of the pages of registers."""

urlpatterns = []
