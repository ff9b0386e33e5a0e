"""Who was honoured: published and not taken back, each unit its own; totals, search, export, annual list."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as WordFile
from openpyxl import load_workbook

from awards.golden_book import correct, revoke
from awards.models import HigherSubmission, Visibility
from tests.awards.decision_cast import make_cast
from tests.factories.awards import award_form, make_line
from tests.factories.units import make_member
from tests.reports.unit_pages import sign_in
from units.models import Role

pytestmark = pytest.mark.django_db
QUERIES = {"honours": 10, "honours_annual": 9}


@pytest.fixture
def cast(at):
    at("2023-12-21T08:00")
    return make_cast()


def page(client, name="honours", args=(), **asked):
    response = client.get(reverse(name, args=args), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_list_holds_nothing_before_the_decision_is_published(client, cast):
    cast.give(cast.nominate(name="Lê Thị Chờ"))
    cast.number()
    for user in (cast.officer, cast.secretary):
        sign_in(client, user)
        assert "Lê Thị Chờ" not in page(client)


def test_unit_sees_its_own_honours_and_never_anothers(client, cast):
    cast.decide(cast.nominate(name="Của Lộc"), cast.nominate(dossier=cast.other_dossier, name="Của Bù"))
    sign_in(client, cast.secretary)
    shown = "".join(
        (page(client), page(client, **{"don-vi": cast.other.code}), page(client, "honours_annual", [2023]))
    )
    assert "Của Lộc" in shown
    assert "Của Bù" not in shown
    sign_in(client, cast.leader)
    assert "Của Bù" in page(client)


def test_unit_reads_why_its_own_was_not_granted_others_do_not(client, cast):
    other = make_member(cast.other, Role.SECRETARY)
    cast.give(cast.nominate(dossier=cast.other_dossier))
    cast.refuse(cast.nominate(name="Lê Văn Trượt"), reason="Chưa đủ hai năm")
    cast.publish(cast.number())
    sign_in(client, cast.secretary)
    assert "Chưa đủ hai năm" in page(client, **{"ket-qua": "khong-dat"})
    for user in (other, cast.officer):
        sign_in(client, user)
        assert "Lê Văn Trượt" not in page(client, **{"ket-qua": "khong-dat"})


def test_refusal_is_not_told_where_the_round_never_tells_outcomes_to_the_unit(client, cast):
    Visibility.objects.filter(round=cast.round, audience="own_unit", what="outcome").delete()
    cast.refuse(cast.nominate(name="Lê Văn Trượt"))
    cast.publish(cast.number())
    sign_in(client, cast.secretary)
    assert "Lê Văn Trượt" not in page(client, **{"ket-qua": "khong-dat"})


def test_what_was_taken_back_is_no_honour_any_more(client, cast):
    _, gone = cast.decide(cast.nominate(name="Người Còn"), cast.nominate(name="Người Thôi"))
    revoke(gone, reason="Khai sai", by=cast.officer)
    sign_in(client, cast.officer)
    shown = page(client)
    assert "Người Còn" in shown
    assert "Người Thôi" not in shown
    assert "0 tập thể, 1 cá nhân" in shown


def test_correction_shows_and_is_found_under_both_names(client, cast):
    (entry,) = cast.decide(cast.nominate(name="Nguyễn Văn Nhầm"))
    correct(
        entry,
        name="Nguyễn Văn Đúng",
        detail=entry.detail,
        achievement=entry.achievement,
        reason="Ghi nhầm tên",
        by=cast.officer,
    )
    sign_in(client, cast.officer)
    for words in ("van nham", "van dung"):
        shown = page(client, q=words)
        assert "Nguyễn Văn Đúng" in shown
        assert "Sổ vàng số 2" in shown


def test_search_without_marks_finds_the_name(client, cast):
    cast.decide(cast.nominate(name="Đỗ Thị Ngọc"), cast.nominate(name="Lê Văn Khác"))
    sign_in(client, cast.officer)
    shown = page(client, q="do thi ngoc")
    assert "Đỗ Thị Ngọc" in shown
    assert "Lê Văn Khác" not in shown


def test_filters_narrow_list_and_totals_alike(client, cast):
    cast.decide(
        cast.nominate(subject_kind="collective", name="Tập thể Lộc"),
        cast.nominate(name="Người Lộc"),
        cast.nominate(dossier=cast.other_dossier, name="Người Bù"),
    )
    sign_in(client, cast.officer)
    assert "1 tập thể, 2 cá nhân" in page(client)
    assert "1 tập thể, 1 cá nhân" in page(client, **{"don-vi": cast.unit.code})
    assert "1 tập thể, 0 cá nhân" in page(client, **{"doi-tuong": "tap-the"})
    assert "0 tập thể, 0 cá nhân" in page(client, nam="2022")
    assert "0 tập thể, 0 cá nhân" in page(client, **{"hinh-thuc": "central_certificate"})


@pytest.mark.parametrize("asked", [{"nam": "0"}, {"nam": "99999999999"}, {"trang": "x"}, {"q": "\x00'%_"}])
def test_strange_filters_are_left_out(client, cast, asked):
    sign_in(client, cast.officer)
    page(client, **asked)


def test_higher_grant_counts_in_the_year_of_its_answer(client, cast):
    form = award_form("central_certificate")
    nomination = cast.nominate(name="Người Trung Ương", form=form)
    HigherSubmission.objects.create(
        nomination=nomination,
        form=form,
        sent_on=date(2023, 12, 1),
        sent_by=cast.officer,
        answer="granted",
        answered_on=date(2024, 3, 26),
        answer_reference="Quyết định 55-QĐ/TWĐTN",
    )
    cast.give(cast.nominate())
    make_line(cast.decision, nomination, form=form)
    cast.publish(cast.number())
    sign_in(client, cast.officer)
    assert "55-QĐ/TWĐTN" in page(client, nam="2024")
    assert "Người Trung Ương" not in page(client, nam="2023")


def test_export_holds_the_rows_of_the_page_as_text_never_a_formula(client, cast):
    cast.decide(cast.nominate(name="=1+2"), cast.nominate(name="Người Hai"))
    sign_in(client, cast.officer)
    response = client.get(reverse("honours_export"), {"nam": "2023"})
    book = load_workbook(io.BytesIO(response.content))
    names = [row[1] for row in book["Danh sách"].iter_rows(min_row=5)]
    assert [(cell.value, cell.data_type) for cell in names[:2]] == [("=1+2", "s"), ("Người Hai", "s")]
    assert [cell.value for cell in list(book["Tổng số"].rows)[-1]] == ["Tổng cộng", 0, 2, 2]


@pytest.mark.parametrize("who", ["officer", "secretary"])
def test_annual_paper_lists_the_year_with_its_totals(client, cast, who):
    cast.decide(cast.nominate(name="Người Lộc"), cast.nominate(dossier=cast.other_dossier, name="Người Bù"))
    sign_in(client, getattr(cast, who))
    response = client.get(reverse("honours_paper", args=[2023, "docx"]))
    word = WordFile(io.BytesIO(response.content))
    text = "\n".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    assert "Đồng chí Người Lộc" in text
    assert ("Người Bù" in text) == (who == "officer")
    assert "ĐƯỢC KHEN THƯỞNG NĂM 2023" in "\n".join(line.text for line in word.paragraphs)
    assert client.get(reverse("honours_paper", args=[2023, "pdf"])).content.startswith(b"%PDF")


@pytest.mark.parametrize("year", [0, 1999, 10**9])
def test_year_that_cannot_be_is_not_found(client, cast, year):
    sign_in(client, cast.officer)
    assert client.get(reverse("honours_annual", args=[year])).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_pages_ask_the_same_few_queries_whatever_the_number(client, cast, number):
    cast.decide(*[cast.nominate() for _ in range(number)])
    sign_in(client, cast.officer)
    client.get(reverse("honours"))
    for name, args in (("honours", []), ("honours_annual", [2023])):
        with CaptureQueriesContext(connection) as queries:
            page(client, name, args)
        assert len(queries) == QUERIES[name], [query["sql"][:200] for query in queries]


def test_pages_of_five_hundred_honours_stay_small(client, cast):
    cast.decide(*[cast.nominate(position="Phó Bí thư Đoàn xã", workplace="Xã Lộc Hiệp") for _ in range(500)])
    sign_in(client, cast.officer)
    for name, args in (("honours", []), ("honours_annual", [2023])):
        shown = page(client, name, args)
        assert len(shown.encode()) < 60 * 1024
        assert "500 cá nhân" in shown
