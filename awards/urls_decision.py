"""Addresses of the pages of decision."""

urlpatterns = []
