"""The month's report of the province as PDF and Word: form, names, figures, hostile words."""

import io
import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from doanportal.formats import format_number
from doanportal.paper import RowKind, Table, Text
from reports.documents import figures
from reports.documents.rollup import context, render_docx, render_pdf
from reports.rollup import TargetLine
from reports.rollup_xlsx import render_xlsx
from units.models import UnitName

from .paper_samples import one_unit, sample_rollup
from .papers import glued, pdf_fonts, pdf_pages, pdf_sizes, pdf_text, squeezed, word_rows, word_text

pytestmark = pytest.mark.django_db

HOSTILE = (
    '<script>alert(1)</script> <img src="http://127.0.0.1:9/x"> {{ 7*7 }} {% debug %} '
    "</w:t></w:r> &amp; \u202eđảo \u0001 =1+1"
)


@pytest.fixture(scope="module")
def rollup(published_plan):
    return sample_rollup(published_plan)


@pytest.fixture(scope="module")
def paper(rollup):
    return context(rollup)


@pytest.fixture(scope="module")
def pdf(rollup):
    return render_pdf(rollup)


@pytest.fixture(scope="module")
def word(rollup):
    return render_docx(rollup)


def tables(paper):
    blocks = [*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks)]
    return [block for block in blocks if isinstance(block, Table)]


def test_page_one_has_the_head_of_the_union_with_number_and_date_blank(pdf):
    first = pdf_pages(pdf)[0]
    for line in (
        "BCH ĐOÀN TỈNH BÌNH PHƯỚC",
        "***",
        "Số: -BC/TĐTN-BPT",
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "Bình Phước, ngày tháng năm 2023",
        "BÁO CÁO Kết quả hoạt động",
        "tháng 3 năm 2023 -----------",
    ):
        assert line in first


def test_ending_has_recipients_of_the_plan_and_the_signature(pdf):
    text = pdf_text(pdf)
    assert "của Ban Thường vụ Tỉnh Đoàn Bình Phước./." in text
    assert "Nơi nhận: - TW Đoàn: BBT, Ban CNĐT, VP 1+2; - Tỉnh ủy:" in text
    assert "- Lưu: VP, BPT." in text
    assert "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN BÍ THƯ Trần Hoàng Trực" in text


def test_body_is_portrait_a4_and_the_annex_landscape(pdf):
    sizes = pdf_sizes(pdf)
    body = [number for number, size in enumerate(sizes) if size == (210, 297)]
    annex = [number for number, size in enumerate(sizes) if size == (297, 210)]
    assert body and annex and body + annex == list(range(len(sizes)))
    assert pdf_pages(pdf)[annex[0]].startswith("PHỤ LỤC SỐ LIỆU")
    assert [text.rsplit(" ", 1)[1] for text in pdf_pages(pdf)[annex[0] :]] == [
        str(number) for number in range(1, len(annex) + 1)
    ]
    assert "(Kèm theo Báo cáo số -BC/TĐTN-BPT ngày tháng năm 2023)" in pdf_pages(pdf)[annex[0]]


def test_page_number_is_hidden_on_page_one_only(pdf):
    pages = pdf_pages(pdf)
    assert pages[0].endswith("Kết quả cụ thể:")
    assert pages[1].endswith(" 2")


def test_only_the_vendored_serif_is_embedded_and_the_language_is_named(pdf):
    assert all(name.startswith("Liberation-Serif") for name in pdf_fonts(pdf))
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert reader.metadata.title.startswith("BÁO CÁO Kết quả")


def test_late_missing_and_waived_units_are_named(pdf):
    text = pdf_text(pdf)
    assert "có 11/13 đơn vị đã gửi báo cáo (84,6%)" in text
    assert "trong đó 09 đơn vị gửi đúng hạn, 02 đơn vị gửi muộn; 02 đơn vị chưa gửi." in text
    assert "Đơn vị gửi muộn: Huyện Đoàn Hớn Quản, Huyện Đoàn Phú Riềng." in text
    assert "Đơn vị chưa gửi báo cáo: Huyện Đoàn Bù Đốp, Đoàn Thanh niên Công an tỉnh (minh họa)." in text
    assert "Đơn vị được miễn báo cáo kỳ này: Thị Đoàn Bình Long." in text


