"""What stands on the paper of a document, and the paper itself: stored PDF, large print, SVG."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from yukuai.documents import files, typesetting
from yukuai.documents.models import IssuedDocument
from yukuai.kernel import crypto
from yukuai.kernel.errors import Unavailable

CODE_LENGTH = 12
SEALED_PDF = "document.pdf"
NOT_AS_ISSUED = "这份文书的存档和登记的摘要不一致，先不提供下载。请联系发文单位核对。"
NOT_HERE = "没有这份文书。可能是网址不对，也可能已经撤下。"


def verify_key(code: str) -> str:
    """The holder key by which the public page sees one document and nothing else."""
    return f"verify:{crypto.keyed_hash(code, purpose='document.verify')}"


def verify_address(code: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}/verify/{code}/"


def code_words(code: str) -> str:
    """K7RM-2XPQ-94TW: as it is read aloud."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def as_json(printed: Mapping[str, str]) -> str:
    return json.dumps(printed, ensure_ascii=False, sort_keys=True)


def sheet(printed: Mapping[str, str], *, large: bool = False) -> dict[str, Any]:
    """The facts with what is computed from them: the code to scan, the size of the head."""
    return {
        **printed,
        "large": large,
        "qr": typesetting.qr_svg(printed["address"]),
        "head_size": typesetting.head_size(printed["issuer"], large=large),
    }


def seal_pdf(pdf: bytes) -> bytes:
    """At rest the paper of a reserved matter is as closed as its rows."""
    return crypto.seal(base64.b64encode(pdf).decode(), purpose=SEALED_PDF).encode()


def open_pdf(sealed: bytes) -> bytes:
    """Raises Unavailable when it was altered."""
    try:
        return base64.b64decode(crypto.unseal(sealed.decode("ascii"), purpose=SEALED_PDF))
    except ValueError as error:
        raise Unavailable(NOT_AS_ISSUED) from error


def document_pdf(document: IssuedDocument, *, large: bool = False) -> bytes:
    """The PDF as issued, checked against its digest; `large` sets the same words in 22 pt anew."""
    if large:
        return typesetting.make_pdf(document.template, sheet(document.data, large=True))
    data = files.read(document.storage_name)
    if document.confidential:
        data = open_pdf(data)
    if crypto.digest(data) != document.sm3:
        raise Unavailable(NOT_AS_ISSUED)
    return data


def document_svg(document: IssuedDocument, *, large: bool = False) -> list[str]:
    """The twin for the screen, an SVG text a page. Show it by address (`<img>`), not inline."""
    return typesetting.make_pages(document.template, sheet(document.data, large=large))
