"""The draft of a founding decision as PDF and Word: head, articles, annex, and what it must not hold."""

import re
import unicodedata
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doanportal.paper import to_docx, to_pdf
from tests.factories.units import make_post, make_user
from tests.factories.volunteers import make_membership, make_person, make_team
from tests.reports.papers import glued, pdf_fonts, pdf_pages, pdf_text, word_rows, word_text
from units.models import Role, Unit
from volunteers.documents.team_decision import NoRoster, context
from volunteers.models import CommandPost, Team
from volunteers.queries_teams import with_facts

pytestmark = pytest.mark.django_db

NAME = "Đội hình thanh niên tình nguyện chuyển đổi số xã hội Lộc Ninh"
TODAY = date(2023, 8, 24)
TASKS = "Hướng dẫn dịch vụ công trực tuyến.\n- Số hóa sản phẩm;"


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    return at("2023-08-24T08:00")


def loaded(team):
    return with_facts(Team.objects.all(), day=TODAY).get(pk=team.pk)


def seat(team, person, role):
    CommandPost.objects.create(
        unit=team.unit, team=team, person=person, role=role, valid_from=date(2023, 3, 1)
    )


@pytest.fixture
def team():
    unit = Unit.objects.get(code="692")
    post = make_post(make_user(full_name="Trần Thị Hồng Hà"), unit, Role.DEPUTY)
    team = make_team(
        unit, founded_on=None, name=NAME, responsible=post, tasks=TASKS, place="Bộ phận một cửa huyện"
    )
    leader = make_person(unit, full_name="Vũ Minh Đức", position="Bí thư Xã Đoàn Lộc Thái", birth_year=1993)
    seat(team, leader, "leader")
    make_membership(team, leader)
    make_membership(team, make_person(unit, full_name="Điểu Thị Yến", gender="female", phone="0977123123"))
    make_membership(team, make_person(unit, full_name="Lê Đã Rời"), left=date(2023, 8, 24))
    return loaded(team)


def words(paper):
    return [f"{block.lead} {block.text}".strip() for block in paper.blocks]


def test_decision_has_the_head_of_the_unit_and_blank_number_and_date(team):
    first = pdf_pages(to_pdf(context(team)[0]))[0]
    assert first.startswith(
        "BCH ĐOÀN TỈNH BÌNH PHƯỚC BCH ĐOÀN HUYỆN LỘC NINH *** Số: -QĐ/ĐTN ĐOÀN TNCS HỒ CHÍ MINH "
        "Lộc Ninh, ngày tháng năm 2023 QUYẾT ĐỊNH Về việc thành lập Đội hình thanh niên tình nguyện"
    )


def test_decision_rests_on_the_plan_and_speaks_for_the_standing_committee(team):
    said = words(context(team)[0])
    assert said[0] == "Căn cứ Điều lệ Đoàn TNCS Hồ Chí Minh;"
    assert any("57-QĐ/TĐTN-BPT" in line for line in said)
    assert said.index("BAN THƯỜNG VỤ HUYỆN ĐOÀN LỘC NINH") + 1 == said.index("QUYẾT ĐỊNH:")


def test_articles_name_team_tasks_board_and_who_is_in_charge(team):
    said = words(context(team)[0])
    assert f"Điều 1. Thành lập {NAME} gồm 02 thành viên (có danh sách kèm theo)" in " ".join(said)
    assert "- Hướng dẫn dịch vụ công trực tuyến;" in said and "- Số hóa sản phẩm." in said
    assert "2. Ban Chỉ huy Đội hình gồm 01 đồng chí:" in said
    assert "- Đồng chí Vũ Minh Đức, Bí thư Xã Đoàn Lộc Thái: Đội trưởng." in said
    charge = "3. Phân công đồng chí Trần Thị Hồng Hà, Phó Bí thư Huyện Đoàn Lộc Ninh, phụ trách Đội hình."
    assert charge in said
    assert said[-1].startswith("Điều 3. Quyết định này có hiệu lực kể từ ngày ký.")
    assert said[-1].endswith("./.")


def test_annex_lists_the_roster_of_today_board_first(team):
    rows = word_rows(to_docx(context(team)[0]))
    people = [row for row in rows if row[0].isdigit()]
    assert people == [
        ("1", "Vũ Minh Đức", "1993", "Nam", "Bí thư Xã Đoàn Lộc Thái", "Xã Lộc Thái", "Đội trưởng"),
        ("2", "Điểu Thị Yến", "1995", "Nữ", "Đoàn viên", "Xã Lộc Thái", "Thành viên"),
    ]


def test_decision_has_no_phone_number(team):
    paper, _ = context(team)
    both = glued(pdf_text(to_pdf(paper)) + word_text(to_docx(paper)))
    assert "0977123123" not in both and not re.search(r"0\d{8,10}", both)


def test_pdf_and_word_say_the_same(team):
    paper, _ = context(team)
    pdf, word = glued(pdf_text(to_pdf(paper))), glued(word_text(to_docx(paper)))
    for line in words(paper):
        assert glued(line) in word
        # A page number may stand between the halves of a paragraph that breaks over pages.
        assert glued(line)[:40] in pdf


def test_only_the_vendored_serif_is_embedded_and_the_text_is_nfc(team):
    content = to_pdf(context(team)[0])
    assert all(name.startswith("Liberation-Serif") for name in pdf_fonts(content))
    assert unicodedata.is_normalized("NFC", pdf_text(content))


def test_decomposed_and_hostile_names_are_printed_as_they_are(team):
    unit = team.unit
    make_membership(team, make_person(unit, full_name=unicodedata.normalize("NFD", "Nguyễn Ước")))
    make_membership(team, make_person(unit, full_name="{{ 7*7 }} <b>x</b>"))
    paper, _ = context(loaded(team))
    for text in (pdf_text(to_pdf(paper)), word_text(to_docx(paper))):
        assert "Nguyễn Ước" in text and glued("{{ 7*7 }} <b>x</b>") in glued(text)


def test_recipients_and_signature_are_those_of_the_unit(team):
    paper, _ = context(team)
    assert paper.recipients == (
        "- Như Điều 3;",
        "- Ban Phong trào Tỉnh Đoàn (b/c);",
        "- Thường trực Huyện Đoàn Lộc Ninh (b/c);",
        "- Lưu: VP.",
    )
    assert (paper.signature.authority, paper.signature.title) == ("TM. BAN THƯỜNG VỤ", "BÍ THƯ")


def test_province_decision_bears_the_symbol_of_ban_phong_trao():
    team = make_team("TD-BP", founded_on=None, name="Đội hình cấp tỉnh")
    make_membership(team)
    paper, _ = context(loaded(team))
    assert paper.letterhead.number_line.endswith("-QĐ/TĐTN-BPT")
    assert "BAN THƯỜNG VỤ TỈNH ĐOÀN" in words(paper)
    assert "Thường trực Tỉnh Đoàn, phụ trách" in " ".join(words(paper))


def test_team_without_people_has_no_decision():
    team = loaded(make_team("692", founded_on=None))
    with pytest.raises(NoRoster, match="Hãy lập danh sách trước"):
        context(team)


@pytest.mark.parametrize("people", [1, 30])
def test_decision_asks_the_same_queries_whatever_the_roster(people):
    team = make_team("692", founded_on=None)
    for _ in range(people):
        make_membership(team)
    team = loaded(team)
    with CaptureQueriesContext(connection) as queries:
        context(team)
    assert len(queries) == 4
