"""Nominations in a draft dossier: one nominee, one form a round; the report written in the browser."""

import re

from django.db import IntegrityError, transaction

from doanportal.formats import format_date
from doanportal.typed import clean_line
from units.events import record

from .dossiers import DossierConflict, DossierError, is_taken, lock_draft
from .models import ChecklistItem, DossierFile, Nomination, RoundForm, SubjectKind
from .stages import require

ONE_FORM = "nomination_one_form_a_round"
DETAILS = (
    "name",
    "birth_year",
    "gender",
    "position",
    "workplace",
    "members",
    "summary",
    "over_quota_reason",
)
ONLY_INDIVIDUAL = {"birth_year": None, "gender": "", "position": ""}
REPORT_FIELDS = ("report", "confirmed_by", "confirmed_title", "confirmed_on")
WAIVABLE = (ChecklistItem.Kind.REPORT, ChecklistItem.Kind.EVIDENCE)
MOST_NOMINATIONS = 200
# The headings that an achievement report of the Union has; the unit writes under them.
REPORT_TEMPLATES = {
    SubjectKind.COLLECTIVE: (
        "I. SƠ LƯỢC ĐẶC ĐIỂM, TÌNH HÌNH\n\n1. Đặc điểm của tập thể:\n\n"
        "2. Chức năng, nhiệm vụ được giao:\n\n"
        "II. THÀNH TÍCH ĐẠT ĐƯỢC\n\n1. Kết quả thực hiện nhiệm vụ được giao:\n\n"
        "2. Biện pháp, mô hình, cách làm hay:\n\n3. Kết quả công tác Đoàn và phong trào thanh thiếu nhi:\n\n"
        "III. CÁC HÌNH THỨC ĐÃ ĐƯỢC KHEN THƯỞNG\n"
    ),
    SubjectKind.INDIVIDUAL: (
        "I. SƠ LƯỢC LÝ LỊCH\n\n1. Chức vụ, đơn vị công tác:\n\n2. Quyền hạn, nhiệm vụ được giao:\n\n"
        "II. THÀNH TÍCH ĐẠT ĐƯỢC\n\n1. Kết quả thực hiện nhiệm vụ được giao:\n\n"
        "2. Sáng kiến, giải pháp, cách làm hay:\n\n3. Công tác Đoàn và phong trào thanh thiếu nhi:\n\n"
        "III. CÁC HÌNH THỨC ĐÃ ĐƯỢC KHEN THƯỞNG\n"
    ),
}


def report_template(subject_kind):
    """The headings with which an achievement report begins."""
    return REPORT_TEMPLATES[SubjectKind(subject_kind)]


def report_is_written(nomination):
    """Whether more stands in the report than the headings of the template."""
    template = {bare(line) for line in report_template(nomination.subject_kind).splitlines()}
    return any(bare(line) not in template for line in nomination.report.splitlines() if bare(line))


def bare(line):
    return re.sub(r"[\s:.…]+", " ", line).strip()


def lock_nomination(nomination, act):
    """(dossier, nomination) locked in that order. Raises DossierError, StageError when it is too late."""
    dossier = lock_draft(nomination.dossier_id)
    row = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    row.unit, row.round, row.dossier = dossier.unit, dossier.round, dossier
    require(row, act)
    return dossier, row


@transaction.atomic
def add_nomination(dossier, *, subject_kind, form, facts, by):
    """A new draft nomination of the dossier, returned saved. Raises DossierError."""
    dossier = lock_draft(dossier.pk)
    if Nomination.objects.filter(dossier=dossier, fallback_of=None).count() >= MOST_NOMINATIONS:
        raise DossierError(f"Một hồ sơ nhận nhiều nhất {MOST_NOMINATIONS} đề nghị.")
    check_form(dossier.round_id, form, subject_kind)
    nomination = Nomination(
        dossier=dossier,
        round_id=dossier.round_id,
        unit=dossier.unit,
        subject_kind=subject_kind,
        form=form,
        created_by=by,
    )
    put(nomination, facts)
    save_once(nomination)
    record(verb="add_nomination", subject=nomination, actor=by, unit=dossier.unit, to_state=subject_kind)
    return nomination


@transaction.atomic
def edit_nomination(nomination, *, revision, form, facts, by):
    """Change who is proposed and for what. Raises DossierConflict, DossierError, StageError."""
    dossier, nomination = lock_nomination(nomination, "edit")
    if nomination.revision != revision:
        raise DossierConflict
    check_form(dossier.round_id, form, nomination.subject_kind)
    nomination.form = form
    put(nomination, facts)
    nomination.revision += 1
    save_once(nomination)
    record(verb="edit_nomination", subject=nomination, actor=by, unit=dossier.unit)
    return nomination


