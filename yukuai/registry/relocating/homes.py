"""Buildings go whole: entrances, dwellings, households, who lives there, what works there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.divisions.queries import get_divisions
from yukuai.kernel.outbox import publish
from yukuai.registry.events import RecordsTouched
from yukuai.registry.keeping import note_former
from yukuai.registry.models import Building
from yukuai.registry.relocating.bodies import take_bodies
from yukuai.registry.relocating.ground import (
    COMMUNITY,
    Batch,
    Ground,
    Lying,
    ask,
    next_lying,
    note_moves,
    run,
    split,
    take_claims,
)
from yukuai.registry.relocating.people import take_people
from yukuai.registry.states import Kind

AT_ONCE = 50
"""Buildings a transaction: some four thousand people."""
CELLS = ("compound", "group", "grid")
WITHOUT_POINT = "没有坐标，留在原处；请补上坐标，再由系统或社区改"
WITHOUT_HOME = "没有登记住处，留在原处"
_BUILDINGS = """
    UPDATE registry_building b SET division_id = went.division_id, area = went.area,
        name = went.name, compound_id = went.compound_id, group_id = went.group_id,
        grid_id = went.grid_id, changed_at = %(at)s
    FROM unnest(%(ids)s::bigint[], %(divisions)s::bigint[], %(areas)s::varchar[],
        %(names)s::varchar[], %(compounds)s::bigint[], %(groups)s::bigint[], %(grids)s::bigint[])
        AS went (id, division_id, area, name, compound_id, group_id, grid_id)
    WHERE b.id = went.id
"""
_ENTRANCES = """
    UPDATE registry_entrance e SET division_id = b.division_id, area = b.area
    FROM registry_building b WHERE e.building_id = b.id AND b.id = ANY (%(ids)s)
"""
_DWELLINGS = """
    UPDATE registry_dwelling d SET division_id = b.division_id, area = b.area, changed_at = %(at)s,
        compound_id = b.compound_id, group_id = b.group_id, grid_id = b.grid_id
    FROM registry_building b WHERE d.building_id = b.id AND b.id = ANY (%(ids)s)
    RETURNING d.id
"""
_HOUSEHOLDS = """
    UPDATE registry_household h SET division_id = d.division_id, area = d.area, changed_at = %(at)s
    FROM registry_dwelling d WHERE h.dwelling_id = d.id AND d.building_id = ANY (%(ids)s)
    RETURNING h.id
"""
_BARE = """
    SELECT name FROM registry_building
    WHERE division_id = ANY (%(givers)s) AND lon IS NULL AND ended_on IS NULL ORDER BY name, id
"""
_HOMELESS = """
    SELECT count(*) FROM registry_person p
    WHERE p.division_id = ANY (%(givers)s) AND p.area = ANY (%(paths)s) AND p.ended_on IS NULL
        AND NOT EXISTS (
            SELECT FROM registry_occupancy o WHERE o.person_id = p.id AND o.until IS NULL)
