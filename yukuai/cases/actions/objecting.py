"""派单异议: a unit objects once, the level above the reviewer rules within a clock, finally.

First receiver, first responsible: until the ruling the present unit keeps the matter and its clock.
"""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.cases.actions._steps import (
    lock,
    move,
    required,
    reviewer_of,
    rules_with,
    start_clock,
    unit_ids,
)
from yukuai.cases.actions.dispatch import set_unit, wait_for_signature
from yukuai.cases.models import Case
from yukuai.divisions.queries import list_ancestors
from yukuai.kernel.actions import action
from yukuai.workflow.actions import hand_over_deadline, meet_deadlines

CLOCK = "arbitrate"


@action
def object_to_dispatch(actor: Actor, *, case_id: int, reason: str, at: datetime) -> Case:
    """After a refused return, or when the matter comes back after a granted one.

    Where the pinned pack is older than this clock, a newer one gives its length, and the log says
    which.
    """
    case = lock(actor, case_id)
    reason = required(reason, field="reason", sentence="写明依据：为什么不归您单位，该归谁。")
    arbiter = arbiter_of(actor, case)
    rules, pack = rules_with(actor, case, CLOCK, at)
    level = {"arbiter": arbiter.name, "arbiter_area": arbiter.path}
    move(actor, case, "object", at=at, reason=reason, rules=pack, **level, **unit_ids(case))
    meet_deadlines(case, "sign", at=at)
    start_clock(actor, case, CLOCK, owner=arbiter, rules=rules, at=at)
    return case


def arbiter_of(actor: Actor, case: Case) -> Any:
    """The level above whoever decides about returns; at the top the city itself."""
    reviewer = reviewer_of(actor, case)
    above = list_ancestors(actor, division=reviewer)
    return above[-1] if above else reviewer


@action
def rule_on_objection(
    actor: Actor,
    *,
    case_id: int,
    unit_id: int | None = None,
    department_id: int | None = None,
    grounds: str,
    at: datetime,
) -> Case:
    """The word of the arbiter, final for the round. Without a unit, or with the present one, the
    dispatch stands."""
    case = lock(actor, case_id)
    grounds = required(grounds, field="grounds", sentence="写明裁决的依据。")
    former = unit_ids(case)
    if unit_id is None or (unit_id, department_id) == tuple(former.values()):
        return _uphold(actor, case, grounds, at)
    set_unit(actor, case, unit_id, department_id, at)
    name = case.unit_name
    said = f"上级定了，交给{name}来办。"
    move(actor, case, "redirect", at=at, reason=grounds, said=said, to=name, **former)
    meet_deadlines(case, CLOCK, at=at)
    wait_for_signature(actor, case, at)
    hand_over_deadline(case, "resolve", owner=case.unit, department_id=department_id)
    return case


def _uphold(actor: Actor, case: Case, grounds: str, at: datetime) -> Case:
    move(actor, case, "uphold", at=at, reason=grounds, to=case.unit_name, **unit_ids(case))
    meet_deadlines(case, CLOCK, at=at)
    return case
