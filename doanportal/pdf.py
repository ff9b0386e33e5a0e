"""HTML to PDF by WeasyPrint, shut in: no network, no file of the machine, one vendored serif."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

FONT_FOLDER = Path(settings.BASE_DIR) / "static" / "vendor" / "liberation-serif"
# A name of our own: an older Liberation Serif on the machine has no Vietnamese letters and must not be taken.
FONT_FAMILY = "Liberation Serif Portal"
FONT_FACES = {
    "Regular": ("normal", "normal"),
    "Bold": ("bold", "normal"),
    "Italic": ("normal", "italic"),
    "BoldItalic": ("bold", "italic"),
}
FONT_SCHEME = "bundled-font:"
# Relative addresses need a base; the fetcher refuses it like every other.
BASE_URL = "http://paper.invalid/"
NO_GLYPH = "□"
KEPT_CONTROLS = "\n\t"
DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}


class ForbiddenAddress(ValueError):
    """The document asked for something that was not handed over with it."""


class BundledFetcher(URLFetcher):
    """Serves the vendored font and the images given in memory; refuses every other address unopened."""

    def __init__(self, images: Mapping[str, tuple[bytes, str]]):
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.images = images

    def fetch(self, url, headers=None):
        if url in self.images:
            content, content_type = self.images[url]
            return URLFetcherResponse(url, content, {"Content-Type": content_type})
        if url.startswith(FONT_SCHEME) and url.removeprefix(FONT_SCHEME) in FONT_FACES:
            return URLFetcherResponse(
                url, font_file(url.removeprefix(FONT_SCHEME)), {"Content-Type": "font/ttf"}
            )
        raise ForbiddenAddress("Văn bản không được mở địa chỉ bên ngoài.")


def html_to_pdf(
    html: str, *, stylesheets: Iterable[str] = (), images: Mapping[str, tuple[bytes, str]] | None = None
) -> bytes:
    """The PDF of a whole HTML page. `stylesheets` are CSS texts, `images` maps "cid:…" to (bytes, type).

    Text comes out in NFC, in the vendored serif only: a letter that it lacks is printed as □.
    """
    return layout(html, stylesheets=stylesheets, images=images).write_pdf()


def layout(
    html: str, *, stylesheets: Iterable[str] = (), images: Mapping[str, tuple[bytes, str]] | None = None
) -> Document:
    """The laid-out document, for who needs to count its pages before printing."""
    fetcher = BundledFetcher(images or {})
    fonts = FontConfiguration()
    sheets = [
        CSS(string=text, base_url=BASE_URL, font_config=fonts, url_fetcher=fetcher)
        for text in (font_face_css(), *stylesheets)
    ]
    return HTML(string=printable(html), base_url=BASE_URL, url_fetcher=fetcher).render(
        stylesheets=sheets, font_config=fonts
    )


def printable(text: str) -> str:
    """NFC; what steers instead of printing (control, bidi, zero width) dropped; unknown letters as □."""
    text = unicodedata.normalize("NFC", text)
    return text.translate({ord(letter): replacement(letter) for letter in set(text)})


def replacement(letter: str) -> str | None:
    if letter in KEPT_CONTROLS:
        return letter
    if unicodedata.category(letter) in DROPPED_CATEGORIES:
        return None
    return letter if ord(letter) in letters_of_font() else NO_GLYPH


@lru_cache(maxsize=1)
def font_face_css() -> str:
    faces = [
        f'@font-face {{ font-family: "{FONT_FAMILY}"; src: url("{FONT_SCHEME}{name}"); '
        f"font-weight: {weight}; font-style: {style}; }}"
        for name, (weight, style) in FONT_FACES.items()
    ]
    return "\n".join([*faces, f'* {{ font-family: "{FONT_FAMILY}" !important; }}'])


@lru_cache(maxsize=len(FONT_FACES))
def font_file(name: str) -> bytes:
    return (FONT_FOLDER / f"LiberationSerif-{name}.ttf").read_bytes()


@lru_cache(maxsize=1)
def letters_of_font() -> frozenset[int]:
    """The code points that all four faces can print."""
    faces = [
        TTFont(FONT_FOLDER / f"LiberationSerif-{name}.ttf", lazy=True).getBestCmap() for name in FONT_FACES
    ]
    return frozenset(set.intersection(*(set(face) for face in faces)))
