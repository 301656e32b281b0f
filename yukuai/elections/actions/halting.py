"""An election stands still, goes on, or ends without a result."""

from datetime import datetime
from typing import Any

from django.db.models import F

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections.actions._steps import (
    CLOCKED,
    keep_paper,
    lock,
    move,
    required,
    set_clocks,
    stop_clocks,
    trace,
)
from yukuai.elections.models import Election, Listing, Objection
from yukuai.elections.states import Halt
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workflow.actions import remember, resume_deadlines
from yukuai.workflow.queries import list_changes, list_running_of

P = Permission


@action
def halt_election(
    actor: Actor, *, number: str, halt: str, reason: str, upload: Any = None, at: datetime
) -> Election:
    """Postponed with the document that allows it, or suspended for an inquiry: clocks stop."""
    election = lock(actor, number, P.ELECTION_GUIDE)
    if not election.living or election.halted:
        raise Conflict("这次选举已经停下了。")
    if halt not in Halt.values:
        raise InvalidInput("选延期还是暂停调查。", fields={"halt": "选一个。"})
    election.halted = halt
    election.halted_why = required(reason, field="reason", sentence="写明依据的文件和事由。")
    election.changed_at = at
    election.save(update_fields=["halted", "halted_why", "changed_at"])
    keep_paper(actor, election, upload, at=at)
    clocks = _of_their_own(actor, election)
    stop_clocks(election, at=at)
    remember(actor, election, move=f"halt-{halt}", at=at, reason=reason, clocks=clocks)
    trace(actor, election, f"halt-{halt}", at=at)
    return election


@action
def resume_election(actor: Actor, *, number: str, reason: str, at: datetime) -> Election:
    """It goes on where it stood; whoever runs it sets the day anew where it no longer fits. What
    was to be decided or answered by a day has as many days more as it stood still."""
    election = lock(actor, number, P.ELECTION_GUIDE)
    if not election.halted:
        raise Conflict("这次选举没有停下。")
    reason = required(reason, field="reason", sentence="写明为什么恢复。")
    election.halted, election.halted_why, election.changed_at = "", "", at
    election.save(update_fields=["halted", "halted_why", "changed_at"])
    _go_on(actor, election, at)
    remember(actor, election, move="resume", at=at, reason=reason)
    trace(actor, election, "resume", at=at)
    set_clocks(actor, election, at=at)
    return election


def _of_their_own(actor: Actor, election: Election) -> list[int]:
    """Running clocks that the schedule does not set anew: of objections and of the review."""
    rows = list_running_of(actor, workflow=election.workflow.name, object_ids=[election.pk])
    return [row.pk for row in rows if row.name not in CLOCKED]


def _go_on(actor: Actor, election: Election, at: datetime) -> None:
    halts = [f"halt-{one.value}" for one in Halt]
    halted = list_changes(actor, obj=election).filter(move__in=halts).first()
    if halted is None:
        return
    stood = today(at) - today(halted.happened_at)
    resume_deadlines(election, halted.data.get("clocks", []), later=stood)
    waiting = Objection.objects.filter(election=election, decided_at=None)
    waiting.update(due_at=F("due_at") + stood)


@action
def annul_election(actor: Actor, *, number: str, reason: str, at: datetime) -> Election:
    """For good: electing again is another election."""
    election = lock(actor, number, P.ELECTION_GUIDE)
    reason = required(reason, field="reason", sentence="写明为什么终止。")
    stop_clocks(election, at=at)
    Listing.objects.filter(voter__election=election).delete()
    move(actor, election, "annul", at=at, reason=reason)
    return election