def test_table_head_is_repeated_on_every_page_of_a_long_annex(rollup):
    content = render_pdf(replace(rollup, units=rollup.units * 4))
    pages = zip(pdf_pages(content), pdf_sizes(content), strict=True)
    wide = [text for text, size in pages if size == (297, 210) and re.search(r"\d+ (Huyện|Thị) Đoàn", text)]
    assert len(wide) > 10
    assert all("TT Đơn vị" in text and "Ghi chú" in text for text in wide)


def test_sum_of_each_sector_equals_the_table_of_targets(rollup, paper):
    targets, *sectors = tables(paper)
    by_number = {row.cells[0]: row.cells for row in targets.rows if row.kind == RowKind.PLAIN}
    seen = 0
    for sector in sectors:
        total = next(row for row in sector.rows if row.kind == RowKind.TOTAL)
        position = 2
        for head in sector.head[0][2:-1]:
            cells = total.cells[position : position + head.colspan]
            position += head.colspan
            line = by_number[head.text.split(".")[0]]
            assert cells[-1] in (line[4], line[5]) and cells[0] in (line[3], line[4])
            seen += 1
    assert seen == sum(line.by_unit for line in rollup.targets)


def test_cells_say_zero_missing_and_not_applicable_apart(paper):
    agriculture = next(table for table in tables(paper) if "8." in table.head[0][-2].text)
    rows = {row.cells[1]: row.cells for row in agriculture.rows if row.kind == RowKind.PLAIN}
    assert set(rows["Huyện Đoàn Bù Đốp"][2:-1]) == {figures.NOT_REPORTED}
    college = rows["Đoàn Trường Cao đẳng Bình Phước (minh họa)"]
    assert set(college[4:-1]) == {figures.NOT_APPLICABLE}
    assert figures.number(0) == "0" and figures.pair(0, 30) == "0/30"


def test_attached_units_stand_in_a_group_of_their_own(paper):
    for table in tables(paper)[1:]:
        titles = [row.cells[0] for row in table.rows if row.kind == RowKind.GROUP]
        assert titles == ["Đoàn trực thuộc"]


def test_pdf_and_word_carry_the_same_figures(paper, pdf, word):
    text, rows = glued(pdf_text(pdf)), set(word_rows(word))
    for table in tables(paper):
        for row in table.rows:
            assert row.cells in rows
            assert glued("".join(row.cells)) in text


def test_excel_annex_carries_the_same_figures(rollup, paper):
    sheets = load_workbook(io.BytesIO(render_xlsx(rollup)), read_only=True)
    rows = list(sheets["Tổng hợp"].iter_rows(values_only=True))
    excel = {str(row[0]): row for row in rows if row and isinstance(row[0], int)}
    printed = [row.cells for row in tables(paper)[0].rows if row.kind == RowKind.PLAIN]
    assert len(excel) == len(printed) == 19
    for cells in printed:
        _, label, *_, in_period, numerator, denominator, share, verdict = excel[cells[0]][:9]
        assert (label, verdict) == (cells[1], cells[7])
        assert cells[3].removeprefix("+") == written(in_period)
        assert cells[4] == (
            written(numerator) + (f"/{written(denominator)}" if isinstance(denominator, int) else "")
        )
        if isinstance(denominator, int) and denominator:
            assert cells[5] == f"{format_number(Decimal(str(share)) * 100, 1)}%"


def written(value):
    return value if value == "-" else format_number(value)


def test_word_has_the_same_words_in_times_new_roman(paper, word):
    text = word_text(word)
    for block in paper.blocks:
        if isinstance(block, Text):
            assert squeezed(block.text) in text
    document = Document(io.BytesIO(word))
    assert document.styles["Normal"].font.name == "Times New Roman"
    body, annex = document.sections
    assert body.different_first_page_header_footer
    assert annex.page_width > annex.page_height
    assert document.core_properties.title.startswith("BÁO CÁO")


def test_word_tables_repeat_their_head(paper, word):
    headed = [table for table in Document(io.BytesIO(word)).tables if table._tbl.xpath(".//w:tblHeader")]
    assert len(headed) == len(tables(paper))


