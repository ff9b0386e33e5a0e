"""The minutes as PDF and Word: attendance, quorum, base, every number, re-votes, the chair's word."""

import re
import unicodedata
from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.council import close_council
from awards.council_votes import note_conflicts, rule_tie
from awards.documents.minutes import minutes_paper
from awards.minutes_files import render_minutes, request_minutes, state_of
from awards.models import CouncilMember, MinutesFile
from awards.views import council as council_views
from doanportal.paper import to_docx, to_pdf
from tests.awards.council_cast import make_cast
from tests.factories.units import make_department, make_member
from tests.reports.papers import glued, pdf_fonts, pdf_pages, pdf_sizes, pdf_text, word_rows, word_text
from tests.reports.unit_pages import sign_in
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at):
    at("2023-11-20T08:30")
    make_department()
    return make_cast()


def paper_of(cast):
    cast.council.refresh_from_db()
    return minutes_paper(cast.round, cast.council)


def said(paper):
    return [f"{block.lead} {block.text}".strip() for block in paper.blocks if block.kind == "text"]


def count_rows(paper):
    """The rows of the annex, group titles left out."""
    (annex,) = paper.annexes
    return [row.cells for row in annex.blocks[0].rows if row.kind == "plain"]


def close(cast):
    close_council(cast.round, ends_time=time(11, 30), discussion="Nên khen thêm cơ sở", by=cast.keeper)


def test_head_is_the_provinces_and_the_number_stays_blank(cast):
    cast.vote(cast.nominate(), 8)
    first = pdf_pages(to_pdf(paper_of(cast)))[0]
    assert "ĐOÀN TNCS HỒ CHÍ MINH" in first
    assert re.search(r"Số: -BB/\S+-BPT", first)
    assert "BIÊN BẢN Họp Hội đồng xét khen thưởng" in first


def test_attendance_and_quorum_are_told_to_the_number(cast):
    CouncilMember.objects.filter(council=cast.council, present=False).update(name="Đỗ Vắng Mặt")
    cast.vote(cast.nominate(), 8)
    lines = said(paper_of(cast))
    assert "3. Thành viên Hội đồng: 9 đồng chí; có mặt 8/9." in lines
    assert "Vắng 1: Đỗ Vắng Mặt (đi công tác)." in lines
    assert "2. Thư ký: đồng chí Lê Thư Ký." in lines
    assert (
        "Quy định của đợt: phải có mặt ít nhất 2/3 số thành viên, tức 6 đồng chí. Có mặt 8/9: đủ số thành "
        "viên, phiên họp hợp lệ." in lines
    )


@pytest.mark.parametrize(
    ("base", "method", "words"),
    [
        (
            "members",
            "paper",
            "bỏ phiếu kín. Hồ sơ được đề nghị khen khi số đồng ý đạt ít nhất 66,67%, tính trên tổng số",
        ),
        (
            "present",
            "hands",
            "đạt ít nhất 66,67%, tính trên số thành viên có mặt",
        ),
    ],
)
def test_base_threshold_and_way_of_voting_are_those_of_the_round(at, base, method, words):
    at("2023-11-20T08:30")
    make_department()
    cast = make_cast(base=base, method=method, threshold_percent="66.67")
    cast.round.refresh_from_db()
    cast.vote(cast.nominate(), 8)
    assert any(words in line for line in said(paper_of(cast)))


def test_each_count_stands_in_the_annex_to_the_number(cast):
    member = cast.council.members.all()[1]
    one = cast.nominate(name="Trần Thị Hà", position="Bí thư Đoàn xã", workplace="Xã Lộc Thái")
    note_conflicts(cast.round, one.pk, out={member.pk: "là chị ruột"}, kept={}, by=cast.keeper)
    cast.vote(one, 5, issued=7, votes_against=0, blank=0, invalid=1)
    assert count_rows(paper_of(cast)) == [
        (
            "1",
            "Trần Thị Hà, Bí thư Đoàn xã, Xã Lộc Thái; Huyện Đoàn Lộc Thử",
            f"{member.name} (là chị ruột)",
            *("1", "7", "5", "0", "0", "1", "1", "8", "62,5%"),
            "Không đề nghị (chưa đủ tỷ lệ)",
        )
    ]


