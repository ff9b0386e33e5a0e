"""Certificates: what stands on one, how long text is made to fit, and the PDF (domain.md §3.5).

Every line is measured with the vendored serif and set at a size that fits: a name shrinks and never breaks, a
collective's name may go on between words. Full prints bring their frame, overlays only what a blank lacks.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont

from doanportal.formats import format_document_date, format_number
from doanportal.paper.text import clean
from doanportal.pdf import FONT_FOLDER, html_to_pdf, printable
from units.letterhead import PROVINCE_KIND, signature_of
from units.models import Unit
from units.naming import name_on

from .certificate_art import frame, ruler
from .models import CertificateBatch, PrintLayout, SubjectKind

Mode = CertificateBatch.Mode
UNION = "ĐOÀN TNCS HỒ CHÍ MINH"
PT = 25.4 / 72
LEADING = 1.2
# A layout of more lines is taken only when its letters grow by more than this.
WORTH_A_LINE = 1.12
A4_WIDTH, A4_HEIGHT = 297, 210
NBSP = "\u00a0"
KEPT_TOGETHER = ("Hồ Chí Minh", "Bình Phước", "Trung ương Đoàn")
YEAR = re.compile(r"(năm|tháng|giai đoạn) (?=[0-9])")
LAYOUT_NAME = "Phôi Bằng khen"
FRAME, RULER = "cid:frame", "cid:ruler"


@dataclass(frozen=True)
class Slot:
    """A place on the sheet, in mm: top, height, middle (or left edge) and width; the largest size in pt."""

    label: str
    top: float
    height: float
    size: float
    face: str = "Regular"
    x: float = A4_WIDTH / 2
    width: float = 236
    lines: int = 1
    align: str = "center"
    css: str = ""
    printed_on_blank: bool = False
    tracking: float = 0.0


SLOTS = {
    "union": Slot("Đoàn TNCS Hồ Chí Minh", 24.5, 7, 15, "Bold", printed_on_blank=True),
    "issuer": Slot("Cơ quan tặng", 31.5, 8, 17, "Bold", printed_on_blank=True),
    "award": Slot("Chữ TẶNG", 45, 9, 20, "Bold", printed_on_blank=True),
    "title": Slot("Chữ trên bằng", 54.5, 22, 50, "Bold", css="title", printed_on_blank=True, tracking=0.06),
    "name": Slot("Tên người, tập thể", 84, 21, 31, "Bold", lines=3, css="name"),
    "detail": Slot("Chức vụ, đơn vị", 106, 12.5, 17, "Italic", lines=2),
    "achievement": Slot("Thành tích", 120.5, 20, 18, lines=3),
    "place": Slot("Nơi, ngày tháng", 142, 6.5, 14, "Italic", x=209, width=126),
    "authority": Slot("Đề ký", 149, 6.5, 14, "Bold", x=209, width=126, printed_on_blank=True),
    "signer_title": Slot("Chức vụ người ký", 155.5, 6.5, 14, "Bold", x=209, width=126, printed_on_blank=True),
    "signer": Slot("Họ tên người ký", 181, 7, 15, "Bold", x=209, width=126),
    "decision": Slot("Số Quyết định", 174, 6, 12.5, x=28, width=112, align="left"),
    "book": Slot("Vào sổ vàng số", 180.5, 6, 12.5, x=28, width=112, align="left"),
}
OVERLAY_SLOTS = tuple(key for key, slot in SLOTS.items() if not slot.printed_on_blank)


@dataclass(frozen=True)
class Certificate:
    """The texts of one certificate by slot; `one_line`: slots whose text never breaks."""

    texts: dict
    one_line: frozenset = frozenset()


@dataclass(frozen=True)
class Line:
    """One line of text as the template places it: numbers as texts, for CSS."""

    text: str
    css: str
    left: str
    top: str
    width: str
    size: str
    height: str


@dataclass(frozen=True)
class Sheet:
    """Size of the paper in mm, the shift found by a test print, and the lines moved or left out."""

    width: int = A4_WIDTH
    height: int = A4_HEIGHT
    offset_x: float = 0.0
    offset_y: float = 0.0
    positions: tuple = ()

    @classmethod
    def of_layout(cls, layout, *, offset_x=None, offset_y=None):
        return cls(
            width=layout.width_mm,
            height=layout.height_mm,
            offset_x=float(layout.offset_x_mm if offset_x is None else offset_x),
            offset_y=float(layout.offset_y_mm if offset_y is None else offset_y),
            positions=tuple(sorted(layout.positions.items())),
        )


def print_layout():
    """The province's blank; made with usual values when nobody has set it yet."""
    return PrintLayout.objects.get_or_create(name=LAYOUT_NAME)[0]


