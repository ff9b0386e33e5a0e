"""Certificates of many entries in one PDF, made by the worker: ids in, pieces of 25 pages, one file out.

The row is the truth and the broker only carries its id: a task may come twice, late, or never. Whoever works
holds a lease; when the lease has ended somebody else begins anew.
"""

import hashlib
import logging
import uuid
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from celery import current_app
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from kombu.exceptions import OperationalError
from pypdf import PdfReader, PdfWriter

from doanportal import clock
from plans.notices import tell
from units.events import record

from .certificates import Sheet, certificates_of, print_layout, render
from .models import CertificateBatch, GoldenBookEntry, SubjectKind

logger = logging.getLogger(__name__)
State, Mode, Kind = CertificateBatch.State, CertificateBatch.Mode, GoldenBookEntry.Kind
CHUNK = 25
LEASE = timedelta(minutes=5)
LOST_AFTER = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(hours=2)
KEPT_FOR = timedelta(days=30)
MOST = 2000
NOTICE_STAGE = "certificates_ready"
BROKEN = "Không dựng được tệp. Hãy in lại; nếu vẫn hỏng, báo người quản trị cổng."
INTERRUPTED = "Việc in bị gián đoạn nhiều lần. Hãy in lại."


class BatchError(ValueError):
    """The batch cannot be asked for; the text is for the user, `field` names the input."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


def printable_entries():
    """Entries a certificate is printed of: nothing later corrects or revokes them."""
    return GoldenBookEntry.objects.exclude(kind=Kind.REVOCATION).filter(corrections=None)


def entries_for(award_round, *, subject_kind="", first=None, last=None, book=""):
    """Printable entries of a round, in the order of the book; limited to a kind and a span of numbers."""
    rows = printable_entries().filter(line__decision__round=award_round).order_by("book", "number")
    if subject_kind in SubjectKind.values:
        rows = rows.filter(line__nomination__subject_kind=subject_kind)
    if book:
        rows = rows.filter(book=book)
    if first:
        rows = rows.filter(number__gte=first)
    if last:
        rows = rows.filter(number__lte=last)
    return rows


@transaction.atomic
def request_batch(award_round, *, mode, entries, by):
    """The waiting batch of these entries; the same one when asked twice. Raises BatchError."""
    ids = list(entries.values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise BatchError("Không có dòng sổ vàng nào để in theo lựa chọn này.")
    if len(ids) > MOST:
        raise BatchError(f"Nhiều hơn {MOST} tờ. Hãy in từng phần theo số vào sổ vàng.")
    for waiting in CertificateBatch.objects.filter(
        round=award_round, mode=mode, requested_by=by, state=State.WAITING, total=len(ids)
    ):
        if set(waiting.entries.values_list("pk", flat=True)) == set(ids):
            return waiting
    layout = print_layout()
    batch = CertificateBatch.objects.create(
        round=award_round,
        mode=mode,
        offset_x_mm=layout.offset_x_mm,
        offset_y_mm=layout.offset_y_mm,
        total=len(ids),
        requested_by=by,
    )
    batch.entries.set(ids)
    record(verb="award_request_certificates", subject=batch, actor=by, to_state=f"{mode} {len(ids)}")
    transaction.on_commit(lambda: enqueue(batch.pk))
    return batch


def enqueue(batch_id):
    """Hand the id to the worker. Without a broker the row waits for the sweeper."""
    try:
        current_app.send_task("awards.tasks.render_batch", args=[batch_id])
    except OperationalError:
        logger.warning("broker away: certificates %s wait for the sweeper", batch_id)


# In the worker


def run(batch_id):
    """Make the PDF of a batch that nobody else works on; returns whether it was made here.

    An unknown, finished or leased id has no effect. A failure is kept on the row and logged by its kind.
    """
    batch = claim(batch_id)
    if batch is None:
        return False
    try:
        with TemporaryDirectory(prefix="certificates-") as folder:
            path = build(batch, Path(folder))
            return path is not None and store(batch, path)
    except Exception as error:  # whatever broke, the row must say so: nobody reads the worker's output
        # The message may hold what stands on a certificate; its kind may not.
        logger.error("certificates %s failed: %s", batch_id, type(error).__name__)
        held(batch).update(state=State.FAILED, error=BROKEN, finished_at=clock.now(), leased_until=None)
        return False


@transaction.atomic
def claim(batch_id):
    """The batch, running under a lease of ours; None when it is not to be had."""
    now = clock.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lt=now)
    batch = (
        CertificateBatch.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(free, pk=batch_id)
        .first()
    )
    if batch is None:
        return None
    batch.state, batch.done, batch.leased_until = State.RUNNING, 0, now + LEASE
    batch.save(update_fields=["state", "done", "leased_until"])
    return batch


def held(batch):
    """The row as long as it is ours: the end of the lease is the token."""
    return CertificateBatch.objects.filter(pk=batch.pk, state=State.RUNNING, leased_until=batch.leased_until)


def build(batch, folder):
    """The path of the whole PDF, or None when the lease was lost; one piece in memory at a time."""
    ids = list(batch.entries.order_by("book", "number").values_list("pk", flat=True))
    sheet = None
    if batch.mode == Mode.OVERLAY:
        sheet = Sheet.of_layout(print_layout(), offset_x=batch.offset_x_mm, offset_y=batch.offset_y_mm)
    pieces = []
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        entries = GoldenBookEntry.objects.filter(pk__in=part).order_by("book", "number")
        piece = folder / f"{start:06d}.pdf"
        piece.write_bytes(render(certificates_of(entries), batch.mode, sheet))
        pieces.append(piece)
        if not prolong(batch, start + len(part)):
            return None
    return merged(pieces, folder / "all.pdf")


def prolong(batch, done):
    """Say how far it is and hold on to the batch; False when another worker has it."""
    until = clock.now() + LEASE
    if not held(batch).update(done=done, leased_until=until):
        return False
    batch.done, batch.leased_until = done, until
    return True


def merged(pieces, path):
    """One PDF of the pieces, in their order."""
    if len(pieces) == 1:
        return pieces[0]
    writer = PdfWriter()
    for piece in pieces:
        with piece.open("rb") as file:
            writer.append(PdfReader(file), import_outline=False)
    writer.add_metadata({"/Title": "Bằng khen"})
    writer.write(path)
    return path


def store(batch, path):
    """Keep the file and settle the row; False, and nothing kept, when the lease was lost meanwhile."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    field = CertificateBatch._meta.get_field("file")
    with path.open("rb") as file:
        name = field.storage.save(field.generate_filename(batch, f"{uuid.uuid4().hex}.pdf"), File(file))
    with transaction.atomic():
        settled = held(batch).update(
            state=State.READY,
            file=name,
            sha256=digest.hexdigest(),
            error="",
            finished_at=clock.now(),
            leased_until=None,
        )
        if settled:
            announce(batch)
    if not settled:
        field.storage.delete(name)
    return bool(settled)


