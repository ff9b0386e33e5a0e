"""Addresses of reports: the units' pages and the province's."""

from . import urls_officer, urls_unit

urlpatterns = [*urls_unit.urlpatterns, *urls_officer.urlpatterns]
