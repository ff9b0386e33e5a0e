"""The unit's dossier of a round: begun, the minutes of its own meeting, its files, the numbered Tờ trình."""

from django.db import IntegrityError, transaction

from doanportal import clock
from doanportal.typed import clean_line
from doanportal.uploads import UploadError, read_upload, safe_name, stored_file
from plans.models import Obligation, ObligationKind
from plans.obligations import start_draft
from units.documents import attach_file, record_number
from units.events import record
from units.models import Document, DocumentType
from units.naming import name_on

from .models import Dossier, DossierFile, Nomination, Round

CAUSE = "round:"
FORM = "award_dossier"
PROPOSAL = "TTr"
MOST_FILES = 60
FILE_KINDS = (
    ("report", "Báo cáo thành tích có xác nhận (bản quét)"),
    ("evidence", "Minh chứng"),
    ("minutes", "Biên bản họp xét (bản quét)"),
    ("other", "Giấy tờ khác"),
)
MINUTES_FIELDS = ("met_on", "met_place", "chair", "minutes_taker", "invited", "present", "discussion")


class DossierError(ValueError):
    """What was asked cannot be done; the text is for the user, `field` names the input it is about."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class DossierConflict(DossierError):
    """Somebody else changed it since the page was opened."""

    def __init__(self, message=""):
        super().__init__(
            message
            or "Người khác vừa sửa nội dung này. Nội dung đồng chí nhập còn nguyên dưới đây, nội dung đang "
            "lưu ghi bên cạnh; hãy xem lại rồi lưu lần nữa."
        )


def cause_of(award_round):
    """How an obligation names the round it is about."""
    return f"{CAUSE}{award_round.pk}"


def round_id_of(cause):
    """The id of the round that an obligation's cause names; 0 where it names none."""
    kind, _, number = cause.partition(":")
    return int(number) if kind == "round" and number.isascii() and number.isdigit() else 0


def obligation_of(award_round, unit):
    """What the unit owes in the round, or None: nobody asked this unit."""
    return Obligation.objects.filter(
        kind=ObligationKind.PLAN, form__code=FORM, owner=unit, cause=cause_of(award_round)
    ).first()


@transaction.atomic
def start_dossier(*, award_round, unit, by):
    """The unit's Dossier in the round, made when it isn't there; twice makes one.

    Side effects: the obligation knows that somebody began; one event. Raises DossierError when the round
    takes no dossiers.
    """
    found = Dossier.objects.filter(round=award_round, unit=unit).first()
    if found is not None:
        return found
    check_open(award_round)
    obligation = obligation_of(award_round, unit)
    dossier, created = Dossier.objects.get_or_create(
        round=award_round, unit=unit, defaults={"obligation": obligation}
    )
    if created:
        if obligation is not None:
            start_draft(obligation)
        record(verb="start_dossier", subject=dossier, actor=by, unit=unit)
    return dossier


def check_open(award_round):
    """Raises DossierError unless the round takes dossiers now."""
    if award_round.state == Round.State.OPEN:
        return
    if award_round.state == Round.State.DRAFT:
        raise DossierError("Đợt xét chọn chưa mở nhận hồ sơ.")
    raise DossierError(
        "Đợt xét chọn đã kết thúc nhận hồ sơ nên không lập, sửa hoặc gửi hồ sơ được nữa. "
        "Nếu cần, đồng chí liên hệ Ban Phong trào."
    )


def lock_dossier(dossier_id):
    """The dossier with unit, round and paper, locked until the transaction ends: one writer at a time."""
    return (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("unit__kind", "round", "proposal", "obligation")
        .get(pk=dossier_id)
    )


def lock_draft(dossier_id):
    """The same where the unit may still write. Raises DossierError after hand-in and after the close."""
    dossier = lock_dossier(dossier_id)
    check_draft(dossier)
    return dossier


def check_draft(dossier):
    if dossier.handed_in_at is not None:
        raise DossierError("Hồ sơ đã gửi: nội dung giữ nguyên như khi gửi, không sửa và không rút lại được.")
    check_open(dossier.round)


@transaction.atomic
def save_minutes(dossier, *, revision, by, facts, votes):
    """Keep the minutes of the unit's own meeting; returns the dossier, saved.

    `facts`: values of MINUTES_FIELDS; `votes`: {nomination id: (for, against)}, None where not counted.
    Raises DossierConflict on a stale revision, DossierError when more voted than were present.
    """
    dossier = lock_draft(dossier.pk)
    if dossier.revision != revision:
        raise DossierConflict
    check_minutes(facts)
    nominations = {row.pk: row for row in dossier.nominations.select_for_update().filter(fallback_of=None)}
    for pk, row in nominations.items():
        check_votes(row, facts["present"], *votes.get(pk, (row.votes_for, row.votes_against)))
    for name in MINUTES_FIELDS:
        setattr(dossier, name, facts[name])
    dossier.revision += 1
    dossier.save(update_fields=[*MINUTES_FIELDS, "revision"])
    changed = []
    for pk, (votes_for, votes_against) in votes.items():
        row = nominations.get(pk)
        if row is not None and (row.votes_for, row.votes_against) != (votes_for, votes_against):
            row.votes_for, row.votes_against = votes_for, votes_against
            changed.append(row)
    Nomination.objects.bulk_update(changed, ["votes_for", "votes_against"])
    record(verb="save_minutes", subject=dossier, actor=by, unit=dossier.unit)
    return dossier


