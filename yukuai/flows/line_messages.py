"""Lines on their way: who is to approve hears of it, who drew hears what came of it, and whoever
draws below a line that is another hears that his own do not fit any more."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.boundaries.queries import get_draft_by_id, list_reviews_because
from yukuai.boundaries.rules import LAYER_WORDS
from yukuai.boundaries.states import LineState
from yukuai.kernel import wording
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users
from yukuai.workflow.queries import get_change

P = Permission
TEMPLATES = {
    "submit": "line-submit",
    "return": "line-return",
    "approve": "line-approve",
    "take_effect": "line-effect",
}


@action
def announce_lines(actor: Actor, *, draft_id: int, change_id: int, move: str, at: datetime) -> None:
    """Told twice, it says it once: by the line of the log."""
    draft = get_draft_by_id(actor, draft_id=draft_id)
    if move == "approve" and draft.state == LineState.EFFECTIVE:
        return  # in the same breath: that it took effect says it
    values = {
        "number": draft.number,
        "place": draft.division.name,
        "layer": draft.layer_word,
        "day": wording.day(draft.effective, now=at) if draft.effective else "",
        "reason": get_change(actor, change_id=change_id).reason,
    }
    whom = _approvers(actor, draft, at) if move == "submit" else draft.drawers
    _tell(actor, whom, TEMPLATES[move], values, f"/work/lines/{draft.number}/", change_id, at)
    if move == "take_effect":
        _tell_below(actor, draft, change_id, at)


def _approvers(actor: Actor, draft: Any, at: datetime) -> set[int]:
    """Of the level just above; of the city's own drawing, its other officers."""
    above = draft.division.parent_id or draft.division_id
    found = find_staff_for(
        actor, division_id=above, department_id=None, permission=P.BOUNDARY_APPROVE, at=at
    )
    return set(found) - set(draft.drawers)


def _tell_below(actor: Actor, draft: Any, change_id: int, at: datetime) -> None:
    for row in list_reviews_because(actor, number=draft.number):
        whom = find_staff_for(
            actor,
            division_id=row.division_id,
            department_id=None,
            permission=P.BOUNDARY_DRAW,
            at=at,
        )
        values = {
            "number": draft.number,
            "place": row.division.name,
            "layer": LAYER_WORDS[row.layer],
        }
        key = f"{change_id}:{row.pk}"
        _tell(actor, whom, "line-review", values, "/work/lines/", key, at)


def _tell(
    actor: Actor,
    whom: Iterable[int],
    template: str,
    values: dict[str, str],
    link: str,
    key: object,
    at: datetime,
) -> None:
    notify_users(
        actor,
        user_ids=set(whom),
        template=template,
        values=values,
        link=link,
        dedupe=f"line:{key}",
        at=at,
    )
