"""Photos of a draft: each is stored at once, so that none is chosen twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yukuai.cases.actions.intake import PHOTOS
from yukuai.documents.actions import drop_pending, store_pending
from yukuai.kernel.errors import DomainError
from yukuai.portal.raising.draft import Draft
from yukuai.portal.raising.limits import count_photo


def add_photos(request: Any, draft: Draft, uploads: Iterable[Any], *, at: datetime) -> list[str]:
    """Keep each; return a sentence for each that could not be kept."""
    problems: list[str] = []
    for upload in uploads:
        if len(draft.photos) >= PHOTOS:
            return [*problems, f"照片最多 {PHOTOS} 张，多的没有收。要换，先去掉一张。"]
        try:
            count_photo(request, at=at)
            token = store_pending(request.actor, upload=upload, session=draft.photo_secret, at=at)
        except DomainError as error:
            problems.append(error.message)
        else:
            draft.photos.append(token)
    return problems


def drop_photo(request: Any, draft: Draft, place: str, *, at: datetime) -> None:
    """By its place in the row, from 1; a place that is not there drops nothing."""
    if not place.isascii() or not place.isdigit() or not 1 <= int(place) <= len(draft.photos):
        return
    token = draft.photos.pop(int(place) - 1)
    drop_pending(request.actor, token=token, session=draft.photo_secret, at=at)
