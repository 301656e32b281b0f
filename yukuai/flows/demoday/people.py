"""Seats the forty officers and the residents of the day, by the same actions as real ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yukuai.accounts.actions import appoint, create_staff, set_name, sign_up
from yukuai.accounts.actors import find_officer, holders_of, resident_actor
from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.accounts.queries import list_departments_at
from yukuai.divisions.queries import resolve_code
from yukuai.flows.demoday.roster import Officer, Town
from yukuai.flows.demoday.script import RESIDENTS

REASON = "演示数据"
SETTLED = timedelta(days=45)
"""How long everybody has been in office when the day begins."""
NAMES = [
    "冉隆全",
    "谭秀英",
    "何家福",
    "罗素芬",
    "向光明",
    "汪国珍",
    "龚正兰",
    "蒋玉梅",
    "邓成贵",
    "熊德芳",
]


@dataclass(frozen=True)
class Cast:
    """Everybody who acts, and where things are, by the words of the script."""

    officers: dict[str, Actor]
    residents: list[Actor]
    phones: list[str]
    names: list[str]
    places: dict[str, Any]
    departments: dict[str, Any]
    user_ids: dict[str, int]


def seat(town: Town, *, at: datetime) -> Cast:
    """`at`: when the day begins. Everybody has been there for a while."""
    since = at - SETTLED
    codes = [town.code, *town.communities, *{one.place for one in town.officers}]
    places = {code: resolve_code(SYSTEM, code=code).today[0] for code in codes}
    rows = list_departments_at(SYSTEM, division_ids=[place.pk for place in places.values()])
    offices = {row.name: row for row in rows}
    officers, users = {}, {}
    for one in town.officers:
        user_id, officers[one.username] = _seat_officer(one, places, offices, since, at)
        users[one.username] = user_id
    phones = [f"1990000{1000 + number}" for number in range(RESIDENTS)]
    names = [NAMES[number % len(NAMES)] for number in range(RESIDENTS)]
    people = [_settle(phone, name, since) for phone, name in zip(phones, names, strict=True)]
    return Cast(officers, people, phones, names, places, offices, users)


def _seat_officer(
    one: Officer, places: dict[str, Any], offices: dict[str, Any], since: datetime, at: datetime
) -> tuple[int, Actor]:
    user, _password = create_staff(SYSTEM, username=one.username, display_name=one.name, at=since)
    post = appoint(
        SYSTEM,
        user_id=user.pk,
        role=one.role,
        division_id=places[one.place].pk,
        department_id=offices[one.department].pk if one.department else None,
        valid_from=since,
        reason=REASON,
        at=since,
    )
    actor = find_officer(user_id=user.pk, post_id=post.pk, at=at)
    assert actor is not None
    return user.pk, actor


def _settle(phone: str, name: str, since: datetime) -> Actor:
    user = sign_up(SYSTEM, phone=phone, at=since)
    actor = resident_actor(user, holders_of(user))
    set_name(actor, name=name, at=since)
    return actor
