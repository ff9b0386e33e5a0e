"""The unit's pages as a person uses them by plain POST: home, section, check, hand-in, receipt."""

import uuid

import pytest

from plans.models import TargetSource
from reports.drafts import open_draft
from reports.models import Section, Version
from reports.review import accept, send_back
from reports.submit import submit
from tests.factories.plans import local, make_obligation
from tests.factories.reports import WORDS, fill_monthly, hand_in, obligation_of, photo_upload
from tests.factories.units import make_department, make_member
from units.models import Role

from .unit_pages import BACKEND, address, member_of, save, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(published_plan, client):
    return sign_in(client, member_of("692", full_name="Nguyễn Thị Hoa"))


@pytest.fixture
def march(published_plan, at):
    at("2023-03-24T16:20")
    return obligation_of("692", "2023-03")


def test_home_says_what_is_due_with_both_days_and_one_button(client, march, secretary):
    html = client.get("/").content.decode()
    assert "Hạn 25/3 (thứ Bảy), đúng hạn đến hết thứ Hai 27/3" in html
    assert "Cần làm ngay" in html and "còn 3 ngày" in html
    assert f'href="{address("report_detail", march)}"' in html


def test_home_leaves_out_what_is_far_ahead(client, march, secretary):
    html = client.get("/").content.decode()
    assert "Báo cáo tháng 4/2023" in html
    assert "Báo cáo tháng 6/2023" not in html


def test_home_of_a_province_post_leads_to_the_dashboard(client, march):
    sign_in(client, make_member(make_department(), Role.OFFICER))
    response = client.get("/")
    assert response.status_code == 302 and response["Location"] == "/tong-quan/"


def test_home_of_nobody_in_post_says_so(client, march):
    user = member_of("692")
    user.posts.update(valid_to="2023-03-01")
    sign_in(client, user)
    assert "chưa được phân công" in client.get("/").content.decode()


def test_home_offers_a_message_for_the_base_units(client, march, secretary):
    html = client.get("/").content.decode()
    assert "Kính gửi các đồng chí Bí thư cơ sở Đoàn!" in html
    assert "chậm nhất" in html or "ngay trong hôm nay" in html


def test_anonymous_visit_asks_to_sign_in_and_comes_back(client, march):
    response = client.get(address("report_section", march, "teams"))
    assert response.status_code == 302
    assert response["Location"] == f"/dang-nhap/?next={address('report_section', march, 'teams')}"


@pytest.mark.parametrize("name", ["report_detail", "report_check", "report_receipt", "report_history"])
def test_a_foreign_report_is_not_found(client, march, name):
    sign_in(client, member_of("693"))
    assert client.get(address(name, march)).status_code == 404


def test_reading_a_section_starts_no_draft(client, march, secretary):
    assert client.get(address("report_section", march, "teams")).status_code == 200
    assert client.get(address("report_detail", march)).status_code == 200
    assert not Version.objects.filter(report__obligation=march).exists()


def test_the_first_save_starts_the_draft_and_keeps_the_text(client, march, secretary):
    response = save(client, march, "teams", {"f.active_teams": "5"})
    assert response.status_code == 302
    assert 'value="5"' in client.get(address("report_section", march, "teams")).content.decode()


def test_save_and_next_leads_to_the_next_section(client, march, secretary):
    response = save(client, march, "teams", {"f.active_teams": "5"}, action="next:general")
    assert response["Location"] == address("report_section", march, "general")


def test_a_section_the_form_does_not_have_is_not_found(client, march, secretary):
    assert client.get(address("report_section", march, "khong-co")).status_code == 404


def test_targets_out_of_turn_are_folded_and_not_asked(client, secretary, at):
    at("2023-04-24T09:00")
    april = obligation_of("692", "2023-04")
    html = client.get(address("report_section", april, "agriculture")).content.decode()
    assert "Không thay đổi so với kỳ trước (3 chỉ tiêu)" in html


def test_targets_without_a_source_say_so(client, march, secretary):
    TargetSource.objects.filter(target__code="T16").delete()
    html = client.get(address("report_section", march, "public_admin")).content.decode()
    assert "chưa có nguồn số liệu" in html


def test_targets_that_do_not_apply_are_absent(client, march, at):
    attached = obligation_of("MH-CA", "2023-03")
    sign_in(client, member_of("MH-CA"))
    html = client.get(address("report_section", attached, "agriculture")).content.decode()
    assert "OCOP" not in html and "hội viên có sản phẩm được số hóa" in html


def test_copy_from_last_period_brings_the_answer(client, march, secretary, at):
    hand_in("692", "2023-02", {}, by=secretary, at=local(2023, 2, 24))
    response = save(client, march, "next", {}, action="copy:next_month")
    assert response.status_code == 302
    assert (
        "Tiếp tục hỗ trợ."
        in Section.objects.get(version__report__obligation=march, form_section__code="next").raw[
            "f.next_month"
        ]
    )


def fill(client, march):
    for code, data in WORDS.items():
        save(client, march, code, data)
    for code in ("general", "security", "public_admin"):
        save(client, march, code, {"nil": "on"})


