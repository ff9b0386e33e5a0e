"""Autosave for scripts, two people in one section, and files that only their own people may open."""

from urllib.parse import unquote

import pytest

from reports.models import Evidence, SignedCopy, Version
from reports.submit import add_signed_copy
from tests.factories.reports import hand_in, obligation_of, photo_upload
from tests.factories.units import make_department, make_member
from units.models import Role

from .unit_pages import address, member_of, save, sign_in

pytestmark = pytest.mark.django_db

SCRIPT = {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def secretary(published_plan, client):
    return sign_in(client, member_of("692"))


@pytest.fixture
def march(published_plan, at):
    at("2023-03-24T16:20")
    return obligation_of("692", "2023-03")


def autosave(client, obligation, code, data, revision):
    return client.post(
        address("report_section", obligation, code), {**data, "revision": revision, "autosave": "1"}, **SCRIPT
    )


def test_autosave_answers_with_moment_revision_and_messages(client, march, secretary):
    response = autosave(client, march, "teams", {"f.sessions": "bốn"}, "teams:0")
    answer = response.json()
    assert (response.status_code, answer["saved_at"], answer["revision"]) == (200, "16:20", "teams:1")
    assert "không phải số" in answer["errors"]["f.sessions"]


def test_autosave_of_a_stale_page_answers_with_their_text(client, march, secretary):
    autosave(client, march, "next", {"f.next_month": "Bản của đồng chí A"}, "next:0")
    response = autosave(client, march, "next", {"f.next_month": "Bản của đồng chí B"}, "next:0")
    assert response.status_code == 409
    assert response.json() == {"theirs": {"f.next_month": "Bản của đồng chí A"}, "revision": "next:1"}


def test_autosave_of_a_stale_page_tells_what_the_other_emptied(client, march, secretary):
    autosave(client, march, "next", {"f.next_month": "Ra quân ngày 25"}, "next:0")
    autosave(client, march, "next", {"f.next_month": ""}, "next:1")
    response = autosave(client, march, "next", {"f.next_month": "Tập huấn ngày 20"}, "next:1")
    assert response.status_code == 409
    assert response.json() == {"theirs": {"f.next_month": ""}, "revision": "next:2"}


def test_autosave_sent_twice_with_one_text_is_no_conflict(client, march, secretary):
    for _ in range(2):
        response = autosave(client, march, "next", {"f.next_month": "Một bản"}, "next:0")
    assert (response.status_code, response.json()["revision"]) == (200, "next:1")


def test_autosave_after_the_session_ended_answers_401(client, march, secretary):
    client.logout()
    assert autosave(client, march, "next", {"f.next_month": "x"}, "next:0").status_code == 401


def test_autosave_after_hand_in_answers_422_with_words(client, march, secretary):
    hand_in("692", "2023-03", {}, by=secretary)
    response = autosave(client, march, "next", {"f.next_month": "x"}, "next:1")
    assert response.status_code == 422 and "Sửa, bổ sung" in response.json()["error"]


def test_autosave_of_a_foreign_unit_is_not_found(client, march):
    sign_in(client, member_of("693"))
    assert autosave(client, march, "next", {"f.next_month": "x"}, "next:0").status_code == 404


def test_two_people_see_both_texts_without_scripts_and_can_decide(client, march, secretary):
    url = address("report_section", march, "next")
    client.post(url, {"f.next_month": "Ra quân ngày 25", "revision": "next:0"})
    response = client.post(url, {"f.next_month": "Tập huấn ngày 20", "revision": "next:0"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Tập huấn ngày 20" in html and "Ra quân ngày 25" in html and "Người khác vừa lưu" in html
    assert 'name="revision" value="next:1"' in html
    assert client.post(url, {"f.next_month": "Cả hai", "revision": "next:1"}).status_code == 302


def test_a_short_form_saves_under_one_revision_for_its_sections(client, at, secretary):
    at("2023-03-18T15:00")
    launch = obligation_of("692", "2023", form="launch_event")
    assert save(client, launch, "toan-bo", {"f.place": "Nhà văn hóa"}).status_code == 302
    assert save(client, launch, "toan-bo", {"f.started_at": "7 giờ 30"}).status_code == 302
    html = client.get(address("report_detail", launch)).content.decode()
    assert 'value="Nhà văn hóa"' in html and 'value="7 giờ 30"' in html


@pytest.fixture
def photo(client, march, secretary):
    save(client, march, "evidence", {"upload.photos": photo_upload("ảnh ra quân.jpg")})
    return Evidence.objects.get(version__report__obligation=march)


def test_a_photo_is_shown_in_the_page_and_never_guessed(client, photo):
    response = client.get(f"/tep/{photo.pk}/")
    assert response.status_code == 200 and response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%E1%BA%A3nh")


def test_the_stored_name_of_a_photo_cannot_be_guessed(photo):
    assert "anh" not in photo.file.name and len(photo.file.name.split("/")[-1]) == 36


def test_a_photo_known_already_is_not_sent_again(client, photo):
    tag = client.get(f"/tep/{photo.pk}/")["ETag"]
    assert client.get(f"/tep/{photo.pk}/", HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_a_photo_of_another_unit_is_not_found(client, photo):
    sign_in(client, member_of("693"))
    assert client.get(f"/tep/{photo.pk}/").status_code == 404


def test_a_photo_in_a_draft_is_not_found_by_the_province(client, photo):
    sign_in(client, make_member(make_department(), Role.OFFICER))
    assert client.get(f"/tep/{photo.pk}/").status_code == 404


def test_a_photo_is_taken_out_of_the_draft(client, march, photo):
    save(client, march, "evidence", {}, action=f"remove:{photo.pk}")
    assert not Evidence.objects.filter(pk=photo.pk).exists()


def test_a_photo_of_another_report_is_not_taken_out(client, photo):
    april = obligation_of("692", "2023-02")
    assert save(client, april, "evidence", {}, action=f"remove:{photo.pk}").status_code == 404
    assert Evidence.objects.filter(pk=photo.pk).exists()


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_paper_to_be_signed_comes_with_its_vietnamese_name(client, march, secretary, kind, start):
    hand_in("692", "2023-03", {}, by=secretary)
    response = client.get(address("report_document", march, 1, kind))
    assert response.content.startswith(start)
    disposition = unquote(response["Content-Disposition"])
    assert disposition == f"attachment; filename*=utf-8''Báo cáo tháng 3-2023 Lộc Ninh.{kind}"


def test_the_paper_of_another_unit_is_not_found(client, march, secretary):
    hand_in("692", "2023-03", {}, by=secretary)
    sign_in(client, member_of("693"))
    assert client.get(address("report_document", march, 1, "pdf")).status_code == 404


def test_the_signed_scan_is_sent_as_a_file_and_only_to_its_own(client, march, secretary):
    version = hand_in("692", "2023-03", {}, by=secretary)
    copy = add_signed_copy(
        version.report, upload=photo_upload(), number="41-BC/ĐTN", date="2023-03-29", by=secretary
    )
    assert client.get(f"/ban-ky/{copy.pk}/")["Content-Disposition"].startswith("attachment")
    sign_in(client, member_of("693"))
    assert client.get(f"/ban-ky/{copy.pk}/").status_code == 404
    assert SignedCopy.objects.count() == 1


PHONE = "0912345678"
PERSON = {
    "f.people.0.full_name": "Trần Văn An",
    "f.people.0.birth_year": "1998",
    "f.people.0.position": "Phó Bí thư",
    "f.people.0.workplace": "Huyện Đoàn Lộc Ninh",
    "f.people.0.phone": PHONE,
    "f.people.0.proposed_role": "Đội trưởng",
    "f.consent": "Đã đồng ý",
}


@pytest.fixture
def board(client, at, secretary):
    at("2023-02-25T09:00")
    board = obligation_of("692", "2023", form="command_board_list")
    save(client, board, "toan-bo", PERSON)
    data = {
        "signer_name": "Nguyễn Thị Hoa",
        "signer_title": "BÍ THƯ",
        "key": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "action": "submit",
    }
    response = client.post(address("report_submit", board), data)
    assert response["Location"] == address("report_receipt", board)
    return board


@pytest.mark.parametrize(("department", "role"), [("BPT", Role.OFFICER)])
def test_a_list_of_people_is_read_where_it_is_needed(client, board, department, role):
    sign_in(client, make_member(make_department(department), role))
    assert PHONE in client.get(address("report_detail", board)).content.decode()


def test_a_list_of_people_is_hidden_from_who_only_looks(client, board):
    sign_in(client, make_member(make_department(), Role.VIEWER))
    html = client.get(address("report_detail", board)).content.decode()
    assert PHONE not in html and "Trần Văn An" not in html
    assert client.get(address("report_document", board, 1, "pdf")).status_code == 404


def test_a_form_without_paper_has_none(client, at, secretary):
    at("2023-03-18T15:00")
    launch = obligation_of("692", "2023", form="launch_event")
    save(client, launch, "toan-bo", {"f.place": "Nhà văn hóa"})
    assert Version.objects.filter(report__obligation=launch).exists()
    assert client.get(address("report_document", launch, 1, "pdf")).status_code == 404
