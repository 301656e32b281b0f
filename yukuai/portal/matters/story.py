"""The part of a matter's log that its resident reads, as a timeline: newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from yukuai.accounts.policy import Actor
from yukuai.cases.states import DONE
from yukuai.documents.kinds import AttachmentKind
from yukuai.documents.queries import list_attachments
from yukuai.kernel import wording
from yukuai.portal.matters.words import ANSWERS, MOVES, QUOTED, is_yours, state_of, unit_of
from yukuai.workflow.queries import list_changes

Event = dict[str, Any]


@dataclass(frozen=True)
class Photos:
    """Of a matter, with the moment each came in."""

    before: Sequence[Any]
    after: Sequence[Any]


def tell(
    actor: Actor, *, case: Any, due: datetime | None, at: datetime
) -> tuple[list[Event], bool]:
    """What happened so far, and on top what happens next, with its time; and whether the matter
    has been moved to another place since it came in."""
    log = list(list_changes(actor, obj=case))
    changes = [c for c in log if c.said]
    photos = _photos(actor, case)
    answered = next((c.pk for c in changes if c.move in ANSWERS), None)
    events = [_event(case, change, photos, change.pk == answered, at) for change in changes]
    return [*_next(case, due, at), *events], any(c.move == "relocate" for c in log)


def _photos(actor: Actor, case: Any) -> Photos:
    rows = list(list_attachments(actor, subject="case", object_id=case.pk))
    images = [row for row in rows if row.is_image]
    return Photos(
        [row for row in images if row.kind == AttachmentKind.SCENE],
        [row for row in images if row.kind == AttachmentKind.AFTER],
    )


def _next(case: Any, due: datetime | None, at: datetime) -> list[Event]:
    if is_yours(case, at=at):
        return [
            {
                "state": "yours",
                "title": "等您评价",
                "when": wording.deadline(case.rate_until, now=at),
                "words": "到时没有回音，就按办结处理，以后仍可重新反映。",
            }
        ]
    if case.state in DONE:
        return []
    late = due is not None and at > wording.end_of(due)
    when = wording.deadline(due, now=at) if due else ""
    words = "过了答应您的时间，上级已经看到。您也可以打电话催。" if late else ""
    title = state_of(case, at=at)[1]
    state = "late" if late else "now"
    return [{"state": state, "title": title, "when": when, "words": words}]


def _event(case: Any, change: Any, photos: Photos, is_last_answer: bool, at: datetime) -> Event:
    title = MOVES.get(change.move, "有新进展")
    event: Event = {
        "state": "done",
        "title": title,
        "at": change.happened_at,
        "who": unit_of(change.actor),
    }
    said = change.said.strip()
    if change.move in QUOTED:
        event["quote"] = said
    elif said.rstrip("。") != title:
        event["words"] = said
    shown: list[Event] = []
    if change.move == "raise":
        shown = _figures(case, photos.before, "您拍的", at)
    elif is_last_answer and photos.after:
        shown = _figures(case, photos.before[:1], "您拍的", at)
        shown += _figures(case, photos.after, "办理后", at)
    return event | {"photos": shown}


def _figures(case: Any, rows: Iterable[Any], word: str, at: datetime) -> list[Event]:
    return [
        {
            "url": reverse("portal:matter-photo", args=[case.number, row.pk]) + "?size=thumb",
            "full": reverse("portal:matter-photo", args=[case.number, row.pk]),
            "alt": f"{word}照片 {row.order}",
            "caption": f"{wording.day(row.created_at, now=at)}，{word}",
        }
        for row in rows
    ]