def confirmed(client, march):
    """What the check page sends when every blank is confirmed."""
    html = client.get(address("report_check", march)).content.decode()
    names = {f"T{number}.blank": "on" for number in range(1, 20)}
    return {
        **{name: "on" for name in names if f'name="{name}"' in html},
        "signer_name": "Nguyễn Thị Hoa",
        "signer_title": "BÍ THƯ",
        "recipients": "Ban Phong trào Tỉnh Đoàn;\nLưu: VP.",
        "key": str(uuid.uuid4()),
        "action": "submit",
    }


def test_check_page_lists_blanks_and_says_it_is_in_time(client, march, secretary):
    fill(client, march)
    html = client.get(address("report_check", march)).content.decode()
    assert "Gửi bây giờ là đúng hạn, còn 3 ngày." in html
    assert "Để trống: đơn vị sẽ bị ghi là thiếu số liệu chỉ tiêu này" in html


def test_check_page_of_an_amendment_names_its_own_date(client, march, secretary, at):
    version = hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 24))
    send_back(
        version,
        by=secretary,
        remarks=[("section:teams", "must_fix", "Ghi rõ hơn")],
        due_on=local(2023, 3, 31).date(),
        at=local(2023, 3, 28),
    )
    at("2023-03-29T08:00")
    sign_in(client, secretary)
    open_draft(march, by=secretary, reason="Bổ sung")
    html = client.get(address("report_check", march)).content.decode()
    assert "Gửi lại chậm nhất thứ Sáu 31/3" in html


def test_hand_in_gives_a_receipt_with_moment_and_code(client, march, secretary):
    fill(client, march)
    response = client.post(address("report_submit", march), confirmed(client, march))
    assert response["Location"] == address("report_receipt", march)
    html = client.get(response["Location"]).content.decode()
    assert "Đã gửi Tỉnh Đoàn lúc 16 giờ 20 ngày 24/3/2023, đúng hạn." in html
    assert Version.objects.get(report__obligation=march).receipt_code in html
    assert "Tải bản Word để trình ký" in html
    assert f'data-clear-draft="{secretary.pk}:{march.pk}"' in html


def test_hand_in_sent_again_after_a_lost_answer_leaves_a_later_draft_alone(client, march, secretary):
    draft = open_draft(march, by=secretary)
    fill_monthly(draft, {}, by=secretary)
    key = uuid.uuid4()
    submit(draft, by=secretary, idempotency_key=key)
    later = open_draft(march, by=member_of("692", Role.DEPUTY), reason="Bổ sung")
    typed = {"key": str(key), "signer_name": "Nguyễn Thị Hoa", "signer_title": "BÍ THƯ", "action": "submit"}
    response = client.post(address("report_submit", march), typed)
    assert response["Location"] == address("report_receipt", march)
    later.refresh_from_db()
    assert (later.state, later.signer_name) == (Version.State.DRAFT, "")


def test_home_works_under_this_years_plan_when_the_next_is_out_already(client, march, secretary):
    make_obligation(march.owner, "2024-02")
    hand_in("692", "2023-02", {"T5.amount": "12"}, by=secretary, at=local(2023, 2, 25))
    assert client.get("/").context["results"]


def test_hand_in_pressed_twice_is_one_hand_in(client, march, secretary):
    fill(client, march)
    data = confirmed(client, march)
    client.post(address("report_submit", march), data)
    again = client.post(address("report_submit", march), data)
    assert again["Location"] == address("report_receipt", march)
    assert Version.objects.filter(report__obligation=march).count() == 1