def put(nomination, facts):
    for name in DETAILS:
        if name in facts:
            setattr(nomination, name, facts[name])
    if nomination.subject_kind == SubjectKind.COLLECTIVE:
        for name, empty in ONLY_INDIVIDUAL.items():
            setattr(nomination, name, empty)


def check_form(round_id, form, subject_kind):
    if not RoundForm.objects.filter(round=round_id, form=form, subject_kind=subject_kind).exists():
        raise DossierError(
            f"Đợt này không xét «{form.short_name}» cho {SubjectKind(subject_kind).label}.", "form"
        )


def save_once(nomination):
    """Save; the database knows whether the nominee is there already. Raises DossierError at `name`."""
    nomination.set_keys()
    if taken_by := twin_of(nomination):
        raise already_there(nomination, taken_by)
    try:
        with transaction.atomic():
            nomination.save()
    except IntegrityError as error:
        if not is_taken(error, ONE_FORM):
            raise
        raise already_there(nomination, twin_of(nomination)) from error


def twin_of(nomination):
    """The other nomination of the same nominee in the round, or None."""
    return (
        Nomination.objects.filter(
            round=nomination.round_id, identity_key=nomination.identity_key, fallback_of=None
        )
        .exclude(pk=nomination.pk)
        .select_related("form")
        .first()
    )


def already_there(nomination, twin):
    """Where the nominee is already; a foreign unit is not named."""
    who = "Tập thể" if nomination.subject_kind == SubjectKind.COLLECTIVE else "Người"
    if twin is not None and twin.dossier_id == nomination.dossier_id:
        return DossierError(
            f"{who} này đã có trong hồ sơ của đơn vị, đề nghị «{twin.form.short_name}». Mỗi {who.lower()} "
            "một hình thức trong một đợt: hãy sửa đề nghị đã có.",
            "name",
        )
    return DossierError(
        f"{who} này đã được đơn vị khác đề nghị trong đợt. Mỗi {who.lower()} một hình thức trong một đợt; "
        "nếu là người khác trùng họ tên và năm sinh, đồng chí liên hệ Ban Phong trào.",
        "name",
    )


@transaction.atomic
def remove_nomination(nomination, *, by):
    """Take a draft nomination out with its files. Raises DossierError, StageError after hand-in."""
    dossier, nomination = lock_nomination(nomination, "remove")
    files = list(DossierFile.objects.filter(nomination=nomination))
    names = [(file.file.storage, file.file.name) for file in files]
    record(verb="remove_nomination", subject=nomination, actor=by, unit=dossier.unit)
    DossierFile.objects.filter(nomination=nomination).delete()
    ChecklistItem.objects.filter(nomination=nomination).delete()
    nomination.delete()
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in names])
    return dossier


@transaction.atomic
def save_report(nomination, *, revision, facts, by):
    """Keep the achievement report and who confirms it, whole or half written; returns the nomination.

    `facts`: values of some REPORT_FIELDS. Raises DossierConflict on a stale revision.
    """
    dossier, nomination = lock_nomination(nomination, "edit")
    if nomination.revision != revision:
        raise DossierConflict
    before = [getattr(nomination, name) for name in REPORT_FIELDS]
    for name in REPORT_FIELDS:
        if name in facts:
            setattr(nomination, name, facts[name])
    if [getattr(nomination, name) for name in REPORT_FIELDS] == before:
        return nomination
    nomination.revision += 1
    nomination.save()
    record(verb="save_award_report", subject=nomination, actor=by, unit=dossier.unit)
    return nomination


@transaction.atomic
def waive_piece(nomination, *, kind, reason, by):
    """Say that a piece is not needed, and why; an empty reason takes that back. Raises DossierError."""
    dossier, nomination = lock_nomination(nomination, "edit")
    if kind not in WAIVABLE:
        raise DossierError("Thành phần này không bỏ được.", "reason")
    reason = clean_line(reason, 300)
    state = ChecklistItem.State.WAIVED if reason else ChecklistItem.State.MISSING
    ChecklistItem.objects.update_or_create(
        nomination=nomination, kind=kind, defaults={"state": state, "reason": reason}
    )
    record(verb="waive_piece", subject=nomination, actor=by, unit=dossier.unit, to_state=f"{kind} {state}")
    return nomination


def confirmation_words(nomination):
    """«Trần Văn A, Chủ tịch UBND xã, ngày 05/11/2023», or ''."""
    if not nomination.confirmed_by:
        return ""
    title = f", {nomination.confirmed_title}" if nomination.confirmed_title else ""
    on = f", ngày {format_date(nomination.confirmed_on)}" if nomination.confirmed_on else ""
    return f"{nomination.confirmed_by}{title}{on}"
