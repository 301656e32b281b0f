"""What of the register lies on ground that changes hands, and what every kind of it has in common
when it moves."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.divisions.lines import locate_each
from yukuai.divisions.queries import get_divisions
from yukuai.kernel.geometry import SRID
from yukuai.registry.states import Kind

COMMUNITY = "community"
NOWHERE = "新的界线里，它的坐标不在哪个社区，留在原处"
NAMED = 30
"""So many of what stays are named; the others are counted."""


@dataclass(frozen=True)
class Ground:
    """Areas that change hands, as WKB in degrees of EPSG:4490, and the ids of those who give."""

    areas: Sequence[bytes]
    givers: Sequence[int] = ()


@dataclass
class Batch:
    """What one step did. `after` is the id of the last thing looked at, None when none is left;
    `moved` counts by (from, to), `along` what went with them by label; `kept` stay where they were,
    the first of them are `left` with the reason."""

    after: int | None = None
    moved: Counter[tuple[int, int]] = field(default_factory=Counter)
    along: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, names: Sequence[str], why: str, *, unit: str) -> None:
        self.kept += len(names)
        self.left += [(name, why) for name in names[:NAMED]]
        if more := len(names) - NAMED:
            self.left += [(f"还有 {more} {unit}", why)] if more > 0 else []


@dataclass(frozen=True)
class Lying:
    """A thing on the ground, where it is registered, and where its point lies now by kind of
    division."""

    id: int
    name: str
    before: int
    cells: Mapping[str, int]

    @property
    def after(self) -> int | None:
        return self.cells.get(COMMUNITY)


GROUND = f"""
    ground AS MATERIALIZED (
        SELECT ST_GeomFromWKB(one, {SRID}) AS geom FROM unnest(%(areas)s::bytea[]) AS one
    ), box AS MATERIALIZED (
        SELECT min(ST_XMin(geom)) AS west, max(ST_XMax(geom)) AS east,
            min(ST_YMin(geom)) AS south, max(ST_YMax(geom)) AS north FROM ground
    )
"""
IN_BOX = """
    {one}.lat BETWEEN (SELECT south FROM box) AND (SELECT north FROM box)
    AND {one}.lon BETWEEN (SELECT west FROM box) AND (SELECT east FROM box)
"""
ON_GROUND = f"""
    EXISTS (SELECT FROM ground WHERE ST_Intersects(
        ground.geom, ST_SetSRID(ST_MakePoint({{one}}.lon, {{one}}.lat), {SRID})))
"""
_NEXT = f"""
    WITH {GROUND}
    SELECT one.id, one.name, one.division_id, one.lon, one.lat FROM {{table}} one
    WHERE {IN_BOX.format(one="one")} AND one.id > %(after)s {{only}}
        AND {ON_GROUND.format(one="one")}
    ORDER BY one.id LIMIT %(most)s
"""


def next_lying(
    actor: Actor,
    table: str,
    ground: Ground,
    *,
    after: int,
    most: int,
    only: str = "",
    kinds: Sequence[str] = (COMMUNITY,),
) -> list[Lying]:
    """A step: the next few in the order of their ids."""
    said = {"areas": list(ground.areas), "after": after, "most": most}
    rows = ask(_NEXT.format(table=table, only=only), said)
    spots = [(lon, lat) for *_, lon, lat in rows]
    cells = locate_each(actor, spots=spots, kinds=kinds)
    return [
        Lying(pk, name, division_id, found)
        for (pk, name, division_id, *_spot), found in zip(rows, cells, strict=True)
    ]


_COUNTS = {
    "building": "SELECT count(*) FROM house",
    "dwelling": "SELECT count(*) FROM home",
    "household": """SELECT count(*) FROM registry_household h JOIN home ON home.id = h.dwelling_id
        WHERE h.ended_on IS NULL""",
    "person": """SELECT count(DISTINCT o.person_id) FROM registry_occupancy o
        JOIN home ON home.id = o.dwelling_id WHERE o.until IS NULL""",
    "organisation": f"""SELECT count(*) FROM registry_organisation one
        WHERE one.ended_on IS NULL AND (one.dwelling_id IN (SELECT id FROM home)
            OR one.dwelling_id IS NULL AND {IN_BOX.format(one="one")}
                AND {ON_GROUND.format(one="one")})""",
    "facility": f"""SELECT count(*) FROM registry_facility one WHERE one.ended_on IS NULL
        AND {IN_BOX.format(one="one")} AND {ON_GROUND.format(one="one")}""",
}
_COUNT = f"""
    WITH {GROUND}, house AS (
        SELECT one.id FROM registry_building one WHERE one.ended_on IS NULL
            AND {IN_BOX.format(one="one")} AND {ON_GROUND.format(one="one")}
    ), home AS (
        SELECT d.id FROM registry_dwelling d JOIN house ON house.id = d.building_id
        WHERE d.ended_on IS NULL
    )
    {{counted}}
"""


def count_on(actor: Actor, *, kind: str, areas: Sequence[bytes]) -> int:
    """How many of a kind lie there and still count, as far as the actor's areas reach: a number."""
    ((number,),) = ask(_COUNT.format(counted=_COUNTS[kind]), {"areas": list(areas)})
    return int(number)


_CLAIMS = """
    UPDATE registry_claim c SET division_id = one.division_id, area = one.area FROM {table} one
    WHERE c.kind = %(kind)s AND c.subject_id = one.id AND one.id = ANY (%(ids)s)
        AND c.division_id <> one.division_id
"""


def take_claims(kind: Kind, table: str, ids: Collection[int]) -> None:
    """A step: what was said of records lies where they lie."""
    run(_CLAIMS.format(table=table), {"kind": kind.value, "ids": list(ids)})


def note_moves(
    actor: Actor, kind: Kind, things: Iterable[Lying], *, why: str, at: datetime
) -> None:
    """A step: on record for both sides, a thing each."""
    things = list(things)
    ids = {pk for one in things for pk in (one.before, one.after or 0)}
    places = get_divisions(actor, division_ids=ids)
    for one in things:
        before, after = places[one.before], places[one.after or 0]
        for place in (before, after):
            record(
                actor,
                act=f"{kind}.relocate",
                target=f"{kind}:{one.id}",
                area=place.path,
                at=at,
                purpose=why,
                before=before.name,
                after=after.name,
            )


def split(batch: Batch, found: Iterable[Lying], *, unit: str) -> list[Lying]:
    """Those that go; those that lie nowhere are noted, the others are where they belong."""
    found = list(found)
    batch.keep([one.name for one in found if one.after is None], NOWHERE, unit=unit)
    return [one for one in found if one.after is not None and one.after != one.before]


def ask(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def run(sql: str, params: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)
