"""Answers that carry a file: named in Vietnamese, never guessed by the browser, never kept by a proxy."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header

SHOWN_IN_PAGE = ("image/jpeg", "image/png", "image/webp")


def stored(request, file, content_type, name, sha256, *, inline=True):
    """The stored bytes; a weak line gets them once, and is still asked who it is each time. 404 when gone.

    A photo is shown in the page unless `inline` is off; whatever else it is, is saved.
    """
    tag = f'"{sha256[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        try:
            response = FileResponse(file.open("rb"), content_type=content_type)
        except FileNotFoundError:
            raise Http404("Không tìm thấy tệp.") from None
    response["ETag"] = tag
    return private(response, name, as_attachment=not inline or content_type not in SHOWN_IN_PAGE)


def attachment(content, content_type, name):
    """Bytes made for this request, to be saved under `name`."""
    return private(HttpResponse(content, content_type=content_type), name, as_attachment=True)


def private(response, name, *, as_attachment):
    response["Content-Disposition"] = content_disposition_header(as_attachment, name.replace("/", "-"))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
