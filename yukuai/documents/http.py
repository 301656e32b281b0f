"""Handing files out, for the views of the portal and the workbench."""

from typing import Literal

from django.core.files.base import File
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from yukuai.documents import files, paper
from yukuai.documents.models import Attachment, IssuedDocument, PendingUpload
from yukuai.kernel.errors import NotFound

Size = Literal["full", "thumb"]
# A photo never changes under its address, and only its reader's own browser may keep it.
KEEP = "private, max-age=86400, immutable"
FRESH = "private, no-cache"
# Whatever a browser makes of a file, it runs nothing and loads nothing.
HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def open_attachment(
    attachment: Attachment | PendingUpload, *, size: Size = "full"
) -> "File[bytes]":
    """The stored bytes as a stream; a PDF has only one size. Raises Unavailable."""
    small = size == "thumb" and attachment.is_image
    name = files.thumb_of(attachment.storage_name) if small else attachment.storage_name
    return files.open_stored(name)


def attachment_response(
    attachment: Attachment | PendingUpload, size: Size = "full"
) -> HttpResponse:
    """A photo to look at, anything else to download. Ten megabytes at most: not streamed."""
    with open_attachment(attachment, size=size) as file:
        response = HttpResponse(file.read(), content_type=attachment.media_type)
    _guard(response, attachment.original_name, download=not attachment.is_image)
    response.headers["Cache-Control"] = KEEP
    return response


def document_response(
    document: IssuedDocument, *, large: bool = False, download: bool = False
) -> HttpResponse:
    """The PDF: as issued, or in large print."""
    data = paper.document_pdf(document, large=large)
    response = HttpResponse(data, content_type="application/pdf")
    name = f"{document.number}{document.title}{'（大字版）' if large else ''}.pdf"
    _guard(response, name, download=download)
    del response.headers["Content-Security-Policy"]  # the browser's own viewer runs in no sandbox
    response.headers["Cache-Control"] = FRESH
    return response


def document_page_response(
    document: IssuedDocument, *, page: int = 1, large: bool = False
) -> HttpResponse:
    """One page of the twin on the screen, for `<img>`; NotFound after the last."""
    pages = paper.document_svg(document, large=large)
    if not 1 <= page <= len(pages):
        raise NotFound(f"这份文书只有 {len(pages)} 页。")
    response = HttpResponse(pages[page - 1], content_type="image/svg+xml")
    _guard(response, f"{document.number}-{page}.svg", download=False)
    response.headers["Cache-Control"] = FRESH
    return response


def _guard(response: HttpResponse, name: str, *, download: bool) -> None:
    header = content_disposition_header(download, name)
    assert header is not None
    response.headers["Content-Disposition"] = header
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = HARMLESS
