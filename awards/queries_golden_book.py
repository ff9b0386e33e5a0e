"""What the pages of the golden book read: a book with its entries, how each stands, the file to take out."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from openpyxl import Workbook

from doanportal import clock
from doanportal.formats import format_date, format_moment
from doanportal.textfold import fold
from doanportal.xlsx_sheet import Heading, Sheet
from volunteers.access_log import note_access
from volunteers.models import PersonalAccess
from volunteers.workbook.exports import saved, watermark

from .models import GoldenBookEntry, SubjectKind
from .policy import can_decide, can_keep_golden_book

Kind = GoldenBookEntry.Kind
HEADINGS = (
    Heading("Vào sổ vàng số", 9),
    Heading("Người, tập thể được khen", 34),
    Heading("Chức vụ, đơn vị", 40),
    Heading("Hình thức", 30),
    Heading("Thành tích", 40),
    Heading("Số Quyết định", 20),
    Heading("Ngày Quyết định", 12),
    Heading("Loại", 12),
    Heading("Của số", 8),
    Heading("Lý do", 30),
    Heading("Đang có hiệu lực", 10),
)
FIELDS = "họ tên, chức vụ, đơn vị công tác"


def may_read_book(user):
    """Who keeps the book, and who decides."""
    return bool(can_keep_golden_book(user)) or bool(can_decide(user))


def books():
    """The books there are, the latest term first."""
    return list(GoldenBookEntry.objects.order_by("-book").values_list("book", flat=True).distinct())


def entries_of(book, *, query="", kind=""):
    """Entries of a book, the latest first; `query`: a number, a name, a decision's number."""
    rows = GoldenBookEntry.objects.filter(book=book).order_by("-number")
    if kind in SubjectKind.values:
        rows = rows.filter(line__nomination__subject_kind=kind)
    if not query:
        return rows
    if query.isascii() and query.isdigit() and len(query) < 10:
        return rows.filter(number=int(query))
    found = rows.filter(decision_number__iexact=query) | rows.filter(name__icontains=query)
    return found | rows.filter(line__nomination__search_key__contains=fold(query)[:100])


def with_standing(rows):
    """The rows with what each comes after and, as `later`, the entry that replaced it or None; no query more.

    At most one entry replaces another: golden_book.lock_entry() refuses a second one.
    """
    later = GoldenBookEntry.objects.filter(corrects=OuterRef("pk")).order_by("-number")
    named = later.values(row=JSONObject(pk="pk", number="number", kind="kind"))[:1]
    return rows.select_related("line__nomination", "line__decision", "corrects").annotate(
        later=Subquery(named)
    )


def standing_of(entry):
    """(badge css, words) of how an entry (of with_standing()) stands today."""
    if entry.kind == Kind.REVOCATION:
        return "needs-work", f"thu hồi số {entry.corrects.number}"
    if entry.later:
        words = "đã thu hồi" if entry.later["kind"] == Kind.REVOCATION else "đã đính chính"
        return "waived", f"{words}, xem số {entry.later['number']}"
    if entry.kind == Kind.CORRECTION:
        return "done", f"đính chính số {entry.corrects.number}"
    return "done", "có hiệu lực"


def is_current(entry):
    """Whether the entry (of with_standing()) still says what holds."""
    return entry.kind != Kind.REVOCATION and not entry.later


def export_book(book, *, by, reason, province):
    """An open file: the whole book in its order; one PersonalAccess row with the reason."""
    mark = f"Tải bởi {by.full_name}, lúc {format_moment(clock.now())}, lý do: {reason}"
    workbook = Workbook(write_only=True)
    workbook.properties.title = f"Sổ vàng {book}"
    workbook.properties.creator = "Cổng Đề án chuyển đổi số"
    sheet = Sheet(
        workbook,
        "Sổ vàng",
        title=f"SỔ VÀNG KHEN THƯỞNG, NHIỆM KỲ {book}",
        subtitle=mark,
        headings=list(HEADINGS),
        frozen_columns=2,
    )
    watermark(sheet, mark)
    people = 0
    rows = with_standing(GoldenBookEntry.objects.filter(book=book).order_by("number"))
    for entry in rows.iterator():
        people += entry.line.nomination.subject_kind == SubjectKind.INDIVIDUAL
        sheet.row(
            [
                entry.number,
                entry.name,
                entry.detail,
                entry.form_name,
                entry.achievement,
                entry.decision_number,
                format_date(entry.decision_date),
                entry.get_kind_display(),
                str(entry.corrects.number) if entry.corrects else "",
                entry.reason,
                "có" if is_current(entry) else "không",
            ]
        )
    sheet.finish()
    note_access(
        actor=by,
        kind=PersonalAccess.Kind.EXPORT,
        unit=province,
        people=people,
        fields=FIELDS,
        reason=reason,
    )
    return saved(workbook)
