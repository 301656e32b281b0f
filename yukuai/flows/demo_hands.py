"""What the people of a demo election do again and again: ask, hang up, sign."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.elections import actions
from yukuai.elections.queries import list_notices, list_voters
from yukuai.elections.states import VoterState
from yukuai.flows.demo_pictures import noticeboard
from yukuai.kernel.clock import today
from yukuai.kernel.scope import EVERYWHERE, scope

LEFT_OUT = 7


def an_officer(role: Role, path: str, name: str, department: int | None = None) -> Actor:
    grant = Grant(role, path, department_id=department)
    return Actor(label=name, grants=(grant,), kind="staff")


def ask(hand: Actor, election: Any, at: datetime) -> int:
    """Everybody was asked; some moved away, the last of them. Returns how many are listed."""
    with scope(EVERYWHERE):
        rows = list_voters(SYSTEM, election=election, state=VoterState.PROPOSED)
        ids = list(rows.exclude(birth_date=None).values_list("pk", flat=True))
        rest = list(rows.filter(birth_date=None).values_list("pk", flat=True))
    number, why = election.number, "已经搬走，本人不参加"
    for pk in (*ids[-LEFT_OUT:], *rest):
        actions.strike_voter(hand, number=number, voter_id=pk, why=why, at=at)
    return actions.confirm_voters(hand, number=number, voter_ids=ids[:-LEFT_OUT], at=at)[0]


def hang(hand: Actor, election: Any, at: datetime, *, short_of: int = 0) -> None:
    """What does not hang yet; the newest is missing at so many places."""
    with scope(EVERYWHERE):
        posted = list_notices(SYSTEM, election=election)
        spots = list(election.spots.order_by("pk"))
    for one in posted:
        if one.posted:
            continue
        missing = short_of if one is posted[-1] else 0
        for spot in spots[: len(spots) - missing]:
            actions.post_notice(
                hand,
                number=election.number,
                notice_id=one.notice.pk,
                spot_id=spot.pk,
                picture=noticeboard(one.notice.number),
                posted_on=today(at),
                at=at,
            )
