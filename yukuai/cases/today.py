"""What is due, and at whose door: read from the running clocks, joined with the cases in one go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.models import Case
from yukuai.cases.queries import CAP, list_cases
from yukuai.cases.states import CaseState, Triage
from yukuai.kernel.counting import EachOnce
from yukuai.workflow.queries import list_due, list_running

S = CaseState
P = Permission
HORIZON = timedelta(days=3650)
CLOCKS_AT_ONCE = 2
"""Of a matter at one door (its own, and a supervision); more only of a few."""
RESIDENTS = "rate"
"""The one clock that no office has to meet."""


@dataclass(frozen=True)
class Owed:
    """What a clock asks of the door it runs at: which permission answers it, with which move.

    `states` narrows: a clock of the handling runs on while the matter waits for somebody else.
    """

    word: str
    move: str
    permission: Permission
    states: frozenset[str] = frozenset()


OWED: dict[str, Owed] = {
    "accept": Owed("受理", "accept", P.CASE_ACCEPT),
    "urgent": Owed("受理", "accept", P.CASE_ACCEPT),
    "triage": Owed("分流", "triage", P.CASE_TRIAGE),
    "dispatch": Owed("派单", "dispatch", P.CASE_DISPATCH),
    "sign": Owed("签收", "sign", P.CASE_HANDLE),
    "resolve": Owed("办理", "reply", P.CASE_HANDLE, frozenset({S.DISPATCHED, S.HANDLING})),
    "help": Owed("出意见", "give_help", P.CASE_HELP),
    "approve": Owed("审批", "", P.CASE_APPROVE),
    "arbitrate": Owed("裁决", "uphold", P.CASE_ARBITRATE),
    "review": Owed("核查", "review", P.CASE_REVIEW),
    "visit": Owed("回访", "visit", P.CASE_VISIT),
    "close": Owed("办结", "close", P.CASE_CLOSE),
    "supervision": Owed("回复督办", "answer_supervision", P.CASE_HANDLE),
}
PLACING = Owed("定位", "relocate", P.CASE_TRIAGE)
"""What the first clocks ask as long as nobody knows in which community the matter lies."""
APPROVALS = {
    S.RETURN_REQUESTED: ("审批退单", "grant_return"),
    S.EXTENDED: ("审批延期", "grant_extension"),
}
CHECKS = {
    name: OWED[name].permission for name in ("approve", "arbitrate", "review", "visit", "close")
}
NOT_BY_THE_HANDLER = frozenset({"review", "visit"})


@dataclass(frozen=True)
class Clock:
    """The running clock of a matter that runs out first, without the matter."""

    case_id: int
    name: str
    label: str
    starts_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Task:
    """A clock with its matter. `word` is what is owed, `mine` whether this officer owes it."""

    clock: Clock
    case: Case
    word: str
    move: str
    mine: bool


def list_at_my_door(actor: Actor, *, at: datetime) -> list[Clock]:
    """One clock a matter, the earliest; at most CAP + 1 matters."""
    return _earliest(list_due(actor, workflow="case", before=at + HORIZON))


def door_rows(actor: Actor, *, at: datetime) -> dict[str, EachOnce]:
    """How many matters wait at the actor's own door, and how many are late: to be counted together
    with others, to the cap and somewhat beyond. At a door where ten thousand wait only as many
    clocks are read as a thousand matters have."""
    rows = list_due(actor, workflow="case", before=at + HORIZON).exclude(name=RESIDENTS)
    clocks = {"open": rows, "late": rows.filter(due_at__lt=at)}
    most = CLOCKS_AT_ONCE * (CAP + 1)
    return {
        name: EachOnce(found.order_by().values("object_id")[:most], "object_id")
        for name, found in clocks.items()
    }


def list_in_my_area(actor: Actor) -> list[Clock]:
    """Everything that runs where the officer may look; nothing for a department, which looks only
    at what lies with it."""
    if any(grant.department_id is not None for grant in actor.grants):
        return []
    return _earliest(list_running(actor, workflow="case", permission=P.CASE_VIEW))


def _earliest(rows: QuerySet[Any]) -> list[Clock]:
    fields = ("object_id", "name", "label", "starts_at", "due_at")
    first: dict[int, Clock] = {}
    for values in rows.exclude(name=RESIDENTS).values_list(*fields)[: CAP + 1]:
        first.setdefault(values[0], Clock(*values))
    return list(first.values())


def list_checks(actor: Actor, *, clocks: Iterable[Clock]) -> list[Clock]:
    """Those that wait for this officer's word on what another did."""
    wanted = [clock for clock in clocks if actor.may(CHECKS.get(clock.name, P.CASE_SETTLE))]
    again = [clock.case_id for clock in wanted if clock.name in NOT_BY_THE_HANDLER]
    if not again:
        return wanted
    own = list_cases(actor).filter(pk__in=again, replied_by_id=actor.user_id)
    barred = set(own.values_list("pk", flat=True))
    return [c for c in wanted if c.name not in NOT_BY_THE_HANDLER or c.case_id not in barred]


def list_tasks(actor: Actor, *, clocks: Iterable[Clock], at_my_door: frozenset[int]) -> list[Task]:
    """The clocks with their matters, in one query; those the officer may not look at fall away."""
    clocks = list(clocks)
    found = list_cases(actor).in_bulk([clock.case_id for clock in clocks])
    return [
        _task(actor, clock, found[clock.case_id], clock.case_id in at_my_door)
        for clock in clocks
        if clock.case_id in found
    ]


def task_of(actor: Actor, *, case: Case, deadline: Any) -> Task:
    """The same of one matter and one of its running clocks."""
    doors = {(grant.capture, grant.department_id) for grant in actor.grants}
    clock = Clock(case.pk, deadline.name, deadline.label, deadline.starts_at, deadline.due_at)
    here = (deadline.owner_area, deadline.owner_department_id) in doors
    return _task(actor, clock, case, here)


def kind_of(name: str) -> str:
    """Of a clock: `help:71` runs at one helper's door, its kind is `help`."""
    return name.partition(":")[0]


def _task(actor: Actor, clock: Clock, case: Case, at_my_door: bool) -> Task:
    owed = OWED.get(kind_of(clock.name))
    if owed is None:
        return Task(clock, case, clock.label, "", False)
    if case.to_place and clock.name in ("accept", "urgent"):
        owed = PLACING
    word, move = owed.word, owed.move
    if clock.name == "approve":
        word, move = APPROVALS.get(CaseState(case.state), (word, move))
    if clock.name == "dispatch" and case.triage == Triage.PRIVATE:
        word, move = "告诉办法", "guide"
    if clock.name == "review" and case.is_part:
        move = "finish"
    mine = at_my_door and _owes(actor, case, clock.name, owed)
    return Task(clock, case, word, move, mine)


def _owes(actor: Actor, case: Case, name: str, owed: Owed) -> bool:
    early = name == "supervision" and case.unit_id is None
    if not actor.may(P.CASE_TRIAGE if early else owed.permission):
        return False
    if name in NOT_BY_THE_HANDLER and case.replied_by_id == actor.user_id:
        return False
    return not owed.states or case.state in owed.states