def test_reads_as_the_results_do(cast):
    cast.limit(1)
    one, two, three = cast.nominate(3)
    for nomination, votes in ((one, 8), (two, 7), (three, 2)):
        cast.vote(nomination, votes)
    assert [row[-1] for row in count_rows(paper_of(cast))] == [
        "Đề nghị khen",
        "Không đề nghị (ngoài số lượng)",
        "Không đề nghị (chưa đủ tỷ lệ)",
    ]
    (line,) = [line for line in said(paper_of(cast)) if line.startswith("1. Bằng khen")]
    assert line.endswith("xét 3 hồ sơ; đề nghị khen 1; không đề nghị 2. Số lượng nhiều nhất: 1.")


def test_second_ballot_and_the_chairs_word_are_told(cast):
    cast.limit(1)
    one, two = (cast.nominate(name=name, position="", workplace="") for name in ("Lê An", "Lê Bình"))
    for ballot, votes in ((1, 8), (2, 4)):
        for nomination in (one, two):
            cast.vote(nomination, votes, ballot=ballot)
    rule_tie(cast.round, among=[one.pk, two.pk], chosen=[two.pk], reason="khó khăn hơn", by=cast.keeper)
    paper = paper_of(cast)
    lines = said(paper)
    unit = "Huyện Đoàn Lộc Thử"
    assert (
        f"- Bỏ phiếu lần 2 giữa các hồ sơ bằng phiếu: Lê An; {unit}: 4 đồng ý; Lê Bình; {unit}: 4 đồng ý."
        in lines
    )
    assert (
        f"- Bằng phiếu sau lần 2; Chủ tịch Hội đồng quyết định đề nghị khen Lê Bình; {unit}: khó khăn hơn."
        in lines
    )
    assert [(row[0], row[3], row[5], row[-1]) for row in count_rows(paper)] == [
        ("1", "1", "8", "Bằng phiếu, bỏ phiếu lại"),
        ("", "2", "4", "Không đề nghị (Chủ tịch quyết định)"),
        ("2", "1", "8", "Bằng phiếu, bỏ phiếu lại"),
        ("", "2", "4", "Đề nghị khen (Chủ tịch quyết định)"),
    ]


def test_member_of_the_own_unit_who_votes_is_told_with_the_reason(cast):
    member = cast.council.members.all()[1]
    CouncilMember.objects.filter(pk=member.pk).update(unit=cast.dossier.unit)
    nomination = cast.nominate()
    note_conflicts(cast.round, nomination.pk, out={}, kept={member.pk: "đã thôi chức"}, by=cast.keeper)
    assert any("vẫn biểu quyết: đã thôi chức." in line for line in said(paper_of(cast)))


def test_draft_is_marked_until_the_minutes_are_adopted(cast):
    cast.vote(cast.nominate(), 8)
    assert paper_of(cast).mark == "DỰ THẢO"
    close(cast)
    paper = paper_of(cast)
    assert paper.mark == ""
    assert "1. Thời gian: từ 8 giờ 00 đến 11 giờ 30, ngày 20/11/2023." in said(paper)
    assert "Nên khen thêm cơ sở." in said(paper)


def test_unconfirmed_count_is_marked_as_such(cast):
    cast.enter(cast.nominate(), 8)
    assert count_rows(paper_of(cast))[0][-1] == "Chờ xác nhận"


def test_pdf_and_word_hold_the_same_words_and_numbers(cast):
    one, two = cast.nominate(2)
    cast.vote(one, 8)
    cast.vote(two, 3)
    paper = paper_of(cast)
    pdf, word = to_pdf(paper), to_docx(paper)
    for line in said(paper):
        assert glued(line) in glued(word_text(word))
        assert glued(line)[:40] in glued(pdf_text(pdf))
    rows = [row for row in word_rows(word) if len(row) == 13 and row[0].isdigit()]
    assert rows == count_rows(paper)
    for row in rows:
        assert glued("".join(row[3:])) in glued(pdf_text(pdf))


