"""Addresses of the inbox."""

from django.urls import path

from . import views_inbox

urlpatterns = [
    path("thong-bao/", views_inbox.inbox_list, name="inbox"),
    path("thong-bao/doc-het/", views_inbox.inbox_read_all, name="inbox_read_all"),
    path("thong-bao/<int:pk>/", views_inbox.inbox_message, name="inbox_message"),
]
