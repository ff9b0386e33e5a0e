"""Certificates: long names shrink and never break, one serif, no seal; the worker's batch."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from awards import batches
from awards.certificates import (
    OVERLAY_SLOTS,
    PT,
    SLOTS,
    Sheet,
    certificates_of,
    fit,
    glued,
    measure,
    placed,
    print_layout,
    render,
    render_test,
)
from awards.golden_book import correct, revoke
from awards.models import CertificateBatch, GoldenBookEntry
from doanportal import clock
from plans.models import Notice
from tests.awards.decision_cast import make_cast
from tests.reports.papers import pdf_fonts, pdf_pages, pdf_sizes, pdf_text

LONG_NAMES = (
    "Công Tằng Tôn Nữ Nguyễn Phúc Thùy Dương Ánh Nguyệt",
    "Công Huyền Tôn Nữ Hoàng Thị Quỳnh Như Bảo Trân",
    "Lê Hoàng Hiếu Nghĩa Đệ Nhất Thương Tâm Nhân",
    "Trần Thị Hà",
)
LONG_TEAM = (
    "Đội hình thanh niên tình nguyện chuyển đổi số xã hội Đoàn Thanh niên Cộng sản Hồ Chí Minh huyện Bù Gia "
    "Mập phối hợp Đồn Biên phòng cửa khẩu quốc tế Hoa Lư"
)
SYLLABLES = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyấềộửỵẤỀỘỬĐ", min_size=1, max_size=8)
FULL, OVERLAY = CertificateBatch.Mode.FULL, CertificateBatch.Mode.OVERLAY


@pytest.fixture
def cast(at):
    at("2023-12-21T08:00")
    return make_cast()


def width_mm(text, face, size, tracking=0.0):
    return measure(text, face, tracking) * size * PT


@pytest.mark.parametrize("name", LONG_NAMES)
def test_name_of_a_person_stays_on_one_line_within_the_frame(name):
    slot = SLOTS["name"]
    size, lines = fit(
        f"Đồng chí {name}", face="Bold", width=slot.width, height=slot.height, largest=slot.size
    )
    assert lines == [f"Đồng chí {name}"]
    assert width_mm(lines[0], "Bold", size) <= slot.width + 0.01
    assert size <= slot.size


def test_long_name_is_smaller_than_a_short_one():
    sizes = [
        fit(f"Đồng chí {name}", face="Bold", width=236, height=21, largest=31)[0]
        for name in ("Trần Thị Hà", LONG_NAMES[0])
    ]
    assert sizes[0] == 31 > sizes[1] > 20


@given(st.lists(SYLLABLES, min_size=1, max_size=40), st.integers(1, 4))
def test_lines_hold_all_words_whole_and_fit_the_place(words, most):
    text = " ".join(words)
    size, lines = fit(text, face="Italic", width=150, height=20, largest=30, lines=most)
    assert " ".join(lines) == text
    assert len(lines) <= most
    assert all(width_mm(line, "Italic", size) <= 150.01 for line in lines)
    assert len(lines) * size * 1.2 * PT <= 20.01


def test_name_of_a_collective_goes_on_between_words_but_never_within_ho_chi_minh():
    text = glued(LONG_TEAM, "Bù Gia Mập")
    _, lines = fit(text, face="Bold", width=236, height=21, largest=31, lines=3)
    assert len(lines) > 1
    assert any("Hồ\u00a0Chí\u00a0Minh" in line for line in lines)
    assert any("Bù\u00a0Gia\u00a0Mập" in line for line in lines)


@pytest.mark.django_db
def test_certificate_says_what_the_book_says(cast):
    (entry,) = cast.decide(cast.nominate(name="Trần Thị Hà"))
    (text,) = pdf_pages(render(certificates_of([entry]), FULL))
    for words in (
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "BAN THƯỜNG VỤ TỈNH ĐOÀN BÌNH PHƯỚC",
        "TẶNG",
        "Đồng chí Trần Thị Hà",
        "Bí thư Đoàn xã, Huyện Đoàn Lộc Thử",
        "Đã có thành tích xuất sắc trong triển khai Đề án năm 2023",
        "Quyết định số 101-QĐ/TĐTN-BPT ngày 20 tháng 12 năm 2023",
        "Vào sổ vàng số: 01",
        "Bình Phước, ngày 20 tháng 12 năm 2023",
        "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN",
        "BÍ THƯ",
        "Trần Hoàng Trực",
    ):
        assert words in text
    assert "BẰNGKHEN" in text.replace(" ", "")


@pytest.mark.django_db
def test_full_print_is_one_a4_landscape_page_each_in_the_vendored_serif_without_pictures(cast):
    entries = cast.decide(*cast.nominate(2))
    content = render(certificates_of(entries), FULL)
    assert pdf_sizes(content) == [(297, 210)] * 2
    assert all(name.startswith("Liberation-Serif-Portal") for name in pdf_fonts(content))
    assert not any(page.images for page in PdfReader(BytesIO(content)).pages)


@pytest.mark.django_db
def test_overlay_prints_only_what_the_blank_lacks(cast):
    (entry,) = cast.decide(cast.nominate(name="Trần Thị Hà"))
    text = pdf_text(render(certificates_of([entry]), OVERLAY, Sheet()))
    assert "Đồng chí Trần Thị Hà" in text
    for printed in ("ĐOÀN TNCS", "TẶNG", "KHEN", "TM. BAN"):
        assert printed not in text


@pytest.mark.django_db
def test_offset_moves_every_line_of_an_overlay(cast):
    (certificate,) = certificates_of(cast.decide(cast.nominate()))
    before = placed(certificate, OVERLAY_SLOTS, Sheet())
    after = placed(certificate, OVERLAY_SLOTS, Sheet(offset_x=2.5, offset_y=-1.5))
    moves = {
        (round(float(b.left) - float(a.left), 2), round(float(b.top) - float(a.top), 2))
        for a, b in zip(before, after, strict=True)
    }
    assert moves == {(2.5, -1.5)}


@pytest.mark.django_db
def test_line_without_a_place_on_the_blank_is_left_out(cast):
    (certificate,) = certificates_of(cast.decide(cast.nominate()))
    layout = print_layout()
    layout.positions = {"signer": None, "name": 99.0}
    lines = placed(certificate, OVERLAY_SLOTS, Sheet.of_layout(layout))
    assert not any(line.text == "Trần Hoàng Trực" for line in lines)


def test_test_print_has_the_size_of_the_blank_and_its_ruler():
    content = render_test(Sheet(width=420, height=297, offset_x=2.5))
    assert pdf_sizes(content) == [(420, 297)]
    assert "Dịch ngang 2,5 mm" in pdf_text(content)
    assert "400" in pdf_text(content)


@pytest.mark.django_db
def test_certificates_of_many_read_no_more_than_of_one(cast):
    entries = cast.decide(*cast.nominate(30))
    counts = []
    for number in (1, 30):
        rows = list(GoldenBookEntry.objects.filter(pk__in=[entry.pk for entry in entries[:number]]))
        with CaptureQueriesContext(connection) as queries:
            certificates_of(rows)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


# Batches


def batch_of(cast, *, mode=FULL, **limits):
    return batches.request_batch(
        cast.round, mode=mode, entries=batches.entries_for(cast.round, **limits), by=cast.officer
    )


@pytest.mark.django_db
def test_batch_prints_each_entry_once_in_the_order_of_the_book(cast, monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 2)
    cast.decide(*cast.nominate(5))
    batch = batch_of(cast)
    assert batches.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.total) == ("ready", 5, 5)
    pages = pdf_pages(batch.file.read())
    assert ["Vào sổ vàng số: 0" in page for page in pages] == [True] * 5
    assert [page.split("Vào sổ vàng số: ")[1][:2] for page in pages] == ["01", "02", "03", "04", "05"]


@pytest.mark.django_db
def test_corrected_and_revoked_entries_are_not_printed(cast):
    first, second, third = cast.decide(*cast.nominate(3))
    facts = {"detail": second.detail, "achievement": second.achievement}
    new = correct(second, name="Tên Đúng", **facts, reason="sai tên", by=cast.officer)
    revoke(third, reason="khai sai", by=cast.officer)
    assert set(batches.entries_for(cast.round)) == {first, new}


@pytest.mark.django_db
def test_batch_run_twice_makes_one_file(cast):
    cast.decide(cast.nominate())
    batch = batch_of(cast)
    assert [batches.run(batch.pk), batches.run(batch.pk)] == [True, False]
    assert Notice.objects.filter(stage=batches.NOTICE_STAGE, channel="inbox").count() == 1


@pytest.mark.django_db
def test_batch_that_somebody_works_on_is_left_alone_until_the_lease_ends(cast, at):
    cast.decide(cast.nominate())
    batch = batch_of(cast)
    assert batches.claim(batch.pk) is not None
    assert batches.claim(batch.pk) is None
    at("2023-12-21T08:06")
    assert batches.claim(batch.pk) is not None


@pytest.mark.django_db
def test_worker_that_lost_its_lease_keeps_nothing(cast, monkeypatch):
    cast.decide(cast.nominate())
    batch = batch_of(cast)
    real = batches.merged

    def stolen(pieces, path):
        CertificateBatch.objects.filter(pk=batch.pk).update(leased_until=clock.now() + timedelta(hours=1))
        return real(pieces, path)

    monkeypatch.setattr(batches, "merged", stolen)
    assert batches.run(batch.pk) is False
    batch.refresh_from_db()
    assert (batch.state, batch.file.name) == ("running", "")


@pytest.mark.django_db
def test_failure_stands_on_the_row_and_names_nobody_in_the_log(cast, monkeypatch, caplog):
    cast.decide(cast.nominate(name="Lê Thị Kín"))
    batch = batch_of(cast)

    def broken(*args):
        raise ValueError("Lê Thị Kín")

    monkeypatch.setattr(batches, "render", broken)
    assert batches.run(batch.pk) is False
    batch.refresh_from_db()
    assert (batch.state, batch.error) == ("failed", batches.BROKEN)
    assert "Kín" not in caplog.text


@pytest.mark.django_db
def test_sweeper_sends_lost_ones_again_and_gives_up_after_two_hours(cast, at, monkeypatch):
    sent = []
    monkeypatch.setattr(batches, "enqueue", sent.append)
    cast.decide(cast.nominate())
    batch = batch_of(cast)
    batches.sweep(now=clock.now())
    assert sent == []
    batches.sweep(now=clock.now() + timedelta(minutes=3))
    assert sent == [batch.pk]
    batches.sweep(now=clock.now() + timedelta(hours=3))
    batch.refresh_from_db()
    assert (batch.state, batch.error) == ("failed", batches.INTERRUPTED)


@pytest.mark.django_db
def test_file_goes_away_after_thirty_days(cast):
    cast.decide(cast.nominate())
    batch = batch_of(cast)
    batches.run(batch.pk)
    batch.refresh_from_db()
    storage, name = batch.file.storage, batch.file.name
    batches.sweep(now=clock.now() + timedelta(days=31))
    batch.refresh_from_db()
    assert (batch.file.name, storage.exists(name)) == ("", False)


@pytest.mark.django_db
def test_nothing_to_print_is_told(cast):
    with pytest.raises(batches.BatchError, match="Không có dòng"):
        batch_of(cast)
