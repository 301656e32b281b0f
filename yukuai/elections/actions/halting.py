"""An election stands still, goes on, or ends without a result."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections.actions._steps import (
    keep_paper,
    lock,
    move,
    required,
    set_clocks,
    stop_clocks,
    trace,
)
from yukuai.elections.models import Election, Listing
from yukuai.elections.states import Halt
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workflow.actions import remember

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
    stop_clocks(election, at=at)
    remember(actor, election, move=f"halt-{halt}", at=at, reason=reason)
    trace(actor, election, f"halt-{halt}", at=at)
    return election


@action
def resume_election(actor: Actor, *, number: str, reason: str, at: datetime) -> Election:
    """It goes on where it stood; whoever runs it sets the day anew where it no longer fits."""
    election = lock(actor, number, P.ELECTION_GUIDE)
    if not election.halted:
        raise Conflict("这次选举没有停下。")
    reason = required(reason, field="reason", sentence="写明为什么恢复。")
    election.halted, election.halted_why, election.changed_at = "", "", at
    election.save(update_fields=["halted", "halted_why", "changed_at"])
    remember(actor, election, move="resume", at=at, reason=reason)
    trace(actor, election, "resume", at=at)
    set_clocks(actor, election, at=at)
    return election


@action
def annul_election(actor: Actor, *, number: str, reason: str, at: datetime) -> Election:
    """For good: electing again is another election."""
    election = lock(actor, number, P.ELECTION_GUIDE)
    reason = required(reason, field="reason", sentence="写明为什么终止。")
    stop_clocks(election, at=at)
    Listing.objects.filter(voter__election=election).delete()
    move(actor, election, "annul", at=at, reason=reason)
    return election