def test_only_the_vendored_serif_is_embedded_text_is_nfc_and_the_annex_lies_wide(cast):
    cast.vote(cast.nominate(name=unicodedata.normalize("NFD", "Nguyễn Thị Ước")), 8)
    content = to_pdf(paper_of(cast))
    assert all(name.startswith("Liberation-Serif") for name in pdf_fonts(content))
    assert unicodedata.is_normalized("NFC", pdf_text(content)) and "Nguyễn Thị Ước" in pdf_text(content)
    sizes = pdf_sizes(content)
    assert sizes[0] == (210, 297) and sizes[-1] == (297, 210)


def test_hostile_words_are_printed_as_they_are(cast):
    nomination = cast.nominate(name="{{ 7*7 }} <b>x</b>")
    cast.vote(nomination, 8)
    paper = paper_of(cast)
    for text in (pdf_text(to_pdf(paper)), word_text(to_docx(paper))):
        assert glued("{{ 7*7 }} <b>x</b>") in glued(text)


def test_name_of_the_unit_is_that_of_the_day(cast):
    unit = cast.dossier.unit
    unit.names.update(valid_to="2025-07-01")
    unit.names.create(
        full_name="Đoàn xã Mới",
        short_name="Mới",
        issuer_line="X",
        issuer_code="X",
        place_name="X",
        valid_from="2025-07-01",
    )
    Unit.objects.filter(pk=unit.pk).update(name="Đoàn xã Mới")
    cast.vote(cast.nominate(), 8)
    assert "Huyện Đoàn Lộc Thử" in count_rows(paper_of(cast))[0][1]


@pytest.mark.parametrize("number", [1, 30])
def test_minutes_ask_the_same_queries_whatever_the_number(cast, number):
    for _ in range(number):
        cast.nominate()
    cast.council.refresh_from_db()
    with CaptureQueriesContext(connection) as queries:
        minutes_paper(cast.round, cast.council)
    assert len(queries) == 10


# Long minutes: the worker makes the PDF


@pytest.fixture
def few_at_once(monkeypatch):
    """Two nominations are long already."""
    monkeypatch.setattr(council_views, "MOST_AT_ONCE", 1)


def address(name, cast, *args):
    return reverse(name, args=[cast.round.pk, *args])


def test_long_pdf_is_made_by_the_worker_and_taken_by_who_may_see_it(cast, client, few_at_once):
    for nomination in cast.nominate(2):
        cast.vote(nomination, 8)
    sign_in(client, cast.keeper)
    pdf = address("council_minutes", cast, "pdf")
    page = address("council_minutes_file", cast)
    assert client.get(pdf)["Location"] == page
    client.post(page)
    client.post(page)
    row = MinutesFile.objects.get()
    assert "Đang tạo tệp" in client.get(page).content.decode()
    render_minutes(row.pk)
    render_minutes(row.pk)
    assert "Tệp đã tạo" in client.get(page).content.decode()
    response = client.get(pdf)
    assert "3. Thành viên Hội đồng: 9 đồng chí" in pdf_text(b"".join(response.streaming_content))
    sign_in(client, make_member(cast.dossier.unit))
    assert client.get(pdf).status_code == client.get(page).status_code == client.post(page).status_code == 404


def test_long_draft_is_not_given_as_the_adopted_minutes(cast, client, few_at_once, at):
    for nomination in cast.nominate(2):
        cast.vote(nomination, 8)
    render_minutes(request_minutes(cast.council, by=cast.keeper).pk)
    at("2023-11-20T11:40")
    close(cast)
    sign_in(client, cast.keeper)
    assert client.get(address("council_minutes", cast, "pdf")).status_code == 302
    at("2023-11-20T11:45")
    old = MinutesFile.objects.get()
    cast.council.refresh_from_db()
    render_minutes(request_minutes(cast.council, by=cast.keeper).pk)
    assert client.get(address("council_minutes", cast, "pdf")).status_code == 200
    assert not MinutesFile.objects.filter(pk=old.pk).exists()


def test_lost_request_goes_out_again_when_somebody_looks(cast, at):
    row = request_minutes(cast.council, by=cast.keeper)
    at("2023-11-20T08:33")
    state_of(cast.council)
    row.refresh_from_db()
    assert row.sent_at > row.requested_at
