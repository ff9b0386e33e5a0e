"""The small scripts of every page: photos shrunk on the phone, copy buttons, questions, focus."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.fake_portal import STATIC

pytestmark = pytest.mark.browser

HTML = """<!doctype html><html lang="vi"><body><main id="content">
<div data-error-summary><a href="#inside">Số buổi: chưa nhập</a></div>
<details id="fold"><summary>Ghi chú</summary><input id="inside" name="note"></details>
<input type="file" id="photos" data-photo multiple accept="image/*">
<textarea id="message">Kính đề nghị</textarea><button id="copy" data-copy="#message">Sao chép</button>
<form id="discard" data-confirm="Bỏ bản nháp?"><button>Bỏ</button></form>
<form id="once" data-guard-double><button>Gửi</button></form>
</main></body></html>"""


@pytest.fixture
def page(chromium):
    context = chromium.new_context(locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(8000)
    page.route(
        "http://portal.test/**",
        lambda route: route.fulfill(body=HTML, content_type="text/html; charset=utf-8"),
    )
    page.goto("http://portal.test/")
    page.evaluate(
        "window.sent = []; addEventListener('submit', event => {"
        " if (!event.defaultPrevented) window.sent.push(event.target.id); event.preventDefault(); })"
    )
    for name in ("page", "copy", "photo"):
        page.add_script_tag(path=Path(STATIC) / "js" / f"{name}.js")
    yield page
    context.close()


def photo(width, height):
    picture = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(picture, "JPEG", quality=95)
    return picture.getvalue()


def sizes(page):
    """[name, bytes, longest side] of what the form would send."""
    return page.evaluate("""async () => {
        const read = async file => {
            const picture = await createImageBitmap(file).catch(() => ({ width: 0, height: 0 }));
            return [file.name, file.size, Math.max(picture.width, picture.height)];
        };
        return Promise.all([...document.querySelector('#photos').files].map(read));
    }""")


def test_large_photo_is_shrunk_before_it_is_sent(page):
    original = photo(3000, 2000)
    page.set_input_files("#photos", {"name": "Ảnh ra quân.jpg", "mimeType": "image/jpeg", "buffer": original})
    page.wait_for_selector("#photos-files button")
    [(name, size, side)] = sizes(page)
    assert name == "Ảnh ra quân.jpg"
    assert side == 1600
    assert size < len(original) / 3


def test_file_that_is_no_picture_stays_as_it_is(page):
    page.set_input_files("#photos", {"name": "ảnh.heic", "mimeType": "image/heic", "buffer": b"x" * 900_000})
    page.wait_for_selector("#photos-files button")
    assert sizes(page) == [["ảnh.heic", 900_000, 0]]


def test_photos_chosen_twice_add_up_and_one_can_be_taken_out(page):
    for name in ("một.jpg", "hai.jpg"):
        page.set_input_files("#photos", {"name": name, "mimeType": "image/jpeg", "buffer": photo(200, 100)})
        page.wait_for_selector(f"#photos-files button[aria-label='Bỏ {name}']")
    page.click("#photos-files button[aria-label='Bỏ một.jpg']")
    assert [row[0] for row in sizes(page)] == ["hai.jpg"]


def test_copy_without_clipboard_selects_the_text_and_says_so(page):
    page.evaluate("document.execCommand = () => false")
    page.click("#copy")
    page.wait_for_selector("[data-copy-words]")
    assert "Đã bôi đen" in page.inner_text("[data-copy-words]")
    assert page.evaluate("getSelection().toString()") == "Kính đề nghị"


@pytest.mark.parametrize(("answer", "sent"), [(".btn-primary", ["discard"]), (".btn-outline-primary", [])])
def test_question_is_asked_before_the_form_is_sent(page, answer, sent):
    page.click("#discard button")
    assert "Bỏ bản nháp?" in page.inner_text("dialog")
    page.click(f"dialog {answer}")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("window.sent") == sent


def test_form_pressed_twice_is_sent_once(page):
    page.dblclick("#once button")
    assert page.evaluate("window.sent.filter(id => id === 'once').length") == 1


def test_error_summary_has_the_focus_and_its_link_opens_the_field(page):
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.click("text=Số buổi: chưa nhập")
    assert page.evaluate("document.getElementById('fold').open")
    assert page.evaluate("document.activeElement.id") == "inside"
