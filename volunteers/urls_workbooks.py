"""Addresses of the pages of workbooks."""

urlpatterns = []
