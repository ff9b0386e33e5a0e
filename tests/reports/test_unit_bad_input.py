"""What a hurried thumb types: a Vietnamese message at the field and in the summary, and not a word lost."""

import html as html_escapes
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reports.models import Evidence, Section, Version
from tests.factories.plans import local
from tests.factories.reports import hand_in, obligation_of, photo_upload
from tests.sessions import send_after_the_end

from .unit_pages import address, member_of, save, sign_in

pytestmark = pytest.mark.django_db

HUGE = "9" * 23


@pytest.fixture
def secretary(published_plan, client):
    return sign_in(client, member_of("692"))


@pytest.fixture
def march(published_plan, at):
    at("2023-03-24T16:20")
    return obligation_of("692", "2023-03")


def text_of(response):
    return html_escapes.unescape(response.content.decode())


def field_error(text, name):
    found = re.search(rf'data-error-for="{re.escape(name)}">(.*?)</div>', text, re.S)
    return found[1].strip() if found else ""


@pytest.mark.parametrize(
    ("code", "name", "typed", "message"),
    [
        ("teams", "f.active_teams", "mười hai", "“mười hai” không phải số. Hãy viết như 1.234 hoặc 1.234,5."),
        ("teams", "f.sessions", "-3", "-3 là số âm. Hãy ghi số từ 0 trở lên."),
        ("teams", "f.team_members", "12,5", "12,5 không phải số nguyên. Hãy nhập số nguyên, ví dụ 12."),
        ("teams", "f.people_helped", "1.234,5", "1.234,5 không phải số nguyên."),
        ("teams", "f.people_helped", "1,234.5", "viết theo kiểu nước ngoài"),
        ("teams", "f.people_helped", HUGE, "quá lớn"),
        ("teams", "f.active_teams", "<b>5</b>", "không phải số"),
        ("general", "T5.amount", "nhiều", "“nhiều” không phải số."),
        ("general", "T1.numerator", HUGE, "quá lớn"),
    ],
)
def test_a_wrong_number_is_named_at_its_field_and_in_the_summary(
    client, march, secretary, code, name, typed, message
):
    response = save(client, march, code, {name: typed})
    text = text_of(response)
    assert response.status_code == 422
    assert message in field_error(text, name)
    start = text.index("data-error-summary")
    summary = text[start : text.index("<form", start)]
    assert message in summary and f'href="#id_{name.replace(".", "-")}"' in summary
    assert f'value="{typed}"' in text


def test_a_part_larger_than_its_whole_names_both_numbers(client, march, secretary):
    response = save(client, march, "agriculture", {"T6.numerator": "130", "T6.denominator": "120"})
    text = text_of(response)
    assert response.status_code == 422
    assert "Tử số (130) lớn hơn mẫu số (120)" in field_error(text, "T6.numerator")
    assert 'value="130"' in text and 'value="120"' in text


def test_numbers_pasted_with_spaces_are_read(client, march, secretary):
    response = save(
        client, march, "agriculture", {"T6.numerator": " 18 ", "T6.denominator": "\u00a01 041\u00a0"}
    )
    assert response.status_code == 302
    value = Version.objects.get(report__obligation=march).values.get(target__code="T6")
    assert (value.numerator, value.denominator) == (18, 1041)


def test_a_thousand_written_as_in_vietnam_is_read(client, march, secretary):
    save(client, march, "teams", {"f.people_helped": "1.020"})
    version = Version.objects.get(report__obligation=march)
    assert version.answers.get(field__key="people_helped").value == 1020


def test_html_in_a_text_stays_text(client, march, secretary):
    typed = '<script>alert(1)</script> & <img src=x onerror="x()">'
    save(client, march, "teams", {"f.highlights": typed})
    html = client.get(address("report_section", march, "teams")).content.decode()
    assert "<script>alert" not in html and "<img src=x" not in html
    assert typed in html_escapes.unescape(html)


def test_right_answers_beside_a_wrong_one_are_kept(client, march, secretary):
    save(client, march, "teams", {"f.active_teams": "năm", "f.sessions": "4", "f.highlights": "Đã làm."})
    raw = Section.objects.get(version__report__obligation=march, form_section__code="teams").raw
    assert raw == {"f.active_teams": "năm", "f.sessions": "4", "f.highlights": "Đã làm."}


def test_an_estimate_without_method_and_source_asks_for_both(client, secretary, at):
    at("2023-06-20T09:00")
    june = obligation_of("692", "2023-06")
    response = save(client, june, "finance_banking", {"T9.numerator": "46.000", "T9.denominator": "80.000"})
    text = text_of(response)
    assert "phương pháp ước tính" in field_error(text, "T9.method")
    assert "nguồn số liệu" in field_error(text, "T9.source")


def test_a_falling_figure_is_warned_about_in_place_and_passes_with_a_reason(client, secretary, at):
    hand_in("692", "2023-03", {"T6.numerator": "21", "T6.denominator": "64"}, by=secretary)
    at("2023-06-20T09:00")
    client.force_login(secretary, backend="units.accounts.EmailOrPhoneBackend")
    june = obligation_of("692", "2023-06")
    save(client, june, "agriculture", {"T6.numerator": "9", "T6.denominator": "64"})
    text = text_of(client.get(address("report_section", june, "agriculture")))
    assert "Thấp hơn kỳ trước (21 → 9)." in text
    assert "Thấp hơn kỳ trước (21 → 9)." in text_of(client.get(address("report_check", june)))
    save(client, june, "agriculture", {"T6.reason": "12 cơ sở ngừng hoạt động"})
    assert "12 cơ sở ngừng hoạt động" in text_of(client.get(address("report_check", june)))


