"""The zip of a workbook: looked at from outside before anything in it is parsed.

What is refused here costs a look at the directory: passwords, macros, old formats, bombs, unsafe names.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from io import BytesIO

from doanportal.uploads import MEGABYTE

from .findings import WorkbookRefused
from .xml_stream import Budget, parse_small

MAX_FILE = 10 * MEGABYTE
MAX_ENTRIES = 1000
MAX_DIRECTORY = 256 * 1024
MAX_PART = 48 * MEGABYTE
MAX_TOTAL = 160 * MEGABYTE
MAX_RATIO = 200
RATIO_FROM = 2 * MEGABYTE  # a small part may well be all spaces
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
ZIP64_LOCATOR = b"PK\x06\x07"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AGAIN = "Mở tệp bằng Excel, chọn Lưu dưới dạng (Save As) → Excel Workbook (.xlsx), rồi tải tệp mới lên."
BROKEN = "Tệp bị hỏng hoặc tải lên chưa hết, không mở được."
DOCUMENT_RELATION = "/officeDocument"
SHEET_RELATION = "/worksheet"
STRINGS_RELATION = "/sharedStrings"


class Package:
    """An .xlsx that passed the look from outside: its sheets in order, and what else it carries."""

    def __init__(self, content):
        self.archive = open_archive(content)
        self.parts = {info.filename.lower().lstrip("/"): info for info in self.archive.infolist()}
        self.budget = Budget()
        refuse_macros(self)
        self.workbook_part = find_workbook(self)
        self.sheets, self.date_1904 = read_sheet_list(self)
        self.strings_part = self.related(self.workbook_part, STRINGS_RELATION)

    def has(self, part):
        return part.lower() in self.parts

    def open(self, part):
        """A stream of the part's bytes. Raises WorkbookRefused when it is not there."""
        info = self.parts.get(part.lower())
        if info is None:
            raise WorkbookRefused(f"{BROKEN} Thiếu phần «{part}».", SAVE_AGAIN)
        return PartStream(self.archive, info)

    def relations(self, part):
        """{id: (type, part)} of what a part refers to inside the file."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found = {}
        if self.has(rels):
            for tag, attributes in parse_small(self.open(rels), self.budget):
                if tag == "Relationship" and attributes.get("TargetMode") != "External":
                    target = attributes.get("Target", "").replace("\\", "/")
                    path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                    found[attributes.get("Id", "")] = (attributes.get("Type", ""), path)
        return found

    def related(self, part, kind):
        """The first part of that kind that a part refers to, or ''."""
        return next((path for type_, path in self.relations(part).values() if type_.endswith(kind)), "")

    @property
    def extras(self):
        """What the file carries beside cells and is left alone, in words."""
        kinds = (
            ("xl/media/", "ảnh"),
            ("xl/externallinks/", "liên kết tới tệp khác"),
            ("xl/embeddings/", "tệp nhúng"),
            ("xl/connections.xml", "kết nối dữ liệu"),
        )
        return [words for prefix, words in kinds if any(name.startswith(prefix) for name in self.parts)]


class PartStream:
    """Bytes of one part; whatever breaks while unpacking is a broken file."""

    def __init__(self, archive, info):
        self.stream = archive.open(info)

    def read(self, size):
        try:
            return self.stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise WorkbookRefused(BROKEN, SAVE_AGAIN) from error


def open_archive(content):
    """The ZipFile, after all that can be seen without unpacking. Raises WorkbookRefused."""
    if not content:
        raise WorkbookRefused("Tệp trống, không có nội dung.", "Chọn lại tệp Excel đã lưu.")
    if len(content) > MAX_FILE:
        raise WorkbookRefused(
            f"Tệp nặng {len(content) // MEGABYTE} MB, nhiều nhất {MAX_FILE // MEGABYTE} MB.",
            "Xóa ảnh, trang tính không cần trong tệp hoặc chia thành nhiều tệp.",
        )
    if not content.startswith(b"PK"):
        raise WorkbookRefused(*what_it_is(content))
    look_at_directory(content)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        look_at_entries(archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error, OSError) as error:
        raise WorkbookRefused(BROKEN, SAVE_AGAIN) from error
    return archive


def what_it_is(content):
    """(message, cure) of a file that is no zip."""
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return (
                "Tệp có mật khẩu nên không đọc được.",
                "Mở tệp, vào Tệp (File) → Thông tin (Info) → Bảo vệ sổ làm việc → Mã hóa bằng mật khẩu, "
                "xóa mật khẩu, lưu rồi tải lên lại.",
            )
        return "Tệp Excel kiểu cũ (.xls).", SAVE_AGAIN
    start = content[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<meta")):
        return "Tệp là trang web được đổi đuôi thành Excel.", SAVE_AGAIN
    if start.startswith(b"<"):
        return "Tệp là XML, không phải Excel (.xlsx).", SAVE_AGAIN
    if start.startswith(b"%pdf"):
        return "Tệp là PDF, không phải Excel (.xlsx).", "Chọn tệp Excel của danh sách."
    if b"\x00" not in content[:2048]:
        return "Tệp là văn bản (CSV, TXT), không phải Excel (.xlsx).", SAVE_AGAIN
    return "Tệp không phải Excel (.xlsx).", SAVE_AGAIN


def look_at_directory(content):
    """Refuse a directory too large to be read at all: zipfile would make an object of each entry."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    if at < 0 or len(content) - at < END_OF_DIRECTORY.size:
        raise WorkbookRefused(BROKEN, SAVE_AGAIN)
    _, _, _, _, entries, size, offset, _ = END_OF_DIRECTORY.unpack_from(content, at)
    if entries > MAX_ENTRIES or size > MAX_DIRECTORY or content[max(0, at - 20) :].startswith(ZIP64_LOCATOR):
        raise WorkbookRefused("Tệp chứa quá nhiều phần, không giống tệp Excel.", SAVE_AGAIN)
    if offset + size > at:
        raise WorkbookRefused(BROKEN, SAVE_AGAIN)


