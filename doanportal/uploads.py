"""Files that people attach: what they really are, how large; photos without hidden data (EXIF, position)."""

import hashlib
import io
import uuid
import warnings
from pathlib import PurePath

import filetype
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from .typed import clean_text

MEGABYTE = 1024 * 1024
MAX_PHOTO = 15 * MEGABYTE
MAX_FILE = 20 * MEGABYTE
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2000
SCALABLE = ("L", "RGB", "RGBA", "CMYK", "YCbCr")
PHOTO_TYPES = {"image/jpeg", "image/png", "image/webp"}
DOCUMENT_TYPES = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
ALLOWED_WORDS = "ảnh JPG, PNG, WebP hoặc tệp PDF, Word (.docx), Excel (.xlsx)"


class UploadError(ValueError):
    """The file cannot be taken; the text says why and what to do, in Vietnamese."""


def safe_name(name):
    """The file's own name without folders and control characters, at most 150 characters."""
    name = clean_text(PurePath(str(name).replace("\\", "/")).name).replace("\n", " ")
    stem, dot, extension = name.rpartition(".")
    return f"{stem[:140]}{dot}{extension[:9]}" if dot else name[:150] or "tep"


def read_upload(upload):
    """(bytes, content type) of an upload, photos made anew without tags. Raises UploadError."""
    name = safe_name(upload.name)
    if upload.size > max(MAX_PHOTO, MAX_FILE):
        raise UploadError(
            f"«{name}» nặng {upload.size // MEGABYTE} MB, nhiều nhất {MAX_FILE // MEGABYTE} MB. "
            "Hãy chụp lại ở cỡ nhỏ hơn hoặc nén tệp rồi gửi lại."
        )
    content = upload.read()
    if not content:
        raise UploadError(f"«{name}» trống, không có nội dung. Hãy chọn lại tệp.")
    kind = filetype.guess(content)
    content_type = kind.mime if kind else ""
    if content_type in PHOTO_TYPES:
        if len(content) > MAX_PHOTO:
            raise UploadError(
                f"Ảnh «{name}» nặng {len(content) // MEGABYTE} MB, nhiều nhất {MAX_PHOTO // MEGABYTE} MB. "
                "Hãy chụp lại ở cỡ nhỏ hơn."
            )
        return remake_photo(content, name), "image/jpeg"
    if content_type in DOCUMENT_TYPES:
        return content, content_type
    raise UploadError(f"«{name}» không phải {ALLOWED_WORDS}. Hãy chọn tệp khác.")


def remake_photo(content, name):
    """The photo as a fresh JPEG, turned upright, no EXIF or position, longest side 2000 px."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content))
            if image.width * image.height > MAX_PIXELS:
                raise UploadError(f"Ảnh «{name}» có quá nhiều điểm ảnh ({image.width}×{image.height}).")
            if image.mode not in SCALABLE:
                image = image.convert("RGB")
            # Made small before it is turned: a copy of fifty million points is 200 MB.
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            image = ImageOps.exif_transpose(image).convert("RGB")
    except UploadError:
        raise
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise UploadError(
            f"Không mở được ảnh «{name}»: tệp hỏng hoặc không phải ảnh. Hãy chụp lại."
        ) from error
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def stored_file(content, content_type):
    """(ContentFile under a name nobody can guess, SHA-256 of its bytes)."""
    extension = DOCUMENT_TYPES.get(content_type, "jpg")
    return ContentFile(content, name=f"{uuid.uuid4().hex}.{extension}"), hashlib.sha256(content).hexdigest()
