"""A unit's own report on paper, made of versions that were typed and handed in for real."""

import io
import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from doanportal import clock
from doanportal.paper import RowKind, Table, Text
from plans.models import FormField
from reports.documents.unit_report import NoDocument, context, render_docx, render_pdf
from reports.drafts import open_draft
from reports.submit import submit
from reports.uploads import add_evidence
from tests.factories.reports import hand_in, obligation_of, photo_upload, type_section
from tests.factories.units import make_member
from units.models import Unit, UnitName

from .papers import glued, pdf_fonts, pdf_pages, pdf_text, word_rows, word_text

pytestmark = pytest.mark.django_db

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MARCH = {
    "T1.numerator": "92",
    "T1.denominator": "220",
    "T5.amount": "205",
    "T6.numerator": "18",
    "T6.denominator": "41",
}
JUNE = {"T1.numerator": "120", "T1.denominator": "220", "T5.amount": "310", "T6.unchanged": "on"}
PERSON = {
    "full_name": "Nguyễn Thị Hồng Nhung",
    "birth_year": "1990",
    "gender": "Nữ",
    "position": "Phó Bí thư Huyện Đoàn",
    "workplace": "Huyện Đoàn Lộc Ninh",
    "phone": "0912345678",
    "proposed_role": "Đội phó",
}