def test_a_program_renamed_to_a_photo_is_refused_with_words(client, march, secretary):
    program = SimpleUploadedFile("anh.jpg", b"MZ\x90\x00" + b"\x00" * 300, content_type="image/jpeg")
    response = save(client, march, "evidence", {"upload.photos": program})
    text = text_of(response)
    assert response.status_code == 422
    assert "không phải ảnh" in field_error(text, "upload.photos")
    assert 'href="#id_upload-photos"' in text
    assert not Evidence.objects.filter(version__report__obligation=march).exists()


def test_a_photo_of_twenty_megabytes_is_refused_with_words(client, march, secretary):
    photo = photo_upload("lon.jpg").read()
    heavy = SimpleUploadedFile("lon.jpg", photo + b"\x00" * (21 * 1024 * 1024), content_type="image/jpeg")
    response = save(client, march, "evidence", {"upload.photos": heavy})
    assert "nặng 21 MB" in field_error(text_of(response), "upload.photos")


def test_a_refused_photo_takes_no_text_with_it(client, at, secretary):
    at("2023-03-18T15:00")
    launch = obligation_of("692", "2023", form="launch_event")
    program = SimpleUploadedFile("anh.jpg", b"MZ\x90\x00" + b"\x00" * 300)
    response = save(client, launch, "toan-bo", {"f.place": "Nhà văn hóa", "upload.photos": program})
    assert response.status_code == 422
    assert 'value="Nhà văn hóa"' in text_of(response)


def test_a_child_in_the_list_of_people_is_refused(client, at, secretary):
    at("2023-02-25T09:00")
    board = obligation_of("692", "2023", form="command_board_list")
    person = {
        "full_name": "Trần Văn An",
        "birth_year": "2010",
        "position": "Đoàn viên",
        "workplace": "Xã Lộc An",
        "phone": "0912 345 678",
        "proposed_role": "Ủy viên",
    }
    data = {f"f.people.0.{column}": text for column, text in person.items()}
    response = save(client, board, "toan-bo", data)
    text = text_of(response)
    assert "chưa đủ 16 tuổi" in field_error(text, "f.people.0.birth_year")
    assert 'value="Trần Văn An"' in text


def test_a_person_is_added_and_taken_away_without_scripts(client, at, secretary):
    at("2023-02-25T09:00")
    board = obligation_of("692", "2023", form="command_board_list")
    save(client, board, "toan-bo", {"f.people.0.full_name": "Trần Văn An"}, action="add_row:people")
    page = text_of(client.get(f"{address('report_section', board, 'toan-bo')}?them=people"))
    assert "Người thứ 2" in page and 'name="f.people.1.full_name"' in page
    save(client, board, "toan-bo", {}, action="drop_row:people.0")
    assert "Trần Văn An" not in text_of(client.get(address("report_section", board, "toan-bo")))


def test_a_text_far_too_long_comes_back_whole(client, march, secretary):
    typed = "dài " * 20_000
    response = save(client, march, "teams", {"f.highlights": typed})
    assert response.status_code == 422
    assert typed.strip() in text_of(response)


def test_a_date_no_calendar_has_is_named(client, at, secretary):
    at("2023-03-19T09:00")
    launch = obligation_of("692", "2023", form="launch_report")
    response = save(client, launch, "organisation", {"f.held_on": "31/2/2023"})
    assert "Không có ngày 31/2/2023." in field_error(text_of(response), "f.held_on")


def test_text_of_an_ended_session_waits_behind_the_sign_in(client, march, secretary):
    values = {"f.highlights": "Gõ trước khi phiên hết", "revision": "teams:0", "action": "save"}
    response = send_after_the_end(client, address("report_section", march, "teams"), values)
    assert response["Location"].startswith("/dang-nhap/")
    client.force_login(secretary, backend="units.accounts.EmailOrPhoneBackend")
    text = text_of(client.get(address("report_section", march, "teams")))
    assert "Gõ trước khi phiên hết" in text and "còn nguyên" in text
    assert not Version.objects.filter(report__obligation=march).exists()


def test_odd_ids_and_actions_are_no_server_error(client, march, secretary):
    save(client, march, "evidence", {"upload.photos": photo_upload()})
    for action in ("remove:", "remove:0", "remove:9999999999999999999999", "remove:abc"):
        assert save(client, march, "evidence", {}, action=action).status_code == 404
    for action in ("copy:", "copy:nothing", "next:nowhere", "drop_row:x", "add_row:<b>", "", "\0"):
        assert save(client, march, "teams", {"f.sessions": "4"}, action=action).status_code == 302


def test_a_broken_revision_counts_as_stale_not_as_an_error(client, march, secretary):
    save(client, march, "teams", {"f.sessions": "4"})
    for revision in ("", "x", "teams:", "teams:99999999999", "teams:-1", "a:b:c"):
        response = client.post(
            address("report_section", march, "teams"), {"f.sessions": "5", "revision": revision}
        )
        assert response.status_code == 409


def test_the_figures_before_stand_beside_the_inputs(client, march, secretary):
    hand_in("692", "2023-02", {"T5.amount": "410"}, by=secretary, at=local(2023, 2, 24))
    text = text_of(client.get(address("report_section", march, "general")))
    assert "Kỳ trước: 410 lượt · lũy kế đến kỳ trước: 410 lượt" in text
