"""Files: what they really are, how large, and nothing hidden in photos."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

from doanportal.uploads import MEGABYTE, UploadError, read_upload, safe_name
from reports.drafts import DraftError, discard_draft, open_draft
from reports.models import Evidence, Version
from reports.submit import submit
from reports.uploads import add_evidence, remove_evidence
from tests.factories.reports import fill_monthly, obligation_of, photo_upload
from tests.factories.units import make_user

GPS_TAG, ORIENTATION_TAG = 0x8825, 0x0112


def upload(name, content):
    return SimpleUploadedFile(name, content)


def test_program_renamed_to_jpg_is_refused():
    with pytest.raises(UploadError, match="không phải ảnh"):
        read_upload(upload("anh.jpg", b"MZ\x90\x00" + b"\x00" * 200))


def test_photo_of_twenty_megabytes_is_refused_with_the_cure():
    photo = upload("to.jpg", photo_upload().read() + b"\x00" * (20 * MEGABYTE))
    with pytest.raises(UploadError, match="nặng 20 MB"):
        read_upload(photo)


def test_html_with_an_image_name_is_refused():
    with pytest.raises(UploadError, match="không phải"):
        read_upload(upload("anh.png", b"<html><script>alert(1)</script></html>"))


def test_svg_is_refused():
    with pytest.raises(UploadError, match="không phải"):
        read_upload(upload("anh.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'))


def test_truncated_photo_is_refused():
    with pytest.raises(UploadError, match="tệp hỏng"):
        read_upload(upload("anh.jpg", photo_upload(size=(400, 400)).read()[:200]))


def test_empty_file_is_refused():
    with pytest.raises(UploadError, match="trống"):
        read_upload(upload("anh.jpg", b""))


def test_pixel_flood_is_refused():
    out = io.BytesIO()
    Image.new("1", (20000, 20000)).save(out, "PNG")
    with pytest.raises(UploadError, match=r"điểm ảnh|không phải ảnh"):
        read_upload(upload("anh.png", out.getvalue()))


def test_photo_loses_its_position():
    exif = Image.Exif()
    exif[0x010E] = "NHAN-DIEN"
    exif.get_ifd(GPS_TAG)[1] = "N"
    content, content_type = read_upload(photo_upload(exif=exif))
    remade = Image.open(io.BytesIO(content))
    assert content_type == "image/jpeg"
    assert b"NHAN-DIEN" not in content
    assert not remade.getexif()


def test_large_photo_is_made_smaller():
    content, _ = read_upload(photo_upload(size=(4000, 3000)))
    assert max(Image.open(io.BytesIO(content)).size) == 2000


def test_large_photo_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6
    content, _ = read_upload(photo_upload(size=(4000, 3000), exif=exif))
    assert Image.open(io.BytesIO(content)).size == (1500, 2000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
def test_png_of_any_kind_becomes_a_photo(mode):
    out = io.BytesIO()
    Image.new(mode, (2400, 1200)).save(out, "PNG")
    content, content_type = read_upload(upload("anh.png", out.getvalue()))
    assert content_type == "image/jpeg"
    assert Image.open(io.BytesIO(content)).size == (2000, 1000)


def test_largest_photo_is_turned_without_a_full_size_copy(monkeypatch):
    turned = []
    turn = ImageOps.exif_transpose
    monkeypatch.setattr(ImageOps, "exif_transpose", lambda image: turned.append(image.size) or turn(image))
    read_upload(photo_upload(size=(8000, 6000)))
    assert turned == [(2000, 1500)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("../../etc/passwd", "passwd"), ("C:\\anh\\Ảnh 1.jpg", "Ảnh 1.jpg"), ("a\nb.pdf", "a b.pdf")],
)
def test_name_is_made_safe(name, expected):
    assert safe_name(name) == expected


@pytest.mark.django_db
def test_same_photo_twice_is_kept_once_and_removed_from_disk(
    published_plan, at, django_capture_on_commit_callbacks
):
    at("2023-03-24T08:00")
    user = make_user()
    draft = open_draft(obligation_of("692"), by=user)
    first = add_evidence(draft, photo_upload(), by=user)
    assert add_evidence(draft, photo_upload(), by=user) == first
    storage, name = first.file.storage, first.file.name
    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(first, by=user)
        assert storage.exists(name), "bytes go only when the transaction is through"
    assert not Evidence.objects.filter(version=draft).exists()
    assert not storage.exists(name)


@pytest.mark.django_db
def test_thrown_away_draft_takes_its_files_along_but_not_those_handed_in(
    published_plan, at, django_capture_on_commit_callbacks
):
    at("2023-03-24T08:00")
    user = make_user()
    draft = open_draft(obligation_of("692"), by=user)
    fill_monthly(draft, {}, by=user)
    kept = add_evidence(draft, photo_upload(), by=user)
    submit(draft, by=user, idempotency_key=uuid.uuid4())
    amendment = open_draft(obligation_of("692"), by=user, reason="Thêm ảnh")
    dropped = add_evidence(amendment, photo_upload(size=(90, 90)), by=user)
    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(amendment, by=user)
    assert kept.file.storage.exists(kept.file.name)
    assert not dropped.file.storage.exists(dropped.file.name)


@pytest.mark.django_db
def test_file_for_a_report_handed_in_meanwhile_is_refused_in_words(published_plan, at):
    at("2023-03-24T08:00")
    user = make_user()
    draft = open_draft(obligation_of("692"), by=user)
    fill_monthly(draft, {}, by=user)
    row = add_evidence(draft, photo_upload(), by=user)
    stale = Version.objects.get(pk=draft.pk)
    submit(draft, by=user, idempotency_key=uuid.uuid4())
    with pytest.raises(DraftError, match="không thêm tệp được"):
        add_evidence(stale, photo_upload(size=(90, 90)), by=user)
    with pytest.raises(DraftError, match="không xóa tệp được"):
        remove_evidence(row, by=user)
