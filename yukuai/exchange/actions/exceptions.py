"""What they said and we could not do: visible, tried again, or settled by a person."""

from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.exchange.actions._steps import checked_reason, tell_keepers
from yukuai.exchange.models import Notice, StatusMap
from yukuai.exchange.queries.systems import find_meaning
from yukuai.exchange.states import Direction, NoticeState
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, NotFound


@action
def refuse_notice(actor: Actor, *, notice_id: int, reason: str, at: datetime) -> None:
    """It waits for a person. Their state stands with the tie all the same: it is what they say."""
    rows = Notice.objects.select_for_update(of=("self",))
    notice = rows.select_related("system__division", "link__case", "division").get(pk=notice_id)
    if notice.state not in (NoticeState.WAITING, NoticeState.REFUSED):
        return
    again = notice.state == NoticeState.REFUSED
    notice.state, notice.reason = NoticeState.REFUSED, reason[:300]
    notice.save(update_fields=["state", "reason"])
    link = notice.link
    if link is not None and notice.sequence > link.sequence:
        link.sequence, link.state = notice.sequence, notice.theirs
        link.stated_at, link.gap_since = notice.stated_at, None
        link.save(update_fields=["sequence", "state", "stated_at", "gap_since"])
    if find_meaning(actor, system=notice.system, theirs=notice.theirs) is None:
        StatusMap.objects.get_or_create(
            system=notice.system,
            direction=Direction.INWARD,
            theirs=notice.theirs,
            defaults={"seen_at": at},
        )
    if not again:
        tell_keepers(
            actor,
            notice.division,
            what="refused",
            link=link,
            system=notice.system,
            error=reason,
            at=at,
        )


@action
def open_refused(actor: Actor, *, notice_id: int, at: datetime) -> list[int]:
    """Which words are to be tried again with this one: of a matter that never came into being,
    all of them, in their order."""
    notice = _refused(actor, notice_id)
    record(
        actor,
        act="exchange.retry",
        target=notice.external_id,
        area=notice.area,
        at=at,
        system=notice.system.code,
    )
    if notice.link_id is not None:
        return [notice.pk]
    rows = Notice.objects.filter(
        system=notice.system_id,
        external_id=notice.external_id,
        state=NoticeState.REFUSED,
        link=None,
    )
    return list(rows.order_by("sequence", "pk").values_list("pk", flat=True))


@action
def settle_by_hand(actor: Actor, *, notice_id: int, reason: str, at: datetime) -> None:
    """A person has done what was to be done, or found that nothing is."""
    notice = _refused(actor, notice_id)
    why = checked_reason(reason)
    notice.state, notice.reason = NoticeState.SETTLED, f"{notice.reason}处理：{why}"[:300]
    notice.settled_at, notice.settled_by = at, actor.label
    notice.save(update_fields=["state", "reason", "settled_at", "settled_by"])
    record(
        actor,
        act="exchange.settle",
        target=notice.external_id,
        area=notice.area,
        at=at,
        system=notice.system.code,
        reason=why,
    )


def _refused(actor: Actor, notice_id: int) -> Notice:
    rows = Notice.objects.filter(pk=notice_id).select_for_update(of=("self",))
    notice = rows.select_related("system", "division").first()
    if notice is None or not policy.check(actor, Permission.EXCHANGE_MANAGE, notice):
        policy.require_anywhere(actor, Permission.EXCHANGE_MANAGE)
        raise NotFound("没有这一条。可能网址不对，也可能不归您的岗位管。")
    if notice.state != NoticeState.REFUSED:
        raise Conflict("这一条已经有人处理过了。")
    return notice
