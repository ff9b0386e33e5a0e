"""The golden book: numbers without gap, never changed; corrections and revocations are entries of their own.

A book lasts a term. Its next number is taken under the lock that the database's own guard takes too, so that
ten people who decide at once wait for each other and no number is given twice or left out.
"""

from django.db import connection, transaction
from django.db.models import Max

from units.events import record

from .models import GoldenBookEntry, SubjectKind
from .stages import lock, require

Kind = GoldenBookEntry.Kind
LONGEST_DETAIL = GoldenBookEntry._meta.get_field("detail").max_length
COPIED = ("book", "line_id", "name", "detail", "form_name", "achievement", "decision_number", "decision_date")


class BookError(ValueError):
    """The entry cannot be made; the text is for the user, `field` names the input it is about."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


def lock_book(book):
    """The last number of the book, locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('golden-book'), hashtext(%s))", [book])
    return GoldenBookEntry.objects.filter(book=book).aggregate(last=Max("number"))["last"] or 0


def next_entry(*, book, **fields):
    """Append one entry under the book's next number; in the caller's transaction."""
    return GoldenBookEntry.objects.create(book=book, number=lock_book(book) + 1, **fields)


def enter_awards(lines, *, document, by):
    """One entry a line, in the order of the lines; the decision is published already.

    `lines`: [(DecisionLine, name, detail, achievement)]. Returns the entries.
    """
    if not lines:
        return []
    last = lock_book(document.term)
    return GoldenBookEntry.objects.bulk_create(
        GoldenBookEntry(
            book=document.term,
            number=last + place,
            line=line,
            name=name,
            detail=detail,
            form_name=line.form.name,
            achievement=achievement,
            decision_number=document.full_number,
            decision_date=document.date,
            by=by,
        )
        for place, (line, name, detail, achievement) in enumerate(lines, start=1)
    )


def detail_of(nomination, unit_name):
    """«Bí thư Đoàn xã, Xã Lộc Thái, Huyện Đoàn Lộc Ninh»: post, workplace, unit; the unit once."""
    own = [nomination.position] if nomination.subject_kind == SubjectKind.INDIVIDUAL else []
    parts = [text for text in (*own, nomination.workplace) if text]
    said = " ".join([*parts, nomination.name] if not own else parts).casefold()
    if unit_name.casefold() not in said:
        parts.append(unit_name)
    while len(", ".join(parts)) > LONGEST_DETAIL:
        parts.pop(0)
    return ", ".join(parts)


@transaction.atomic
def correct(entry, *, name, detail, achievement, reason, by):
    """Put a corrected entry in the place of this one; returns it. Raises BookError."""
    entry = lock_entry(entry)
    if (name, detail, achievement) == (entry.name, entry.detail, entry.achievement):
        raise BookError("Chưa có gì thay đổi so với dòng đang ghi.", "name")
    return replace(
        entry, Kind.CORRECTION, {"name": name, "detail": detail, "achievement": achievement}, reason, by
    )


@transaction.atomic
def revoke(entry, *, reason, by):
    """The award is taken back (domain.md §3.1); the entry stays and a revocation follows it."""
    return replace(lock_entry(entry), Kind.REVOCATION, {}, reason, by)


def lock_entry(entry):
    """The entry as it stands with its book locked. Raises BookError when it is not the last word."""
    lock_book(entry.book)
    entry = GoldenBookEntry.objects.select_related("line").get(pk=entry.pk)
    later = entry.corrections.order_by("-number").first()
    if later is not None:
        raise BookError(f"Dòng này đã có {later.get_kind_display()} ở số {later.number}. Hãy xem dòng đó.")
    if entry.kind == Kind.REVOCATION:
        raise BookError("Dòng này là thu hồi, không đính chính hay thu hồi nữa.")
    return entry


def replace(entry, kind, changes, reason, by):
    if not reason:
        raise BookError("Hãy ghi lý do.", "reason")
    nomination = lock(entry.line.nomination_id)
    require(nomination, "correct_book")
    fields = {name: getattr(entry, name) for name in COPIED} | changes
    new = next_entry(**fields, kind=kind, corrects=entry, reason=reason, by=by)
    record(
        verb=f"golden_book_{kind}",
        subject=new,
        actor=by,
        unit=nomination.unit,
        from_state=entry.number,
        to_state=new.number,
    )
    return new