def local(*moment):
    return datetime(*moment, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def secretary(published_plan):
    return make_member(Unit.objects.get(code="692"))


@pytest.fixture(scope="module")
def june(secretary):
    hand_in("692", "2023-03", MARCH, by=secretary, at=local(2023, 3, 24, 20, 40))
    return hand_in("692", "2023-06", JUNE, by=secretary, at=local(2023, 6, 24, 20, 40))


def rows_of(paper):
    return [
        row.cells
        for block in paper.blocks
        if isinstance(block, Table)
        for row in block.rows
        if row.kind == RowKind.PLAIN
    ]


def words_of(paper):
    return [block.text for block in paper.blocks if isinstance(block, Text)]


def test_monthly_report_has_the_head_of_the_unit(june):
    first = pdf_pages(render_pdf(june))[0]
    head = "BCH ĐOÀN TỈNH BÌNH PHƯỚC BCH ĐOÀN HUYỆN LỘC NINH *** Số: -BC/ĐTN ĐOÀN TNCS HỒ CHÍ MINH"
    assert first.startswith(head)
    assert "Lộc Ninh, ngày tháng năm 2023 BÁO CÁO Kết quả hoạt động" in first
    assert "tháng 6 năm 2023 -----------" in first


def test_answers_are_lines_with_their_unit_of_measure(june):
    words = words_of(context(june))
    assert "- Số lượt người được hỗ trợ trong kỳ: 1.020 lượt." in words
    assert "- Kết quả nổi bật: Hướng dẫn người dân nộp hồ sơ trực tuyến." in words
    assert "Không có khó khăn, vướng mắc." in words


def test_targets_show_period_and_cumulative_figures(june):
    rows = {cells[0]: cells for cells in rows_of(context(june))}
    assert rows["1"][2:5] == ("+28", "120/220", "54,5%")
    assert rows["5"][2:5] == ("310", "515", "-")
    assert rows["6"][2:] == ("0", "18/41", "43,9%", "Không thay đổi so với kỳ trước (18/41).")
    assert "- Số người đã đăng ký và sử dụng tài khoản dịch vụ công (người)" in rows["1"][1]


def test_target_in_turn_left_blank_is_named(june):
    rows = {cells[0]: cells for cells in rows_of(context(june))}
    assert rows["13"][2:] == ("-", "-", "-", "Chưa có số liệu.")
    assert "2" not in rows


def test_recipients_of_the_plan_name_the_unit(june):
    assert context(june).recipients == (
        "- Ban Phong trào Tỉnh Đoàn;",
        "- Ban chuyên môn phụ trách đơn vị;",
        "- Thường trực Huyện Đoàn Lộc Ninh;",
        "- Lưu: VP.",
    )


def test_full_report_asks_at_most_ten_queries(june):
    with CaptureQueriesContext(connection) as queries:
        context(june)
    assert len(queries) <= 10


def test_valid_version_bears_no_mark(june):
    paper = context(june)
    assert paper.mark == "" and paper.subject_notes == ()


def test_amended_version_says_so_and_the_old_one_is_marked(june, secretary):
    new = hand_in("692", "2023-06", JUNE | {"T5.amount": "311"}, by=secretary, at=local(2023, 6, 26, 9))
    june.refresh_from_db()
    assert context(new).subject_notes == ("(bản bổ sung lần 1)",)
    old = render_pdf(june)
    assert all("ĐÃ THAY BẰNG BẢN SAU" in page for page in pdf_pages(old))
    assert "ĐÃ THAY BẰNG BẢN SAU" in word_text(render_docx(june))


def test_nil_month_says_that_nothing_happened(secretary):
    obligation = obligation_of("692", "2023-04")
    with clock.at(local(2023, 4, 24, 9)):
        draft = open_draft(obligation, by=secretary)
        type_section(draft, "teams", {"nil": "on"}, by=secretary)
        type_section(draft, "general", {"nil": "on"}, by=secretary)
        paper = context(draft)
    assert "Đội hình không có hoạt động trong kỳ." in words_of(paper)
    groups = [
        row.cells[0]
        for block in paper.blocks
        if isinstance(block, Table)
        for row in block.rows
        if row.kind == RowKind.GROUP
    ]
    assert "Nhiệm vụ chung (Không phát sinh trong kỳ)" in groups


def test_board_list_is_a_table_of_people_and_a_draft_is_marked(secretary):
    obligation = obligation_of("692", "2023", "command_board_list")
    with clock.at(local(2023, 2, 24, 9)):
        draft = open_draft(obligation, by=secretary)
        people = {f"f.people.{number}.{key}": text for number in (0, 1) for key, text in PERSON.items()}
        type_section(draft, "people", people | {"f.consent": "Đã đồng ý"}, by=secretary)
        pdf, word = render_pdf(draft), render_docx(draft)
    row = ("2", *PERSON.values())
    assert row in word_rows(word)
    assert "DANH SÁCH Giới thiệu nhân sự" in pdf_text(pdf)
    assert "Danh sách này có 02 người./." in pdf_text(pdf)
    assert "BẢN NHÁP" in pdf_text(pdf) and "BẢN NHÁP" in word_text(word)


def launch_report(secretary, **handed):
    obligation = obligation_of("692", "2023", "launch_report")
    with clock.at(local(2023, 3, 19, 9)):
        draft = open_draft(obligation, by=secretary)
        type_section(
            draft,
            "organisation",
            {
                "f.held_on": "18/3/2023",
                "f.places": "Nhà thiếu nhi huyện\nUBND xã Lộc Thái",
                "f.attendance": "Lãnh đạo Huyện ủy, UBND huyện",
                "f.participants": "320",
                "f.launched_teams": "9",
            },
            by=secretary,
        )
        numbers = ("outreach_attendances", "people_guided", "accounts_created", "procedures_helped")
        results = {f"f.{name}": "1200" for name in numbers}
        results |= {"f.activities": "Hướng dẫn người dân.", "f.projects_value": "125.000.000"}
        type_section(draft, "results", results, by=secretary)
        type_section(draft, "assessment", {"f.strengths": "Tốt."}, by=secretary)
        field = FormField.objects.get(section__form__code="launch_report", key="photos")
        for side in (800, 900, 1000):
            add_evidence(
                draft, photo_upload(size=(side, 600)), by=secretary, field=field, caption="Xã Lộc Thái"
            )
        return submit(draft, by=secretary, idempotency_key=uuid.uuid4(), **handed)


def test_launch_report_has_its_photos_in_an_annex(secretary):
    version = launch_report(secretary)
    pages, word = pdf_pages(render_pdf(version)), Document(io.BytesIO(render_docx(version)))
    assert "- Ngày ra quân: 18/3/2023." in " ".join(pages)
    assert "Tổng giá trị công trình, phần việc: 125.000.000 đồng." in " ".join(pages)
    assert pages[-1].startswith("PHỤ LỤC ẢNH HOẠT ĐỘNG (Kèm theo Báo cáo số -BC/ĐTN ngày tháng năm 2023)")
    assert pages[-1].count("Xã Lộc Thái") == 3
    assert len(word.inline_shapes) == 3


def test_photo_that_is_gone_is_named_and_stops_nothing(secretary):
    version = launch_report(secretary)
    row = version.evidence.first()
    row.file.storage.delete(row.file.name)
    assert "Không mở được ảnh này." in pdf_pages(render_pdf(version))[-1]
    assert "Không mở được ảnh này." in word_text(render_docx(version))


def test_given_signer_and_recipients_are_printed(secretary):
    version = launch_report(
        secretary,
        signer_name="Lê Văn Bình",
        signer_title="Phó Bí thư",
        recipients="- Tỉnh Đoàn;\nHuyện ủy (b/c)\n\n- Lưu: VP",
    )
    paper = context(version)
    assert paper.recipients == ("- Tỉnh Đoàn;", "- Huyện ủy (b/c);", "- Lưu: VP.")
    text = pdf_text(render_pdf(version))
    assert "TM. BAN THƯỜNG VỤ PHÓ BÍ THƯ Lê Văn Bình" in text


def test_head_is_that_of_the_day_of_hand_in(june):
    name = UnitName.objects.get(unit__code="692")
    name.valid_to = date(2023, 6, 25)
    name.save()
    UnitName.objects.create(
        unit=name.unit,
        full_name="Thị Đoàn Lộc Ninh",
        short_name="Lộc Ninh",
        issuer_line="BCH ĐOÀN THỊ XÃ LỘC NINH",
        issuer_code="ĐTN",
        place_name="Lộc Ninh",
        valid_from=date(2023, 6, 25),
    )
    assert context(june).letterhead.issuer_line == "BCH ĐOÀN HUYỆN LỘC NINH"


def test_form_without_document_is_refused(secretary):
    with clock.at(local(2023, 3, 18, 9)):
        draft = open_draft(obligation_of("692", "2023", "launch_event"), by=secretary)
        with pytest.raises(NoDocument):
            render_pdf(draft)


def test_hostile_answer_is_printed_as_it_is(secretary):
    hostile = "<b>x</b> {{ 7*7 }} <img src=http://127.0.0.1:9/x>"
    with clock.at(local(2023, 4, 24, 9)):
        draft = open_draft(obligation_of("692", "2023-04"), by=secretary)
        type_section(draft, "next", {"f.next_month": hostile}, by=secretary)
        for text in (pdf_text(render_pdf(draft)), word_text(render_docx(draft))):
            assert glued(hostile) in glued(text)


def test_only_the_vendored_serif_is_embedded(june):
    assert all(name.startswith("Liberation-Serif") for name in pdf_fonts(render_pdf(june)))
