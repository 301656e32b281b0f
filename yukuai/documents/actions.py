"""Photos and files on their way in: to a matter, or to a draft that is not yet one."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection
from django.db.models import Max, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.divisions.located import belonging_to
from yukuai.documents import drafts, files, rules
from yukuai.documents.files import Stored, Upload
from yukuai.documents.images import Picture
from yukuai.documents.kinds import AttachmentKind
from yukuai.documents.models import Attachment, IssuedDocument, PendingUpload
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.scope import widened

PENDING_LIFE = timedelta(hours=24)
SWEEP_DAYS = 7
SWEEP_BATCH = 500


class Place(Protocol):
    """Where an attachment belongs: a located row with the keys of its persons."""

    division: Any
    holders: Any


def store_image(
    actor: Actor,
    *,
    place_of: Place,
    subject: str,
    object_id: int,
    upload: Upload | Picture,
    kind: str,
    at: datetime,
) -> Attachment:
    """A step: a photo, re-encoded without its metadata. Raises InvalidInput, nothing stored.

    A `Picture` (images.read_picture) was decoded before: outside of the transaction, where it
    keeps no row locked.
    """
    stored = files.write_image(upload, at=at)
    return _attach(actor, place_of, subject, object_id, stored, kind, at)


def store_file(
    actor: Actor,
    *,
    place_of: Place,
    subject: str,
    object_id: int,
    upload: Upload,
    kind: str = AttachmentKind.FILE,
    at: datetime,
) -> Attachment:
    """A step, for staff: a photo as above, or a PDF, which is only ever downloaded."""
    stored = files.write_file(upload, at=at)
    return _attach(actor, place_of, subject, object_id, stored, kind, at)


def take_pending(
    actor: Actor,
    *,
    place_of: Place,
    subject: str,
    object_id: int,
    tokens: Sequence[str],
    session: str,
    kind: str = AttachmentKind.SCENE,
    at: datetime,
    most: int = rules.MAX_PHOTOS,
) -> list[Attachment]:
    """A step: the photos of a draft become those of its matter, in the order of the tokens.

    All of them or none: a photo that has expired or was never this browser's refuses the whole.
    """
    _in_transaction()
    tokens = list(dict.fromkeys(tokens))
    if len(tokens) > most:
        raise InvalidInput(f"照片最多 {most} 张，现在有 {len(tokens)} 张。请去掉几张。")
    with widened(actor.areas, [*actor.holders, *map(drafts.draft_key, tokens)]):
        rows = drafts.rows_of_draft(tokens=tokens, session=session, at=at)
        found = {row.token_hash: row for row in rows.select_for_update()}
        if len(found) < len(tokens):
            raise InvalidInput("有照片放得太久，已经清掉了。请重新选照片；您写的字还在。")
        stored = [_as_stored(found[drafts.token_hash(t)]) for t in tokens]
        PendingUpload.objects.filter(pk__in=[row.pk for row in found.values()]).delete()
    return [_attach(actor, place_of, subject, object_id, one, kind, at) for one in stored]


def relocate_attachments(actor: Actor, *, subject: str, object_id: int, division: Any) -> None:
    """A step: photos and documents lie where their matter lies; numbers stay what they were."""
    _in_transaction()
    for model in (Attachment, IssuedDocument):
        rows = model._default_manager.filter(subject=subject, object_id=object_id)
        rows.update(division=division, area=division.path)


@action
def store_pending(actor: Actor, *, upload: Upload | Picture, session: str, at: datetime) -> str:
    """Keep a photo for a matter that does not exist yet; returns the token that takes it.

    `session` is any secret of this browser that outlives signing in (not the session key itself,
    which changes then).
    """
    token = secrets.token_urlsafe(24)
    keys = [drafts.draft_key(token), drafts.session_key(session)]
    of_session = drafts.session_hash(session)
    with widened((), keys):
        waiting = PendingUpload.objects.filter(session_hash=of_session, expires_at__gt=at)
        if waiting.count() >= rules.MAX_PENDING:
            raise Conflict("选过的照片太多了。请先去掉几张，再选新的。")
        PendingUpload.objects.create(
            **asdict(files.write_image(upload, at=at)),
            token_hash=drafts.token_hash(token),
            session_hash=of_session,
            holders=keys,
            created_at=at,
            expires_at=at + PENDING_LIFE,
        )
    return token


@action
def drop_pending(actor: Actor, *, token: str, session: str, at: datetime) -> None:
    """The person took the photo out of the draft again. Gone already is as good."""
    with widened((), [drafts.draft_key(token)]):
        _drop(drafts.rows_of_draft(tokens=[token], session=session, at=at))


@action
def sweep_pending(actor: Actor, *, at: datetime) -> int:
    """Drafts that were never sent: rows now, files with the commit. Returns how many."""
    return _drop(PendingUpload.objects.filter(expires_at__lte=at).order_by("pk"))


@action
def sweep_orphans(actor: Actor, *, at: datetime, days: int = SWEEP_DAYS) -> int:
    """Files without a row, older than a day: what a killed process left behind."""
    swept = 0
    for folder in (files.ATTACHMENTS, files.DOCUMENTS):
        for _place, names in files.list_old(folder, at=at, days=days):
            for start in range(0, len(names), SWEEP_BATCH):
                orphans = _without_row(names[start : start + SWEEP_BATCH])
                files.remove(*orphans)
                swept += len(orphans)
    return swept


def _without_row(names: list[str]) -> list[str]:
    owners = {files.owner_of(name) for name in names}
    known: set[str] = set()
    for model in (Attachment, PendingUpload, IssuedDocument):
        rows = model._default_manager.filter(storage_name__in=owners)
        known.update(rows.values_list("storage_name", flat=True))
    return [name for name in names if files.owner_of(name) not in known]


def _drop(rows: QuerySet[PendingUpload]) -> int:
    found = list(rows.select_for_update(skip_locked=True)[:SWEEP_BATCH])
    PendingUpload.objects.filter(pk__in=[row.pk for row in found]).delete()
    files.remove_after_commit(*(row.storage_name for row in found))
    return len(found)


def _attach(
    actor: Actor,
    place_of: Place,
    subject: str,
    object_id: int,
    stored: Stored,
    kind: str,
    at: datetime,
) -> Attachment:
    _in_transaction()
    there = Attachment.objects.filter(subject=subject, object_id=object_id)
    return Attachment.objects.create(
        **asdict(stored),
        **belonging_to(place_of),
        subject=subject,
        object_id=object_id,
        kind=AttachmentKind(kind),
        uploaded_by=actor.label,
        user_id=actor.user_id,
        created_at=at,
        order=1 + (there.aggregate(last=Max("order"))["last"] or 0),
    )


def _as_stored(row: PendingUpload) -> Stored:
    return Stored(**{name: getattr(row, name) for name in Stored.__dataclass_fields__})


def _in_transaction() -> None:
    assert connection.in_atomic_block, "storing is a step of an @action"