# What stands on it


def certificates_of(entries):
    """[Certificate] of entries of the golden book, in their order. Queries do not grow with entries."""
    entries = list(entries)
    prefetch_related_objects(entries, "line__form", "line__nomination__unit", "line__decision__document")
    province = Unit.objects.prefetch_related("names").get(kind__code=PROVINCE_KIND, parent=None)
    return [certificate_of(entry, province) for entry in entries]


def certificate_of(entry, province):
    nomination, document = entry.line.nomination, entry.line.decision.document
    name = name_on(province, entry.decision_date)
    signature = signature_of(name, signer_title=document.signer_title, signer_name=document.signer_name)
    individual = nomination.subject_kind == SubjectKind.INDIVIDUAL
    day = format_document_date(entry.decision_date)
    texts = {
        "union": UNION,
        "issuer": entry.line.form.issuer.upper(),
        "award": "TẶNG",
        "title": entry.line.form.title_line,
        "name": f"Đồng chí {entry.name}" if individual else entry.name,
        "detail": entry.detail,
        "achievement": f"Đã có thành tích xuất sắc trong {entry.achievement}",
        "place": f"{name.place_name}, {day}",
        "authority": signature.authority,
        "signer_title": signature.title,
        "signer": signature.name,
        "decision": f"Quyết định số {entry.decision_number} {day}",
        "book": f"Vào sổ vàng số: {entry.number:02d}",
    }
    return Certificate(
        {key: glued(printable(clean(text)), nomination.unit.short_name) for key, text in texts.items()},
        frozenset(["name"]) if individual else frozenset(),
    )


def glued(text, *names):
    """The text with names that stay on one line held together by no-break spaces."""
    for name in (*KEPT_TOGETHER, *names):
        text = text.replace(name, name.replace(" ", NBSP))
    return YEAR.sub(lambda found: f"{found[1]}{NBSP}", text)


SAMPLE = Certificate(
    {
        "name": "Đồng chí Nguyễn Thị Minh Khai",
        "detail": "Bí thư Đoàn xã, Huyện Đoàn Lộc Ninh",
        "achievement": "Đã có thành tích xuất sắc trong (bản in thử, không có giá trị)",
        "place": "Bình Phước, ngày 01 tháng 01 năm 2023",
        "signer": "Họ và tên người ký",
        "decision": "Quyết định số 000-QĐ/TĐTN-BPT ngày 01 tháng 01 năm 2023",
        "book": "Vào sổ vàng số: 000",
    },
    frozenset(["name"]),
)


# Making text fit


@lru_cache(maxsize=4)
def advances(face):
    """{letter: width in em} of a face."""
    font = TTFont(FONT_FOLDER / f"LiberationSerif-{face}.ttf", lazy=True)
    widths, em = font["hmtx"], font["head"].unitsPerEm
    return {chr(code): widths[name][0] / em for code, name in font.getBestCmap().items()}


def measure(text, face, tracking=0.0):
    """The width of the text in em; kerning is off on certificates, so this is exact."""
    widths = advances(face)
    return sum(widths[letter] + tracking for letter in text)


def broken(words, count, face):
    """The words in `count` lines, the widest as narrow as can be; breaks stand between words only."""
    widths = [measure(word, face) for word in words]
    space = measure(" ", face)
    low, high = max(widths), sum(widths) + space * len(words)
    best = filled(words, widths, space, high)
    for _ in range(24):
        middle = (low + high) / 2
        lines = filled(words, widths, space, middle)
        if len(lines) <= count:
            best, high = lines, middle
        else:
            low = middle
    return best


