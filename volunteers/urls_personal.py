"""Addresses of the pages about personal data: what is held, consent, requests, who saw what."""

from django.urls import path

from .views import personal, personal_consents, personal_person, personal_requests

HOME = "du-lieu-ca-nhan/"
REQUEST = f"{HOME}yeu-cau/<int:request_id>/"
PERSON = "nguoi/<int:person_id>/"

urlpatterns = [
    path(HOME, personal.personal_home, name="personal_home"),
    path(f"{HOME}tim/", personal.personal_find, name="personal_find"),
    path(f"{HOME}nhat-ky/", personal.access_log, name="access_log"),
    path(f"{HOME}luu-giu/", personal.retention_preview, name="retention_preview"),
    path(f"{HOME}yeu-cau/", personal_requests.request_list, name="request_list"),
    path(REQUEST, personal_requests.request_detail, name="request_detail"),
    path(f"{REQUEST}tra-loi/", personal_requests.request_answer, name="request_answer"),
    path(f"{REQUEST}gia-han/", personal_requests.request_extend, name="request_extend"),
    path(f"{REQUEST}thuc-hien/", personal_requests.request_done, name="request_done"),
    path(f"{REQUEST}khong-thuc-hien/", personal_requests.request_refuse, name="request_refuse"),
    path(f"{PERSON}du-lieu/", personal_person.person_data, name="person_data"),
    path(f"{PERSON}so-dien-thoai/", personal_person.person_phone, name="person_phone"),
    path(f"{PERSON}dong-y/", personal_person.consent_record, name="consent_record"),
    path(f"{PERSON}bo-han-che/", personal_person.restriction_lift, name="restriction_lift"),
    path(f"{PERSON}ban-sao/", personal_person.person_copy, name="person_copy"),
    path(f"{PERSON}xoa/", personal_person.person_erase, name="person_erase"),
    path(f"{PERSON}yeu-cau/", personal_requests.request_create, name="request_create"),
    path("doi-hinh/<int:team_id>/dong-y/", personal_consents.consent_bulk, name="consent_bulk"),
    path("dong-y/<int:consent_id>/rut-lai/", personal_person.consent_withdraw, name="consent_withdraw"),
    path("dong-y/<slug:purpose>/", personal.consent_text, name="consent_text"),
]