def test_hand_in_without_confirming_a_blank_comes_back_with_it(client, march, secretary):
    fill(client, march)
    data = {name: value for name, value in confirmed(client, march).items() if name != "T1.blank"}
    response = client.post(address("report_submit", march), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'name="T6.blank" checked' in html and 'name="T1.blank">' in html
    assert "Ban Phong trào Tỉnh Đoàn;" in html


def test_hand_in_without_a_signer_asks_for_one(client, march, secretary):
    fill(client, march)
    response = client.post(address("report_submit", march), {**confirmed(client, march), "signer_name": " "})
    assert response.status_code == 422
    assert "Hãy ghi họ và tên người ký." in response.content.decode()


def test_an_editor_sees_who_may_hand_in_and_cannot(client, march, secretary):
    sign_in(client, member_of("692", Role.EDITOR))
    fill(client, march)
    html = client.get(address("report_check", march)).content.decode()
    assert "Gửi Tỉnh Đoàn</button>" not in html
    assert "đ/c Nguyễn Thị Hoa (Bí thư)" in html
    assert client.post(address("report_submit", march), confirmed(client, march)).status_code == 403


def test_a_request_for_amendments_is_a_list_that_leads_to_its_places(client, march, secretary, at):
    version = hand_in("692", "2023-03", {"T6.numerator": "9", "T6.denominator": "41"}, by=secretary)
    send_back(
        version,
        by=make_member(make_department(), Role.OFFICER),
        remarks=[("target:T6", "must_fix", "Tử số chưa khớp với danh sách.")],
        due_on=local(2023, 3, 30).date(),
    )
    assert "Cần bổ sung" in client.get("/").content.decode()
    client.post(address("report_amend", march), {"reason": "Bổ sung theo đề nghị"})
    html = client.get(address("report_detail", march)).content.decode()
    assert "Tử số chưa khớp với danh sách." in html
    assert f'href="{address("report_section", march, "agriculture")}#target-T6"' in html


def test_a_remark_can_be_ticked_and_unticked(client, march, secretary):
    version = hand_in("692", "2023-03", {}, by=secretary)
    back = send_back(
        version,
        by=make_member(make_department(), Role.OFFICER),
        remarks=[("section:teams", "must_fix", "Ghi rõ địa điểm.")],
        due_on=local(2023, 3, 30).date(),
    )
    client.post(address("report_amend", march), {"reason": "Bổ sung"})
    remark = back.remarks.get()
    client.post(address("report_remark", march, remark.pk), {"resolved": "on"})
    remark.refresh_from_db()
    assert remark.resolved_in.number == 2
    client.post(address("report_remark", march, remark.pk))
    remark.refresh_from_db()
    assert remark.resolved_in is None


def test_an_amendment_needs_a_reason(client, march, secretary):
    hand_in("692", "2023-03", {}, by=secretary)
    response = client.post(address("report_amend", march), {"reason": " "}, follow=True)
    assert "Hãy ghi lý do sửa, bổ sung." in response.content.decode()
    assert not Version.objects.filter(report__obligation=march, state="draft").exists()


def test_an_amendment_keeps_the_first_moment_and_shows_what_changed(client, march, secretary, at):
    hand_in("692", "2023-03", {"T6.numerator": "9", "T6.denominator": "41"}, by=secretary)
    first = obligation_of("692", "2023-03").first_fulfilled_at
    at("2023-04-02T09:00")
    hand_in(
        "692", "2023-03", {"T6.numerator": "18", "T6.denominator": "41"}, by=secretary, at=local(2023, 4, 2)
    )
    client.force_login(secretary, backend=BACKEND)
    html = client.get(address("report_compare", march, 2)).content.decode()
    assert "9/41" in html and "18/41" in html
    assert obligation_of("692", "2023-03").first_fulfilled_at == first


def test_a_handed_in_report_is_read_not_written(client, march, secretary):
    hand_in("692", "2023-03", {}, by=secretary)
    response = client.get(address("report_section", march, "teams"))
    assert response["Location"] == address("report_detail", march)
    refused = client.post(address("report_section", march, "teams"), {"f.highlights": "Thêm một câu"})
    assert refused.status_code == 422
    assert "Thêm một câu" in refused.content.decode()


def test_an_accepted_report_shows_it_in_its_history(client, march, secretary):
    version = hand_in("692", "2023-03", {}, by=secretary)
    accept(version, by=make_member(make_department(), Role.OFFICER, full_name="Cán bộ Ban"))
    html = client.get(address("report_detail", march)).content.decode()
    assert "đã tiếp nhận" in html and "Tỉnh Đoàn tiếp nhận" in html


def test_the_signed_copy_changes_no_date(client, march, secretary, at):
    hand_in("692", "2023-03", {}, by=secretary)
    before = obligation_of("692", "2023-03").last_fulfilled_at
    at("2023-03-30T10:00")
    client.force_login(secretary, backend=BACKEND)
    response = client.post(
        address("report_signed", march),
        {"number": "41-BC/ĐTN", "date": "29/3/2023", "file": photo_upload("ban ky.jpg")},
        follow=True,
    )
    assert "41-BC/ĐTN" in response.content.decode()
    assert obligation_of("692", "2023-03").last_fulfilled_at == before


def test_the_signed_copy_with_a_wrong_date_keeps_the_number(client, march, secretary):
    hand_in("692", "2023-03", {}, by=secretary)
    response = client.post(
        address("report_signed", march), {"number": "41-BC/ĐTN", "date": "32/13", "file": photo_upload()}
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="41-BC/ĐTN"' in html and "không phải ngày" in html


def test_a_draft_is_invisible_to_the_province(client, march, secretary):
    save(client, march, "teams", {"f.highlights": "Chưa xong"})
    sign_in(client, make_member(make_department(), Role.OFFICER))
    html = client.get(address("report_detail", march)).content.decode()
    assert "chưa gửi" in html and "Chưa xong" not in html


def test_a_report_filled_by_the_factory_can_be_discarded_as_amendment_only(client, march, secretary):
    hand_in("692", "2023-03", {}, by=secretary)
    client.post(address("report_amend", march), {"reason": "Sửa"})
    client.post(address("report_discard", march))
    assert not Version.objects.filter(report__obligation=march, state="draft").exists()
    assert Version.objects.filter(report__obligation=march, state="submitted").exists()


def test_fill_monthly_leaves_a_draft_that_is_ready(client, march, secretary):
    save(client, march, "teams", WORDS["teams"])
    fill_monthly(Version.objects.get(report__obligation=march), {}, by=secretary)
    assert "Còn" not in client.get(address("report_check", march)).content.decode().split("<form")[0]
