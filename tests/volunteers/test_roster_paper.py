"""The list as an official paper: who took it out and what for is on every page, phones are masked."""

import io
from datetime import date

import pytest
from docx import Document
from pypdf import PdfReader

from doanportal.paper import to_docx, to_pdf
from tests.factories.units import make_unit, make_user
from tests.factories.volunteers import make_membership, make_person, make_team
from volunteers.documents.roster_list import HELD_BACK, roster_paper
from volunteers.queries_roster import roster_as_at

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 24)
TAKEN = "Tải bởi Nguyễn Thị Hoa lúc 8 giờ ngày 24/3/2023; chỉ dùng cho: trình ký."


@pytest.fixture
def team(at):
    at("2023-03-24T08:00")
    return make_team(make_unit(code="900"))


def paper_of(team, **options):
    by = make_user(full_name="Nguyễn Thị Hoa")
    return roster_paper(team, roster_as_at(team, DAY), day=DAY, by=by, reason="trình ký", **options)


def words_of(page):
    return " ".join(page.extract_text().split())


def test_every_page_says_who_took_it_out_and_what_for(team):
    for _ in range(40):
        make_membership(team)
    pages = PdfReader(io.BytesIO(to_pdf(paper_of(team)))).pages
    with_rows = [words for words in map(words_of, pages) if "Nguyễn Văn" in words]
    assert len(with_rows) > 1 and all(TAKEN in words for words in with_rows)
    assert "Danh sách này có 40 người" in words_of(pages[-1]) or len(with_rows) == len(pages)


@pytest.mark.parametrize(("whole", "shown"), [(False, "091•••••78"), (True, "0912345678")])
def test_phones_are_whole_only_when_asked_for(team, whole, shown):
    make_membership(team, make_person(team.unit, phone="0912345678"))
    paper = paper_of(team, full_phones=whole)
    assert [row.cells[5] for row in paper.blocks[0].rows] == [shown]


def test_who_rests_keeps_a_line_without_data(team):
    row = make_membership(team, make_person(team.unit, restricted_at="2023-03-01T00:00Z"))
    cells = paper_of(team, full_phones=True).blocks[0].rows[0].cells
    assert cells[1] == HELD_BACK
    assert row.person.full_name not in cells and row.person.phone not in cells


def test_word_file_carries_the_mark_and_the_people(team):
    row = make_membership(team)
    document = Document(io.BytesIO(to_docx(paper_of(team))))
    text = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert TAKEN in text and row.person.full_name in text
