"""What the beat does about imports: work whose message was lost, work that never ends, rows nobody wanted."""

from datetime import timedelta

from django.db import transaction

from ..erasure import drop_imports
from ..models import WorkbookImport
from .findings import ERROR, Finding
from .imports import OPEN_STATES, State, enqueue, give_back

LOST_AFTER = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(hours=1)
KEPT_FOR = timedelta(days=7)
ORPHAN_AFTER = timedelta(days=1)
FOLDER = "imports"
INTERRUPTED = Finding(
    ERROR, "", "", "Việc ghi bị gián đoạn; chưa dòng nào được ghi.", "Bấm ghi lại, hoặc tải tệp lên lại."
)


def sweep(*, now):
    """Safe to run twice or at once: each row's own state decides what still happens to it."""
    imports = WorkbookImport.objects
    with transaction.atomic():
        drop_imports(imports.filter(state__in=OPEN_STATES, uploaded_at__lt=now - KEPT_FOR))
        drop_imports(imports.filter(state=State.CHECKING, uploaded_at__lt=now - GIVEN_UP_AFTER))
    for row in imports.filter(state=State.TAKING, taken_at__lt=now - GIVEN_UP_AFTER):
        give_back(row.pk, INTERRUPTED)
    for row in imports.filter(state=State.CHECKING, uploaded_at__lt=now - LOST_AFTER):
        enqueue("check_workbook", row.pk)
    for row in imports.filter(state=State.TAKING, taken_at__lt=now - LOST_AFTER):
        enqueue("take_workbook", row.pk)
    remove_orphans(now=now)


def remove_orphans(*, now):
    """Bytes that no row points to: a process died between storing them and its commit."""
    storage = WorkbookImport._meta.get_field("file").storage
    stored = set(files_below(storage, FOLDER))
    if not stored:
        return
    known = set(WorkbookImport.objects.exclude(file="").values_list("file", flat=True))
    for name in stored - known:
        if storage.get_modified_time(name) < now - ORPHAN_AFTER:
            storage.delete(name)


def files_below(storage, folder):
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from files_below(storage, f"{folder}/{inner}")
