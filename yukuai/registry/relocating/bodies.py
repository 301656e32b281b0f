"""Organisations and facilities: with the building they are in, else where their own point lies."""

from collections.abc import Sequence
from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.divisions.queries import get_divisions
from yukuai.kernel.outbox import publish
from yukuai.registry.events import RecordsTouched
from yukuai.registry.relocating.ground import (
    Batch,
    Ground,
    Lying,
    ask,
    next_lying,
    note_moves,
    split,
    take_claims,
)
from yukuai.registry.states import Kind

AT_ONCE = 500
KNOWN_THERE = "新社区已经有同一个统一社会信用代码的单位，留在原处；请两边核对"
WITHOUT_POINT = "没有坐标，留在原处"
_TWIN = """
    one.ended_on IS NULL AND one.uscc <> '' AND (
        EXISTS (SELECT FROM registry_organisation there
            WHERE there.division_id = went.division_id AND there.uscc = one.uscc
                AND there.ended_on IS NULL AND there.id <> one.id)
        OR row_number() OVER (
            PARTITION BY went.division_id, one.uscc, one.ended_on IS NULL ORDER BY one.id) > 1)
"""
_GO = f"""
    WITH going AS MATERIALIZED (
        SELECT one.id, went.division_id, went.area, {_TWIN} AS twin
        FROM registry_organisation one JOIN {{went}}
        WHERE one.division_id <> went.division_id
    )
    UPDATE registry_organisation one SET changed_at = %(at)s,
        division_id = CASE WHEN twin THEN one.division_id ELSE going.division_id END,
        area = CASE WHEN twin THEN one.area ELSE going.area END,
        dwelling_id = CASE WHEN twin THEN NULL ELSE one.dwelling_id END
    FROM going WHERE one.id = going.id RETURNING one.id, one.name, twin
"""
_WITH_HOMES = _GO.format(
    went="registry_dwelling went ON went.id = one.dwelling_id AND went.building_id = ANY (%(ids)s)"
)
_BY_POINT = _GO.format(
    went="""unnest(%(ids)s::bigint[], %(divisions)s::bigint[], %(areas)s::varchar[])
        AS went (id, division_id, area) ON went.id = one.id"""
)
_FACILITIES = """
    UPDATE registry_facility one
    SET division_id = went.division_id, area = went.area, changed_at = %(at)s
    FROM unnest(%(ids)s::bigint[], %(divisions)s::bigint[], %(areas)s::varchar[])
        AS went (id, division_id, area)
    WHERE one.id = went.id RETURNING one.id, one.name, false
"""
_BARE = """
    SELECT name FROM {table} WHERE division_id = ANY (%(givers)s) AND lon IS NULL
        AND ended_on IS NULL {only} ORDER BY name, id
"""


def take_bodies(batch: Batch, building_ids: Sequence[int], *, at: datetime) -> None:
    """A step: what works behind doors that have gone. Whom the community has already stays where
    he was registered, without the door."""
    rows = ask(_WITH_HOMES, {"ids": list(building_ids), "at": at})
    inside = Batch()
    batch.along["单位"] += len(_settle(inside, Kind.ORGANISATION, rows))
    batch.left += inside.left


def move_organisations(
    actor: Actor, *, ground: Ground, why: str, after: int, at: datetime
) -> Batch:
    """A step: the next that have a point of their own and are in no building."""
    return _move(actor, Kind.ORGANISATION, ground, why, after, at)


def move_facilities(actor: Actor, *, ground: Ground, why: str, after: int, at: datetime) -> Batch:
    return _move(actor, Kind.FACILITY, ground, why, after, at)


_MOVES = {
    Kind.ORGANISATION: ("registry_organisation", _BY_POINT, "AND one.dwelling_id IS NULL", "家"),
    Kind.FACILITY: ("registry_facility", _FACILITIES, "", "处"),
}


def _move(actor: Actor, kind: Kind, ground: Ground, why: str, after: int, at: datetime) -> Batch:
    table, sql, only, unit = _MOVES[kind]
    batch = Batch()
    if not after:
        bare = _BARE.format(table=table, only=only.replace("one.", ""))
        names = [name for (name,) in ask(bare, {"givers": list(ground.givers)})]
        batch.keep(names, WITHOUT_POINT, unit=unit)
    found = next_lying(actor, table, ground, after=after, most=AT_ONCE, only=only)
    going = split(batch, found, unit=unit)
    if going:
        gone = _go(actor, batch, kind, sql, going, at)
        batch.moved.update((one.before, one.after or 0) for one in gone)
        note_moves(actor, kind, gone, why=why, at=at)
        touched = {pk for pair in batch.moved for pk in pair}
        publish(*(RecordsTouched(pk) for pk in sorted(touched)))
    batch.after = found[-1].id if len(found) == AT_ONCE else None
    return batch


def _go(
    actor: Actor, batch: Batch, kind: Kind, sql: str, going: Sequence[Lying], at: datetime
) -> list[Lying]:
    places = get_divisions(actor, division_ids={one.after or 0 for one in going})
    rows = ask(
        sql,
        {
            "ids": [one.id for one in going],
            "divisions": [one.after for one in going],
            "areas": [places[one.after or 0].path for one in going],
            "at": at,
        },
    )
    gone = set(_settle(batch, kind, rows))
    return [one for one in going if one.id in gone]


def _settle(batch: Batch, kind: Kind, rows: Sequence[tuple[int, str, bool]]) -> list[int]:
    """What was said of those that went goes along; returns their ids."""
    gone = [pk for pk, _name, twin in rows if not twin]
    batch.keep([name for _pk, name, twin in rows if twin], KNOWN_THERE, unit="家")
    take_claims(kind, _MOVES[kind][0], gone)
    return gone
