"""Two quarrels for the demo, of people who do not exist, played as real ones are.

One waits for the next session, one is agreed and being fulfilled. Told silently, for they lie in
the past.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from yukuai.accounts.actors import desk_key, user_key
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.disputes import actions
from yukuai.disputes.actions.agreeing import Promised
from yukuai.disputes.actions.registering import AlreadyRegistered, Person, Quarrel
from yukuai.disputes.queries import get_dispute_by_id, list_mediators, list_parties, opened
from yukuai.divisions.queries import list_ancestors, resolve_code
from yukuai.flows.dispute_documents import issue_dispute_paper
from yukuai.kernel.clock import SHANGHAI, today
from yukuai.kernel.outbox import muted
from yukuai.kernel.scope import scope

SPACE = UUID("b6b0a2b4-60ec-4a4e-9b0a-0d0b8a3f5d11")
COMMUNITY, TOWNSHIP = "500103011014", "500103011"
JUSTICE = "justice"
LEAK = Quarrel(
    client_uuid=uuid5(SPACE, "leak"),
    division_id=0,
    kind="neighbour",
    about="7 楼卫生间漏水，6 楼天花板起皮掉灰。6 楼要求修好并赔偿，7 楼说是公用管道的问题。",
    wanted="修好不再漏，赔偿粉刷的钱。",
    amount_fen=260_000,
    parties=(
        Person("applicant", "冉隆全", "19900000417"),
        Person("respondent", "蒲先荣", "19900000731"),
    ),
)
PARKING = Quarrel(
    client_uuid=uuid5(SPACE, "parking"),
    division_id=0,
    kind="neighbour",
    about="两家共用一个院坝，为停车和晾晒争执，上个月堵过一次门。",
    wanted="说定谁停哪里，不再堵门。",
    parties=(Person("applicant", "阳光明"), Person("respondent", "廖长春", "19900000732")),
)


def seed_mediators(people: dict[str, Any], at: datetime) -> None:
    """The register of the demo's street; running it again changes nothing."""
    place = resolve_code(SYSTEM, code=COMMUNITY).today[0]
    street = resolve_code(SYSTEM, code=TOWNSHIP).today[0]
    known = {one.user_id for one in list_mediators(SYSTEM, area=street.path)}
    for username, division, specialties in (
        ("tj01", place, ("neighbour", "family")),
        ("tj02", street, ("property", "contract", "labour")),
    ):
        if people[username].pk not in known:
            actions.register_mediator(
                SYSTEM,
                user_id=people[username].pk,
                division_id=division.pk,
                specialties=specialties,
                at=at,
            )


def seed_disputes(people: dict[str, Any], at: datetime) -> int:
    """Returns how many were new."""
    place = resolve_code(SYSTEM, code=COMMUNITY).today[0]
    *_, street = list_ancestors(SYSTEM, division=place)
    office = _officer(people["sf01"], Role.JUSTICE_OP, street, desk_key(JUSTICE, street.pk))
    mediator = _officer(people["tj01"], Role.MEDIATOR, place)
    with muted():
        return sum(
            play(people, place, office, mediator, at) for play in (_play_leak, _play_parking)
        )


def _morning(at: datetime, days: int) -> datetime:
    """Nine o'clock, so many days ago: what is played within hours ends on the same day."""
    return datetime.combine(today(at) - timedelta(days=days), time(9), SHANGHAI)


def _officer(user: Any, role: Role, where: Any, *keys: str) -> Actor:
    return Actor(
        label=f"{user.display_name}，{where.name}",
        grants=(Grant(role, where.path),),
        holders=(user_key(user.pk), *keys),
        user_id=user.pk,
        kind="staff",
    )


def _begin(
    people: dict[str, Any], place: Any, office: Actor, quarrel: Quarrel, at: datetime
) -> int | None:
    told = Quarrel(**{**vars(quarrel), "division_id": place.pk})
    try:
        dispute = actions.register_dispute(office, quarrel=told, at=at)
    except AlreadyRegistered:
        return None
    mediators = list_mediators(SYSTEM, area=place.path)
    chosen = next(one for one in mediators if one.user_id == people["tj01"].pk)
    actions.assign_mediator(
        office, dispute_id=dispute.pk, mediator_id=chosen.pk, at=at + timedelta(hours=5)
    )
    return dispute.pk


