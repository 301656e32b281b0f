"""Steps that several actions are made of."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.audit.actions import record
from yukuai.documents.actions import store_file
from yukuai.documents.issuing import issue_document
from yukuai.documents.kinds import AttachmentKind, DocumentType
from yukuai.elections import papers
from yukuai.elections.events import ElectionMoved
from yukuai.elections.models import Announcement, Election
from yukuai.elections.models.election import chinese
from yukuai.elections.queries import get_election
from yukuai.elections.schedule import STEP_WORDS, Step
from yukuai.elections.states import Body, NoticeKind, going
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import advance, drop_deadlines, meet_deadlines, start_deadline
from yukuai.workflow.calendar import end_of_day
from yukuai.workflow.queries import get_calendar, list_running_of

if TYPE_CHECKING:
    from yukuai.workflow.models import StateChange

LENGTHS = {"reason": 400, "document": 200, "name": 40, "place": 120, "why": 200, "spot": 60}
CLOCKED = frozenset(Step) - {Step.COMMITTEE, Step.PLAN, Step.REGISTRATION, Step.POLLING}
"""Marks that run as clocks: those the law or the place sets an end to."""


def lock(actor: Actor, number: str, permission: Permission) -> Election:
    """For writing. Raises NotFound, NotPermitted."""
    election = get_election(actor, number=number, locked=True)
    require(actor, permission, election)
    return election


def lock_going(actor: Actor, number: str, permission: Permission, at: datetime) -> Election:
    """The same, of one that is not halted or over. Raises Conflict."""
    election = lock(actor, number, permission)
    if not election.living:
        raise Conflict("这次选举已经终止，不能再办。")
    if objection := going(actor, election, at):
        raise Conflict(objection)
    return election


def move(
    actor: Actor, election: Election, name: str, *, at: datetime, reason: str = "", **data: Any
) -> "StateChange":
    election.changed_at = at
    change = advance(actor, election, name, at=at, reason=reason, **data)
    trace(actor, election, name, at=at)
    publish(ElectionMoved(election_id=election.pk, change_id=change.pk, move=name))
    return change


def trace(actor: Actor, election: Election, act: str, *, at: datetime, **said: Any) -> None:
    record(actor, act=f"election.{act}", target=election.number, area=election.area, at=at, **said)


def did(election: Election, step: Step, day: date) -> None:
    """A mark of the rail is done, as of this day; a new election day never moves it."""
    election.done_on = election.done_on | {step: str(day)}
    election.save(update_fields=["done_on"])


def set_clocks(actor: Actor, election: Election, *, at: datetime) -> None:
    """Every open mark has its clock, ending where the schedule says now; what is done is met. A
    clock whose end has passed stays: it is late."""
    marks = {mark.step: mark for mark in election.marks(get_calendar(actor)) if mark.last}
    rows = list_running_of(actor, workflow=election.workflow.name, object_ids=[election.pk])
    running = {row.name: row for row in rows}
    for step in sorted(CLOCKED):
        mark, clock = marks.get(step), running.get(step)
        if mark is None or not _begun(election, step):
            continue
        if mark.done:
            meet_deadlines(election, step, at=at)
            continue
        due = end_of_day(mark.last or mark.planned)
        if due > at and (clock is None or clock.due_at != due):
            start_deadline(
                election,
                step,
                label=STEP_WORDS[step],
                owner=election.division,
                starts_at=at,
                due_at=due,
                law=mark.law[:200],
            )


def _begun(election: Election, step: Step) -> bool:
    """Objections run from the roll, the handover from the result."""
    before = {Step.OBJECTIONS: Step.ROLL, Step.HANDOVER: Step.POLLING}.get(step)
    return before is None or before in election.done


def stop_clocks(election: Election, *, at: datetime) -> None:
    drop_deadlines(election, at=at)


def head_of(election: Election) -> papers.Head:
    return papers.Head(
        body=Body(election.body),
        place=election.division.name,
        term=f"第{chinese(election.term)}届",
        committee=election.committee_name,
        day=election.day,
        contact=election.place,
    )


def announce(
    actor: Actor,
    election: Election,
    kind: NoticeKind,
    title: str,
    body: Sequence[str],
    *,
    at: datetime,
    until: date | None = None,
    corrects: Announcement | None = None,
    **more: str,
) -> Announcement:
    """The next announcement of this election: numbered, printed, to be posted. Late in an action:
    the counter stays locked until the commit."""
    day = today(at)
    down = max(until or election.day, day)
    facts = papers.frame(head_of(election), title, body, up=day, down=down) | more
    document = issue_document(
        actor,
        place_of=election,
        kind=DocumentType.ELECTION_NOTICE,
        data=facts,
        at=at,
        issuer=election.committee_name,
        series=election.pk,
        corrects=corrects.document if corrects else None,
    )
    return Announcement.objects.create(
        election=election,
        division=election.division,
        kind=kind,
        document=document,
        number=document.number,
        title=title,
        issued_on=day,
        down_on=down,
        corrects=corrects,
    )


def keep_paper(actor: Actor, election: Election, upload: Any, *, at: datetime) -> None:
    """The scan a step rests on, where one was handed in."""
    if upload is not None:
        store_file(
            actor,
            place_of=election,
            subject=election.workflow.name,
            object_id=election.pk,
            upload=upload,
            kind=AttachmentKind.FILE,
            at=at,
        )


def required(text: str, *, field: str, sentence: str, like: str = "reason") -> str:
    """Tidied. Raises InvalidInput when it is missing or too long."""
    text = " ".join(text.replace("\x00", "").split())
    limit = LENGTHS[like]
    if len(text) > limit:
        sentence = f"写得太长了，最多 {limit} 字，现在 {len(text)} 字。"
    elif text:
        return text
    raise InvalidInput(sentence, fields={field: sentence})


def optional(text: str, *, field: str, like: str = "reason") -> str:
    return required(text, field=field, sentence="", like=like) if text.strip() else ""


def a_day(day: date, *, field: str, after: date, before: date) -> date:
    """Raises InvalidInput outside these, both included."""
    if not after <= day <= before:
        sentence = f"日期要在 {after} 到 {before} 之间。"
        raise InvalidInput(sentence, fields={field: sentence})
    return day


def refuse(faults: Mapping[str, str]) -> None:
    """Raises InvalidInput field by field, where there are any."""
    if faults:
        raise InvalidInput(next(iter(faults.values())), fields=dict(faults))


YEAR = timedelta(days=366)
