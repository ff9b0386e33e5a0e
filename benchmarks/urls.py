"""The portal's addresses, and beside them the floor's."""

from django.urls import path

from benchmarks.floors import dashboard
from doanportal.urls import urlpatterns as portal

urlpatterns = [*portal, path("san/<int:plan_id>/<str:period_key>/<str:now>/", dashboard.view, name="floor")]
