"""Everything that may happen to an obligation; nobody else sets its moments (design.md §3.1 to §3.4)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from doanportal import clock
from units.events import record

from .calendar import closing_moment
from .models import Obligation, ObligationKind


class ObligationError(ValueError):
    """What was asked cannot be done; the text is for the user, in Vietnamese."""


def lock(obligation):
    """The same obligation, read again and locked until the transaction ends."""
    return Obligation.objects.select_for_update(of=("self",)).select_related("owner").get(pk=obligation.pk)


def whole_seconds(moment):
    """Moments are kept in whole seconds: 23:59:59,7 is still the last second of the day."""
    return moment.replace(microsecond=0)


@transaction.atomic
def start_draft(obligation, *, at=None):
    """Remember when somebody first began to write. Returns the obligation."""
    obligation = lock(obligation)
    if obligation.draft_started_at is None:
        obligation.draft_started_at = whole_seconds(at or clock.now())
        obligation.save(update_fields=["draft_started_at"])
    return obligation


@transaction.atomic(savepoint=False)
def fulfil(obligation, *, at, by, reason="", locked=False):
    """Hand in: the first moment stays for ever, the last one moves, an open review state is cleared.

    Returns the obligation as it stands then. `locked`: the caller read it for update, with its owner.
    Side effects in order: the obligation's moments, its open corrections fulfilled, one event.
    """
    at = whole_seconds(at)
    obligation = obligation if locked else lock(obligation)
    first = obligation.first_fulfilled_at is None
    if first:
        obligation.first_fulfilled_at = at
    obligation.last_fulfilled_at = max(at, obligation.last_fulfilled_at or at)
    obligation.sent_back_at = obligation.accepted_at = None
    obligation.save(update_fields=["first_fulfilled_at", "last_fulfilled_at", "sent_back_at", "accepted_at"])
    if not first:
        Obligation.objects.open().filter(parent=obligation, kind=ObligationKind.CORRECTION).update(
            first_fulfilled_at=at, last_fulfilled_at=at
        )
    record(
        verb="fulfil" if first else "fulfil_again",
        subject=obligation,
        actor=by,
        unit=obligation.owner,
        to_state="on_time" if obligation.first_fulfilled_at <= obligation.due_at else "late",
        reason=reason,
    )
    return obligation


@transaction.atomic
def mark_accepted(obligation, *, at, by):
    """Ban Phong trào took note. Raises ObligationError when nothing is there to take note of."""
    obligation = lock(obligation)
    if obligation.last_fulfilled_at is None:
        raise ObligationError("Đơn vị chưa gửi nên chưa thể tiếp nhận.")
    if obligation.sent_back_at is not None:
        raise ObligationError("Báo cáo đang chờ đơn vị bổ sung; hãy đợi bản gửi lại.")
    obligation.accepted_at = whole_seconds(at)
    obligation.save(update_fields=["accepted_at"])
    record(
        verb="accept",
        subject=obligation,
        actor=by,
        unit=obligation.owner,
        to_state="accepted",
    )
    return obligation


@transaction.atomic
def mark_sent_back(obligation, *, at, by, due_on, cause):
    """Ask for amendments until the end of `due_on`; returns the correction obligation.

    `first_fulfilled_at` stays. Raises ObligationError when nothing was handed in or it is already
    with the unit, or when the date lies in the past.
    """
    obligation = lock(obligation)
    at = whole_seconds(at)
    if obligation.last_fulfilled_at is None:
        raise ObligationError("Đơn vị chưa gửi nên chưa thể đề nghị bổ sung.")
    if obligation.sent_back_at is not None:
        raise ObligationError("Đã đề nghị bổ sung; hãy đợi đơn vị gửi lại.")
    if due_on < timezone.localtime(at).date():
        raise ObligationError("Hạn bổ sung phải từ hôm nay trở đi.")
    obligation.sent_back_at = at
    obligation.accepted_at = None
    obligation.save(update_fields=["sent_back_at", "accepted_at"])
    correction = Obligation.objects.create(
        kind=ObligationKind.CORRECTION,
        plan=obligation.plan,
        deadline=obligation.deadline,
        form=obligation.form,
        owner=obligation.owner,
        parent=obligation,
        title=f"Bổ sung: {obligation.title}"[:200],
        period_key=obligation.period_key,
        period_from=obligation.period_from,
        cutoff_on=obligation.cutoff_on,
        printed_on=due_on,
        due_at=closing_moment(due_on),
        cause=cause,
    )
    record(
        verb="send_back",
        subject=obligation,
        actor=by,
        unit=obligation.owner,
        to_state="needs_amendment",
    )
    return correction


@transaction.atomic
def extend(obligation, *, until, by, reason):
    """Move the last moment on time to the end of day `until`; the printed day stays.

    Raises ObligationError without a reason, when already handed in or waived, or when not later.
    """
    obligation = lock(obligation)
    reason = require_reason(reason)
    if obligation.first_fulfilled_at or obligation.waived_at:
        raise ObligationError("Đơn vị đã gửi hoặc đã được miễn nên không gia hạn.")
    due_at = closing_moment(until)
    if due_at <= obligation.due_at:
        raise ObligationError("Hạn mới phải sau hạn hiện nay.")
    before = obligation.due_at
    obligation.due_at = obligation.extended_to = due_at
    obligation.save(update_fields=["due_at", "extended_to"])
    record(
        verb="extend",
        subject=obligation,
        actor=by,
        unit=obligation.owner,
        from_state=local_text(before),
        to_state=local_text(due_at),
        reason=reason,
    )
    return obligation


@transaction.atomic
def waive(obligation, *, by, reason, at=None):
    """Release a unit from an obligation: waived is not missing. Raises ObligationError when handed in."""
    obligation = lock(obligation)
    reason = require_reason(reason)
    if obligation.first_fulfilled_at:
        raise ObligationError("Đơn vị đã gửi nên không miễn.")
    if obligation.waived_at:
        raise ObligationError("Đơn vị đã được miễn.")
    obligation.waived_at = whole_seconds(at or clock.now())
    obligation.waive_reason = reason
    obligation.save(update_fields=["waived_at", "waive_reason"])
    record(
        verb="waive",
        subject=obligation,
        actor=by,
        unit=obligation.owner,
        to_state="waived",
        reason=reason,
    )
    return obligation


@transaction.atomic
def end_waiver(obligation, *, by, reason):
    """Take a waiver back. Raises ObligationError when there is none."""
    obligation = lock(obligation)
    reason = require_reason(reason)
    if obligation.waived_at is None:
        raise ObligationError("Đơn vị chưa được miễn.")
    obligation.waived_at, obligation.waive_reason = None, ""
    obligation.save(update_fields=["waived_at", "waive_reason"])
    record(
        verb="end_waiver",
        subject=obligation,
        actor=by,
        unit=obligation.owner,
        reason=reason,
    )
    return obligation


def require_reason(text):
    text = (text or "").strip()
    if not text:
        raise ObligationError("Hãy ghi lý do.")
    return text


def local_text(moment: datetime):
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
