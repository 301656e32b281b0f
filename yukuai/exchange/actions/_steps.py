"""Steps that several actions are made of."""

from datetime import datetime
from typing import TYPE_CHECKING

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.divisions.queries import list_ancestors
from yukuai.exchange.events import ParcelQueued
from yukuai.exchange.models import ExternalCase, ExternalSystem, Parcel
from yukuai.exchange.queries.matters import list_changes_behind
from yukuai.exchange.queries.systems import LINES, find_word
from yukuai.exchange.rules import LEASE
from yukuai.exchange.states import Origin, ParcelState
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.outbox import publish
from yukuai.messaging.actions import notify_users

if TYPE_CHECKING:
    from yukuai.cases.models import Case
    from yukuai.divisions.models import Division
    from yukuai.workflow.models import StateChange

REASON_LENGTH = 200
GIVEN_BACK = {"grant_return", "retriage"}


def checked_reason(reason: str) -> str:
    tidy = reason.replace("\x00", "").strip()
    if not tidy:
        raise InvalidInput("写明理由，以后查得到。", fields={"reason": "写明理由，以后查得到。"})
    if len(tidy) > REASON_LENGTH:
        long = f"理由最多 {REASON_LENGTH} 字，现在 {len(tidy)} 字。"
        raise InvalidInput(long, fields={"reason": long})
    return tidy


def new_link(
    system: ExternalSystem,
    case: "Case",
    *,
    origin: str,
    mark: int,
    external_id: str | None = None,
    number: str = "",
    by_hand: bool = False,
    at: datetime,
) -> ExternalCase:
    return ExternalCase.objects.create(
        division=case.division,
        system=system,
        case=case,
        origin=origin,
        external_id=external_id,
        number=number,
        by_hand=by_hand,
        mark=mark,
        created_at=at,
    )


def queue_opening(link: ExternalCase, *, change_id: int, at: datetime) -> Parcel:
    """The matter itself goes to them."""
    return _queue(link, change_id, opens=True, theirs="", at=at)


def queue_news(actor: Actor, link: ExternalCase, *, at: datetime) -> int:
    """What our log says since the mark, in its order; returns how many lines go out. A move that
    nobody has given their word for becomes a dead letter at once: staff see it, nobody guesses."""
    queued = 0
    for change in list_changes_behind(actor, link=link):
        queued += _queue_change(actor, link, change, at)
        link.mark = change.pk
        if change.move in GIVEN_BACK and link.origin == Origin.OURS and not link.by_hand:
            link.ended_at, link.ended_reason = at, "退回来了，不再由这个系统办。"
            break  # what happens to the matter elsewhere is none of their business
    link.save(update_fields=["mark", "ended_at", "ended_reason"])
    return queued


def _queue_change(actor: Actor, link: ExternalCase, change: "StateChange", at: datetime) -> bool:
    if change.move == "note" and not change.said:  # what was said inside stays inside
        return False
    if change.move == "raise" or change.move not in LINES:
        return False
    word = find_word(actor, system=link.system, move=change.move)
    if word is None:
        parcel = _queue(link, change.pk, opens=False, theirs="", at=at, publishing=False)
        parcel.state, parcel.next_try_at = ParcelState.DEAD, None
        parcel.error = f"状态对照表里没有“{change.move}”，不知道怎么告诉对方。"
        parcel.save(update_fields=["state", "next_try_at", "error"])
        tell_keepers(actor, parcel.division, what="dead", link=link, error=parcel.error, at=at)
        return True
    if not word.theirs:
        return False
    _queue(link, change.pk, opens=False, theirs=word.theirs, at=at)
    return True


def _queue(
    link: ExternalCase,
    change_id: int,
    *,
    opens: bool,
    theirs: str,
    at: datetime,
    publishing: bool = True,
) -> Parcel:
    parcel = Parcel.objects.create(
        division=link.division,
        link=link,
        change_id=change_id,
        opens=opens,
        theirs=theirs,
        key=f"{link.case.number}-{link.system_id}-{change_id}",
        next_try_at=at + LEASE,
        queued_at=at,
    )
    if publishing:
        publish(ParcelQueued(parcel_id=parcel.pk, attempt=0))
    return parcel


def tell_keepers(
    actor: Actor,
    division: "Division",
    *,
    what: str,
    link: ExternalCase | None = None,
    system: ExternalSystem | None = None,
    error: str,
    at: datetime,
) -> None:
    """Whoever manages the exchange nearest to the place hears of it: once a matter and day."""
    system = link.system if link is not None else system
    assert system is not None
    number = link.case.number if link is not None else system.code
    for level in (division, *reversed(list_ancestors(actor, division=division))):
        users = find_staff_for(
            actor,
            division_id=level.pk,
            department_id=None,
            permission=Permission.EXCHANGE_MANAGE,
            at=at,
        )
        if users:
            notify_users(
                actor,
                user_ids=users,
                template=f"exchange-{what}",
                values={"system": system.name, "number": number, "reason": error},
                link=f"/work/exchange/{'dead' if what == 'dead' else 'refused'}/",
                dedupe=f"exchange:{what}:{system.pk}:{number}:{at:%Y%m%d}",
                at=at,
            )
            return
