"""Steps that several actions are made of."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.cases.events import CaseMoved
from yukuai.cases.models import Case
from yukuai.cases.queries import get_case, get_own_case
from yukuai.cases.rules import Rules
from yukuai.divisions.queries import list_ancestors
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import advance, clock_of, remember, start_deadline
from yukuai.workflow.calendar import Term
from yukuai.workflow.queries import get_calendar, get_pack_with_term

if TYPE_CHECKING:
    from yukuai.workflow.models import Deadline, StateChange

REASON_LENGTH = 400
SUPERVISION = "supervision"
"""An upper level's question has its own length, whatever was promised."""
SAID_OF_PARTS = frozenset({"dispatch", "sign", "guide", "reply", "send_back", "ask_help", "note"})
"""What the resident reads of the parts, in the one timeline that he has."""
KEPT_OF_PARTS = frozenset({"cancel_part", "finish"})
"""What only the officers of the main matter read there."""


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
    if case.is_part and name not in SAID_OF_PARTS:
        said = ""
    change = advance(actor, case, name, at=at, reason=reason, said=said, **data)
    record(actor, act=f"case.{name}", target=case.number, area=case.area, at=at)
    publish(CaseMoved(case_id=case.pk, change_id=change.pk, move=name))
    case.__dict__.pop("past", None)  # the log has one line more
    if case.is_part:
        tell_main(actor, case, change)
    return change


def tell_main(actor: Actor, part: Case, change: "StateChange") -> None:
    """A line of a part in the timeline of its main matter, as from the unit that has the part."""
    told = change.said if change.move in SAID_OF_PARTS else ""
    if not told and change.move not in KEPT_OF_PARTS:
        return
    main = part.parent
    assert main is not None
    label = f"{part.number}，{part.unit_name}" if part.unit_name else actor.label
    remember(
        replace(actor, label=label),
        main,
        move=f"part-{change.move}",
        source=main.state,
        at=change.happened_at,
        reason=change.reason if change.reason != told else "",
        said=told,
        part=part.number,
    )


def due(actor: Actor, case: Case, term: Term, at: datetime) -> datetime:
    """When a term ends that begins now; for a part no later than what the resident was promised."""
    ends = term.due(at, get_calendar(actor))
    promised = promise_of_main(case)
    return min(ends, promised) if promised is not None else ends


def promise_of_main(case: Case) -> datetime | None:
    """Read anew: the part is locked by now, its main matter may have moved in the meantime."""
    if case.parent_id is None:
        return None
    return Case.objects.values_list("promised_at", flat=True).get(pk=case.parent_id)


def note_answer(actor: Actor, case: Case, at: datetime) -> None:
    """The promise is kept or broken now: whatever is promised later, of this answer it stays so."""
    case.replied_at, case.replied_by_id = at, actor.user_id
    case.in_time = case.promised_at is not None and at <= case.promised_at


def rules_with(actor: Actor, case: Case, term: str, at: datetime) -> tuple[Rules, str]:
    """The rules that know the term: the pinned ones, else those of a newer pack (named beside)."""
    pack = get_pack_with_term(actor, pinned=case.rule_pack, name=term, area=case.area, at=at)
    return Rules(pack.params), "" if pack.pk == case.rule_pack_id else str(pack)


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
    rules: Rules | None = None,
) -> datetime:
    """Set a clock of the pinned rule pack running at somebody's door; return when it ends.

    The kind of a clock stands before a colon: of `help:71` it is `help`.
    """
    rules, kind = rules or case.rules(), name.partition(":")[0]
    term_, law = (term, "") if term else (rules.term(kind), rules.source(kind))
    whole = name == SUPERVISION
    ends = term_.due(at, get_calendar(actor)) if whole else due(actor, case, term_, at)
    start_deadline(
        case,
        name,
        label=label or rules.label(kind),
        owner=owner,
        department_id=department_id,
        starts_at=at if ends > at else case.received_at,  # a part of a late matter is late
        due_at=ends,
        law=law,
    )
    return ends


def reviewer_of(actor: Actor, case: Case) -> Any:
    """Whose door a return or an extension is decided at: the dispatcher, from the township up."""
    if case.dispatcher is not None and case.dispatcher.kind != "community":
        return case.dispatcher
    above = list_ancestors(actor, division=case.division)
    return next((d for d in reversed(above) if d.kind != "community"), case.division)


def unit_ids(case: Case) -> dict[str, Any]:
    """Whose it is, for the log."""
    return {"unit_id": case.unit_id, "department_id": case.unit_department_id}
