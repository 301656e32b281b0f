from datetime import datetime
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.actions._steps import checked_reason
from yukuai.accounts.events import GlassBroken
from yukuai.accounts.models import GLASS_LIMIT, BreakGlass
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.rules import REASON_LEAST
from yukuai.audit.actions import record
from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, NotFound, NotPermitted
from yukuai.kernel.outbox import publish


@action
def break_glass(actor: Actor, *, division_id: int, reason: str, at: datetime) -> BreakGlass:
    """Look into an area that is not one's own, for three hours at most, with a reason.

    Looking only; the entry lies with the area looked into, where its auditor reads it.
    """
    policy.require_anywhere(actor, Permission.GLASS_BREAK)
    division = get_division(actor, division_id=division_id)
    for path in actor.paths_for(Permission.GLASS_BREAK):
        if division.path.startswith(path):
            raise Conflict(f"{division.name}本来就归您看，不用越区。")
        if path.startswith(division.path):
            raise Conflict(f"{division.name}把您自己的辖区也包括在内，范围太大。请选具体的地方。")
    if actor.user_id is None or actor.post_id is None:
        raise NotPermitted("越区查看要由在岗的工作人员本人来做。")
    tidy = checked_reason(reason, least=REASON_LEAST)
    _refuse_second(actor, division.pk, at)
    glass = BreakGlass.objects.create(
        user_id=actor.user_id,
        post_id=actor.post_id,
        division=division,
        reason=tidy,
        valid_from=at,
        valid_to=at + GLASS_LIMIT,
    )
    _remember(actor, glass, act="glass.break", at=at, until=glass.valid_to.isoformat())
    publish(GlassBroken(glass_id=glass.pk))
    return glass


@action
def end_glass(actor: Actor, *, glass_id: int, reason: str = "", at: datetime) -> BreakGlass:
    """Whoever broke it, or whoever reviews it and says why, ends it before its time."""
    glass = BreakGlass.objects.select_for_update().filter(pk=glass_id).first()
    if glass is None:
        raise NotFound("没有这次越区查看。")
    if glass.user_id != actor.user_id:
        policy.require(actor, Permission.GLASS_REVIEW, glass)
    if glass.valid_to <= at:
        raise Conflict("这次越区查看已经结束了。")
    _end(actor, glass, reason=reason.strip(), at=at)
    return glass


@action
def end_own_glasses(actor: Actor, *, at: datetime) -> int:
    """Back into one's own area: every look of this post ends. Returns how many there were."""
    held = BreakGlass.objects.select_for_update().filter(
        user=actor.user_id, post=actor.post_id, valid_from__lte=at, valid_to__gt=at
    )
    glasses = list(held.order_by("pk"))
    for glass in glasses:
        _end(actor, glass, reason="", at=at)
    return len(glasses)


def _end(actor: Actor, glass: BreakGlass, *, reason: str, at: datetime) -> None:
    glass.valid_to = at
    glass.save(update_fields=["valid_to"])
    _remember(actor, glass, act="glass.end", at=at, ended_because=reason)


def _refuse_second(actor: Actor, division_id: int, at: datetime) -> None:
    held = BreakGlass.objects.filter(post=actor.post_id, division=division_id, valid_to__gt=at)
    if held.exists():
        raise Conflict("您已经能看这里了。时间到了还要看，再写一次理由。")


def _remember(actor: Actor, glass: BreakGlass, *, act: str, at: datetime, **details: Any) -> None:
    record(
        actor,
        act=act,
        target=f"glass:{glass.pk}",
        area=glass.area,
        at=at,
        purpose=glass.reason,
        **details,
    )
