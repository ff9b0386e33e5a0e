"""Papers of a unit's dossier: the head, what they say of votes and people, one serif, NFC, PDF as Word."""

import unicodedata

import pytest

from awards.documents import achievement, profile_list, proposal, unit_minutes
from awards.models import SubjectKind
from doanportal.paper import to_docx, to_pdf
from tests.awards.dossier_world import complete, hold_meeting, open_round, propose, ready_dossier, unit_of
from tests.factories.units import make_member
from tests.reports.papers import glued, pdf_fonts, pdf_pages, pdf_text, word_rows, word_text

pytestmark = pytest.mark.django_db

LONG = "Điểu Thị Ngọc Huyền Nguyễn Hoàng Phương"


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    return at("2023-08-24T08:00")


@pytest.fixture
def secretary():
    return make_member(unit_of())


@pytest.fixture
def dossier(secretary):
    dossier = ready_dossier(
        open_round(),
        secretary,
        names=("Nguyễn Thị Lan", LONG),
        collectives=("Đoàn xã Lộc Hiệp",),
    )
    central = propose(dossier, secretary, name="Trần Văn Hùng", form="central_certificate")
    complete(central, secretary)
    hold_meeting(dossier, secretary, votes=(7, 1))
    dossier.refresh_from_db()
    dossier.unit = unit_of()
    return dossier


@pytest.fixture
def rows(dossier):
    return list(dossier.nominations.select_related("form").order_by("subject_kind", "pk"))


@pytest.fixture
def papers(dossier, rows):
    return {
        "to-trinh": proposal.context(dossier, rows),
        "bien-ban": unit_minutes.context(dossier, rows),
        "tap-the": profile_list.context(dossier, rows, SubjectKind.COLLECTIVE),
        "ca-nhan": profile_list.context(dossier, rows, SubjectKind.INDIVIDUAL),
        "bao-cao": achievement.context(dossier, rows[1]),
    }


def words(paper):
    return " ".join(f"{block.lead} {block.text}".strip() for block in paper.blocks if block.kind == "text")


def test_proposal_has_the_head_of_the_unit_and_blank_number_and_date(papers):
    first = pdf_pages(to_pdf(papers["to-trinh"]))[0]
    assert first.startswith(
        "BCH ĐOÀN TỈNH BÌNH PHƯỚC BCH ĐOÀN HUYỆN LỘC NINH *** Số: -TTr/ĐTN ĐOÀN TNCS HỒ CHÍ MINH "
        "Lộc Ninh, ngày tháng năm 2023 TỜ TRÌNH Về việc đề nghị khen thưởng"
    )


def test_proposal_counts_by_form_and_asks_the_province(papers):
    said = words(papers["to-trinh"])
    assert "Kính gửi: Ban Thường vụ Tỉnh Đoàn Bình Phước" in said
    assert "Ban Thường vụ Huyện Đoàn Lộc Ninh kính trình" in said
    assert "- Bằng khen của Ban Thường vụ Tỉnh Đoàn: 01 tập thể, 02 cá nhân." in said
    assert "- Bằng khen của Ban Chấp hành Trung ương Đoàn: 01 cá nhân." in said
    assert said.endswith("./.")


def test_minutes_give_attendance_votes_and_share_of_those_present(papers):
    paper = papers["bien-ban"]
    assert "ngày 20 tháng 8 năm 2023, tại Hội trường Huyện Đoàn" in words(paper)
    assert "- Có mặt: 8/9 người được triệu tập, vắng 1." in words(paper)
    lines = [row for row in word_rows(to_docx(paper)) if row[0].isdigit()]
    assert len(lines) == 4
    assert {row[3:] for row in lines} == {("7", "1", "87,5%")}


def test_minutes_are_signed_by_chair_and_secretary(papers):
    paper = papers["bien-ban"]
    assert (paper.signature.authority, paper.signature.name) == ("CHỦ TRÌ", "Trần Thị Hà")
    assert (paper.countersignature.authority, paper.countersignature.name) == ("THƯ KÝ", "Lê Văn Tư")


def test_minutes_without_facts_stay_dotted_instead_of_invented(secretary):
    dossier = ready_dossier(open_round(), secretary)
    for name in ("met_on", "invited", "present"):
        setattr(dossier, name, None)
    dossier.chair = dossier.met_place = ""
    dossier.unit = unit_of()
    said = words(unit_minutes.context(dossier, []))
    assert "- Chủ trì: …" in said and "- Có mặt: …" in said


def test_lists_hold_only_their_own_kind(papers):
    people = [row for row in word_rows(to_docx(papers["ca-nhan"])) if row[0].isdigit()]
    assert [row[1] for row in people] == ["Nguyễn Thị Lan", LONG, "Trần Văn Hùng"]
    assert people[0][2:5] == ("1992", "Nữ", "Bí thư Đoàn xã, Đoàn xã Lộc Hiệp")
    units = [row for row in word_rows(to_docx(papers["tap-the"])) if row[0].isdigit()]
    assert [(row[1], row[3]) for row in units] == [("Đoàn xã Lộc Hiệp", "35")]


def test_achievement_report_has_the_confirmation_and_headings(papers):
    paper = papers["bao-cao"]
    assert paper.countersignature.authority == "XÁC NHẬN CỦA THỦ TRƯỞNG"
    assert paper.countersignature.title == "BÍ THƯ ĐẢNG ỦY XÃ"
    assert paper.countersignature.name == "Phạm Văn Chính"
    styles = {block.text: block.style for block in paper.blocks}
    assert styles["II. THÀNH TÍCH ĐẠT ĐƯỢC"] == "heading"
    assert styles["Hỗ trợ 1.200 lượt người."] == "body"


@pytest.mark.parametrize("name", ["to-trinh", "bien-ban", "tap-the", "ca-nhan", "bao-cao"])
def test_paper_says_the_same_in_pdf_and_word_in_one_serif_and_nfc(papers, name):
    paper = papers[name]
    pdf, word = to_pdf(paper), to_docx(paper)
    assert all(font.startswith("Liberation-Serif") for font in pdf_fonts(pdf))
    assert unicodedata.is_normalized("NFC", pdf_text(pdf))
    for block in paper.blocks:
        if block.kind == "text":
            assert glued(block.text) in glued(word_text(word))
            assert glued(block.text)[:40] in glued(pdf_text(pdf))


def test_hostile_text_is_printed_as_it_is(dossier, rows):
    rows[1].name = unicodedata.normalize("NFD", "Nguyễn {{ 7*7 }} <b>Ước</b>")
    rows[1].report = "II. THÀNH TÍCH\n<script>alert(1)</script>"
    paper = achievement.context(dossier, rows[1])
    for text in (pdf_text(to_pdf(paper)), word_text(to_docx(paper))):
        assert glued("Nguyễn {{ 7*7 }} <b>Ước</b>") in glued(text)
        assert glued("<script>alert(1)</script>") in glued(text)
