"""In: what they say is kept first, then applied in its order, each in one transaction with the
move it makes. Nothing they said is ever thrown away: it is applied, late, or waits for a person.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.cases import actions as cases
from yukuai.cases.queries import get_case
from yukuai.cases.states import OPEN
from yukuai.exchange.actions._steps import queue_news
from yukuai.exchange.actions.exceptions import refuse_notice
from yukuai.exchange.actions.registering import register_matter
from yukuai.exchange.definitions import ACTS, EXTEND, NOTHING, REPLY, steps_of
from yukuai.exchange.events import MatterUnclear, NoticeKept
from yukuai.exchange.gateways.port import Said
from yukuai.exchange.models import ExternalCase, ExternalSystem, Notice, SeenNonce, StatusMap
from yukuai.exchange.queries.matters import find_link, find_next_notice
from yukuai.exchange.queries.systems import find_meaning, get_actor_of, get_system_by_id
from yukuai.exchange.rules import place_of
from yukuai.exchange.states import NoticeState
from yukuai.kernel.actions import action, as_step
from yukuai.kernel.crypto import digest, keyed_hash
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.locks import hold
from yukuai.kernel.outbox import publish
from yukuai.workflow.queries import list_changes

REFUSALS = (Conflict, InvalidInput, NotFound, NotPermitted)


class Replayed(Conflict):
    """This very call was heard before."""

    code = "replayed"


class Unmapped(Conflict):
    """They use a word for which nobody has said what it means."""

    code = "unmapped"


@action
def keep_notices(
    actor: Actor,
    *,
    system_id: int,
    items: Iterable[Said],
    via: str,
    nonce: str = "",
    cursor: str | None = None,
    at: datetime,
) -> int:
    """Keep what they said, once each, with the cursor behind it or the nonce that brought it.

    Returns how many were new. Raises Replayed; then nothing was kept.
    """
    system = get_system_by_id(actor, system_id=system_id)
    if nonce:
        _once(system, nonce, at)
    rows = [_notice(system, said, via, at) for said in items]
    before = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if cursor is not None:
        ExternalSystem.objects.filter(pk=system_id).update(
            cursor=cursor[:200], pulled_at=at, pull_error=""
        )
    for external_id in dict.fromkeys(row.external_id for row in rows):
        publish(NoticeKept(system_id=system_id, external_id=external_id))
    return Notice.objects.filter(system=system_id, pk__gt=before).count()


def _once(system: ExternalSystem, nonce: str, at: datetime) -> None:
    key = keyed_hash(f"{system.pk}:{nonce}", purpose="exchange.nonce")
    hold(f"exchange:nonce:{key}")
    if SeenNonce.objects.filter(key=key).exists():
        raise Replayed("这一次调用已经收到过了。重发请换新的随机数和时间戳。")
    SeenNonce.objects.create(key=key, ends_at=at + timedelta(seconds=2 * system.replay_seconds))


def _notice(system: ExternalSystem, said: Said, via: str, at: datetime) -> Notice:
    link = find_link(SYSTEM, system_id=system.pk, external_id=said.external_id)
    return Notice(
        division=link.division if link else system.division,
        system=system,
        link=link,
        external_id=said.external_id,
        sequence=said.sequence,
        digest=digest(f"{said.state}\x00{said.words}".encode()),
        theirs=said.state,
        said=json.dumps(asdict(said) | {"at": said.at.isoformat()}, ensure_ascii=False),
        stated_at=said.at,
        received_at=at,
        via=via,
    )


def said_of(notice: Notice) -> Said:
    values = json.loads(notice.said)
    return Said(**values | {"at": datetime.fromisoformat(values["at"])})


def settle_matter(*, system_id: int, external_id: str, patient: bool = True, at: datetime) -> None:
    """Apply what waits, in its order. Not an action: each word has a transaction of its own."""
    while True:
        notice_id = take_next(
            SYSTEM, system_id=system_id, external_id=external_id, patient=patient, at=at
        )
        if notice_id is None:
            return
        apply_or_refuse(notice_id=notice_id, at=at)


def apply_or_refuse(*, notice_id: int, at: datetime) -> str:
    """Returns the sentence of the refusal, or ''."""
    try:
        apply_notice(actor_for(SYSTEM, notice_id=notice_id), notice_id=notice_id, at=at)
    except REFUSALS as error:
        refuse_notice(SYSTEM, notice_id=notice_id, reason=error.message, at=at)
        return error.message
    return ""


@action
def take_next(
    actor: Actor, *, system_id: int, external_id: str, patient: bool, at: datetime
) -> int | None:
    """The oldest word that may be applied now. Behind a gap, or of a matter nobody has described,
    it waits while the system is asked (`patient`); after that it is taken as it is."""
    notice = find_next_notice(actor, system_id=system_id, external_id=external_id)
    if notice is None:
        return None
    said = said_of(notice)
    link = find_link(actor, system_id=system_id, external_id=external_id)
    link = link or _adopt(notice, said)
    last = link.sequence if link else 0
    where = place_of(notice.sequence, last=last, numbered=said.numbered and link is not None)
    unclear = where.gap or (link is None and not said.body)
    if not unclear or not patient:
        return notice.pk
    if link is not None and link.gap_since is None:
        link.gap_since = at
        link.save(update_fields=["gap_since"])
    publish(MatterUnclear(system_id=system_id, external_id=external_id))
    return None


def _adopt(notice: Notice, said: Said) -> ExternalCase | None:
    """They have a matter of ours whose receipt never reached us: they name our number."""
    rows = ExternalCase.objects.filter(system=notice.system_id, case__number=said.our_number)
    link = rows.select_for_update(of=("self",)).select_related("division").first()
    if not said.our_number or link is None or link.external_id is not None:
        return None
    link.external_id, link.number = said.external_id, said.number
    link.save(update_fields=["external_id", "number"])
    waiting = Notice.objects.filter(system=notice.system_id, external_id=said.external_id)
    waiting.update(link=link, division=link.division, area=link.area)
    return link


@action
def actor_for(actor: Actor, *, notice_id: int) -> Actor:
    """As whom the system acts on this matter."""
    notice = Notice.objects.select_related("system", "link").get(pk=notice_id)
    holding = None
    if notice.link is not None:
        holding = get_case(actor, case_id=notice.link.case_id).unit_department
    return get_actor_of(actor, system=notice.system, holding=holding)


@action
def apply_notice(actor: Actor, *, notice_id: int, at: datetime) -> None:
    """What one word means here, done and ticked off together. A refusal undoes both."""
    notice = Notice.objects.select_related("system__division").get(pk=notice_id)
    hold(f"exchange:matter:{notice.system_id}:{notice.external_id}")
    notice = Notice.objects.select_related("system__division").get(pk=notice_id)
    if notice.state not in (NoticeState.WAITING, NoticeState.REFUSED):
        return
    said = said_of(notice)
    link = find_link(actor, system_id=notice.system_id, external_id=notice.external_id)
    if link is None:
        link = register_matter(actor, system=notice.system, said=said, at=at)
    hold(f"exchange:case:{link.case_id}")
    get_case(actor, case_id=link.case_id, locked=True)  # from here on the log is ours
    link.refresh_from_db()
    late = notice.state == NoticeState.WAITING and said.sequence <= link.sequence
    queue_news(actor, link, at=at)  # what we said before they spoke goes out before it
    if late:
        _note_late(actor, link, said, at)
    else:
        _do(actor, notice, link, said, at)
    _note_state(link, said, at)
    notice.state = NoticeState.LATE if late else NoticeState.APPLIED
    notice.link, notice.division, notice.reason, notice.settled_at = link, link.division, "", at
    notice.save()


def _do(actor: Actor, notice: Notice, link: ExternalCase, said: Said, at: datetime) -> None:
    meaning = find_meaning(actor, system=notice.system, theirs=said.state)
    if meaning is None:
        raise Unmapped(f"“{said.state}”没有写在状态对照表里，不知道是什么意思。")
    case = get_case(actor, case_id=link.case_id)
    for step in steps_of(meaning.ours, state=case.state):
        _STEPS[step](actor, link.case_id, said, meaning, at)


def _note_state(link: ExternalCase, said: Said, at: datetime) -> None:
    """Their newest state, and our mark behind what this very word wrote: no echo to them."""
    if said.sequence > link.sequence:
        link.sequence, link.state, link.stated_at = said.sequence, said.state, said.at
        link.gap_since = None
    link.number = said.number or link.number
    last = list_changes(SYSTEM, obj=link.case).first()
    link.mark = max(link.mark, last.pk if last else 0)
    link.save(update_fields=["sequence", "state", "stated_at", "gap_since", "number", "mark"])


def _tell(actor: Actor, case_id: int, said: Said, meaning: StatusMap, at: datetime) -> None:
    if said.words:
        add_note(actor, case_id=case_id, words=said.words[:400], public=True, at=at)


def _note(actor: Actor, case_id: int, said: Said, meaning: StatusMap, at: datetime) -> None:
    add_note(actor, case_id=case_id, words=f"{said.state}：{said.words}"[:400], at=at)


def _note_late(actor: Actor, link: ExternalCase, said: Said, at: datetime) -> None:
    """It does not count any more; what it said stays readable inside, while the matter is open."""
    case = get_case(actor, case_id=link.case_id)
    if said.words and case.state in OPEN:
        words = f"晚到的进展（{said.state}）：{said.words}"
        add_note(actor, case_id=link.case_id, words=words[:400], at=at)


def _sign(actor: Actor, case_id: int, said: Said, meaning: StatusMap, at: datetime) -> None:
    as_step(cases.sign_case)(actor, case_id=case_id, at=at)


def _reply(actor: Actor, case_id: int, said: Said, meaning: StatusMap, at: datetime) -> None:
    outcome = meaning.outcome or "solved"
    as_step(cases.reply_case)(actor, case_id=case_id, answer=said.words, outcome=outcome, at=at)


def _return(actor: Actor, case_id: int, said: Said, meaning: StatusMap, at: datetime) -> None:
    as_step(cases.request_return)(actor, case_id=case_id, reason=said.words[:400], at=at)


def _extend(actor: Actor, case_id: int, said: Said, meaning: StatusMap, at: datetime) -> None:
    as_step(cases.ask_extension)(
        actor, case_id=case_id, working_days=said.days or 0, reason=said.words[:400], at=at
    )


def _nothing(actor: Actor, case_id: int, said: Said, meaning: StatusMap, at: datetime) -> None:
    """Only the state is kept."""


@action
def forget_nonces(actor: Actor, *, at: datetime) -> int:
    """Calls whose time stamp does not count any more need not be remembered."""
    return SeenNonce.objects.filter(ends_at__lt=at).delete()[0]


add_note = as_step(cases.add_note)
_STEPS: dict[str, Any] = {
    "tell": _tell,
    "note": _note,
    "sign": _sign,
    REPLY: _reply,
    "return": _return,
    EXTEND: _extend,
    NOTHING: _nothing,
}
assert _STEPS.keys() == ACTS.keys()
