"""Reads. Row-level security is the fence; on top of it an officer needs the right to see matters,
and a person one of the row's keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.documents import drafts
from yukuai.documents.models import Attachment, IssuedDocument, PendingUpload
from yukuai.documents.paper import CODE_LENGTH, NOT_HERE, verify_key
from yukuai.documents.rules import chinese_date
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.kernel.ids import ALPHABET, tidy_code
from yukuai.kernel.scope import widened

H = TypeVar("H", Attachment, IssuedDocument)
SEEN = Permission.CASE_VIEW
"""What opens them for officers, unless the app whose matter it is names another."""
NO_PHOTO = "没有这张照片。可能是网址不对，也可能已经撤下。"


@dataclass(frozen=True)
class Verification:
    """All that the public page may say of a document: nothing of anybody's matter."""

    kind: str
    number: str
    issuer: str
    day: str
    digest: str
    valid: bool

    @property
    def digest_words(self) -> str:
        """In fours, as they are compared."""
        return " ".join(self.digest[i : i + 4] for i in range(0, len(self.digest), 4))


def list_attachments(
    actor: Actor, *, subject: str, object_id: int, permission: Permission = SEEN
) -> QuerySet[Attachment]:
    """Of one matter, in the order in which they were handed in."""
    rows = Attachment.objects.filter(subject=subject, object_id=object_id)
    return _readable(actor, rows, permission).order_by("order", "pk")


def having_attachments(actor: Actor, *, subject: str) -> Exists:
    """As a filter of the rows of `subject`: those to which something was handed in."""
    rows = Attachment.objects.filter(subject=subject, object_id=OuterRef("pk"))
    return Exists(_readable(actor, rows))


def get_attachment(
    actor: Actor,
    *,
    attachment_id: int,
    subject: str = "",
    object_id: int | None = None,
    permission: Permission = SEEN,
) -> Attachment:
    """One, or NotFound. Views of staff read the matter through its own query first and name it
    here: only that query knows which department a matter lies with."""
    rows = Attachment.objects.filter(pk=attachment_id)
    if object_id is not None:
        rows = rows.filter(subject=subject, object_id=object_id)
    found = _readable(actor, rows, permission).first()
    if found is None:
        raise NotFound(NO_PHOTO)
    return found


def list_documents(
    actor: Actor, *, subject: str, object_id: int, permission: Permission = SEEN
) -> QuerySet[IssuedDocument]:
    """Of one matter, newest first."""
    rows = IssuedDocument.objects.filter(subject=subject, object_id=object_id)
    return _readable(actor, rows, permission).order_by("-pk")


def get_document(
    actor: Actor,
    *,
    document_id: int,
    subject: str = "",
    object_id: int | None = None,
    permission: Permission = SEEN,
) -> IssuedDocument:
    """One, or NotFound; see `get_attachment` for the matter."""
    rows = IssuedDocument.objects.filter(pk=document_id)
    if object_id is not None:
        rows = rows.filter(subject=subject, object_id=object_id)
    found = _readable(actor, rows, permission).first()
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def find_verification(actor: Actor, *, code: str) -> Verification | None:
    """What anybody may know who has the code. A step of a reading."""
    code = tidy_code(code)
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
        return None
    with widened((), [verify_key(code)]):
        document = IssuedDocument.objects.filter(code=code).defer("printed").first()
    if document is None:
        return None
    return Verification(
        kind=document.get_kind_display(),
        number=document.number,
        issuer=document.issuer,
        day=chinese_date(today(document.issued_at)),
        digest=document.sm3[:16],
        valid=document.withdrawn_at is None,
    )


def list_pending(
    actor: Actor, *, tokens: Sequence[str], session: str, at: datetime
) -> list[PendingUpload]:
    """The photos of a draft that are still there, in the order of the tokens."""
    with widened((), [drafts.draft_key(token) for token in tokens]):
        found = {
            row.token_hash: row
            for row in drafts.rows_of_draft(tokens=tokens, session=session, at=at)
        }
    hashes = [drafts.token_hash(token) for token in tokens]
    return [found[one] for one in hashes if one in found]


def get_pending(actor: Actor, *, token: str, session: str, at: datetime) -> PendingUpload:
    """One photo of a draft, for its preview, or NotFound."""
    found = list_pending(actor, tokens=[token], session=session, at=at)
    if not found:
        raise NotFound(NO_PHOTO)
    return found[0]


def _readable(actor: Actor, rows: QuerySet[H], permission: Permission = SEEN) -> QuerySet[H]:
    held = Q(pk__in=[]) if not actor.holders else Q(holders__overlap=list(actor.holders))
    of_the_area = rows.filter(confidential=False)
    return rows.filter(held) | policy.visible(actor, permission, of_the_area)
