"""回访清单: whom to call back, the earliest first, as far as the officer may follow up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.models import CallTime, Case, VisitAttempt
from yukuai.cases.queries import get_case_by_number, list_cases
from yukuai.cases.states import CaseState
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import Conflict
from yukuai.workflow.queries import get_rule_pack, list_running

PACK = "callback"
BEGINS = {
    CallTime.MORNING: time(9, 0),
    CallTime.AFTERNOON: time(14, 30),
    CallTime.EVENING: time(18, 30),
}
"""When each part of a day begins, for the next try (产品设定)."""
LATER = timedelta(hours=2)
NOW = "now"
TIMES = list(CallTime.choices)
GROUPS = {NOW: "现在打", **{value: f"说好{label}打" for value, label in CallTime.choices[1:]}}
GROUPS[CallTime.LATER.value] = "过一会儿再打"


@dataclass(frozen=True)
class Group:
    name: str
    label: str
    rows: Sequence[Any]


def list_callbacks(actor: Actor) -> QuerySet[Any]:
    """Matters that wait for a follow-up which this officer may make: not those he handled.

    Each with `due_at` of its clock, `tries` of this round, `prefers` and `again_from` of the last.
    """
    running = list_running(actor, workflow="case", permission=Permission.CASE_VISIT)
    clock = running.filter(name="visit", object_id=OuterRef("pk")).values("due_at")[:1]
    tried = VisitAttempt.objects.filter(case=OuterRef("pk"), round=OuterRef("reopened"))
    last = tried.order_by("-pk")
    counted = tried.order_by().values("case").annotate(n=Count("pk")).values("n")
    rows = list_cases(actor).filter(state=CaseState.REVIEWED, parent=None)
    rows = policy.visible(actor, Permission.CASE_VISIT, rows)
    rows = rows.filter(Q(replied_by_id=None) | ~Q(replied_by_id=actor.user_id))
    rows = rows.annotate(
        due_at=Coalesce(Subquery(clock), F("changed_at")),
        tries=Coalesce(Subquery(counted), 0),
        prefers=Subquery(last.values("prefers")[:1]),
        again_from=Subquery(last.values("again_from")[:1]),
    )
    return rows.order_by("due_at", "pk")


def get_callback(actor: Actor, *, number: str) -> Case:
    """One matter that may be followed up just now; NotFound where the officer may not look, and a
    sentence where it is not his to follow up or does not wait for it any more."""
    case = get_case_by_number(actor, number=number)
    require_callback(actor, case=case)
    return case


def require_callback(actor: Actor, *, case: Case) -> None:
    policy.require(actor, Permission.CASE_VISIT, case)
    move = case.workflow.find("visit", state=case.state)
    if objection := move.guard(actor, case, case.changed_at):
        raise Conflict(objection)


def group_callbacks(rows: Iterable[Any], *, at: datetime) -> list[Group]:
    """Who may be called now first; the others by the time of day that suits them."""
    sorted_: dict[str, list[Any]] = {name: [] for name in GROUPS}
    for row in rows:
        waits = row.again_from is not None and row.again_from > at
        sorted_[row.prefers if waits else NOW].append(row)
    return [Group(name, GROUPS[name], found) for name, found in sorted_.items() if found]


def count_tries(actor: Actor, *, case: Case) -> int:
    """How often this round was tried, of a matter the actor was already allowed to read."""
    return VisitAttempt.objects.filter(case=case, round=case.reopened).count()


def tries_allowed(actor: Actor, *, case: Case, at: datetime) -> int:
    """From the rule pack in force, with its source there."""
    pack = get_rule_pack(actor, subject=PACK, area=case.area, at=at)
    return int(pack.params["limits"]["tries"]["value"])


def next_time(prefers: str, *, at: datetime) -> datetime:
    """When the resident may be called again: two hours on, or when that part of a day next
    begins."""
    begins = BEGINS.get(CallTime(prefers))
    if begins is None:
        return at + LATER
    day = at.astimezone(SHANGHAI).date()
    today = datetime.combine(day, begins, SHANGHAI)
    return today if today > at else datetime.combine(day + timedelta(days=1), begins, SHANGHAI)
