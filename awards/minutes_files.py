"""The minutes as PDF where they are long: asked for by a person, made by the worker (design.md §8).

The row is the truth and the broker only carries its id: a task may come twice, late, or never.
"""

import hashlib
import logging
from datetime import timedelta

from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction
from kombu.exceptions import OperationalError

from doanportal import clock
from doanportal.paper import to_pdf

from .documents.minutes import minutes_paper
from .models import Council, MinutesFile

logger = logging.getLogger(__name__)
State = MinutesFile.State
# So many nominations are set while the browser waits; a longer table takes the web server too long.
MOST_AT_ONCE = 200
# A request that nobody made by then lost its message: whoever looks sends it again.
LOST_AFTER = timedelta(minutes=2)


@transaction.atomic
def request_minutes(council, *, by):
    """The waiting MinutesFile of the council; the same one when asked twice."""
    Council.objects.select_for_update().get(pk=council.pk)
    waiting = MinutesFile.objects.filter(council=council, state=State.WAITING).first()
    if waiting is None:
        waiting = MinutesFile.objects.create(council=council, requested_by=by)
        transaction.on_commit(lambda: enqueue(waiting.pk))
    return waiting


def enqueue(file_id):
    """Hand the id to the worker. Without a broker the row waits for who looks next."""
    try:
        current_app.send_task("awards.tasks.render_minutes", args=[file_id])
    except OperationalError:
        logger.warning("broker away: minutes %s wait", file_id)


def state_of(council):
    """(the waiting MinutesFile or None, the last finished one or None); a lost request goes out again."""
    rows = list(MinutesFile.objects.filter(council=council).order_by("-pk")[:2])
    waiting = next((row for row in rows if row.state == State.WAITING), None)
    finished = next((row for row in rows if row.state != State.WAITING), None)
    if waiting is not None and waiting.sent_at < clock.now() - LOST_AFTER:
        MinutesFile.objects.filter(pk=waiting.pk, state=State.WAITING).update(sent_at=clock.now())
        enqueue(waiting.pk)
    return waiting, finished


def is_current(file, council):
    """A draft asked for before the minutes were adopted is not the minutes."""
    return council.closed_at is None or file.requested_at >= council.closed_at


def render_minutes(file_id):
    """Make the file. Safe to run twice: the second run finds the row finished. Older files go away."""
    row = MinutesFile.objects.select_related("council__round").filter(pk=file_id, state=State.WAITING).first()
    if row is None:
        return
    try:
        content = to_pdf(minutes_paper(row.council.round, row.council))
    except Exception:
        # The person sees that it failed and may ask again; the log keeps why.
        MinutesFile.objects.filter(pk=row.pk).update(state=State.FAILED, finished_at=clock.now())
        logger.exception("minutes %s not made", row.pk)
        return
    keep(row.pk, content)


@transaction.atomic
def keep(file_id, content):
    row = MinutesFile.objects.select_for_update().filter(pk=file_id, state=State.WAITING).first()
    if row is None:
        return
    row.state, row.finished_at = State.READY, clock.now()
    row.sha256 = hashlib.sha256(content).hexdigest()
    row.file.save(f"bien-ban-{row.pk}.pdf", ContentFile(content), save=False)
    row.save()
    for older in MinutesFile.objects.filter(council=row.council_id, pk__lt=row.pk):
        storage, name = older.file.storage, older.file.name
        older.delete()
        if name:
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
