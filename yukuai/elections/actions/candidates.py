"""The formal candidates, and their meeting with the voters."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.documents.actions import store_file
from yukuai.documents.kinds import AttachmentKind
from yukuai.elections import papers
from yukuai.elections.actions._steps import (
    a_day,
    announce,
    did,
    head_of,
    lock_going,
    move,
    refuse,
    required,
    set_clocks,
    trace,
)
from yukuai.elections.actions.proxies import end_proxies_of
from yukuai.elections.conditions import last_day
from yukuai.elections.models import Candidate, Election, Forum
from yukuai.elections.queries import Field, list_fields
from yukuai.elections.schedule import Step
from yukuai.elections.standing import Outcome, formal
from yukuai.elections.states import ElectionState, NoticeKind
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict
from yukuai.workflow.actions import remember

P = Permission
MOST_EXTRA = 9
RECORDS = "election-forum"


@action
def publish_candidates(actor: Actor, *, number: str, extra: int, at: datetime) -> Election:
    """Those who passed the review and were nominated most often, `extra` more than there are seats;
    whoever is equal to the last one stands too. Proxies that a candidate holds end."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    if not 1 <= extra <= MOST_EXTRA:
        refuse({"extra": f"填 1 到 {MOST_EXTRA}：候选人要比应选的多。"})
    move(actor, election, "publish_candidates", at=at, extra=extra)
    fields = list_fields(actor, election=election)
    chosen = [(field, _chosen(field, extra)) for field in fields]
    Candidate.objects.bulk_create(
        Candidate(
            contest=field.contest,
            division=election.division,
            nominee=one.nominee,
            place=place,
            nominations=one.number,
        )
        for field, standing in chosen
        for place, one in enumerate(standing, start=1)
    )
    did(election, Step.CANDIDATES, today(at))
    end_proxies_of(election, {one.nominee.voter_id for _field, rows in chosen for one in rows}, at)
    told = [(f.contest.word, f.contest.seats, [one.nominee.name for one in r]) for f, r in chosen]
    closes = last_day(election, Step.PROXIES)
    announce(
        actor,
        election,
        NoticeKind.CANDIDATES,
        "关于公布正式候选人名单的公告",
        papers.candidates(head_of(election), sum(len(names) for _w, _s, names in told), closes),
        at=at,
        table=papers.table_of_candidates(told),
    )
    set_clocks(actor, election, at=at)
    return election


def _chosen(field: Field, extra: int) -> Sequence[Any]:
    standing = [
        one
        for one in field.standing
        if one.nominee.withdrawn_on is None and one.nominee.review == Outcome.PASS
    ]
    numbers = {one.nominee.pk: one.number for one in standing}
    taken = set(formal(numbers, field.contest.seats + extra))
    return [one for one in standing if one.nominee.pk in taken]


@action
def begin_campaign(actor: Actor, *, number: str, at: datetime) -> Election:
    """The list of candidates hangs: they are introduced to the voters."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    move(actor, election, "begin_campaign", at=at)
    return election


@action
def hold_forum(
    actor: Actor,
    *,
    number: str,
    held_on: date,
    place: str,
    present: int,
    upload: Any,
    at: datetime,
) -> Forum:
    """A meeting took place, with its record. On election day and after it nobody campaigns."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    if election.state != ElectionState.CAMPAIGN:
        raise Conflict("开始介绍候选人以后、公布委托名单以前，才记见面会。")
    if today(at) >= election.day:
        raise Conflict("选举日停止介绍候选人。")
    a_day(held_on, field="held_on", after=election.done[Step.CANDIDATES], before=today(at))
    place = required(place, field="place", sentence="写明在哪里开的。", like="place")
    refuse({} if 1 <= present <= 99_999 else {"present": "填到会的人数。"})
    refuse({} if upload is not None else {"upload": "上传见面会的记录。"})
    record = store_file(
        actor,
        place_of=election,
        subject=RECORDS,
        object_id=election.pk,
        upload=upload,
        kind=AttachmentKind.FILE,
        at=at,
    )
    forum = Forum.objects.create(
        election=election,
        division=election.division,
        held_on=held_on,
        place=place,
        present=present,
        attachment_id=record.pk,
    )
    remember(actor, election, move="forum", at=at, held_on=str(held_on))
    trace(actor, election, "forum", at=at)
    return forum