def check_minutes(facts):
    if facts["met_on"] and facts["met_on"] > clock.today():
        raise DossierError("Ngày họp ở sau hôm nay. Hãy kiểm tra lại.", "met_on")
    invited, present = facts["invited"], facts["present"]
    if invited is not None and present is not None and present > invited:
        raise DossierError(
            f"Có mặt {present} người, nhiều hơn {invited} người được triệu tập. Hãy kiểm tra lại.", "present"
        )


def check_votes(nomination, present, votes_for, votes_against):
    """Raises DossierError at the field `for_<id>` when the votes cannot be."""
    if votes_for is None and votes_against is None:
        return
    field = f"for_{nomination.pk}"
    if present is None:
        raise DossierError("Đã ghi số phiếu thì ghi cả số người có mặt.", "present")
    together = (votes_for or 0) + (votes_against or 0)
    if together > present:
        raise DossierError(f"{together} phiếu, nhiều hơn {present} người có mặt. Hãy kiểm tra lại.", field)


def read_file(upload):
    """(bytes, content type, name) of what somebody attaches. Raises DossierError at the field `file`."""
    try:
        content, content_type = read_upload(upload)
    except UploadError as error:
        raise DossierError(str(error), "file") from error
    return content, content_type, safe_name(upload.name)


def keep_file(dossier, file, *, kind, caption, by, nomination=None):
    """A read file with the dossier (locked by the caller); the same bytes again give the row there is."""
    content, content_type, name = file
    stored, sha256 = stored_file(content, content_type)
    row = DossierFile.objects.filter(dossier=dossier, nomination=nomination, sha256=sha256).first()
    if row is not None:
        return row
    if DossierFile.objects.filter(dossier=dossier, nomination=nomination).count() >= MOST_FILES:
        raise DossierError(f"Đã có {MOST_FILES} tệp. Hãy bỏ bớt tệp không cần.", "file")
    row = DossierFile.objects.create(
        dossier=dossier,
        nomination=nomination,
        kind=kind,
        file=stored,
        original_name=name[:200],
        content_type=content_type,
        size=len(content),
        sha256=sha256,
        caption=clean_line(caption, 200),
        uploaded_by=by,
    )
    record(
        verb="add_dossier_file",
        subject=nomination or dossier,
        actor=by,
        unit=dossier.unit,
        to_state=sha256[:12],
    )
    return row


def add_file(dossier, *, upload, kind, caption="", by, nomination=None):
    """Attach a file to the dossier, or to one of its nominations. Raises DossierError."""
    file = read_file(upload)
    with transaction.atomic():
        dossier = lock_draft(dossier.pk)
        return keep_file(dossier, file, kind=kind, caption=caption, by=by, nomination=nomination)


@transaction.atomic
def remove_file(file, *, by):
    """Take a file off again, before hand-in only; its bytes go once that is certain. Raises DossierError."""
    dossier = lock_draft(file.dossier_id)
    storage, name = file.file.storage, file.file.name
    about = file.nomination or dossier
    sha256 = file.sha256
    DossierFile.objects.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: storage.delete(name))
    record(verb="remove_dossier_file", subject=about, actor=by, unit=dossier.unit, from_state=sha256[:12])
    return dossier


@transaction.atomic
def number_proposal(dossier, *, number, symbol, term, date, by, scan=None):
    """Number, day and signed scan of the Tờ trình as they come back; returns its Document.

    Only the unit's own clerk knows the number. Raises DossierError after hand-in, DocumentError else.
    """
    dossier = lock_draft(dossier.pk)
    document = dossier.proposal or draft_proposal(dossier, by=by)
    document = record_number(
        document,
        number=number,
        symbol=symbol or ("" if document.symbol else proposal_symbol(dossier.unit)),
        term=term,
        date=date,
        by=by,
    )
    return attach_file(document, scan, by=by) if scan else document


def draft_proposal(dossier, *, by):
    document = Document.objects.create(
        issuer=dossier.unit,
        type=DocumentType.PROPOSAL,
        subject=f"Tờ trình đề nghị khen thưởng – {dossier.round.name}"[:400],
        created_by=by,
    )
    dossier.proposal = document
    dossier.save(update_fields=["proposal"])
    return document


def proposal_symbol(unit, *, day=None):
    """«TTr/ĐTN» (domain.md §2.3); the unit comes with its names."""
    return f"{PROPOSAL}/{name_on(unit, day or clock.today()).issuer_code}"


def is_late(dossier):
    """Whether it was handed in after the last moment on time; None before hand-in or without obligation."""
    if dossier.handed_in_at is None or dossier.obligation is None:
        return None
    return dossier.handed_in_at.replace(microsecond=0) > dossier.obligation.due_at


def is_taken(error, name):
    """Whether an IntegrityError is that of the constraint `name`."""
    return isinstance(error, IntegrityError) and name in str(error)