def announce(batch):
    tell(
        subject_key=f"certificates:{batch.pk}",
        stage=NOTICE_STAGE,
        recipients=[batch.requested_by],
        title=f"[In bằng] {batch.total} bằng khen đã sẵn sàng",
        text=f"Tệp in {batch.total} bằng khen đã tạo xong. Mở trang in bằng để tải về.",
        url=reverse("batch_detail", args=[batch.pk]),
        now=clock.now(),
    )


# The beat


def sweep(*, now):
    """Send lost ones out again, give up what never ends, drop files that were kept long enough."""
    rows = CertificateBatch.objects
    open_rows = rows.filter(Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lt=now))
    open_rows.filter(requested_at__lt=now - GIVEN_UP_AFTER).update(
        state=State.FAILED, error=INTERRUPTED, finished_at=now, leased_until=None
    )
    lost = rows.filter(
        Q(state=State.WAITING, requested_at__lt=now - LOST_AFTER)
        | Q(state=State.RUNNING, leased_until__lt=now)
    )
    for pk in lost.order_by("pk").values_list("pk", flat=True):
        enqueue(pk)
    for old in rows.filter(finished_at__lt=now - KEPT_FOR).exclude(file="").order_by("pk")[:50]:
        name, storage = old.file.name, old.file.storage
        rows.filter(pk=old.pk).update(file="")
        storage.delete(name)
