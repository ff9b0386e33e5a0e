"""Addresses of units."""

urlpatterns = []
