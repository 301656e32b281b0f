"""交接班: what runs at a window right now, filled in for whoever hands it over.

Read from the same clocks as 今日, from the calls that wait and from what outside systems refuse;
kept as numbers of matters, never with a name, a telephone or a resident's words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.queries import count_capped
from yukuai.cases.today import Task, list_at_my_door, list_tasks
from yukuai.exchange.queries.matters import count_troubles
from yukuai.kernel.actions import action, as_step
from yukuai.messaging.queries import list_calls
from yukuai.roster.actions import hand_over
from yukuai.roster.queries import Desk, find_end_of_next_shift

P = Permission
NUMBERS_KEPT = 40
LOOKED_AT = 400
"""Matters whose clocks run out first; a window with more has other worries."""
ONE_SHIFT = timedelta(hours=12)
"""How far to look where the next shift has nobody (产品设定)."""


@dataclass(frozen=True)
class Kind:
    """A group of the hand-over: which tasks belong to it."""

    label: str
    holds: Callable[[Task, datetime], bool]


KINDS: dict[str, Kind] = {
    "urgent": Kind("紧急的事", lambda task, _until: task.case.urgent),
    "unaccepted": Kind(
        "还没受理", lambda task, _until: task.clock.name == "accept" and not task.case.urgent
    ),
    "due": Kind("下一班结束以前到期", lambda task, until: task.clock.due_at <= until),
    "visits": Kind("等回访", lambda task, _until: task.clock.name == "visit"),
    "returns": Kind("申请退单，等审", lambda task, _until: task.move == "grant_return"),
}


def list_running_at(actor: Actor, *, desk: Desk, at: datetime) -> list[dict[str, Any]]:
    """The groups with something in them, as a hand-over keeps them. `url` is where the rest is."""
    until = find_end_of_next_shift(actor, desk=desk, at=at) or at + ONE_SHIFT
    clocks = list_at_my_door(actor, at=at)[:LOOKED_AT]
    tasks = list_tasks(actor, clocks=clocks, at_my_door=frozenset(c.case_id for c in clocks))
    groups = [_group(name, kind, tasks, until) for name, kind in KINDS.items()]
    return [group for group in (*groups, *_elsewhere(actor)) if group["count"]]


def _group(name: str, kind: Kind, tasks: list[Task], until: datetime) -> dict[str, Any]:
    found = [task.case.number for task in tasks if kind.holds(task, until)]
    return {
        "name": name,
        "label": kind.label,
        "count": len(found),
        "numbers": found[:NUMBERS_KEPT],
    }


def _elsewhere(actor: Actor) -> list[dict[str, Any]]:
    """What lies on other lists: texts to be told by telephone, parcels nobody takes."""
    listed = []
    if actor.may(P.CASE_VISIT):
        listed.append(("calls", "没送到的短信，要打电话", count_capped(list_calls(actor))))
    if actor.may(P.EXCHANGE_MANAGE):
        listed.append(("exchange", "外部系统送不出去的", count_troubles(actor)))
    return [
        {"name": name, "label": label, "count": count, "numbers": []}
        for name, label, count in listed
    ]


@action
def hand_over_desk(actor: Actor, *, desk: Desk, notes: str, at: datetime) -> int:
    """What runs and what was added, in one transaction. Returns the id of the hand-over."""
    running = list_running_at(actor, desk=desk, at=at)
    handover = as_step(hand_over)(
        actor,
        division_id=desk.division.pk,
        department_id=desk.department_id,
        running=running,
        notes=notes,
        at=at,
    )
    return int(handover.pk)