"""


def move_buildings(actor: Actor, *, ground: Ground, why: str, after: int, at: datetime) -> Batch:
    """A step: the next buildings, each to where its point lies now."""
    batch = Batch()
    if not after:
        _say_what_stays(actor, batch, ground)
    found = next_lying(
        actor,
        "registry_building",
        ground,
        after=after,
        most=AT_ONCE,
        kinds=(COMMUNITY, *CELLS),
    )
    going = split(batch, found, unit="栋")
    if going:
        _take(actor, batch, going, at=at)
        note_moves(actor, Kind.BUILDING, going, why=why, at=at)
    if found:
        take_people(
            actor, batch, [one.id for one in found], ground, last=found[-1].id, why=why, at=at
        )
    touched = {pk for pair in batch.moved for pk in pair}
    publish(*(RecordsTouched(pk) for pk in sorted(touched)))
    batch.after = found[-1].id if len(found) == AT_ONCE else None
    return batch


def _take(actor: Actor, batch: Batch, going: Sequence[Lying], *, at: datetime) -> None:
    ids = [one.id for one in going]
    names = _places(actor, going, at)
    batch.moved.update((one.before, one.after or 0) for one in going)
    batch.along["因同名改了名的楼栋"] += _tell_renamed(names, at)
    said = {"ids": ids, "at": at}
    run(_ENTRANCES, said)
    dwellings = [pk for (pk,) in ask(_DWELLINGS, said)]
    households = [pk for (pk,) in ask(_HOUSEHOLDS, said)]
    batch.along["房屋"] += len(dwellings)
    batch.along["户"] += len(households)
    take_claims(Kind.BUILDING, "registry_building", ids)
    take_claims(Kind.DWELLING, "registry_dwelling", dwellings)
    take_claims(Kind.HOUSEHOLD, "registry_household", households)
    take_bodies(batch, ids, at=at)


def _places(actor: Actor, going: Sequence[Lying], at: datetime) -> dict[int, str]:
    """Where each goes, with the compound, group and grid its point lies in there, and by which
    name. Returns the former names of those that bear another."""
    rows = Building.objects.filter(pk__in=[one.id for one in going]).in_bulk()
    ids = {pk for one in going for pk in (one.before, *one.cells.values())}
    ids |= {row.compound_id for row in rows.values() if row.compound_id}
    places = get_divisions(actor, division_ids=ids)
    taken = _taken(going)
    former: dict[int, str] = {}
    columns: list[tuple[Any, ...]] = []
    for one in going:
        place, row = places[one.after or 0], rows[one.id]
        cells = [_cell(one, kind, places) for kind in CELLS]
        name = one.name
        if row.ended_on is None:
            name = _free_name(one, row, cells[0], places, taken)
            taken.add((place.pk, cells[0], name))
        if name != one.name:
            former[one.id] = one.name
        columns.append((one.id, place.pk, place.path, name, *cells))
    keys = ("ids", "divisions", "areas", "names", "compounds", "groups", "grids")
    said = dict(zip(keys, map(list, zip(*columns, strict=True)), strict=True))
    run(_BUILDINGS, {**said, "at": at})
    return former


def _cell(one: Lying, kind: str, places: Mapping[int, Any]) -> int | None:
    cell = places.get(one.cells.get(kind, 0))
    return cell.pk if cell is not None and cell.parent_id == one.after else None


def _taken(going: Sequence[Lying]) -> set[tuple[int, int | None, str]]:
    """Names that are borne where they go."""
    rows = Building.objects.filter(division__in={one.after for one in going}, ended_on=None)
    return set(rows.values_list("division_id", "compound_id", "name"))


def _free_name(
    one: Lying,
    row: Building,
    compound: int | None,
    places: Mapping[int, Any],
    taken: set[tuple[int, int | None, str]],
) -> str:
    """Its own, else with the compound it stood in, else with the community it came from."""
    was = places.get(row.compound_id or 0)
    origin = f"（原{places[one.before].name}）"
    tries = (
        one.name,
        *([f"{was.name}{one.name}"[:60]] if was is not None else []),
        f"{one.name[: 60 - len(origin)]}{origin}",
    )
    for name in tries:
        if (one.after, compound, name) not in taken:
            return name
    number = f"（编号{one.id}）"
    return f"{one.name[: 60 - len(number)]}{number}"


def _tell_renamed(former: Mapping[int, str], at: datetime) -> int:
    for row in Building.objects.filter(pk__in=former).select_related("division").order_by("pk"):
        note_former(row, "name", former[row.pk], row.evidence("name"), at=at)
    return len(former)


def _say_what_stays(actor: Actor, batch: Batch, ground: Ground) -> None:
    givers = list(ground.givers)
    paths = [one.path for one in get_divisions(actor, division_ids=givers).values()]
    bare = [name for (name,) in ask(_BARE, {"givers": givers})]
    batch.keep(bare, WITHOUT_POINT, unit="栋")
    ((number,),) = ask(_HOMELESS, {"givers": givers, "paths": paths})
    if number:
        batch.left.append((f"{number} 人", WITHOUT_HOME))
