"""All addresses: each app owns its own, with Vietnamese paths, at the root."""

from django.contrib import admin
from django.urls import include, path

from doanportal import health

urlpatterns = [
    path("suc-khoe/", health.alive, name="health_alive"),
    path("suc-khoe/san-sang/", health.ready, name="health_ready"),
    path("admin/", admin.site.urls),
    path("", include("units.urls")),
    path("", include("plans.urls")),
    path("", include("volunteers.urls")),
    path("", include("reports.urls")),
    path("", include("awards.urls")),
]
