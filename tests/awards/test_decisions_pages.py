"""Pages of decisions, of the higher level, of the golden book and of printing."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards import batches
from awards.decisions import stamp
from awards.higher import submit
from awards.models import CertificateBatch, Decision, DecisionLine, GoldenBookEntry, Nomination, PrintLayout
from awards.publishing import publication_of
from doanportal import clock
from tests.awards.decision_cast import make_cast
from tests.factories.awards import award_form
from tests.factories.units import make_department, make_member, make_post
from tests.reports.papers import pdf_fonts, pdf_text, word_rows, word_text
from units.models import Role
from volunteers.models import PersonalAccess

pytestmark = pytest.mark.django_db
TABLE_QUERIES, BOOK_QUERIES = 10, 10
MOST_HTML = 60 * 1024


@pytest.fixture
def cast(at):
    at("2023-12-21T08:00")
    return make_cast()


@pytest.fixture
def login(client):
    def enter(user):
        client.force_login(user, backend="units.accounts.EmailOrPhoneBackend")
        return client

    return enter


def url(name, cast, *args):
    return reverse(name, args=[cast.round.pk, *args])


def row(nomination, outcome, reason="", seen="-"):
    pk = nomination.pk
    return {"id": [pk], f"o{pk}": outcome, f"r{pk}": reason, f"w{pk}": seen}


def published(cast, number=1, **fields):
    rows = cast.nominate(number, **fields)
    return cast.decide(*([rows] if number == 1 else rows))


# Who


def test_outcomes_do_not_exist_for_units_clerks_and_other_departments(cast, login):
    cast.give(cast.nominate())
    decision = cast.decision
    other = make_member(make_department("BXDD", "Ban Xây dựng Đoàn"), Role.OFFICER)
    for user in (cast.secretary, cast.clerk, other):
        client = login(user)
        for name, args in (
            ("decision_detail", ()),
            ("decision_preview", (decision.pk,)),
            ("decision_number", (decision.pk,)),
            ("decision_paper", (decision.pk, "pdf")),
            ("higher_list", ()),
        ):
            assert client.get(url(name, cast, *args)).status_code == 404


def test_own_units_case_is_not_in_the_table_and_its_paper_is_for_others(cast, login):
    mine, other = cast.nominate(name="Của Lộc"), cast.nominate(dossier=cast.other_dossier, name="Của Bù")
    cast.give(mine, other)
    make_post(cast.officer, cast.unit, Role.EDITOR)
    client = login(cast.officer)
    page = client.get(url("decision_detail", cast)).content.decode()
    assert "Của Bù" in page
    assert "Của Lộc" not in page
    for name, args in (("decision_paper", ("pdf",)), ("decision_preview", ())):
        assert client.get(url(name, cast, cast.decision.pk, *args)).status_code == 403


def test_golden_book_and_printing_do_not_exist_for_units(cast, login):
    (entry,) = published(cast)
    client = login(cast.secretary)
    for path in (
        reverse("golden_book"),
        reverse("golden_entry", args=[entry.pk]),
        reverse("golden_export"),
        reverse("layout_edit"),
        reverse("layout_test"),
        reverse("certificate", args=[entry.pk, "ca-phoi"]),
        url("batch_create", cast),
    ):
        assert client.get(path).status_code == 404


def test_leader_reads_the_golden_book_but_does_not_change_it(cast, login):
    (entry,) = published(cast)
    client = login(cast.leader)
    assert client.get(reverse("golden_book")).status_code == 200
    assert client.get(reverse("golden_revoke", args=[entry.pk])).status_code == 403
    assert client.get(reverse("certificate", args=[entry.pk, "ca-phoi"])).status_code == 403


# Outcomes


def test_outcomes_are_saved_from_the_table(cast, login):
    first, second = cast.nominate(2)
    data = row(first, "granted") | row(second, "refused", "Thiếu minh chứng")
    data["id"] = [first.pk, second.pk]
    response = login(cast.officer).post(url("decision_outcome", cast), data)
    assert response.status_code == 302
    assert dict(DecisionLine.objects.values_list("nomination", "outcome")) == {
        first.pk: "granted",
        second.pk: "refused",
    }


def test_wrong_row_comes_back_as_typed_and_the_others_are_saved(cast, login):
    good, bad = cast.nominate(2)
    data = row(good, "granted") | row(bad, "refused", "  ")
    data["id"] = [good.pk, bad.pk]
    response = login(cast.officer).post(url("decision_outcome", cast), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Không đạt thì ghi lý do." in page
    assert '<option value="refused" selected>' in page
    assert DecisionLine.objects.get().nomination == good


def test_row_changed_by_somebody_else_is_told(cast, login):
    nomination = cast.nominate()
    cast.refuse(nomination, reason="Lý do của người khác")
    response = login(cast.officer).post(url("decision_outcome", cast), row(nomination, "granted"))
    assert response.status_code == 422
    assert "Lý do của người khác" in response.content.decode()
    assert DecisionLine.objects.get().outcome == "refused"


@pytest.mark.parametrize(
    "data",
    [
        {"id": ["x", "٣", "9" * 30]},
        {"id": ["1"], "o1": "maybe"},
        {"id": []},
        {"loc": "khác", "trang": "xyz", "q": "\x00"},
    ],
)
def test_nonsense_in_the_table_is_no_error_of_the_machine(cast, login, data):
    assert login(cast.officer).post(url("decision_outcome", cast), data).status_code in (302, 422)


@pytest.mark.parametrize("tab", ["", "chua-ghi", "dat", "khong-dat", "cong-bo"])
def test_table_asks_and_weighs_no_more_with_fifty_rows_than_with_one(cast, login, tab):
    client = login(cast.officer)
    counts = []
    for number in (1, 59):
        rows = cast.nominate(number)
        cast.refuse(*(rows if number > 1 else [rows]), reason="Chưa đủ thành tích theo quy định của đợt")
        client.get(url("decision_detail", cast))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url("decision_detail", cast), {"loc": tab})
        counts.append(len(queries))
    # Empty tabs need not ask what the council said.
    assert counts[0] <= counts[1] <= TABLE_QUERIES
    assert len(response.content) < MOST_HTML


# Paper


def paper(client, cast, decision, kind):
    response = client.get(url("decision_paper", cast, decision.pk, kind))
    assert response.status_code == 200
    return response.content


def test_draft_of_the_decision_lists_collectives_first_and_says_it_is_a_draft(cast, login):
    cast.give(cast.nominate(name="Trần Thị Hà"), cast.nominate(subject_kind="collective", name="Xã Đoàn A"))
    refused = cast.nominate(name="Lê Thị Trượt")
    cast.refuse(refused)
    client = login(cast.officer)
    text = pdf_text(paper(client, cast, cast.decision, "pdf"))
    assert "DỰ THẢO" in text
    assert "Điều 1. Tặng Bằng khen của Ban Thường vụ Tỉnh Đoàn cho 01 tập thể, 01 cá nhân" in text
    assert text.index("Xã Đoàn A") < text.index("Đồng chí Trần Thị Hà")
    assert "Trượt" not in text


def test_numbered_decision_has_number_and_day_and_is_no_draft(cast, login):
    cast.give(cast.nominate())
    decision = cast.number()
    client = login(cast.officer)
    content = paper(client, cast, decision, "pdf")
    text = pdf_text(content)
    assert "Số: 101-QĐ/TĐTN-BPT" in text
    assert "ngày 20 tháng 12 năm 2023" in text
    assert "DỰ THẢO" not in text
    assert all(name.startswith("Liberation-Serif-Portal") for name in pdf_fonts(content))


def test_word_and_pdf_of_the_decision_hold_the_same_list(cast, login):
    rows = cast.nominate(3)
    cast.give(*rows)
    client = login(cast.officer)
    word = paper(client, cast, cast.decision, "docx")
    names = [cells[1] for cells in word_rows(word) if len(cells) == 4 and cells[0].isdigit()]
    text = pdf_text(paper(client, cast, cast.decision, "pdf"))
    assert len(names) == 3
    assert all(name in text for name in names)
    assert "QUYẾT ĐỊNH" in word_text(word)


def test_results_without_our_grant_are_a_notice_that_names_no_refused(cast, login):
    cast.refuse(cast.nominate(name="Lê Thị Trượt"))
    text = pdf_text(paper(login(cast.officer), cast, cast.decision, "pdf"))
    assert "THÔNG BÁO" in text
    assert "Trượt" not in text


def test_paper_that_was_taken_is_noted_with_the_number_of_people(cast, login):
    cast.give(*cast.nominate(2))
    paper(login(cast.officer), cast, cast.decision, "pdf")
    assert PersonalAccess.objects.filter(kind="print").latest("pk").people == 2


# Number, preview, publishing


def number_data(**fields):
    return {"number": "101-QĐ/TĐTN-BPT", "date": "20/12/2023", "term": "2022-2027"} | fields


def test_number_and_scan_are_kept_and_served(cast, login):
    cast.give(cast.nominate())
    client = login(cast.officer)
    scan = SimpleUploadedFile("ky.pdf", b"%PDF-1.4\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    response = client.post(url("decision_number", cast, cast.decision.pk), number_data(file=scan))
    assert response.status_code == 302, response.content.decode()[:2000]
    decision = Decision.objects.get()
    assert decision.document.full_number == "101-QĐ/TĐTN-BPT"
    assert client.get(url("decision_file", cast, decision.pk)).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [{"number": "abc"}, {"date": "31/2/2023"}, {"term": "nay"}, {"date": "1/1/2030"}, {"number": ""}],
)
def test_wrong_number_comes_back_as_typed(cast, login, fields):
    cast.give(cast.nominate())
    response = login(cast.officer).post(url("decision_number", cast, cast.decision.pk), number_data(**fields))
    assert response.status_code == 422
    assert all(value in response.content.decode() for value in fields.values())


def test_preview_shows_each_letter_and_whom_it_goes_to(cast, login):
    cast.give(cast.nominate(name="Trần Thị Hà"))
    decision = cast.number()
    page = login(cast.officer).get(url("decision_preview", cast, decision.pk)).content.decode()
    assert "Bí thư – Huyện Đoàn Lộc Thử" in page
    assert "[Kết quả khen thưởng] Đợt khen Đề án năm 2023" in page
    assert "Trần Thị Hà: Bằng khen của Ban Thường vụ Tỉnh Đoàn" in page


def test_publishing_from_the_preview(cast, login):
    nomination = cast.nominate()
    cast.give(nomination)
    decision = cast.number()
    seen = publication_of(decision, now=clock.now()).digest
    response = login(cast.leader).post(url("decision_publish", cast, decision.pk), {"seen": seen})
    assert response.status_code == 302
    nomination.refresh_from_db()
    assert nomination.stage == "published"


def test_publishing_what_has_changed_shows_the_preview_again(cast, login):
    cast.give(cast.nominate())
    decision = cast.number()
    response = login(cast.officer).post(url("decision_publish", cast, decision.pk), {"seen": "cũ"})
    assert response.status_code == 409
    assert "xem lại rồi công bố" in response.content.decode()


def test_publishing_without_a_number_is_told(cast, login):
    cast.give(cast.nominate())
    response = login(cast.officer).post(url("decision_publish", cast, cast.decision.pk), {"seen": "x"})
    assert response.status_code == 422
    assert "Chưa ghi số" in response.content.decode()


def test_number_taken_off_from_the_page(cast, login):
    cast.give(cast.nominate())
    decision = cast.number()
    login(cast.officer).post(url("decision_unnumber", cast, decision.pk))
    decision.document.refresh_from_db()
    assert decision.document.number == ""


# Higher level


def test_submission_answer_and_fallback_from_the_pages(cast, login):
    nomination = cast.nominate(form=award_form("central_certificate"))
    client = login(cast.officer)
    data = {"id": [nomination.pk], "sent_on": "1/12/2023", "number": "07", "term": "2022-2027"}
    assert client.post(url("higher_submit", cast), data).status_code == 302
    assert "chờ trả lời" in client.get(url("decision_detail", cast)).content.decode()
    data = {"answer": "refused", "answered_on": "15/12/2023", "reason": "Hết chỉ tiêu"}
    assert client.post(url("higher_answer", cast, nomination.pk), data).status_code == 302
    fallback = Nomination.objects.get(fallback_of=nomination)
    page = client.get(url("decision_detail", cast)).content.decode()
    assert "thay hình thức cấp trên không khen" in page
    assert fallback.form == cast.round.fallback_form
    assert client.get(url("higher_list", cast)).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"answer": "granted", "answered_on": "15/12/2023"},
        {"answer": "refused", "answered_on": "15/12/2023"},
        {"answer": "refused", "answered_on": "x", "reason": "y"},
    ],
)
def test_answer_that_lacks_something_is_told(cast, login, data):
    nomination = cast.nominate(form=award_form("central_certificate"))
    submit(cast.round, [nomination.pk], sent_on=date(2023, 12, 1), by=cast.officer)
    response = login(cast.officer).post(url("higher_answer", cast, nomination.pk), data)
    assert response.status_code == 422


def test_submission_of_nothing_is_told(cast, login):
    response = login(cast.officer).post(url("higher_submit", cast), {"sent_on": "1/12/2023"})
    assert response.status_code == 422
    assert "Hãy chọn ít nhất một hồ sơ" in response.content.decode()


# Golden book and printing


def test_book_finds_by_name_without_marks_by_number_and_by_decision(cast, login):
    published(cast, name="Trần Thị Hà")
    client = login(cast.clerk)
    for query, found in (("tran thi ha", True), ("1", True), ("101-QĐ/TĐTN-BPT", True), ("zzz", False)):
        page = client.get(reverse("golden_book"), {"q": query}).content.decode()
        assert ("Trần Thị Hà" in page) is found


def test_book_asks_no_more_with_fifty_entries_than_with_one(cast, login):
    client = login(cast.clerk)
    counts = []
    for number, decided in ((1, "1"), (60, "2")):
        rows = cast.nominate(number)
        cast.decide(*(rows if number > 1 else [rows]), number=decided)
        client.get(reverse("golden_book"))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse("golden_book"))
        counts.append(len(queries))
    assert counts == [BOOK_QUERIES] * 2
    assert len(response.content) < MOST_HTML


def test_correction_and_revocation_from_the_pages(cast, login):
    (entry,) = published(cast)
    client = login(cast.clerk)
    data = {"name": "Tên Đúng", "detail": "", "achievement": "Đề án", "reason": "sai tên"}
    assert client.post(reverse("golden_correct", args=[entry.pk]), data).status_code == 302
    new = GoldenBookEntry.objects.get(kind="correction")
    assert client.post(reverse("golden_revoke", args=[new.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("golden_revoke", args=[new.pk]), {"reason": "khai sai"}).status_code == 302
    page = client.get(reverse("golden_entry", args=[new.pk])).content.decode()
    assert "đã thu hồi, xem số 3" in page
    assert client.get(reverse("certificate", args=[new.pk, "ca-phoi"])).status_code == 404


def test_export_needs_a_reason_and_is_noted(cast, login):
    published(cast)
    client = login(cast.clerk)
    assert client.post(reverse("golden_export"), {"so": "2022-2027"}).status_code == 422
    response = client.post(reverse("golden_export"), {"so": "2022-2027", "reason": "Báo cáo năm"})
    assert response.status_code == 200
    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert PersonalAccess.objects.get(kind="export").reason == "Báo cáo năm"


@pytest.mark.parametrize("mode", ["ca-phoi", "tren-phoi"])
def test_one_certificate_is_printed_and_noted(cast, login, mode):
    (entry,) = published(cast)
    response = login(cast.clerk).get(reverse("certificate", args=[entry.pk, mode]))
    assert response.content[:5] == b"%PDF-"
    assert PersonalAccess.objects.filter(kind="person").exists()


def test_batch_from_the_page_to_its_file(cast, login):
    published(cast, 2)
    client = login(cast.clerk)
    response = client.post(url("batch_create", cast), {"mode": "full", "kind": "", "first": "", "last": ""})
    batch = CertificateBatch.objects.get()
    assert response.url == reverse("batch_detail", args=[batch.pk])
    assert "Đã xong 0/2 tờ" in client.get(response.url).content.decode()
    assert client.get(reverse("batch_file", args=[batch.pk])).status_code == 404
    batches.run(batch.pk)
    assert reverse("batch_file", args=[batch.pk]) in client.get(response.url).content.decode()
    content = b"".join(client.get(reverse("batch_file", args=[batch.pk])).streaming_content)
    assert content[:5] == b"%PDF-"


@pytest.mark.parametrize(
    "data", [{}, {"mode": "x"}, {"mode": "full", "first": "5", "last": "2"}, {"mode": "full", "first": "a"}]
)
def test_batch_with_wrong_choices_comes_back(cast, login, data):
    published(cast)
    assert login(cast.clerk).post(url("batch_create", cast), data).status_code == 422


def test_layout_is_saved_with_signs_and_commas(cast, login):
    client = login(cast.clerk)
    data = {
        "width_mm": "420",
        "height_mm": "297",
        "offset_x_mm": "-1,5",
        "offset_y_mm": "2",
        "top_name": "99,5",
    }
    assert client.post(reverse("layout_edit"), data).status_code == 302
    layout = PrintLayout.objects.get()
    assert (str(layout.offset_x_mm), layout.positions["name"], layout.positions["signer"]) == (
        "-1.5",
        99.5,
        None,
    )
    assert "-1,5" in client.get(reverse("layout_edit")).content.decode()
    assert client.get(reverse("layout_test")).content[:5] == b"%PDF-"


@pytest.mark.parametrize("data", [{}, {"width_mm": "1", "height_mm": "x"}, {"offset_x_mm": "---"}])
def test_layout_that_cannot_be_is_told(cast, login, data):
    assert login(cast.clerk).post(reverse("layout_edit"), data).status_code == 422


def test_stamp_tells_a_changed_reason(cast):
    nomination = cast.nominate()
    cast.refuse(nomination, reason="a")
    before = stamp(DecisionLine.objects.get())
    cast.refuse(nomination, reason="b")
    assert stamp(DecisionLine.objects.get()) != before