def _everybody(office: Actor, dispute_id: int) -> list[int]:
    with scope(office.areas, office.holders):
        dispute = get_dispute_by_id(office, dispute_id=dispute_id)
        with opened(office, dispute) as bearer:
            return [one.pk for one in list_parties(bearer, dispute=dispute)]


def _play_leak(
    people: dict[str, Any], place: Any, office: Actor, mediator: Actor, at: datetime
) -> int:
    """Investigated, once at one table, the next session lies ahead."""
    start = _morning(at, 8)
    found = _begin(people, place, office, LEAK, start)
    if found is None:
        return 0
    room = f"{place.name}调解室"
    _look_around(mediator, found, room, start)
    actions.hold_session(
        mediator,
        dispute_id=found,
        held_on=today(start + timedelta(days=4)),
        held_at=room,
        present=_everybody(office, found),
        others="楼栋长",
        record="7 楼同意这周找人修地漏。赔多少，一家说 2600 元，一家说 1000 元，约下次带报价再谈。",
        next_at=datetime.combine(today(at) + timedelta(days=2), time(14, 30), SHANGHAI),
        next_place=room,
        at=start + timedelta(days=4, hours=3),
    )
    issue_dispute_paper(SYSTEM, dispute_id=found, move="hold_session", at=at)
    return 1


def _look_around(mediator: Actor, dispute_id: int, room: str, start: datetime) -> None:
    one: dict[str, Any] = {"dispute_id": dispute_id}
    actions.investigate(mediator, **one, at=start + timedelta(days=1))
    actions.note_inquiry(
        mediator,
        **one,
        words="看了两家：漏点在 7 楼地漏，公用管道没有问题。7 楼愿意修，对赔多少有不同意见。",
        at=start + timedelta(days=2),
    )
    actions.open_mediation(
        mediator,
        **one,
        next_at=start + timedelta(days=4),
        place=room,
        at=start + timedelta(days=2, hours=1),
    )


def _play_parking(
    people: dict[str, Any], place: Any, office: Actor, mediator: Actor, at: datetime
) -> int:
    """Agreed in writing, signed, being fulfilled."""
    start = _morning(at, 20)
    found = _begin(people, place, office, PARKING, start)
    if found is None:
        return 0
    _sign(office, mediator, found, start)
    for move in ("hold_session", "agree", "take_effect"):
        issue_dispute_paper(SYSTEM, dispute_id=found, move=move, at=at)
    return 1


def _sign(office: Actor, mediator: Actor, dispute_id: int, start: datetime) -> None:
    one: dict[str, Any] = {"dispute_id": dispute_id}
    day: date = today(start + timedelta(days=6))
    actions.open_mediation(
        mediator,
        **one,
        next_at=start + timedelta(days=6),
        place="院坝里",
        at=start + timedelta(days=2),
    )
    actions.hold_session(
        mediator,
        **one,
        held_on=day,
        held_at="院坝里",
        present=_everybody(office, dispute_id),
        record="现场画了线：靠墙归阳家，靠路归廖家，大门前谁也不停。双方都同意，写成协议。",
        at=start + timedelta(days=6, hours=2),
    )
    actions.agree(
        mediator,
        **one,
        form="written",
        facts="两家共用院坝，没有约定过停车的位置，为此发生争执。",
        terms="靠墙的位置归阳家停，靠路的位置归廖家停；大门前不停车、不堆放。",
        items=[
            Promised("两家一起画线", day + timedelta(days=7)),
            Promised("廖家移走门口的杂物", day + timedelta(days=30)),
        ],
        at=start + timedelta(days=6, hours=3),
    )
    actions.take_effect(mediator, **one, signed_on=day, at=start + timedelta(days=6, hours=4))
