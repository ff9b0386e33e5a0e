"""The PDF engine: one font, nothing from outside, whatever stands in the text."""

import socket
import sys
import unicodedata
from contextlib import contextmanager

import pytest

from doanportal.pdf import BundledFetcher, ForbiddenAddress, html_to_pdf, printable

from .papers import pdf_fonts, pdf_text

FAMILY = "Liberation-Serif-Portal"
WATCHED = {"on": False, "seen": []}


def watch(event, arguments):
    if WATCHED["on"] and (
        event in ("socket.connect", "socket.getaddrinfo", "urllib.Request")
        or (event == "open" and "canary" in str(arguments[0]))
    ):
        WATCHED["seen"].append((event, arguments))


sys.addaudithook(watch)


@contextmanager
def watched():
    """What is asked of the network or of canary files within the block."""
    WATCHED.update(on=True, seen=[])
    yield WATCHED["seen"]
    WATCHED["on"] = False


def page(body, style=""):
    return f'<!doctype html><html lang="vi"><head><style>{style}</style></head><body>{body}</body></html>'


def test_foreign_letters_and_fonts_embed_only_the_vendored_serif():
    body = "<p>Đoàn <b>ổn</b> <i>ẫm</i> <b><i>Ữ</i></b> 你好 🙂 العربية</p><pre>mã</pre><ul><li>một</ul>"
    content = html_to_pdf(page(body, "pre {font-family: monospace}"))
    faces = {name.removeprefix(FAMILY) for name in pdf_fonts(content)}
    assert faces == {"", "-Bold", "-Italic", "-Bold-Italic"}
    assert "□" in pdf_text(content)


def test_every_vietnamese_letter_is_printed_as_itself():
    letters = "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    text = pdf_text(html_to_pdf(page(f"<p>{letters}</p><p>{letters.upper()}</p>")))
    assert letters in text and letters.upper() in text


def test_decomposed_text_comes_out_composed():
    decomposed = unicodedata.normalize("NFD", "Huyện Đoàn Lộc Ninh")
    assert "Huyện Đoàn Lộc Ninh" in pdf_text(html_to_pdf(page(f"<p>{decomposed}</p>")))


def test_steering_characters_are_dropped():
    assert printable("a\u202eb\u200bc\u0007d\ne") == "abcd\ne"


SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
PAGES = {
    "image": lambda url: page(f'<img src="{url}">'),
    "object": lambda url: page(f'<img src="x" srcset="{url} 2x"><object data="{url}"></object>'),
    "frame": lambda url: page(f'<iframe src="{url}"></iframe><embed src="{url}">'),
    "css": lambda url: page("<p>x</p>", f'@import url("{url}"); p {{ background: url("{url}") }}'),
    "font": lambda url: page("<p>x</p>", f'@font-face {{ font-family: y; src: url("{url}") }}'),
    "content": lambda url: page("<p>x</p>", f'p::before {{ content: url("{url}") }}'),
    "svg": lambda url: page(SVG.format(f'<image href="{url}"/><use href="{url}#a"/>')),
    "link": lambda url: page(f'<link rel="stylesheet" href="{url}"><link rel="attachment" href="{url}">'),
    "base": lambda url: f'<html><head><base href="{url}"></head><body><img src="x.png"></body></html>',
}


@pytest.mark.parametrize("way", PAGES)
def test_no_address_in_the_page_is_opened(way, tmp_path):
    canary = tmp_path / "canary.svg"
    canary.write_text(SVG.format('<text y="9">CHIMHOANGYEN</text>'))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        port = server.getsockname()[1]
        urls = (f"http://127.0.0.1:{port}/a.svg", canary.as_uri(), "ftp://127.0.0.1/a", str(canary))
        with watched() as seen:
            contents = [html_to_pdf(PAGES[way](url)) for url in urls]
        with pytest.raises(TimeoutError):
            server.accept()
    assert seen == []
    assert not any("CHIMHOANGYEN" in pdf_text(content) for content in contents)


def test_image_given_in_memory_is_served_and_no_other():
    fetcher = BundledFetcher({"cid:a": (b"bytes", "image/jpeg")})
    assert fetcher.fetch("cid:a").read() == b"bytes"
    for url in ("cid:b", "bundled-font:../../../etc/passwd", "data:text/plain,x", "file:///etc/passwd"):
        with pytest.raises(ForbiddenAddress):
            fetcher.fetch(url)
