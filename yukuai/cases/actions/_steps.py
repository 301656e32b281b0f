"""Steps that several actions are made of."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.cases.events import CaseMoved
from yukuai.cases.models import Case
from yukuai.cases.queries import get_case, get_own_case
from yukuai.divisions.queries import list_ancestors
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import advance, clock_of, start_deadline
from yukuai.workflow.calendar import Term
from yukuai.workflow.queries import get_calendar

if TYPE_CHECKING:
    from yukuai.workflow.models import Deadline, StateChange

REASON_LENGTH = 400


def lock(actor: Actor, case_id: int) -> Case:
    """The case for writing; NotFound where the officer may not look."""
    return get_case(actor, case_id=case_id, locked=True)


def lock_own(actor: Actor, case_id: int) -> Case:
    return get_own_case(actor, case_id=case_id, locked=True)


def required(text: str, *, field: str, sentence: str, limit: int = REASON_LENGTH) -> str:
    """The text, tidied. Raises InvalidInput with the sentence when it is empty, or too long."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise InvalidInput(sentence, fields={field: sentence})
    if len(text) > limit:
        long = f"写得太长了，最多 {limit} 字，现在 {len(text)} 字。"
        raise InvalidInput(long, fields={field: long})
    return text


def move(
    actor: Actor,
    case: Case,
    name: str,
    *,
    at: datetime,
    reason: str = "",
    said: str = "",
    **data: object,
) -> "StateChange":
    """Advance, leave a trace in the audit, tell the world."""
    case.changed_at = at
    change = advance(actor, case, name, at=at, reason=reason, said=said, **data)
    record(actor, act=f"case.{name}", target=case.number, area=case.area, at=at)
    publish(CaseMoved(case_id=case.pk, change_id=change.pk, move=name))
    return change


def due(actor: Actor, case: Case, term: Term, at: datetime) -> datetime:
    return term.due(at, get_calendar(actor))


def first_clock(actor: Actor, case: Case, name: str, *, at: datetime) -> "Deadline":
    """At the door of the place, for a matter that comes into being: not written yet."""
    rules = case.rules()
    return clock_of(
        case,
        name,
        label=rules.label(name),
        owner=case.division,
        starts_at=at,
        due_at=due(actor, case, rules.term(name), at),
        law=rules.source(name),
    )


def start_clock(
    actor: Actor,
    case: Case,
    name: str,
    *,
    owner: Any,
    at: datetime,
    department_id: int | None = None,
    term: Term | None = None,
    label: str = "",
) -> datetime:
    """Set a clock of the pinned rule pack running at somebody's door; return when it ends."""
    rules = case.rules()
    ends = due(actor, case, term or rules.term(name), at)
    start_deadline(
        case,
        name,
        label=label or rules.label(name),
        owner=owner,
        department_id=department_id,
        starts_at=at,
        due_at=ends,
        law=rules.source(name) if term is None else "",
    )
    return ends


def reviewer_of(actor: Actor, case: Case) -> Any:
    """Whose door a return or an extension is decided at: the dispatcher, from the township up."""
    if case.dispatcher is not None and case.dispatcher.kind != "community":
        return case.dispatcher
    above = list_ancestors(actor, division=case.division)
    return next((d for d in reversed(above) if d.kind != "community"), case.division)
