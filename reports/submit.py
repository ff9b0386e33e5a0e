"""Hand-in: freeze the version and fulfil the obligation in one transaction (design.md §1, §3.4, §3.5)."""

import hashlib
import json
import secrets

from django.db import transaction
from django.db.models import Exists

from doanportal import clock
from doanportal.uploads import UploadError, read_upload, safe_name, stored_file
from plans.obligations import fulfil, whole_seconds
from units.events import record

from .checks import load_context, review_before_submit
from .models import Answer, SignedCopy, Value, Version
from .parsing import clean_text
from .previous import COUNTED_SOURCE

# No 0, 1, I, O, U: a code is read out over the phone.
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"


class SubmitError(ValueError):
    """The draft cannot be handed in; `findings` names what to mend, the text is for the user."""

    def __init__(self, message, findings=()):
        super().__init__(message)
        self.findings = list(findings)


def receipt_code():
    """Eight letters and digits, as XXXX-XXXX."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"


@transaction.atomic
def submit(
    version,
    *,
    by,
    idempotency_key,
    signer_name="",
    signer_title="",
    recipients=None,
    on_behalf_note=None,
    at=None,
):
    """Hand in a draft; returns the submitted Version with its receipt.

    `on_behalf_note`: where the figures come from, given only by who enters for the unit. A second call with
    the same key by the same person returns the same version. Raises SubmitError when something must be
    mended, or when the draft was handed in, thrown away or taken over meanwhile. Side effects in order:
    figures and answers stored, with what the portal counts of the period, the version before superseded,
    this one frozen, the obligation fulfilled, one event.
    """
    version = (
        Version.objects.select_for_update(of=("self", "report__obligation"))
        .select_related(
            "report__obligation__owner__kind", "report__obligation__form", "report__obligation__plan"
        )
        .annotate(key_used=Exists(Version.objects.filter(submitted_by=by, idempotency_key=idempotency_key)))
        .filter(pk=version.pk)
        .first()
    )
    if version is None:
        raise SubmitError("Bản nháp này đã được bỏ nên không gửi được. Hãy mở lại báo cáo.")
    if version.state != Version.State.DRAFT:
        if version.idempotency_key == idempotency_key and version.submitted_by_id == by.pk:
            return version
        raise SubmitError("Báo cáo này đã được gửi. Mở báo cáo để xem biên nhận.")
    if version.key_used:
        raise SubmitError("Trang này đã được dùng để gửi một báo cáo. Hãy mở lại trang rồi gửi.")
    enters_for_unit = on_behalf_note is not None and version.report.obligation.owner_id not in by.unit_ids
    if enters_for_unit and not version.on_behalf:
        raise SubmitError("Đơn vị vừa tự soạn tiếp báo cáo này nên không gửi thay nữa.")
    if version.on_behalf and version.report.obligation.owner_id in by.unit_ids:
        version.on_behalf = False  # what the unit itself hands in is its own, whoever began it
    if version.on_behalf and not clean_text(on_behalf_note or ""):
        raise SubmitError("Nhập thay cần ghi nguồn (văn bản giấy, thư, tin nhắn) và đính kèm bản chụp.")
    context = load_context(version)
    if version.on_behalf and not any(context.files_by_field.values()):
        raise SubmitError("Nhập thay cần đính kèm bản chụp văn bản của đơn vị.")
    checked = review_before_submit(version, context=context)
    if checked.errors or checked.soft:
        raise SubmitError("Chưa gửi được: còn chỗ cần sửa hoặc cần ghi lý do.", checked.errors + checked.soft)
    values, answers = store_all(version, checked, context.counted)
    if version.number > 1:
        Version.objects.filter(report_id=version.report_id, state=Version.State.SUBMITTED).update(
            state=Version.State.SUPERSEDED
        )
    now = at or clock.now()
    version.state = Version.State.SUBMITTED
    version.submitted_at = whole_seconds(now)
    version.submitted_by = by
    version.typed_by_id = version.typed_by_id or by.pk
    version.signer_name = clean_text(signer_name)[:120] or version.signer_name
    version.signer_title = clean_text(signer_title)[:80] or version.signer_title
    if recipients is not None:
        version.recipients = clean_text(recipients)
    version.on_behalf_note = clean_text(on_behalf_note or "")[:300] if version.on_behalf else ""
    version.idempotency_key = idempotency_key
    version.receipt_code = receipt_code()
    version.content_hash = content_hash(values, answers, context.file_hashes)
    version.save()
    fulfil(version.report.obligation, at=now, by=by, reason=version.reason, locked=True)
    return version


def store_all(version, checked, counted):
    """Replace the draft's figures and answers by what its text says now; returns (values, answers).

    What the portal `counted` is kept beside them, so that the paper says what was handed in; it never enters
    a sum, since the source of its month is the portal.
    """
    Value.objects.filter(version=version).delete()
    Answer.objects.filter(version=version).delete()
    values = Value.objects.bulk_create(
        [
            *(
                Value(version=version, target_id=target_id, **vars(value))
                for parsed in checked.parsed.values()
                for target_id, value in parsed.values.items()
            ),
            *counted_values(version, counted),
        ]
    )
    answers = Answer.objects.bulk_create(
        Answer(version=version, field_id=field_id, value=value)
        for parsed in checked.parsed.values()
        for field_id, value in parsed.answers.items()
    )
    return values, answers


def counted_values(version, counted):
    """[Value] of {target id: Counted}, unsaved."""
    return [
        Value(version=version, target_id=target_id, source=COUNTED_SOURCE, **figure._asdict())
        for target_id, figure in counted.items()
    ]


def content_hash(values, answers, file_hashes):
    """SHA-256 over the figures, answers and evidence of a version, in a fixed order."""
    content = {
        "values": sorted(
            [row.target_id, row.numerator, row.denominator, str(row.amount), row.unchanged] for row in values
        ),
        "answers": sorted(([row.field_id, row.value] for row in answers), key=lambda row: row[0]),
        "evidence": file_hashes,
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def add_signed_copy(report, *, upload, number, date, by):
    """Attach the signed, sealed scan to the current version; no date of the hand-in changes.

    Returns the SignedCopy. Raises UploadError without a handed-in version, a number or a PDF or photo.
    """
    current = report.versions.filter(state=Version.State.SUBMITTED).first()
    if current is None:
        raise UploadError("Báo cáo chưa gửi nên chưa có bản để ký. Hãy gửi báo cáo trước.")
    number = clean_text(number)[:60]
    if not number:
        raise UploadError("Hãy ghi số, ký hiệu của văn bản, ví dụ 41-BC/ĐTN.")
    content, content_type = read_upload(upload)
    if content_type != "application/pdf" and not content_type.startswith("image/"):
        raise UploadError("Bản ký, đóng dấu phải là tệp PDF hoặc ảnh chụp.")
    file, sha256 = stored_file(content, content_type)
    copy = SignedCopy.objects.create(
        report=report,
        version=current,
        number=number,
        date=date,
        file=file,
        original_name=safe_name(upload.name),
        sha256=sha256,
        uploaded_by=by,
    )
    record(
        verb="add_signed_copy",
        subject=report,
        actor=by,
        unit=report.obligation.owner,
        to_state=f"v{current.number}",
    )
    return copy
