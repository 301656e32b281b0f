"""Steps that several actions are made of."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.disputes.events import DisputeMoved
from yukuai.disputes.models import Dispute, Remark
from yukuai.disputes.queries import get_dispute_by_id, get_own_dispute_by_id
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import advance, remember, start_deadline
from yukuai.workflow.queries import get_calendar

if TYPE_CHECKING:
    from yukuai.workflow.models import StateChange

REASON_LENGTH = 400
TEXT_LENGTH = 5000


def lock(actor: Actor, dispute_id: int) -> Dispute:
    """For writing; NotFound for whoever has no hand in it."""
    return get_dispute_by_id(actor, dispute_id=dispute_id, locked=True)


def lock_own(actor: Actor, dispute_id: int) -> Dispute:
    return get_own_dispute_by_id(actor, dispute_id=dispute_id, locked=True)


def tidy(text: str, *, field: str, limit: int = REASON_LENGTH) -> str:
    """Raises InvalidInput when it is too long."""
    text = text.replace("\x00", "").strip()
    if len(text) > limit:
        long = f"写得太长了，最多 {limit} 字，现在 {len(text)} 字。"
        raise InvalidInput(long, fields={field: long})
    return text


def required(text: str, *, field: str, sentence: str, limit: int = REASON_LENGTH) -> str:
    """Tidied. Raises InvalidInput with the sentence when it is empty."""
    text = tidy(text, field=field, limit=limit)
    if not text:
        raise InvalidInput(sentence, fields={field: sentence})
    return text


def move(
    actor: Actor, dispute: Dispute, name: str, *, at: datetime, words: str = "", **data: Any
) -> "StateChange":
    """Advance, keep the words sealed beside the line, leave a trace, tell the world. Within
    `opened`. What the log and the audit say has no content: `data` names offices alone."""
    dispute.changed_at = at
    change = advance(actor, dispute, name, at=at, **data)
    keep_words(dispute, change, words)
    trace(actor, dispute, f"dispute.{name}", at=at)
    publish(DisputeMoved(dispute_id=dispute.pk, change_id=change.pk, move=name))
    return change


def note(
    actor: Actor, dispute: Dispute, name: str, *, at: datetime, words: str = "", **data: Any
) -> "StateChange":
    """A line of the log that moves nothing."""
    dispute.changed_at = at
    dispute.save()
    change = remember(actor, dispute, move=name, source=dispute.state, at=at, **data)
    keep_words(dispute, change, words)
    trace(actor, dispute, f"dispute.{name}", at=at)
    publish(DisputeMoved(dispute_id=dispute.pk, change_id=change.pk, move=name))
    return change


def keep_words(dispute: Dispute, change: "StateChange", words: str) -> None:
    if words:
        Remark.inside(dispute, change_id=change.pk, words=words).save()


def trace(actor: Actor, dispute: Dispute, act: str, *, at: datetime, purpose: str = "") -> None:
    """On record where auditors read, and for those who are inside; the number and nothing else."""
    record(
        actor,
        act=act,
        target=dispute.number,
        area=dispute.audit_area,
        at=at,
        purpose=purpose,
        holders=[dispute.ring],
    )


def start_clock(
    actor: Actor, dispute: Dispute, name: str, *, owner: Any, at: datetime, since: datetime
) -> datetime:
    """A clock of the pinned rule pack at somebody's door, counted from `since`."""
    rules = dispute.rules()
    ends = rules.term(name).due(since, get_calendar(actor))
    if ends > at:
        start_deadline(
            dispute,
            name,
            label=rules.label(name),
            owner=owner,
            starts_at=since,
            due_at=ends,
            law=rules.source(name),
        )
    return ends


def take_away(dispute: Dispute) -> None:
    """Nobody has it any more: the former one is barred, the desk is asked for another. After the
    move, which still asks whose it is."""
    former = dispute.mediator
    if former is not None and former.pk not in dispute.barred:
        dispute.barred = [*dispute.barred, former.pk]
    dispute.mediator = None
    dispute.next_at, dispute.next_place = None, ""
    dispute.rekey()
    dispute.save()
