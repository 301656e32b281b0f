"""Out: what goes to which system, one attempt at a time, in the order of each matter.

Nothing is sent inside a transaction: claim, call, note, as texts are (messaging/sending.py). A
worker that dies in between lets the lease run out; the next attempt carries the same key.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.queries import get_case
from yukuai.cases.states import FINAL, OPEN, CaseState
from yukuai.exchange.actions._steps import (
    checked_reason,
    new_link,
    queue_news,
    queue_opening,
    tell_keepers,
)
from yukuai.exchange.events import ParcelQueued
from yukuai.exchange.gateways.port import Channel, Outgoing, Taken
from yukuai.exchange.gateways.protocol import write_time
from yukuai.exchange.models import ExternalCase, ExternalSystem, Parcel
from yukuai.exchange.queries.matters import (
    find_next_parcel,
    is_blocked,
    list_links_of,
)
from yukuai.exchange.queries.systems import (
    find_route,
    find_word,
    get_channel,
    get_system_by_id,
    list_reaching,
)
from yukuai.exchange.rules import LEASE, next_try
from yukuai.exchange.states import Origin, ParcelState
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.locks import hold
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import remember
from yukuai.workflow.queries import get_change, list_changes

if TYPE_CHECKING:
    from yukuai.cases.models import Case

SWEEP_BATCH = 200
WITH_UNIT = {
    CaseState.DISPATCHED,
    CaseState.HANDLING,
    CaseState.COLLAB,
    CaseState.EXTENDED,
    CaseState.RETURN_REQUESTED,
}
SENDERS = (Permission.CASE_DISPATCH, Permission.CASE_HANDLE)


@dataclass(frozen=True)
class Claimed:
    parcel_id: int
    channel: Channel
    outgoing: Outgoing


@action
def follow_case(actor: Actor, *, case_id: int, at: datetime) -> int:
    """After a move: the matter goes to the system its department works in, and every system that
    has it hears what is new. Harmless when it comes twice. Returns how many lines go out."""
    hold(f"exchange:case:{case_id}")
    case = get_case(actor, case_id=case_id)
    rows = list_links_of(actor, case=case).filter(ended_at=None)
    queued = sum(_follow(actor, case, link, at) for link in rows.select_for_update(of=("self",)))
    opened = _open_by_route(actor, case, at)
    return queued + (1 + queue_news(actor, opened, at=at) if opened else 0)


def _open_by_route(actor: Actor, case: "Case", at: datetime) -> ExternalCase | None:
    """Also when somebody was quicker than this job and the matter is being handled already."""
    route = find_route(actor, department_id=case.unit_department_id)
    if case.state not in WITH_UNIT or route is None:
        return None
    link = list_links_of(actor, case=case).filter(system=route.system).first()
    if not case.area.startswith(route.system.area) or (link and link.ended_at is None):
        return None
    last = list_changes(actor, obj=case).filter(move="dispatch").first()
    if last is None:
        return None
    if link is None:
        link = new_link(route.system, case, origin=Origin.OURS, mark=last.pk, at=at)
    elif link.mark < last.pk:  # given back once, dispatched again: the same tie, opened anew
        _reopen(link, mark=last.pk)
    else:  # ended by hand after this dispatch: it stays so
        return None
    queue_opening(link, change_id=last.pk, at=at)
    return link


def _reopen(link: ExternalCase, *, mark: int) -> None:
    link.ended_at, link.ended_reason, link.mark = None, "", mark
    link.save(update_fields=["ended_at", "ended_reason", "mark"])


def _follow(actor: Actor, case: "Case", link: ExternalCase, at: datetime) -> int:
    if link.division_id != case.division_id:
        _relocate(link, case)
    queued = queue_news(actor, link, at=at)
    if case.state in FINAL:
        link.ended_at, link.ended_reason = at, "这件事已经了结。"
        link.save(update_fields=["ended_at", "ended_reason"])
    return queued


def _relocate(link: ExternalCase, case: "Case") -> None:
    """The matter lies elsewhere now: what we keep of it goes along."""
    place = {"division": case.division, "area": case.area}
    link.division = case.division
    link.save(update_fields=["division", "area"])
    link.parcels.update(**place)
    link.notices.update(**place)


@action
def send_outside(actor: Actor, *, case_id: int, system_id: int, reason: str, at: datetime) -> None:
    """送外部系统: an officer chooses it; the matter stays where it is and is theirs as well."""
    hold(f"exchange:case:{case_id}")
    case = get_case(actor, case_id=case_id, locked=True)
    if not any(policy.check(actor, permission, case) for permission in SENDERS):
        raise NotPermitted("由派单的和承办的单位来送外部系统。")
    if case.state not in OPEN:
        raise Conflict("已经办结，不用再送。")
    system = list_reaching(actor, area=case.area).filter(pk=system_id).first()
    if system is None:
        sentence = "选一个管这个地方的外部系统。"
        raise InvalidInput(sentence, fields={"system": sentence})
    why = checked_reason(reason)
    link = list_links_of(actor, case=case).filter(system=system).first()
    if link is not None and link.ended_at is None:
        raise Conflict(f"这件事已经在{system.name}里了，不用再送。")
    change = remember(
        actor, case, move="note", source=case.state, at=at, reason=f"送{system.name}：{why}"
    )
    if link is None:
        link = new_link(system, case, origin=Origin.OURS, mark=change.pk, by_hand=True, at=at)
    else:
        _reopen(link, mark=change.pk)
    queue_opening(link, change_id=change.pk, at=at)
    record(
        actor, act="exchange.send", target=case.number, area=case.area, at=at, system=system.code
    )


@action
def claim_parcel(actor: Actor, *, parcel_id: int, attempt: int, at: datetime) -> Claimed | None:
    """Take the attempt with this number; None when another job has it, it came too late, or
    something older of the same matter has not arrived."""
    rows = Parcel.objects.filter(pk=parcel_id, attempts=attempt, state=ParcelState.WAITING)
    parcel = rows.select_for_update(of=("self",)).select_related("link__system").first()
    if parcel is None or is_blocked(actor, parcel=parcel):
        return None
    system = get_system_by_id(actor, system_id=parcel.link.system_id)
    if not system.active:
        parcel.next_try_at, parcel.error = at + LEASE, f"{system.name}停用着，启用以后接着送。"
        parcel.save(update_fields=["next_try_at", "error"])
        return None
    parcel.attempts += 1
    parcel.next_try_at = at + LEASE
    parcel.save(update_fields=["attempts", "next_try_at"])
    channel = get_channel(actor, system=system, at=at)
    return Claimed(parcel.pk, channel, _outgoing(actor, parcel, system, at))


def _outgoing(actor: Actor, parcel: Parcel, system: ExternalSystem, at: datetime) -> Outgoing:
    """From the line of the log, which never changes; the matter's own words when it opens. That
    they leave is on record for the person concerned."""
    case = get_case(actor, case_id=parcel.link.case_id)
    change = get_change(actor, change_id=parcel.change_id)
    form = str(system.protocol.get("time", ""))
    fields = {
        "number": case.number,
        "state": parcel.theirs,
        "words": change.said or change.reason,
        "at": write_time(change.happened_at, form),
    }
    if parcel.opens:
        fields |= _matter(case, form)
        record(
            actor,
            act="exchange.push",
            target=case.number,
            area=case.area,
            at=at,
            purpose=f"送{system.name}办理",
            holders=case.holders,
            fields=["事情的原话", "具体位置"],
        )
    external_id = parcel.link.external_id or ""
    return Outgoing(parcel.key, parcel.opens, fields, external_id)


def _matter(case: "Case", form: str) -> dict[str, str]:
    category = case.category
    return {
        "title": case.title,
        "body": case.body,
        "wanted": case.wanted,
        "place_text": case.place_text,
        "division_code": case.division.code,
        "division_name": case.division.name,
        "category_code": category.code if category else "",
        "category_name": category.name if category else "",
        "triage": case.get_triage_display(),
        "urgent": "1" if case.urgent else "0",
        "received_at": write_time(case.received_at, form),
        "promised_at": write_time(case.promised_at, form) if case.promised_at else "",
    }


@action
def note_taken(actor: Actor, *, parcel_id: int, taken: Taken, at: datetime) -> None:
    """They have it; the next of the same matter may go."""
    parcel = _locked(parcel_id)
    if parcel.state == ParcelState.SENT:
        return
    parcel.state, parcel.next_try_at, parcel.error = ParcelState.SENT, None, ""
    parcel.settled_at = at
    parcel.save()
    link = ExternalCase.objects.select_for_update().get(pk=parcel.link_id)
    if parcel.opens and link.external_id != taken.external_id:
        link.external_id, link.state, link.sequence = taken.external_id, "", 0
    link.number = taken.number or link.number
    link.save(update_fields=["external_id", "number", "state", "sequence"])
    wake_next(actor, link_id=link.pk)


def wake_next(actor: Actor, *, link_id: int) -> None:
    """A step: have the oldest waiting parcel of the matter tried now."""
    following = find_next_parcel(actor, link_id=link_id)
    if following is not None:
        publish(ParcelQueued(parcel_id=following.pk, attempt=following.attempts))


@action
def note_failure(actor: Actor, *, parcel_id: int, error: str, final: bool, at: datetime) -> None:
    """Try again later; what they refuse outright, or what failed too often, is a dead letter."""
    parcel = _locked(parcel_id)
    if parcel.state != ParcelState.WAITING:
        return
    system = parcel.link.system
    again = next_try(
        at,
        attempts=parcel.attempts,
        waits=system.retry_seconds,
        jitter_percent=system.jitter_percent,
        chance=secrets.randbelow(1000) / 1000,
    )
    parcel.error, parcel.next_try_at = error[:300], None if final else again
    if parcel.next_try_at is None:
        parcel.state = ParcelState.DEAD
        tell_keepers(actor, parcel.division, what="dead", link=parcel.link, error=error, at=at)
    parcel.save()


def _locked(parcel_id: int) -> Parcel:
    rows = Parcel.objects.select_for_update(of=("self",))
    return rows.select_related("link__system", "link__case", "division").get(pk=parcel_id)


@action
def requeue_parcels(actor: Actor, *, at: datetime) -> int:
    """Publish an attempt for everything whose time has come, or whose worker was never heard of
    again. What stands behind an older one is woken by it."""
    due = Parcel.objects.filter(next_try_at__lte=at).order_by("next_try_at", "pk")
    rows = list(due.select_for_update(skip_locked=True)[:SWEEP_BATCH])
    for parcel in rows:
        Parcel.objects.filter(pk=parcel.pk).update(next_try_at=at + LEASE)
        publish(ParcelQueued(parcel_id=parcel.pk, attempt=parcel.attempts))
    return len(rows)


@action
def resend_parcel(actor: Actor, *, parcel_id: int, at: datetime) -> None:
    """A dead letter gets all its attempts again. A move that has a word now goes with it."""
    parcel = _dead(actor, parcel_id)
    if not parcel.opens and not parcel.theirs:
        _give_word(actor, parcel)
    parcel.state, parcel.attempts, parcel.next_try_at = ParcelState.WAITING, 0, at + LEASE
    parcel.save()
    publish(ParcelQueued(parcel_id=parcel.pk, attempt=0))
    _remember(actor, parcel, act="exchange.resend", reason="", at=at)


def _give_word(actor: Actor, parcel: Parcel) -> None:
    change = get_change(actor, change_id=parcel.change_id)
    word = find_word(actor, system=parcel.link.system, move=change.move)
    if word is None or not word.theirs:
        raise Conflict("先在状态对照表里写明这一步怎么告诉对方，再重发；不用告诉的，就不再送。")
    parcel.theirs = word.theirs


@action
def drop_parcel(actor: Actor, *, parcel_id: int, reason: str, at: datetime) -> None:
    """Given up, with the reason. Without its opening a matter has no place with them: what waits
    behind it is given up too."""
    parcel = _dead(actor, parcel_id)
    why = checked_reason(reason)
    rows = Parcel.objects.filter(pk=parcel.pk)
    if parcel.opens:
        rows = parcel.link.parcels.filter(state__in=[ParcelState.WAITING, ParcelState.DEAD])
        ExternalCase.objects.filter(pk=parcel.link_id).update(
            ended_at=at, ended_reason=f"没有送成：{why}"[:200]
        )
    rows.update(
        state=ParcelState.DROPPED,
        next_try_at=None,
        settled_at=at,
        settled_by=actor.label,
        settled_reason=why,
    )
    _remember(actor, parcel, act="exchange.drop", reason=why, at=at)
    wake_next(actor, link_id=parcel.link_id)


def _dead(actor: Actor, parcel_id: int) -> Parcel:
    parcel = (
        Parcel.objects.filter(pk=parcel_id)
        .select_for_update(of=("self",))
        .select_related("link__system", "link__case", "division")
        .first()
    )
    if parcel is None or not policy.check(actor, Permission.EXCHANGE_MANAGE, parcel):
        policy.require_anywhere(actor, Permission.EXCHANGE_MANAGE)
        raise NotFound("没有这一封。可能网址不对，也可能不归您的岗位管。")
    if parcel.state != ParcelState.DEAD:
        raise Conflict("这一封已经有人处理过了。")
    return parcel


def _remember(actor: Actor, parcel: Parcel, *, act: str, reason: str, at: datetime) -> None:
    number = parcel.link.case.number
    record(actor, act=act, target=number, area=parcel.area, at=at, key=parcel.key, reason=reason)
