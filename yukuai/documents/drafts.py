"""The keys by which a browser, and nobody else, holds the photos of its draft."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from yukuai.documents.models import PendingUpload
from yukuai.kernel.crypto import keyed_hash


def token_hash(token: str) -> str:
    return keyed_hash(token, purpose="document.draft")


def session_hash(session: str) -> str:
    return keyed_hash(session, purpose="document.drafts")


def draft_key(token: str) -> str:
    return f"draft:{token_hash(token)}"


def session_key(session: str) -> str:
    return f"drafts:{session_hash(session)}"


def rows_of_draft(*, tokens: Sequence[str], session: str, at: datetime) -> QuerySet[PendingUpload]:
    """Both must be known: a token that leaked is worth nothing in another browser."""
    rows = PendingUpload.objects.filter(
        token_hash__in=[token_hash(token) for token in tokens],
        session_hash=session_hash(session),
        expires_at__gt=at,
    )
    return rows.order_by("pk")