def look_at_entries(entries):
    """Refuse names that lead out, doubles, passwords, and what would unpack to too much."""
    seen = set()
    for info in entries:
        name = info.orig_filename
        if (
            "\\" in name
            or "\x00" in name
            or name.startswith("/")
            or ":" in name
            or ".." in name.split("/")
            or any(ord(letter) < 32 for letter in name)
        ):
            raise WorkbookRefused("Tệp chứa tên đường dẫn không an toàn nên không mở.", SAVE_AGAIN)
        if (folded := name.lower()) in seen:
            raise WorkbookRefused("Tệp chứa hai phần trùng tên nên không mở.", SAVE_AGAIN)
        seen.add(folded)
        if info.flag_bits & 0x1:
            raise WorkbookRefused(
                "Tệp nén có mật khẩu nên không đọc được.", "Bỏ mật khẩu, lưu rồi tải lên lại."
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WorkbookRefused("Tệp nén theo kiểu mà Excel không dùng.", SAVE_AGAIN)
        refuse_bomb(info)
    if sum(info.file_size for info in entries) > MAX_TOTAL:
        raise WorkbookRefused(*TOO_LARGE)


TOO_LARGE = (
    "Nội dung của tệp quá lớn khi giải nén nên không mở.",
    "Xóa trang tính, dòng trống có định dạng và ảnh không cần, hoặc chép các dòng vào mẫu mới tải.",
)


def refuse_bomb(info):
    if info.file_size > MAX_PART:
        raise WorkbookRefused(*TOO_LARGE)
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise WorkbookRefused(*TOO_LARGE)


def refuse_macros(package):
    """Macros, sheets of macros and the content types of .xlsm, .xlsb."""
    names = package.parts
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise WorkbookRefused(*HAS_MACROS)
    if "xl/workbook.bin" in names:
        raise WorkbookRefused("Tệp Excel nhị phân (.xlsb).", SAVE_AGAIN)
    if "[content_types].xml" not in names:
        if any(name.endswith((".xlsx", ".xls", ".xlsm")) for name in names):
            raise WorkbookRefused("Đây là tệp nén (.zip) chứa tệp Excel.", "Giải nén rồi tải tệp .xlsx lên.")
        if "mimetype" in names and any(name == "content.xml" for name in names):
            raise WorkbookRefused("Tệp của LibreOffice, OpenOffice (.ods).", SAVE_AGAIN)
        raise WorkbookRefused("Tệp nén này không phải tệp Excel (.xlsx).", SAVE_AGAIN)
    for tag, attributes in parse_small(package.open("[Content_Types].xml"), package.budget):
        if tag in ("Override", "Default") and "macroenabled" in attributes.get("ContentType", "").lower():
            raise WorkbookRefused(*HAS_MACROS)


HAS_MACROS = (
    "Tệp có macro (.xlsm) nên không nhận.",
    "Mở tệp bằng Excel, lưu dưới dạng Excel Workbook (.xlsx) không macro, rồi tải lên lại.",
)


def find_workbook(package):
    """The name of the main part. Raises WorkbookRefused for a Word file and the like."""
    main = next(
        (path for type_, path in package.relations("").values() if type_.endswith(DOCUMENT_RELATION)),
        "xl/workbook.xml",
    )
    if not package.has(main) or re.match(r"(word|ppt)/", main):
        raise WorkbookRefused("Tệp không phải Excel (.xlsx).", "Chọn tệp Excel của danh sách.")
    return main


def read_sheet_list(package):
    """([(name, part, hidden)] in order, whether days count from 1904)."""
    relations = package.relations(package.workbook_part)
    sheets, date_1904 = [], False
    for tag, attributes in parse_small(package.open(package.workbook_part), package.budget):
        if tag == "workbookPr":
            date_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            key = next(
                (value for name, value in attributes.items() if name.endswith("id") and " " in name), ""
            )
            type_, part = relations.get(key, ("", ""))
            if type_.endswith(SHEET_RELATION) and package.has(part):
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append((attributes.get("name", "")[:31], part, hidden))
    if not sheets:
        raise WorkbookRefused(f"{BROKEN} Không có trang tính nào.", SAVE_AGAIN)
    return sheets, date_1904