def filled(words, widths, space, limit):
    lines, room = [], -1.0
    for word, width in zip(words, widths, strict=True):
        if lines and width + space <= room + 1e-9:
            lines[-1].append(word)
            room -= width + space
        else:
            lines.append([word])
            room = limit - width
    return [" ".join(line) for line in lines]


def fit(text, *, face, width, height, largest, lines=1, tracking=0.0):
    """(size in pt, [line]): the largest size at which the text stays within `width` × `height` mm.

    At most `lines` lines, and of several only as many as make the letters visibly larger.
    """
    words = text.split(" ")
    chosen = None
    for count in range(1, min(lines, len(words)) + 1):
        rows = [text] if count == 1 else broken(words, count, face)
        widest = max(measure(row, face, tracking) for row in rows)
        size = min(largest, width / (widest * PT), height / (len(rows) * LEADING * PT))
        if chosen is None or size > chosen[0] * WORTH_A_LINE:
            chosen = size, rows
    return chosen


def placed(certificate, keys, sheet):
    """[Line] of the slots of a certificate on a sheet."""
    across, down = sheet.width / A4_WIDTH, sheet.height / A4_HEIGHT
    moved = dict(sheet.positions)
    found = []
    for key in keys:
        slot, text = SLOTS[key], certificate.texts.get(key, "")
        top = moved.get(key, slot.top * down)
        if not text or top is None:
            continue
        width, height = slot.width * across, slot.height * down
        size, rows = fit(
            text,
            face=slot.face,
            width=width,
            height=height,
            largest=slot.size * min(across, down),
            lines=1 if key in certificate.one_line else slot.lines,
            tracking=slot.tracking,
        )
        step = size * LEADING * PT
        first = float(top) + (height - step * len(rows)) / 2 + sheet.offset_y
        left = slot.x * across - (width / 2 if slot.align == "center" else 0) + sheet.offset_x
        css = " ".join(filter(None, ("line", slot.face.lower(), slot.align, slot.css)))
        found += [
            Line(
                row,
                css,
                f"{left:.2f}",
                f"{first + number * step:.2f}",
                f"{width:.2f}",
                f"{size:.3f}",
                f"{step:.3f}",
            )
            for number, row in enumerate(rows)
        ]
    return found


# The PDF


def render(certificates, mode, sheet=None):
    """The PDF of the certificates, a page each. Overlays take the sheet of the blank, full prints are A4."""
    full = mode == Mode.FULL
    sheet = Sheet() if full else sheet or Sheet()
    keys = tuple(SLOTS) if full else OVERLAY_SLOTS
    pages = [placed(one, keys, sheet) for one in certificates]
    return to_pdf(pages, sheet, background=FRAME if full else "", image=frame() if full else "")


def render_test(sheet):
    """One page with a ruler in the paper's own millimetres, and sample lines where an overlay puts them."""
    lines = placed(SAMPLE, OVERLAY_SLOTS, sheet)
    lines += [mark(place, 13, place) for place in range(50, sheet.width - 10, 50)]
    lines += [mark(16, place - 2, place) for place in range(50, sheet.height - 10, 50)]
    lines.append(
        Line(
            "In thử: đặt giấy như khi in thật, in đúng tỷ lệ 100%. Dịch ngang "
            f"{format_number(sheet.offset_x)} mm, dịch dọc {format_number(sheet.offset_y)} mm.",
            "line regular center",
            "0",
            "22",
            str(sheet.width),
            "10",
            "5",
        )
    )
    return to_pdf([lines], sheet, background=RULER, image=ruler(sheet.width, sheet.height))


def mark(left, top, number):
    return Line(str(number), "line regular center", f"{left - 6}", f"{top}", "12", "8", "4")


def to_pdf(pages, sheet, *, background, image):
    html = render_to_string("documents/certificate.html", {"pages": pages, "title": "Bằng khen"})
    css = render_to_string(
        "documents/certificate.css",
        {"width": str(sheet.width), "height": str(sheet.height), "background": background},
    )
    images = {background: (image.encode(), "image/svg+xml")} if background else {}
    return html_to_pdf(html, stylesheets=[css], images=images)
