"""Photos of activities: hidden data gone, seen by few, published only on a written consent."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from tests.factories.reports import photo_upload
from tests.factories.units import make_department, make_member, make_unit
from tests.factories.volunteers import make_activity
from tests.reports.unit_pages import sign_in
from units.models import Event, Role
from volunteers.activities import ActivityError
from volunteers.models import ActivityPhoto
from volunteers.photos import MOST_PHOTOS, add_photo, remove_photo, set_publication

pytestmark = pytest.mark.django_db

DAY = date(2023, 3, 18)
BASIS = "6 đoàn viên trong ảnh đồng ý bằng lời"


@pytest.fixture
def unit(at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    at("2023-03-18T10:00")
    return make_unit()


@pytest.fixture
def secretary(unit, client):
    return sign_in(client, make_member(unit, Role.SECRETARY))


@pytest.fixture
def activity(unit):
    return make_activity(unit, on=DAY)


@pytest.fixture
def photo(activity, secretary):
    return add_photo(activity, photo_upload("ra-quan.jpg"), caption="Ra quân", by=secretary)


def with_position():
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của Mai"
    exif.get_ifd(0x8825)[1] = "N"
    return photo_upload(exif=exif)


def test_photo_is_made_anew_without_device_and_position(activity, secretary):
    kept = add_photo(activity, with_position(), by=secretary)
    with kept.file.open("rb") as file:
        image = Image.open(io.BytesIO(file.read()))
    assert dict(image.getexif()) == {}


def test_same_photo_is_kept_once(activity, secretary, photo):
    assert add_photo(activity, photo_upload("lan-hai.jpg"), by=secretary).pk == photo.pk


def test_photo_is_for_inside_until_somebody_agreed(photo):
    assert (photo.may_publish, photo.publish_basis) == (False, "")


def test_publication_without_a_basis_is_refused_by_rule_and_database(photo, secretary):
    with pytest.raises(ActivityError, match="căn cứ"):
        set_publication(photo, may_publish=True, basis=" ", by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityPhoto.objects.update(may_publish=True)


def test_publication_is_logged_without_who_agreed_and_can_be_taken_back(photo, secretary):
    set_publication(photo, may_publish=True, basis="chị Mai đồng ý", by=secretary)
    taken_back = set_publication(photo, may_publish=False, basis="chị Mai đồng ý", by=secretary)
    assert (taken_back.may_publish, taken_back.publish_basis) == (False, "")
    verbs = [event.verb for event in Event.objects.about(photo.activity)]
    assert verbs == ["add_photo", "publish_photo", "withdraw_photo"]
    assert not Event.objects.filter(reason__contains="Mai").exists()


def test_removed_photo_leaves_no_file(photo, secretary, django_capture_on_commit_callbacks):
    storage, name = photo.file.storage, photo.file.name
    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(photo, by=secretary)
    assert not storage.exists(name)
    assert not ActivityPhoto.objects.exists()


def test_photos_are_added_together_and_the_bad_one_is_named(client, activity, secretary):
    bad = SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff\xe0 not a picture", "image/jpeg")
    response = client.post(
        reverse("activity_photo_add", args=[activity.pk]),
        {"photos": [photo_upload(), photo_upload(size=(70, 40)), bad], "caption": "Ra quân"},
    )
    assert response.status_code == 422
    assert "Không mở được ảnh «anh.jpg»" in response.content.decode()
    assert activity.photos.count() == 2


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (None, "Hãy chọn ít nhất một ảnh"),
        (SimpleUploadedFile("a.jpg", b""), "trống"),
        (SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>"), "không phải ảnh"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.4 x"), "không phải ảnh"),
    ],
)
def test_what_is_no_photo_is_refused_with_words(client, activity, secretary, upload, words):
    data = {"caption": "Ra quân"} | ({"photos": upload} if upload else {})
    response = client.post(reverse("activity_photo_add", args=[activity.pk]), data)
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html and 'value="Ra quân"' in html


def test_number_of_photos_is_limited(activity, secretary):
    for number in range(MOST_PHOTOS):
        add_photo(activity, photo_upload(size=(30 + number, 20)), by=secretary)
    with pytest.raises(ValueError, match=f"đã có {MOST_PHOTOS} ảnh"):
        add_photo(activity, photo_upload(size=(200, 20)), by=secretary)


def test_photo_is_seen_by_host_guest_and_province_and_by_nobody_else(client, photo):
    guest = make_unit()
    photo.activity.parts.create(unit=guest)
    url = reverse("activity_photo", args=[photo.pk])
    readers = (make_member(guest, Role.EDITOR), make_member(make_department("VP", "Văn phòng"), Role.VIEWER))
    for reader in readers:
        sign_in(client, reader)
        assert client.get(url)["Content-Type"] == "image/jpeg"
    sign_in(client, make_member(make_unit(), Role.SECRETARY))
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", ["activity_photo_remove", "activity_photo_publish"])
def test_guest_and_officer_do_not_change_a_photo(client, photo, name):
    guest = make_unit()
    photo.activity.parts.create(unit=guest)
    for reader in (make_member(guest, Role.SECRETARY), make_member(make_department(), Role.OFFICER)):
        sign_in(client, reader)
        assert client.post(reverse(name, args=[photo.pk])).status_code == 403
    assert ActivityPhoto.objects.count() == 1


def test_list_for_the_fan_page_holds_only_what_may_be_published(client, photo, secretary):
    inside = add_photo(photo.activity, photo_upload(size=(90, 40)), by=secretary)
    set_publication(photo, may_publish=True, basis=BASIS, by=secretary)
    url = reverse("activity_photo_published")
    assert client.get(url).status_code == 404
    sign_in(client, make_member(make_department("BTG-TTNTH", "Ban Tuyên giáo"), Role.OFFICER))
    html = client.get(url).content.decode()
    assert reverse("activity_photo", args=[photo.pk]) in html and BASIS in html
    assert reverse("activity_photo", args=[inside.pk]) not in html
    saved = client.get(reverse("activity_photo", args=[photo.pk]), {"tai": "1"})
    assert saved["Content-Disposition"].startswith("attachment")


def test_publish_page_keeps_what_was_typed(client, photo):
    url = reverse("activity_photo_publish", args=[photo.pk])
    assert client.post(url, {"may_publish": "on", "basis": ""}).status_code == 422
    response = client.post(url, {"may_publish": "on", "basis": "x" * 301})
    assert response.status_code == 422
    assert "x" * 301 in response.content.decode()
    assert client.post(url, {"may_publish": "on", "basis": BASIS}).status_code == 302
    photo.refresh_from_db()
    assert photo.may_publish
