"""Evidence of a report: files taken into a draft, and out of it again."""

from django.db import transaction

from doanportal.typed import clean_text
from doanportal.uploads import UploadError, read_upload, safe_name, stored_file
from plans.models import FormField
from units.events import record

from .drafts import forget_files, lock_draft
from .models import Evidence

MAX_FILES = 20


def add_evidence(version, upload, *, by, field=None, caption=""):
    """Attach a file to a draft; the same bytes are kept once. Raises UploadError or DraftError."""
    content, content_type = read_upload(upload)
    if field is not None and field.type == FormField.Type.PHOTOS and not content_type.startswith("image/"):
        raise UploadError(f"«{safe_name(upload.name)}» không phải ảnh. Hãy chọn ảnh JPG hoặc PNG.")
    limit = (field.maximum if field else None) or MAX_FILES
    file, sha256 = stored_file(content, content_type)
    # The photo is made anew before the lock: a hand-in does not wait for it.
    with transaction.atomic():
        version = lock_draft(version, refusal="Báo cáo đã gửi, không thêm tệp được. Hãy mở «Sửa, bổ sung».")
        existing = list(Evidence.objects.filter(version=version, field=field))
        if same := next((row for row in existing if row.sha256 == sha256), None):
            return same
        if len(existing) >= limit:
            raise UploadError(f"Đã có {limit} tệp ở mục này, không thêm được nữa. Hãy xóa bớt.")
        return Evidence.objects.create(
            version=version,
            field=field,
            file=file,
            original_name=safe_name(upload.name),
            content_type=content_type,
            size=len(content),
            sha256=sha256,
            caption=clean_text(caption)[:200],
        )


@transaction.atomic
def remove_evidence(evidence, *, by):
    """Take a file out of a draft; the stored bytes stay while another version points at them.

    Raises DraftError when the version is no draft any more.
    """
    version = lock_draft(evidence.version, refusal="Báo cáo đã gửi, không xóa tệp được.")
    record(
        verb="remove_evidence",
        subject=version.report,
        actor=by,
        unit=version.report.obligation.owner,
        reason=evidence.sha256[:12],
    )
    forget_files([evidence.file])
    evidence.delete()
