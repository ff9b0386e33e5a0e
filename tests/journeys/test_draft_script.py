"""static/js/draft.js against a portal that fails: nothing typed is lost, old never beats new."""

import pytest

from tests.journeys.fake_portal import FakePortal

pytestmark = pytest.mark.browser

HIGHLIGHTS = "#h"
WAITING = "Chưa gửi, đang chờ mạng"


@pytest.fixture
def portal():
    portal = FakePortal()
    yield portal
    portal.shutdown()
    portal.server_close()


@pytest.fixture
def page(portal, chromium):
    context = chromium.new_context(locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(8000)
    page.goto(f"{portal.url}/muc/")
    yield page
    context.close()


def write(page, text, field=HIGHLIGHTS):
    """Type and leave the field."""
    page.fill(field, text)
    page.eval_on_selector(field, "field => field.blur()")


def wait_for_state(page, words):
    page.wait_for_function(
        "words => document.querySelector('[data-save-state]').textContent.includes(words)", arg=words
    )


def copies(page):
    return page.evaluate("Portal.drafts.all()")


def wait_for_copy(page, text):
    """Until the text stands in this browser's storage."""
    page.wait_for_function(
        "async text => JSON.stringify(await Portal.drafts.all()).includes(text)", arg=text, polling=100
    )


def wait_for_no_copy(page):
    page.wait_for_function("async () => (await Portal.drafts.all()).length === 0", polling=100)


def test_field_left_is_sent_and_said(portal, page):
    write(page, "Ba buổi tập huấn")
    wait_for_state(page, "Đã lưu 14:32")
    wait_for_no_copy(page)
    assert portal.texts["f.highlights"] == "Ba buổi tập huấn"
    assert page.input_value("[name=revision]") == "2"


def test_network_cut_text_survives_a_reload(portal, page):
    portal.behaviour = "cut"
    write(page, "Gõ lúc mất mạng")
    wait_for_state(page, WAITING)
    page.reload()
    page.wait_for_selector("[data-draft-note=restored]")
    assert page.input_value(HIGHLIGHTS) == "Gõ lúc mất mạng"
    assert "Đã khôi phục nội dung chưa gửi lúc" in page.inner_text("[data-draft-note=restored]")

    portal.behaviour = "ok"
    write(page, "Gõ lúc mất mạng, rồi có mạng")
    wait_for_state(page, "Đã lưu")
    wait_for_no_copy(page)
    assert portal.texts["f.highlights"] == "Gõ lúc mất mạng, rồi có mạng"


def test_network_back_sends_by_itself(portal, page):
    page.context.set_offline(True)
    write(page, "Trên đường về")
    wait_for_state(page, WAITING)
    page.context.set_offline(False)
    wait_for_state(page, "Đã lưu")
    assert portal.texts["f.highlights"] == "Trên đường về"


def test_server_busy_is_tried_again(portal, page):
    portal.behaviour = "busy"
    write(page, "Cổng bận")
    wait_for_state(page, "cổng đang bận")
    portal.behaviour = "ok"
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for_state(page, "Đã lưu")
    assert portal.texts["f.highlights"] == "Cổng bận"


def test_answer_lost_after_saving_asks_nothing(portal, page):
    portal.behaviour = "lost"
    write(page, "Lần một")
    wait_for_state(page, WAITING)
    assert portal.texts["f.highlights"] == "Lần một"
    portal.behaviour = "ok"
    write(page, "Lần hai")
    wait_for_state(page, "Đã lưu")
    assert portal.texts["f.highlights"] == "Lần hai"
    assert page.query_selector("[data-draft-conflict]") is None


def test_answer_lost_then_reload_restores_nothing(portal, page):
    portal.behaviour = "lost"
    write(page, "Đã đến nơi")
    wait_for_state(page, WAITING)
    page.reload()
    wait_for_no_copy(page)
    assert page.query_selector("[data-draft-note=restored]") is None
    assert page.input_value(HIGHLIGHTS) == "Đã đến nơi"


@pytest.mark.parametrize(
    ("button", "kept"), [("Giữ của tôi", "Bản của tôi"), ("Lấy bản đã lưu", "Bản của đồng chí khác")]
)
def test_conflict_both_texts_shown_the_chosen_one_stays(portal, page, button, kept):
    portal.save_by_another(f__highlights="Bản của đồng chí khác")
    write(page, "Bản của tôi")
    panel = page.wait_for_selector("[data-draft-conflict]")
    assert "Bản của tôi" in panel.inner_text()
    assert "Bản của đồng chí khác" in panel.inner_text()
    assert portal.texts["f.highlights"] == "Bản của đồng chí khác"

    page.click(f"text={button}")
    wait_for_state(page, "Đã lưu")
    wait_for_no_copy(page)
    assert page.input_value(HIGHLIGHTS) == kept
    assert portal.texts["f.highlights"] == kept


def test_conflict_in_different_fields_both_stay(portal, page):
    portal.save_by_another(T6__numerator="18")
    write(page, "Bản của tôi")
    wait_for_state(page, "Đã lưu")
    assert portal.texts["T6.numerator"] == "18"
    assert portal.texts["f.highlights"] == "Bản của tôi"
    assert page.input_value("#n") == "18"


def test_old_copy_meets_newer_server_text_the_person_chooses(portal, page):
    portal.behaviour = "cut"
    write(page, "Bản cũ trên máy này")
    wait_for_state(page, WAITING)
    wait_for_copy(page, "Bản cũ trên máy này")
    portal.save_by_another(f__highlights="Bản mới ở máy khác")
    page.reload()
    panel = page.wait_for_selector("[data-draft-conflict]")
    assert page.input_value(HIGHLIGHTS) == "Bản mới ở máy khác"
    assert "Bản cũ trên máy này" in panel.inner_text()

    # Typing elsewhere while the choice is open must not lose the older text.
    write(page, "5", field="#n")
    page.wait_for_timeout(600)
    assert "Bản cũ trên máy này" in str(copies(page))
    portal.behaviour = "ok"
    page.click("text=Giữ của tôi")
    wait_for_state(page, "Đã lưu")
    assert portal.texts["f.highlights"] == "Bản cũ trên máy này"
    assert portal.texts["T6.numerator"] == "5"


def test_session_ended_text_is_sent_after_signing_in_again(portal, page):
    portal.signed_in = False
    write(page, "Gõ sau khi phiên hết")
    note = page.wait_for_selector("[data-draft-note=session]")
    assert "Phiên làm việc đã hết. Nội dung đã giữ trên máy." in note.inner_text()
    link = page.get_attribute("[data-draft-note=session] a", "href")
    assert link == "/dang-nhap/?next=%2Fmuc%2F"
    wait_for_copy(page, "Gõ sau khi phiên hết")

    portal.signed_in, portal.token = True, "second"
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for_state(page, "Đã lưu")
    assert portal.texts["f.highlights"] == "Gõ sau khi phiên hết"
    assert page.query_selector("[data-draft-note=session]") is None


def test_session_of_another_person_sends_nothing(portal, page):
    portal.signed_in = False
    write(page, "Của người thứ nhất")
    page.wait_for_selector("[data-draft-note=session]")
    portal.signed_in, portal.token, portal.user = True, "second", "2"
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for_state(page, "đã đổi tài khoản")
    assert portal.texts["f.highlights"] == ""

    page.reload()
    page.wait_for_timeout(500)
    assert page.input_value(HIGHLIGHTS) == ""


def test_token_renewed_by_another_window_is_fetched_and_used(portal, page):
    portal.token = "second"
    write(page, "Mã cũ")
    wait_for_state(page, "Đã lưu")
    assert portal.texts["f.highlights"] == "Mã cũ"
    assert page.input_value("form[data-draft] [name=csrfmiddlewaretoken]") == "second"


def test_button_pressed_without_network_stays_on_the_page(portal, page):
    portal.behaviour = "cut"
    page.fill(HIGHLIGHTS, "Sắp gửi")
    page.click("text=Kiểm tra và gửi")
    page.wait_for_selector("[data-draft-note=message]")
    assert page.url.endswith("/muc/")
    assert page.input_value(HIGHLIGHTS) == "Sắp gửi"

    portal.behaviour = "ok"
    page.click("text=Kiểm tra và gửi")
    page.wait_for_url("**/bien-nhan/")
    assert portal.texts["f.highlights"] == "Sắp gửi"
    assert portal.posts[-1]["action"] == "check"
    wait_for_no_copy(page)


def test_lists_of_people_are_sent_but_never_kept_on_the_device(portal, page):
    portal.behaviour = "cut"
    page.fill("#p", "Nguyễn Văn Bí Mật")
    write(page, "Chữ thường")
    wait_for_copy(page, "Chữ thường")
    assert "Bí Mật" not in str(copies(page))
    portal.behaviour = "ok"
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for_state(page, "Đã lưu")
    assert portal.texts["f.people.0.full_name"] == "Nguyễn Văn Bí Mật"


def test_sign_out_asks_and_wipes_every_copy(portal, page):
    portal.behaviour = "cut"
    write(page, "Chưa gửi")
    wait_for_copy(page, "Chưa gửi")
    page.click("text=Đăng xuất")
    assert "Máy này còn nội dung chưa gửi" in page.inner_text("dialog")
    page.click("dialog .btn-primary")
    page.wait_for_url("**/dang-nhap/")
    assert copies(page) == []


def test_unsent_copy_is_named_on_other_pages(portal, page):
    portal.behaviour = "cut"
    write(page, "Để lại")
    wait_for_copy(page, "Để lại")
    page.goto(f"{portal.url}/trang-khac/")
    page.wait_for_selector(".draft-note a[href='/muc/']")
    assert "Nông nghiệp" in page.inner_text(".draft-note")


def test_error_stands_beside_its_field_and_goes_when_mended(portal, page):
    portal.errors = {"T6.numerator": "Tử số (130) lớn hơn mẫu số (120)."}
    write(page, "130", field="#n")
    wait_for_state(page, "còn 1 chỗ cần sửa")
    message = page.wait_for_selector("[data-error-for='T6.numerator']")
    assert message.inner_text() == "Tử số (130) lớn hơn mẫu số (120)."
    assert page.get_attribute("#n", "aria-invalid") == "true"
    assert message.get_attribute("id") in page.get_attribute("#n", "aria-describedby")

    portal.errors = {}
    write(page, "100", field="#n")
    wait_for_state(page, "Đã lưu")
    assert page.get_attribute("#n", "aria-invalid") is None
    assert message.inner_text() == ""


def test_odd_figure_opens_the_field_for_its_reason(portal, page):
    portal.soft = {"T6.numerator": "Thấp hơn kỳ trước (21 → 9)."}
    write(page, "9", field="#n")
    page.wait_for_selector("[data-soft-for]:not([hidden])")
    assert page.inner_text("[data-soft-text]") == "Thấp hơn kỳ trước (21 → 9)."
    assert page.is_enabled("[name='T6.reason']")


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        ("18", "41", "43,9%"),
        ("1.043", "1.704", "61,2%"),
        ("1 043", "1 704", "61,2%"),
        ("1", "2000", "0,1%"),
        ("5", "0", "–"),
        ("130", "120", "–"),
        ("abc", "120", ""),
        ("", "120", ""),
    ],
)
def test_pair_percent_while_typing(page, part, whole, shown):
    page.fill("#n", part)
    page.fill("#d", whole)
    assert page.inner_text("[data-percent]") == shown


def test_script_lost_on_a_bad_line_leaves_the_plain_form(portal, page):
    page.route("**/draft-view.js", lambda route: route.abort())
    page.reload()
    page.fill(HIGHLIGHTS, "Không có kịch bản")
    page.click("text=Kiểm tra và gửi")
    page.wait_for_url("**/bien-nhan/")
    assert portal.texts["f.highlights"] == "Không có kịch bản"
