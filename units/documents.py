"""The register of papers: number and day as the clerk gave them, the signed file (domain.md §2.3)."""

import re

from django.db import IntegrityError, transaction

from doanportal import clock
from doanportal.formats import format_date
from doanportal.typed import clean_line
from doanportal.uploads import UploadError, read_upload, safe_name, stored_file

from .events import record
from .models import Document

FULL_NUMBER = re.compile(r"([0-9]{1,6})([a-zA-ZđĐ]?)\s*(?:[-–/]\s*(\S.*))?")
TERM = re.compile(r"([0-9]{4})\s*[-–/]\s*([0-9]{4})")
LONGEST_TERM = 10  # years
NUMBER_ONCE = "document_number_once_a_term"


class DocumentError(ValueError):
    """The paper cannot be recorded so; the text is for the user, `field` names the input it is about."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


def split_number(text):
    """(number, symbol) of «5-QĐ/ĐTN» → («05», «QĐ/ĐTN»); the symbol is '' where only a number was typed.

    Raises DocumentError. One spelling a number: «5», «05» and «005» are the same paper.
    """
    line = clean_line(text, 80)
    match = FULL_NUMBER.fullmatch(line.removeprefix("Số").lstrip(": ").strip())
    if match is None:
        raise DocumentError(
            f"“{line}” không phải số văn bản. Hãy ghi như trên bản đã ký, ví dụ 05-QĐ/ĐTN.", "number"
        )
    digits, letter, symbol = match.groups()
    if not int(digits):
        raise DocumentError("Số văn bản bắt đầu từ 01. Hãy ghi như trên bản đã ký.", "number")
    return f"{int(digits):02d}{letter}", (symbol or "")[:60].strip()


def clean_term(text):
    """«2022-2027» of what was typed. Raises DocumentError."""
    match = TERM.fullmatch(clean_line(text, 20))
    if match is None or not 0 < int(match[2]) - int(match[1]) <= LONGEST_TERM:
        raise DocumentError("Hãy ghi nhiệm kỳ bằng hai năm, ví dụ 2022-2027.", "term")
    return f"{match[1]}-{match[2]}"


def usual_term(issuer):
    """The term of the issuer's latest paper, else of anybody's latest one; '' before the first. One query."""
    papers = Document.objects.exclude(term="").order_by("-date", "-pk")
    own = papers.filter(issuer=issuer).values("term")[:1]
    others = papers.values("term")[:1]
    terms = own.union(others, all=True).values_list("term", flat=True)
    return next(iter(terms), "")


def lock_document(document):
    """The same paper, read again and locked until the transaction ends."""
    return Document.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=document.pk)


@transaction.atomic
def record_number(document, *, number, term, date, by, symbol=""):
    """Write down number and day of a paper, or correct them; returns the paper, saved.

    `symbol` stays as it was where none is given. Side effects: one event when something changed.
    Raises DocumentError on a day after today, and when the number is taken in the term.
    """
    document = lock_document(document)
    if date > clock.today():
        raise DocumentError(f"Ngày văn bản {format_date(date)} ở sau hôm nay. Hãy kiểm tra lại.", "date")
    before = (document.number, document.symbol, document.term, document.date)
    document.number, document.term, document.date = number, term, date
    document.symbol = symbol or document.symbol
    if (document.number, document.symbol, document.term, document.date) == before:
        return document
    twins = Document.objects.filter(issuer=document.issuer, type=document.type, term=term, number=number)
    if twins.exclude(pk=document.pk).exists():
        raise number_taken(document)
    try:
        with transaction.atomic():
            document.save(update_fields=["number", "symbol", "term", "date"])
    except IntegrityError as error:
        if NUMBER_ONCE not in str(error):
            raise
        raise number_taken(document) from error
    record(
        verb="number_document",
        subject=document,
        actor=by,
        unit=document.issuer,
        from_state=f"{before[0]} {before[3] or ''}".strip(),
        to_state=f"{number} {date}",
    )
    return document


def number_taken(document):
    return DocumentError(
        f"Số {document.number} đã dùng cho một {document.get_type_display()} khác của đơn vị trong nhiệm kỳ "
        f"{document.term}. Hãy kiểm tra lại số và nhiệm kỳ.",
        "number",
    )


def read_signed(upload):
    """(bytes, content type, name) of a signed scan: PDF or a photo made anew. Raises DocumentError."""
    try:
        content, content_type = read_upload(upload)
    except UploadError as error:
        raise DocumentError(str(error), "file") from error
    if content_type != "application/pdf" and not content_type.startswith("image/"):
        raise DocumentError(
            f"«{safe_name(upload.name)}» không phải bản quét. Hãy chọn tệp PDF hoặc ảnh chụp bản đã ký.",
            "file",
        )
    return content, content_type, safe_name(upload.name)


@transaction.atomic
def attach_file(document, scan, *, by):
    """Keep a signed scan (from read_signed()) with its SHA-256; returns the paper, saved.

    The same bytes again change nothing. Another scan takes the place of the first, whose bytes go away once
    the change is certain. Side effects: one event. Raises DocumentError before the paper has a number.
    """
    document = lock_document(document)
    if not document.is_issued:
        raise DocumentError("Hãy ghi số và ngày của văn bản trước khi tải lên bản đã ký.", "number")
    content, content_type, name = scan
    file, sha256 = stored_file(content, content_type)
    if document.file and document.sha256 == sha256:
        return document
    storage, old = document.file.storage, document.file.name
    document.file, document.sha256 = file, sha256
    document.original_name, document.content_type = name[:200], content_type
    document.save(update_fields=["file", "sha256", "original_name", "content_type"])
    if old:
        transaction.on_commit(lambda: storage.delete(old))
    record(
        verb="attach_document",
        subject=document,
        actor=by,
        unit=document.issuer,
        to_state=sha256[:12],
    )
    return document