def test_hostile_words_are_printed_as_they_are(rollup):
    hostile = one_unit(rollup, difficulties=[(rollup.units[0].unit, HOSTILE)])
    for text in (pdf_text(render_pdf(hostile)), word_text(render_docx(hostile))):
        assert "<script>alert(1)</script>" in text
        assert "{{ 7*7 }} {% debug %}" in text
        assert "</w:t></w:r> &amp; đảo" in text
        assert "\u202e" not in text and "\u0001" not in text


def test_text_is_nfc_in_both(rollup):
    words = unicodedata.normalize("NFD", "Đường truyền ở xã biên giới yếu")
    decomposed = one_unit(rollup, difficulties=[(rollup.units[0].unit, words)])
    for text in (pdf_text(render_pdf(decomposed)), word_text(render_docx(decomposed))):
        assert "Đường truyền ở xã biên giới yếu" in text


def test_letterhead_and_signer_are_those_of_the_closing_day(rollup):
    name = UnitName.objects.get(unit__code="TD-BP", valid_to=None)
    name.valid_to = date(2023, 3, 10)
    name.save()
    name.pk, name.valid_from, name.valid_to = None, date(2023, 3, 10), None
    name._state.adding = True
    name.issuer_line, name.signer_name = "BCH ĐOÀN TỈNH THỬ NGHIỆM", "Nguyễn Văn Mới"
    name.save()
    march = context(rollup)
    assert march.letterhead.issuer_line == "BCH ĐOÀN TỈNH THỬ NGHIỆM"
    assert march.signature.name == "Nguyễn Văn Mới"
    february = context(sample_rollup(rollup.plan, month=2))
    assert february.letterhead.issuer_line == "BCH ĐOÀN TỈNH BÌNH PHƯỚC"
    assert february.subject.endswith("tháng 02 năm 2023")


def test_context_asks_six_queries_whatever_the_number_of_units(rollup):
    with CaptureQueriesContext(connection) as queries:
        context(rollup)
    assert len(queries) == 6


def test_target_without_source_says_so(rollup):
    silent = TargetLine(target=rollup.targets[1].target, source=None)
    paper = context(one_unit(rollup, targets=[rollup.targets[0], silent]))
    rows = [row.cells for row in tables(paper)[0].rows if row.kind == RowKind.PLAIN]
    second = next(cells for cells in rows if cells[0] == "2")
    assert second[3:] == ("-", "-", "-", "-", "chưa có nguồn số liệu")


def test_target_that_is_counted_says_so_instead_of_how_many_units_reported(paper):
    rows = {row.cells[0]: row.cells for row in tables(paper)[0].rows if row.kind == RowKind.PLAIN}
    assert rows["2"][3:5] == ("1", "2")
    assert rows["2"][6] == "hệ thống tự tính"


def test_annex_shows_targets_of_the_province_apart(paper):
    general = tables(paper)[1]
    total = next(row.cells for row in general.rows if row.cells[1:2] == ("Tổng cộng",))
    # CT 1 is a pair with its percent, CT 2 a flow: the province's own figure is the whole.
    assert not any(row.cells[1:2] == ("Cấp tỉnh",) for row in general.rows)
    assert total[4:6] == ("1", "2")
    notes = [block.text for block in paper.annexes[0].blocks if isinstance(block, Text)]
    assert "Chỉ tiêu 2 là của cấp tỉnh: số của đơn vị nêu riêng, không cộng vào tổng." in notes
    assert any("3. Đội hình chuyển đổi số xã hội cấp tỉnh (đạt)" in text for text in notes)


def test_month_without_difficulties_says_so(rollup):
    paper = context(replace(rollup, difficulties=[]))
    assert any("không phản ánh khó khăn" in block.text for block in paper.blocks if isinstance(block, Text))


def test_month_in_which_all_handed_in_has_no_zero_units(rollup):
    words = [block.text for block in context(one_unit(rollup)).blocks if isinstance(block, Text)]
    assert any("không có đơn vị gửi muộn; không có đơn vị chưa gửi." in text for text in words)
    assert not any(text.startswith("- Đơn vị") for text in words)
