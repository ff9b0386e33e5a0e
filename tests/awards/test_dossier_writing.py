"""Writing in a dossier's pages: the report saved while typing, pieces, files, supplements; budgets."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.hand_in import hand_in
from awards.models import Nomination, NominationVersion, SupplementRequest
from tests.awards.dossier_helpers import at_page, fields_of, html, officer
from tests.awards.dossier_world import begin, complete, open_round, pdf, propose, ready_dossier, unit_of
from tests.factories.units import make_member
from tests.reports.unit_pages import sign_in

pytestmark = pytest.mark.django_db

DETAIL_QUERIES = 10
PAGE_QUERIES = {
    "dossier_facts": 10,
    "dossier_check": 10,
    "dossier_minutes": 7,
    "dossier_number": 8,
    "nomination_create": 9,
    "nomination_detail": 9,
    "nomination_edit": 9,
    "nomination_report": 6,
}


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    return at("2023-08-24T08:00")


@pytest.fixture
def secretary(client):
    return sign_in(client, make_member(unit_of()))


@pytest.fixture
def award_round():
    return open_round()


@pytest.fixture
def dossier(award_round, secretary):
    return ready_dossier(award_round, secretary)


@pytest.fixture
def nomination(dossier):
    return dossier.nominations.get()


# The report in the browser


def autosave(client, nomination, revision, **facts):
    return client.post(
        at_page("nomination_report", nomination),
        {"autosave": "1", "revision": revision, **facts},
        headers={"X-Requested-With": "fetch", "Accept": "application/json"},
    )


def test_report_begins_with_the_headings_of_the_template(client, award_round, secretary):
    row = propose(begin(award_round, by=secretary), secretary)
    text = fields_of(html(client.get(at_page("nomination_report", row))))["report"]
    assert "I. SƠ LƯỢC LÝ LỊCH" in text and "II. THÀNH TÍCH ĐẠT ĐƯỢC" in text


def test_autosave_keeps_and_tells_the_revision(client, nomination):
    answer = json.loads(html(autosave(client, nomination, nomination.revision, report="một dòng")))
    kept = Nomination.objects.get()
    assert kept.report == "một dòng" and answer["revision"] == kept.revision and answer["errors"] == {}


def test_autosave_keeps_the_rest_beside_a_wrong_day(client, nomination):
    answer = json.loads(
        html(autosave(client, nomination, nomination.revision, report="giữ lại", confirmed_on="31/2/2023"))
    )
    assert "confirmed_on" in answer["errors"] and Nomination.objects.get().report == "giữ lại"


def test_autosave_on_a_stale_revision_gives_their_text(client, nomination):
    autosave(client, nomination, nomination.revision, report="người kia")
    response = autosave(client, nomination, nomination.revision, report="của tôi")
    answer = json.loads(html(response, 409))
    assert answer["theirs"]["report"] == "người kia"
    assert Nomination.objects.get().report == "người kia"


def test_autosave_after_hand_in_is_told_in_words(client, dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    answer = json.loads(html(autosave(client, nomination, 0, report="muộn"), 422))
    assert "Hồ sơ đã gửi" in answer["error"]


def test_report_by_plain_form_over_somebody_elses_shows_both(client, nomination):
    address = at_page("nomination_report", nomination)
    values = fields_of(html(client.get(address)))
    Nomination.objects.filter(pk=nomination.pk).update(report="Bản của người kia", revision=50)
    text = html(client.post(address, {**values, "report": "Bản của tôi"}), 409)
    assert "Bản của người kia" in text and fields_of(text)["report"] == "Bản của tôi"


# Pieces, files, supplements


def test_waiver_needs_no_script_and_is_taken_back_by_an_empty_reason(client, nomination):
    nomination.files.all().delete()
    page = at_page("nomination_waive", nomination)
    client.post(page, {"kind": "evidence", "reason": "đã gửi bản giấy"})
    assert "không cần: đã gửi bản giấy" in html(client.get(at_page("nomination_detail", nomination)))
    client.post(page, {"kind": "evidence", "reason": ""})
    assert "còn thiếu: minh chứng" in html(client.get(at_page("nomination_detail", nomination)))
    assert client.post(page, {"kind": "x"}).status_code == 422


def test_refused_file_is_told_and_an_empty_form_too(client, nomination):
    page = at_page("nomination_file_add", nomination)
    assert "trống, không có nội dung" in html(
        client.post(page, {"file": pdf("a.pdf", b""), "kind": "evidence"}), 422
    )
    assert "Hãy chọn tệp" in html(client.post(page, {"kind": "evidence"}), 422)


def test_file_is_served_and_removed(client, nomination):
    file = nomination.files.get()
    served = client.get(at_page("dossier_file", file))
    assert b"".join(served.streaming_content).startswith(b"%PDF")
    assert served["Content-Disposition"].startswith("attachment")
    assert client.post(at_page("file_remove", file)).url == at_page("nomination_detail", nomination)
    assert not nomination.files.exists()


@pytest.fixture
def asked(dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    nomination.refresh_from_db()
    SupplementRequest.objects.create(
        nomination=nomination,
        version=nomination.versions.get(),
        text="Cần thêm số hộ",
        due_on=date(2023, 8, 30),
        by=officer(),
    )
    return nomination


def test_supplement_by_the_page_makes_a_version(client, asked):
    assert "Cần thêm số hộ" in html(client.get(at_page("dossier_detail", asked.dossier)))
    page = at_page("nomination_supplement", asked)
    values = fields_of(html(client.get(page))) | {"summary": "1.250 hộ", "gender": "female"}
    values["evidence"] = [pdf("ho.pdf", b"%PDF-1.6 a\n"), pdf("ho2.pdf", b"%PDF-1.6 b\n")]
    assert client.post(page, values).url == at_page("nomination_detail", asked)
    version = NominationVersion.objects.get(number=2)
    assert version.content["summary"] == "1.250 hộ" and len(version.content["files"]) == 3
    assert version.content["gender"] == "female"
    text = html(client.get(at_page("nomination_detail", asked)))
    assert "Bản 2" in text and "Đổi: tóm tắt thành tích, tệp" in text


def test_wrong_supplement_comes_back_and_changes_nothing(client, asked):
    page = at_page("nomination_supplement", asked)
    values = fields_of(html(client.get(page))) | {"name": "", "summary": "đã gõ"}
    text = html(client.post(page, values), 422)
    assert "Hãy ghi họ và tên" in text and fields_of(text)["summary"] == "đã gõ"
    assert asked.versions.count() == 1


def test_supplement_without_a_request_says_why(client, dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    text = html(client.get(at_page("nomination_supplement", nomination)))
    assert "Không có đề nghị bổ sung" in text


# Budgets


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        html(client.get(address))
    return [row["sql"] for row in seen.captured_queries]


@pytest.mark.parametrize("number", [1, 30])
def test_dossier_page_takes_the_same_queries_with_one_and_thirty(client, award_round, secretary, number):
    dossier = begin(award_round, by=secretary)
    for place in range(number):
        letters = chr(ord("A") + place // 26) + chr(ord("A") + place % 26)
        complete(propose(dossier, secretary, name=f"Nguyễn Thị {letters}"), secretary)
    assert len(queries(client, at_page("dossier_detail", dossier))) == DETAIL_QUERIES
    assert len(client.get(at_page("dossier_detail", dossier)).content) < 60 * 1024


@pytest.mark.parametrize("page", PAGE_QUERIES)
def test_page_keeps_its_budget(client, dossier, nomination, page):
    row = nomination if page.startswith("nomination_") and page != "nomination_create" else dossier
    assert len(queries(client, at_page(page, row))) == PAGE_QUERIES[page]


def test_no_page_asks_the_same_twice(client, dossier, nomination):
    for page, row in (("dossier_detail", dossier), ("nomination_detail", nomination)):
        seen = queries(client, at_page(page, row))
        assert len(seen) == len(set(seen))
