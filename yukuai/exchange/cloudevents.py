"""A line of our log as a CloudEvent 1.0 in the structured form (HTTP binding, JSON format).

Everything in it comes from the line itself, which never changes, or from what a matter keeps for
good; so the same event is the same each time it is told.
"""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.conf import settings

from yukuai.cases.states import CASE_WORKFLOW
from yukuai.exchange.rules import event_type

if TYPE_CHECKING:
    from yukuai.cases.models import Case
    from yukuai.workflow.models import StateChange

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
MOVES = frozenset(move.name for move in CASE_WORKFLOW.moves)
ANSWERS = {"reply", "guide"}


def type_of(change: "StateChange") -> str:
    """'' where outsiders are not told."""
    return event_type(change.move, is_move=change.move in MOVES)


def make_event(change: "StateChange", case: "Case", *, fields: Collection[str]) -> dict[str, Any]:
    """`fields`: what the client has declared that it needs (cases.public.DECLARABLE)."""
    return {
        "specversion": "1.0",
        "id": str(change.pk),
        "source": f"{settings.PUBLIC_BASE_URL}/api/v1/cases",
        "type": type_of(change),
        "subject": case.number,
        "time": change.happened_at.isoformat(),
        "sequence": f"{change.pk:020d}",
        "datacontenttype": "application/json",
        "data": {
            "number": case.number,
            "move": change.move,
            "state": change.target,
            "state_label": CASE_WORKFLOW.states[change.target],
            "division_code": case.division.code,
            **contents(change, case, fields=fields),
        },
    }


def contents(change: "StateChange", case: "Case", *, fields: Collection[str]) -> dict[str, str]:
    """The declared fields, with the line that brings them: words with the first, the answer with
    the reply."""
    found: dict[str, str] = {}
    if change.move == "raise":
        found = {"body": case.body, "place_text": case.place_text}
    elif change.move in ANSWERS:
        found = {"answer": change.said, "outcome": str(change.data.get("outcome", ""))}
    return {name: value for name, value in found.items() if name in fields}


def to_bytes(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
