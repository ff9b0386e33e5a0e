"""Take note of a report, or ask for amendments with remarks and a date (features F16, F27)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_number
from doanportal.typed import clean_text
from plans.days_off import WorkingDays
from plans.models import Obligation
from plans.obligations import ObligationError, lock, mark_accepted, mark_sent_back

from .announcements import announce_acceptance, announce_send_back
from .models import Acceptance, Remark, SendBack, Version

CORRECTION_WORKING_DAYS = 3


class ReviewError(ValueError):
    """The review act cannot be done; the text is for the user, in Vietnamese."""


def default_correction_due(at=None):
    """Three working days from `at`: the date the send-back dialog offers (features §3)."""
    today = timezone.localtime(at or clock.now()).date()
    return WorkingDays.from_database([today.year]).add(today, CORRECTION_WORKING_DAYS)


def lock_current(version):
    """The version locked, when it is still the current one. Raises ReviewError when it is not.

    The obligation is locked first, as a hand-in does: the other way round the two would wait for each other.
    """
    lock(Obligation(pk=version.report.obligation_id))
    version = (
        Version.objects.select_for_update(of=("self",))
        .select_related("report__obligation__owner")
        .get(pk=version.pk)
    )
    if version.state == Version.State.DRAFT:
        raise ReviewError("Đơn vị chưa gửi báo cáo này.")
    if version.state == Version.State.SUPERSEDED:
        raise ReviewError("Đơn vị vừa gửi bản mới. Hãy xem bản mới rồi tiếp nhận.")
    return version


@transaction.atomic
def accept(version, *, by, note="", at=None):
    """«Tiếp nhận» the current version and tell the unit; returns the Acceptance. Twice gives the same one."""
    version = lock_current(version)
    if existing := Acceptance.objects.filter(version=version).first():
        return existing
    at = at or clock.now()
    try:
        mark_accepted(version.report.obligation, at=at, by=by)
    except ObligationError as error:
        raise ReviewError(str(error)) from error
    acceptance = Acceptance.objects.create(version=version, by=by, at=at, note=clean_text(note)[:300])
    announce_acceptance(acceptance)
    return acceptance


@transaction.atomic
def add_remark(version, *, by, anchor, kind, text, send_back=None, at=None):
    """Bind a remark to a place of a version; returns it. Raises ReviewError without text."""
    text = clean_text(text)[:2000]
    if not text:
        raise ReviewError("Hãy ghi ý kiến.")
    return Remark.objects.create(
        version=version,
        send_back=send_back,
        anchor=anchor[:80],
        kind=kind,
        text=text,
        by=by,
        at=at or clock.now(),
    )


@transaction.atomic
def send_back(version, *, by, remarks, due_on, message="", department=None, at=None):
    """Ask for amendments until `due_on`, tell the unit; returns the SendBack.

    `remarks`: [(anchor, kind, text)].

    Raises ReviewError without a remark or message, on a past date, or when the state does not allow it.
    """
    version = lock_current(version)
    at = at or clock.now()
    remarks = [row for row in remarks if clean_text(row[2])]
    message = clean_text(message)[:2000]
    if not remarks and not message:
        raise ReviewError("Hãy ghi ít nhất một ý kiến để đơn vị biết cần bổ sung gì.")
    try:
        correction = mark_sent_back(
            version.report.obligation, at=at, by=by, due_on=due_on, cause=f"version:{version.pk}"
        )
    except ObligationError as error:
        raise ReviewError(str(error)) from error
    back = SendBack.objects.create(
        version=version, by=by, department=department, at=at, correction=correction, message=message
    )
    for anchor, kind, text in remarks:
        add_remark(version, by=by, anchor=anchor, kind=kind, text=text, send_back=back, at=at)
    announce_send_back(back, due_on=due_on)
    return back


def open_remarks(report):
    """Remarks of the report that are not ticked off by a handed-in version, oldest first."""
    return (
        Remark.objects.filter(version__report=report)
        .exclude(resolved_in__state__in=[Version.State.SUBMITTED, Version.State.SUPERSEDED])
        .select_related("by", "send_back", "resolved_in")
        .order_by("at", "pk")
    )


@dataclass(frozen=True)
class Change:
    """One difference between a version and the one before it."""

    label: str
    before: str
    after: str
    anchor: str


def version_before(version):
    return version.report.versions.filter(number__lt=version.number).order_by("-number").first()


def compare(version, before=None):
    """[Change] of figures and answers against the version before; empty for the first one."""
    before = before or version_before(version)
    if before is None:
        return []
    changes = []
    old, new = value_texts(before), value_texts(version)
    for target in sorted({*old, *new}, key=lambda target: target.number):
        if old.get(target) != new.get(target):
            changes.append(
                Change(
                    target.short_label, old.get(target, "–"), new.get(target, "–"), f"target:{target.code}"
                )
            )
    old, new = answer_texts(before), answer_texts(version)
    for form_field in sorted({*old, *new}, key=lambda row: (row.section_id, row.display_order)):
        if old.get(form_field) != new.get(form_field):
            changes.append(
                Change(
                    form_field.label,
                    old.get(form_field, "–"),
                    new.get(form_field, "–"),
                    f"field:{form_field.key}",
                )
            )
    return changes


def value_texts(version):
    """{target: text} of a version's figures."""
    return {value.target: value_text(value) for value in version.values.select_related("target")}


def value_text(value):
    """«12/41», «1.020», «không thay đổi», or «–»."""
    if value.unchanged:
        return "không thay đổi"
    if value.numerator is not None:
        return f"{format_number(value.numerator)}/{format_number(value.denominator)}"
    return format_number(value.amount)


def answer_texts(version):
    """{field: text} of a version's answers; people as how many."""
    return {
        answer.field: f"{len(answer.value)} người" if isinstance(answer.value, list) else str(answer.value)
        for answer in version.answers.select_related("field")
    }


def waiting_days(obligation, *, now=None):
    """Whole days a handed-in report has waited for its review."""
    return ((now or clock.now()) - obligation.last_fulfilled_at) // timedelta(days=1)
