"""Addresses of the pages of activities."""

urlpatterns = []
