"""Addresses of the rounds of awards."""

from django.urls import path

from .views import rounds, rounds_manage

ROUND = "<int:round_id>/"

urlpatterns = [
    path("", rounds.award_home, name="award_home"),
    path("lap-dot/", rounds_manage.round_create, name="round_create"),
    path(ROUND, rounds.round_detail, name="round_detail"),
    path(f"{ROUND}sua/", rounds_manage.round_edit, name="round_edit"),
    path(f"{ROUND}hinh-thuc/", rounds_manage.round_forms, name="round_forms"),
    path(f"{ROUND}quyen-xem/", rounds_manage.round_visibility, name="round_visibility"),
    path(f"{ROUND}thong-bao/", rounds_manage.round_notice, name="round_notice"),
    path(f"{ROUND}thong-bao/tep/", rounds.round_notice_file, name="round_notice_file"),
    path(f"{ROUND}mo/", rounds_manage.round_open, name="round_open"),
    path(f"{ROUND}gia-han/", rounds_manage.round_extend, name="round_extend"),
    path(f"{ROUND}ket-thuc/", rounds_manage.round_close, name="round_close"),
]
