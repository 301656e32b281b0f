"""Objections to the roll, and their decisions within the term."""

from datetime import datetime

from django.db.models import Max

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections.actions._steps import lock_going, required, trace
from yukuai.elections.actions.roll import MENDABLE, unlist
from yukuai.elections.models import Election, Objection
from yukuai.elections.queries import get_voter
from yukuai.elections.schedule import Step
from yukuai.elections.states import ElectionState, VoterState
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.workflow.actions import meet_deadlines, remember, start_deadline
from yukuai.workflow.calendar import Term, end_of_day
from yukuai.workflow.queries import get_calendar

P = Permission
RECEIVED = frozenset({ElectionState.ROLL_PUBLISHED, ElectionState.ROLL_OBJECTION})


@action
def object_to_roll(
    actor: Actor,
    *,
    number: str,
    by: str,
    wish: str,
    about: str,
    reason: str,
    voter_id: int | None = None,
    at: datetime,
) -> Objection:
    """Received while the term runs. Its own clock starts: to be decided within so many days."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    _still_received(actor, election, at)
    if wish not in ("add", "strike"):
        raise InvalidInput("选要求列入还是剔除。", fields={"wish": "选一个。"})
    voter = get_voter(actor, election=election, voter_id=voter_id) if voter_id else None
    last = Objection.objects.filter(election=election).aggregate(Max("serial"))["serial__max"] or 0
    due = Term(days=election.rules.days("roll_decision")).due(at, get_calendar(actor))
    objection = Objection.objects.create(
        election=election,
        division=election.division,
        serial=last + 1,
        by=required(by, field="by", sentence="写明谁提出的。", like="name"),
        wish=wish,
        about=required(about, field="about", sentence="写明说的是谁。", like="name"),
        voter=voter,
        reason=required(reason, field="reason", sentence="写明理由。"),
        received_at=at,
        due_at=due,
    )
    _start_clock(election, objection)
    remember(actor, election, move="object", at=at, objection=objection.serial)
    trace(actor, election, "object", at=at)
    return objection


def _still_received(actor: Actor, election: Election, at: datetime) -> None:
    if election.state not in RECEIVED:
        raise Conflict("名单公布以后、申诉期满以前才收申诉。")
    marks = election.marks(get_calendar(actor))
    mark = next(one for one in marks if one.step is Step.OBJECTIONS)
    if at >= end_of_day(mark.planned):
        raise Conflict(f"申诉期已满（{mark.law}）。")


def _start_clock(election: Election, objection: Objection) -> None:
    start_deadline(
        election,
        f"objection-{objection.serial}",
        label=f"申诉第 {objection.serial} 号决定",
        owner=election.division,
        starts_at=objection.received_at,
        due_at=objection.due_at,
        law=election.rules.cite("roll_decision"),
    )


@action
def decide_objection(
    actor: Actor, *, number: str, serial: int, upheld: bool, decision: str, at: datetime
) -> Objection:
    """With its reason. What is upheld is carried out on the roll by the same hand: whoever is to go
    is struck here; whoever is to come must stand on it by now."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    rows = Objection.objects.filter(election=election, serial=serial).select_for_update()
    objection = rows.first()
    if objection is None:
        raise NotFound("没有这一号申诉。")
    if objection.decided_at is not None:
        raise Conflict("这一号申诉已经决定过了。")
    objection.decision = required(decision, field="decision", sentence="写明决定的理由。")
    if upheld:
        _carry_out(election, objection, at)
    objection.upheld, objection.decided_at = upheld, at
    objection.save(update_fields=["upheld", "decided_at", "decision"])
    meet_deadlines(election, f"objection-{serial}", at=at)
    remember(actor, election, move="decide", at=at, objection=serial, upheld=upheld)
    trace(actor, election, "decide", at=at)
    return objection


def _carry_out(election: Election, objection: Objection, at: datetime) -> None:
    if election.state not in MENDABLE:
        raise Conflict("名单已经确定。")
    voter = objection.voter
    if objection.wish == "strike" and voter is not None:
        if voter.state == VoterState.LISTED:
            unlist([voter.pk])
            voter.state, voter.why = VoterState.STRUCK, f"申诉第{objection.serial}号成立"
            voter.changed_at = at
            voter.save(update_fields=["state", "why", "changed_at"])
        return
    names = election.voters.filter(state=VoterState.LISTED, name=objection.about)
    if objection.wish == "add" and not names.exists():
        raise Conflict(f"先把{objection.about}列入名单，再记“成立”。")
    if objection.wish == "strike" and names.exists():
        raise Conflict(f"先在名单上剔除{objection.about}，再记“成立”。")
