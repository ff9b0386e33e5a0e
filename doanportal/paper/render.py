"""A paper as PDF: the HTML template family of templates/documents, set by doanportal.pdf."""

from django.template.loader import render_to_string

from doanportal.pdf import html_to_pdf

from .model import Paper, Photos

STYLESHEET = "documents/paper.css"


def to_pdf(paper: Paper) -> bytes:
    """The PDF of the paper: A4, the vendored serif only, nothing fetched from anywhere."""
    return html_to_pdf(paper_html(paper), stylesheets=[render_to_string(STYLESHEET)], images=images_of(paper))


def paper_html(paper: Paper) -> str:
    """The whole HTML page; every text in it is escaped by the template engine."""
    return render_to_string("documents/paper.html", {"paper": paper})


def images_of(paper: Paper) -> dict[str, tuple[bytes, str]]:
    """The photos of the paper by the address that stands in its HTML."""
    blocks = [*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks)]
    photos = [photo for block in blocks if isinstance(block, Photos) for photo in block.photos]
    return {photo.address: (photo.content, "image/jpeg") for photo in photos if photo.content}
