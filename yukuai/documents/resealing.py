"""Papers that lie sealed as files, sealed anew with the key in use. Their digests stay as they are:
they are of the paper, not of its cover."""

from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from yukuai.documents import paper
from yukuai.documents.models import IssuedDocument
from yukuai.kernel import crypto
from yukuai.kernel.errors import Unavailable
from yukuai.kernel.scope import EVERYWHERE, scope


def reseal_papers() -> tuple[int, list[str]]:
    """How many were sealed anew, and the files that cannot be read."""
    with scope(EVERYWHERE):
        rows = IssuedDocument.objects.filter(storage_name__endswith=".pdf.sealed").order_by("pk")
        names = list(rows.values_list("storage_name", flat=True))
    done, broken = 0, []
    for name in names:
        try:
            done += _reseal(name)
        except (OSError, Unavailable):
            broken.append(name)
    return done, broken


def _reseal(name: str) -> bool:
    with default_storage.open(name) as file:
        sealed = file.read()
    if sealed.startswith(crypto.seal_prefix().encode()):
        return False
    _replace(name, paper.seal_pdf(paper.open_pdf(sealed)))
    return True


def _replace(name: str, data: bytes) -> None:
    """In one step: a reader finds the old file or the new one."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # object storage replaces by itself
        default_storage.save(name, ContentFile(data))
        return
    draft = path.with_suffix(".draft")
    draft.write_bytes(data)
    draft.replace(path)
