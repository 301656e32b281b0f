"""Proxies: registered in writing, judged by `engines.tally.proxies`, published before they hold."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections import papers
from yukuai.elections.actions._persons import one_on_roll
from yukuai.elections.actions._steps import (
    announce,
    did,
    head_of,
    keep_paper,
    lock_going,
    move,
    required,
    set_clocks,
    trace,
)
from yukuai.elections.conditions import last_day
from yukuai.elections.models import Candidate, Election, Proxy, Voter
from yukuai.elections.queries.candidates import list_proxies
from yukuai.elections.schedule import Step, said_day
from yukuai.elections.standing import Relation
from yukuai.elections.states import ElectionState, NoticeKind
from yukuai.engines.tally import proxies as law
from yukuai.engines.tally.packs import Electorate
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.workflow.actions import remember

P = Permission
S = ElectionState
PROXYING = frozenset(
    {S.ROLL_FINAL, S.NOMINATING, S.JOINT_REVIEW, S.CANDIDATES_PUBLISHED, S.CAMPAIGN}
)
"""From the final roll until the list is published."""
BECAME_CANDIDATE = "受托人成为候选人"
AT_FIELD = {law.Refused.TWICE: "voter", law.Refused.NO_PROXIES: ""}
"""Where a refusal is shown; any other at the holder."""


@action
def register_proxy(
    actor: Actor,
    *,
    number: str,
    voter: str,
    holder: str,
    relation: str,
    upload: Any = None,
    at: datetime,
) -> Proxy:
    """In writing, until the term ends. Raises InvalidInput with the rule and its article."""
    election = _lock_open(actor, number, at)
    away = one_on_roll(election, voter, field="voter")
    there = one_on_roll(election, holder, field="holder")
    if relation not in Relation.values:
        raise InvalidInput("选是什么关系。", fields={"relation": "选是什么关系。"})
    asked = law.Proxy(str(away.pk), str(there.pk), law.Relation(relation))
    if refused := _register(election, away, there).refusal(asked):
        field = AT_FIELD.get(refused.code, "holder")
        said = f"{refused.sentence}（{refused.article}）"
        raise InvalidInput(said, fields={field: said} if field else {})
    made = Proxy.objects.create(
        election=election,
        division=election.division,
        voter=away,
        holder=there,
        relation=relation,
        registered_on=today(at),
    )
    keep_paper(actor, election, upload, at=at)
    remember(actor, election, move="proxy", at=at, proxy=made.pk)
    trace(actor, election, "proxy", at=at)
    return made


def _lock_open(actor: Actor, number: str, at: datetime) -> Election:
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    if election.state not in PROXYING:
        raise Conflict("名单确定以后、委托名单公布以前，才登记和撤销委托。")
    closes = last_day(election, Step.PROXIES)
    if today(at) > closes:
        raise Conflict(
            f"委托登记到{said_day(closes)}已经截止（{election.rules.cite('proxies_closed')}），"
            "投票当天也不能临时委托。"
        )
    return election


def _register(election: Election, *voters: Voter) -> law.Register:
    """As much of it as these two touch; the election is locked, so nobody adds to it meanwhile."""
    ids = [one.pk for one in voters]
    touched = Q(voter__in=ids) | Q(holder__in=ids)
    rows = Proxy.objects.filter(touched, election=election, ended_on=None)
    stand = Candidate.objects.filter(contest__election=election, nominee__voter__in=ids)
    return law.Register(
        rules=election.rules,
        electorate=Electorate(election.electorate),
        voters=frozenset(map(str, ids)),
        candidates=frozenset(map(str, stand.values_list("nominee__voter", flat=True))),
        proxies=tuple(map(_as_law, rows)),
    )


def _as_law(one: Proxy) -> law.Proxy:
    return law.Proxy(str(one.voter_id), str(one.holder_id), law.Relation(one.relation))


def end_proxies_of(election: Election, voters: Iterable[int], at: datetime) -> int:
    """A step: these became candidates; what they held for others ends, and those are to be told."""
    rows = {
        str(one.voter_id): one for one in Proxy.objects.filter(election=election, ended_on=None)
    }
    register = law.Register(
        rules=election.rules,
        electorate=Electorate(election.electorate),
        voters=frozenset(),
        proxies=tuple(map(_as_law, rows.values())),
    )
    _kept, ended = register.with_candidates(map(str, voters))
    gone = [rows[one.voter].pk for one in ended]
    said = {"ended_on": today(at), "ended_why": BECAME_CANDIDATE, "void": True}
    return Proxy.objects.filter(pk__in=gone).update(**said)


@action
def cancel_proxy(actor: Actor, *, number: str, proxy_id: int, why: str, at: datetime) -> Proxy:
    """The voter takes it back, and may vote himself or ask somebody else."""
    election = _lock_open(actor, number, at)
    why = required(why, field="why", sentence="写明为什么撤销。", like="why")
    proxy = _proxy(election, proxy_id)
    if proxy.ended_on is not None:
        raise Conflict("这一份委托已经失效了。")
    proxy.ended_on, proxy.ended_why = today(at), why
    proxy.save(update_fields=["ended_on", "ended_why"])
    remember(actor, election, move="cancel-proxy", at=at, reason=why, proxy=proxy.pk)
    trace(actor, election, "cancel-proxy", at=at)
    return proxy


@action
def tell_of_void(actor: Actor, *, number: str, proxy_id: int, at: datetime) -> Proxy:
    """The voter was told that his proxy ended and that he may ask somebody else."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    proxy = _proxy(election, proxy_id)
    if not proxy.void or proxy.told_on is not None:
        raise Conflict("这一份不用再告知。")
    proxy.told_on = today(at)
    proxy.save(update_fields=["told_on"])
    trace(actor, election, "tell-of-void", at=at)
    return proxy


def _proxy(election: Election, proxy_id: int) -> Proxy:
    rows = Proxy.objects.filter(election=election, pk=proxy_id)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound("没有这一份委托。请回到委托页面重新选。")
    return found


@action
def close_proxies(actor: Actor, *, number: str, at: datetime) -> Election:
    """The list hangs: only what stands on it holds on election day."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    move(actor, election, "close_proxies", at=at)
    did(election, Step.PROXIES, min(today(at), last_day(election, Step.PROXIES)))
    did(election, Step.PROXY_LIST, today(at))
    rows = [
        (one.voter.name, one.holder.name, one.get_relation_display())
        for one in list_proxies(actor, election=election)
        if one.ended_on is None
    ]
    allowed = election.electorate != Electorate.DELEGATES or election.rules.flag(
        "proxy_delegates", silent=True
    )
    announce(
        actor,
        election,
        NoticeKind.PROXIES,
        "关于公布委托投票名单的公告",
        papers.proxies(head_of(election), len(rows), allowed=allowed),
        at=at,
        table=papers.table_of_proxies(rows),
    )
    set_clocks(actor, election, at=at)
    return election
