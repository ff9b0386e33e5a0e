"""Photos of an activity: made anew without hidden data, published only with consent (domain.md §5.1)."""

from django.db import transaction

from doanportal.typed import clean_line
from doanportal.uploads import UploadError, read_upload, safe_name, stored_file
from units.events import record

from .activities import ActivityError, locked
from .models import ActivityPhoto

MOST_PHOTOS = 40
LONGEST_CAPTION = 200


def add_photo(activity, upload, *, by, caption=""):
    """Keep a photo, the same one once; returns the ActivityPhoto. Raises UploadError."""
    content, content_type = read_upload(upload)
    if not content_type.startswith("image/"):
        raise UploadError(f"«{safe_name(upload.name)}» không phải ảnh. Hãy chọn ảnh JPG, PNG hoặc WebP.")
    file, sha256 = stored_file(content, content_type)
    with transaction.atomic():
        activity = locked(activity)
        there = {row.sha256: row for row in activity.photos.all()}
        if sha256 in there:
            return there[sha256]
        if len(there) >= MOST_PHOTOS:
            raise UploadError(f"Hoạt động đã có {MOST_PHOTOS} ảnh, không thêm được nữa. Hãy bỏ bớt ảnh.")
        photo = ActivityPhoto.objects.create(
            activity=activity,
            file=file,
            original_name=safe_name(upload.name),
            size=len(content),
            sha256=sha256,
            caption=clean_line(caption, LONGEST_CAPTION),
            uploaded_by=by,
        )
        record(verb="add_photo", subject=activity, actor=by, unit=activity.unit, to_state=photo.pk)
        return photo


@transaction.atomic
def remove_photo(photo, *, by):
    """Take a photo away, its bytes too."""
    activity = photo.activity
    record(verb="remove_photo", subject=activity, actor=by, unit=activity.unit, from_state=photo.pk)
    storage, name = photo.file.storage, photo.file.name
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def set_publication(photo, *, may_publish, basis, by):
    """Say that the photo may be published, on what consent, or that it may not. Returns it.

    The log tells that it changed, not who agreed. Raises ActivityError without a basis.
    """
    photo = (
        ActivityPhoto.objects.select_for_update(of=("self",))
        .select_related("activity__unit")
        .get(pk=photo.pk)
    )
    basis = clean_line(basis, 300)
    if may_publish and not basis:
        raise ActivityError(
            "Hãy ghi căn cứ: ai trong ảnh đã đồng ý, bằng cách nào. Chưa có đồng ý thì ảnh chỉ dùng nội bộ.",
            "basis",
        )
    before = photo.may_publish
    photo.may_publish, photo.publish_basis = may_publish, basis if may_publish else ""
    photo.publish_set_by = by
    photo.save(update_fields=["may_publish", "publish_basis", "publish_set_by"])
    if before != may_publish:
        record(
            verb="publish_photo" if may_publish else "withdraw_photo",
            subject=photo.activity,
            actor=by,
            unit=photo.activity.unit,
            to_state=photo.pk,
        )
    return photo
