"""What 今日 says of one's own window: shifts of the coming days without anybody, and a hand-over
that nobody has taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Permission
from yukuai.roster.queries import Desk, find_untaken, list_gaps, sits_at


@dataclass(frozen=True)
class Duty:
    gaps: Any = ()
    handover: Any = None


def duty_of(request: Any, at: datetime) -> Duty:
    """A step of a reading; nothing for whoever sits at no window."""
    actor, post = request.actor, request.post
    if post is None:
        return Duty()
    desk = Desk(post.division, post.department)
    if not sits_at(actor, desk=desk):
        return Duty()
    makes = actor.may(Permission.ROSTER_MANAGE)
    gaps = list_gaps(actor, desk=desk, at=at) if makes else []
    return Duty(gaps, find_untaken(actor, desk=desk))
