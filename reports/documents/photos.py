"""Photos of a report for its annex: shrunk to what a printed page shows, unreadable ones named as such."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from doanportal.paper import Photo, Photos
from doanportal.paper.text import clean

LONGEST_SIDE = 1100


def photo_block(rows):
    """The Photos of evidence rows, with their captions or numbers."""
    return Photos(
        tuple(
            Photo(content=printed_size(row.file), caption=clean(row.caption) or f"Ảnh {number}")
            for number, row in enumerate(rows, start=1)
        )
    )


def printed_size(stored):
    """JPEG bytes of a stored photo; empty where the file is gone or is no photo."""
    try:
        with stored.open("rb") as file:
            image = Image.open(file)
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image = image.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return b""
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    output = BytesIO()
    image.save(output, "JPEG", quality=80)
    return output.getvalue()
