"""Who may object to a dispatch and who may rule on it (派单异议). Pure: log in, sentences out.

First receiver, first responsible: while an objection waits the present unit keeps the matter, and
its clock runs on (首接负责; objections to a dispatch are examined: 北京市接诉即办工作条例 14, 17).
A ruling is final for the round.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

RULINGS = frozenset({"uphold", "redirect"})
ASKS = frozenset({"ask_extension", "request_return"})
REMEMBERED = frozenset({"dispatch", "grant_return", "refuse_return", "object", "reopen"})
PAST_MOVES = REMEMBERED | RULINGS | ASKS
"""The moves that the questions of this page are about."""


@dataclass(frozen=True)
class Step:
    """One line of the log: the move, who made it, what was kept beside it."""

    move: str
    user_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def door(self) -> tuple[Any, Any]:
        return self.data.get("unit_id"), self.data.get("department_id")


def this_round(steps: Iterable[Step]) -> list[Step]:
    """Oldest first, since the matter was last reopened."""
    kept: list[Step] = []
    for step in steps:
        kept = [] if step.move == "reopen" else [*kept, step]
    return kept


def last_of(steps: Sequence[Step], *moves: str) -> Step | None:
    return next((step for step in reversed(steps) if step.move in moves), None)


def is_ruled(steps: Iterable[Step]) -> bool:
    return any(step.move in RULINGS for step in steps)


def refuse_objection(steps: Sequence[Step], *, door: tuple[Any, Any]) -> str:
    """Why the unit behind this door may not object, or ''.

    It may, once a round: when its return was refused, or when it gets the matter again that was
    taken back from it.
    """
    if any(step.move == "object" for step in steps):
        return "这一轮已经提过一次异议，以裁决为准。"
    given = max((i for i, step in enumerate(steps) if step.move == "dispatch"), default=-1)
    refused = any(step.move == "refuse_return" for step in steps[given + 1 :])
    again = any(step.move == "grant_return" and step.door == door for step in steps)
    if refused or again:
        return ""
    return "先申请退单。退单没有同意，或者退了又派回来，才能提异议。"


def judges_himself(steps: Sequence[Step], *, user_id: int | None) -> bool:
    """Whether he gave out the matter, or refused the return, that the objection is about."""
    if user_id is None:
        return False
    acts = (last_of(steps, "dispatch"), last_of(steps, "refuse_return"))
    return any(step is not None and step.user_id == user_id for step in acts)
