"""Hand in a dossier, once and for ever (A4); supplements only where they were asked for."""

import json
from hashlib import sha256

from django.db import transaction

from doanportal import clock
from plans.obligations import fulfil
from units.events import record

from .completeness import completeness_of, pieces_of
from .dossiers import DossierConflict, DossierError, check_open, keep_file, lock_dossier
from .models import ChecklistItem, Nomination, NominationVersion, Round
from .nominations import REPORT_FIELDS, put, save_once
from .stages import StageError, advance, lock, require

FIELDS = (
    "subject_kind",
    "name",
    "birth_year",
    "gender",
    "position",
    "workplace",
    "members",
    "summary",
    "report",
    "confirmed_by",
    "confirmed_title",
    "confirmed_on",
    "votes_for",
    "votes_against",
    "over_quota_reason",
)


def lock_round(round_id):
    """The round as it is now; it does not close under a hand-in. Keys stay free for other units."""
    return Round.objects.select_for_update(no_key=True).get(pk=round_id)


@transaction.atomic
def hand_in(dossier, *, by, at=None):
    """Send the dossier: returns it, handed in; a second time it is returned as it is.

    Side effects in order: checklist and version 1 of each nomination, its stage, the dossier's moment, the
    obligation, one event. Raises DossierError when it is not complete or the round has closed.
    """
    dossier = lock_dossier(dossier.pk)
    if dossier.handed_in_at is not None:
        return dossier
    check_open(lock_round(dossier.round_id))
    nominations = locked_nominations(dossier)
    if not nominations:
        raise DossierError(
            "Hồ sơ chưa có đề nghị nào. Nếu đơn vị không đề nghị, hãy chọn «Đợt này đơn vị không đề nghị»."
        )
    missing = completeness_of(dossier, nominations).missing
    if missing:
        raise DossierError(f"Hồ sơ còn thiếu: {'; '.join(row.words for row in missing[:3])}.")
    at = at or clock.now()
    keep_checklists(nominations)
    NominationVersion.objects.bulk_create(
        version_of(nomination, number=1, by=by, at=at) for nomination in nominations
    )
    for nomination in nominations:
        advance(nomination, "hand_in", by=by)
    return finish(dossier, by=by, at=at)


@transaction.atomic
def hand_in_nothing(dossier, *, by, at=None):
    """Say that the unit proposes nobody in this round; also handed in, also for ever. Raises DossierError."""
    dossier = lock_dossier(dossier.pk)
    if dossier.handed_in_at is not None:
        if not dossier.nothing_to_propose:
            raise DossierError("Hồ sơ đã gửi có đề nghị nên không đổi được.")
        return dossier
    check_open(lock_round(dossier.round_id))
    if dossier.nominations.exists():
        raise DossierError("Hồ sơ đang có đề nghị. Hãy bỏ các đề nghị trước, hoặc gửi hồ sơ.")
    dossier.nothing_to_propose = True
    return finish(dossier, by=by, at=at or clock.now())


def finish(dossier, *, by, at):
    dossier.handed_in_at, dossier.handed_in_by = at, by
    dossier.save(update_fields=["nothing_to_propose", "handed_in_at", "handed_in_by"])
    if dossier.obligation is not None:
        dossier.obligation = fulfil(dossier.obligation, at=at, by=by)
    record(
        verb="hand_in_nothing" if dossier.nothing_to_propose else "hand_in_dossier",
        subject=dossier,
        actor=by,
        unit=dossier.unit,
    )
    return dossier


def locked_nominations(dossier):
    """The draft nominations, locked, with files, checklist and form; each knows its dossier."""
    rows = list(
        Nomination.objects.select_for_update(of=("self",))
        .filter(dossier=dossier, fallback_of=None)
        .select_related("form")
        .prefetch_related("files", "checklist")
        .order_by("subject_kind", "pk")
    )
    for row in rows:
        row.dossier, row.unit, row.round = dossier, dossier.unit, dossier.round
    return rows


def keep_checklists(nominations):
    """What was there at hand-in, as rows: the departments read the same list as the unit."""
    ChecklistItem.objects.bulk_create(
        [
            ChecklistItem(nomination=nomination, kind=piece.kind, state=piece.state, reason=piece.reason)
            for nomination in nominations
            for piece in pieces_of(nomination)
        ],
        update_conflicts=True,
        unique_fields=["nomination", "kind"],
        update_fields=["state", "reason"],
    )


def content_of(nomination):
    """All words and file hashes of a nomination, as plain values for a NominationVersion."""
    content = {name: plain(getattr(nomination, name)) for name in FIELDS}
    content["form"] = nomination.form.code
    content["files"] = [
        {"id": file.pk, "kind": file.kind, "name": file.original_name, "sha256": file.sha256}
        for file in sorted(nomination.files.all(), key=lambda file: file.pk)
    ]
    content["pieces"] = [
        {"kind": piece.kind, "state": piece.state, "reason": piece.reason} for piece in pieces_of(nomination)
    ]
    return content


def plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def hash_of(content):
    """SHA-256 of a version's content, keys in order."""
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def version_of(nomination, *, number, by, at, reason=""):
    content = content_of(nomination)
    return NominationVersion(
        nomination=nomination,
        number=number,
        content=content,
        content_hash=hash_of(content),
        reason=reason,
        at=at,
        by=by,
    )


def open_requests(nomination):
    """Requests for supplements that wait for an answer, the oldest first."""
    return nomination.supplement_requests.filter(answered_by_version=None).order_by("at", "pk")


def check_supplement(nomination, award_round):
    """[SupplementRequest] that may be answered now. Raises StageError with the reason."""
    require(nomination, "supplement")
    if award_round.state != Round.State.OPEN or not award_round.supplements_allowed:
        raise StageError("Đợt xét chọn đã kết thúc nhận hồ sơ nên không bổ sung được nữa.")
    requests = list(open_requests(nomination))
    if not requests:
        raise StageError("Không có đề nghị bổ sung nào đang chờ. Hồ sơ đã gửi giữ nguyên như khi gửi.")
    return requests


@transaction.atomic
def supplement(nomination, *, revision, facts, files, by, at=None):
    """Answer the open requests with changed words and more files; returns the new NominationVersion.

    `facts`: DETAILS and REPORT_FIELDS; `files`: ((read file, kind, caption) …) of read_file(). Side effects
    in order: the nomination's words, files, the version, the requests answered, one event. Raises StageError
    without an open request or after the close; DossierConflict, DossierError.
    """
    dossier = lock_dossier(nomination.dossier_id)
    award_round = lock_round(dossier.round_id)
    nomination = lock(nomination.pk)
    requests = check_supplement(nomination, award_round)
    if nomination.revision != revision:
        raise DossierConflict
    put(nomination, facts)
    for name in REPORT_FIELDS:
        if name in facts:
            setattr(nomination, name, facts[name])
    nomination.revision += 1
    save_once(nomination)
    for file, kind, caption in files:
        keep_file(dossier, file, kind=kind, caption=caption, by=by, nomination=nomination)
    last = nomination.versions.order_by("-number").values_list("number", flat=True)[0]
    version = version_of(
        nomination, number=last + 1, by=by, at=at or clock.now(), reason="Bổ sung theo đề nghị"
    )
    version.save()
    keep_checklists([nomination])
    for request in requests:
        request.answered_by_version = version
        request.save(update_fields=["answered_by_version"])
    advance(nomination, "supplement", by=by)
    return version
