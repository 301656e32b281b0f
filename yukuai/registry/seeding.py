"""The sample township as `seed_sample` makes it: cells founded, their lines in effect (示意), and
every community filled. Running it again changes nothing."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from yukuai.accounts.policy import Actor
from yukuai.divisions.actions import found_division, put_lines_in_effect
from yukuai.divisions.lines import list_lines
from yukuai.divisions.lining import Grounds
from yukuai.divisions.queries import list_children, resolve_code
from yukuai.divisions.rules import short_name
from yukuai.engines.partition import Area
from yukuai.kernel.clock import today
from yukuai.kernel.outbox import muted
from yukuai.kernel.scope import scope
from yukuai.registry.actions import recount
from yukuai.registry.actions.sampling import BASIS, Cells, fill_community
from yukuai.registry.samples import ground
from yukuai.registry.samples.people import Numbers
from yukuai.registry.samples.township import BUILDINGS, Community, plan_community

TOWNSHIP = "500103011"
"""大溪沟街道, where the officers of the demo work."""
SEATS = "chongqing_town_points_geonames.csv"
MIDDLE = (106.55, 29.565)
"""Of the city: where no seat is known either."""
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Place:
    """A community, its ground, and its line where there is one."""

    division: Any
    shape: Any
    line: Area | None


def seed_sample(
    actor: Actor,
    *,
    at: datetime,
    township: str = TOWNSHIP,
    communities: int | None = None,
    buildings: int = BUILDINGS,
) -> dict[str, int]:
    """People written by code of each community; the first so many of them, each with so many
    buildings. Nobody is told: what is counted is counted at the end."""
    numbers, filled = Numbers(), {}
    with muted():
        for place in _places(actor, township)[:communities]:
            plan = plan_community(
                code=place.division.code,
                name=short_name(place.division.name),
                shape=place.shape,
                numbers=numbers,
                today=today(at),
                buildings=buildings,
            )
            cells = _found_cells(actor, place, plan, at)
            filled[plan.code] = fill_community(
                actor, division_id=place.division.id, plan=plan, cells=cells, at=at
            )
    if any(filled.values()):
        recount(actor, at=at)
    return filled


def _places(actor: Actor, township: str) -> list[Place]:
    with scope(actor.areas):
        (town, *_) = resolve_code(actor, code=township).today
        below = [one for one in list_children(actor, parent_id=town.pk) if one.kind == "community"]
        lines = {
            line.division_id: line.area
            for line in list_lines(actor, division_ids=[one.id for one in below])
        }
    return [
        Place(
            one,
            ground.shape_of(lines[one.id])
            if one.id in lines
            else ground.square(_seat(township, place)),
            lines.get(one.id),
        )
        for place, one in enumerate(below)
    ]


def _seat(township: str, place: int) -> ground.Point:
    """Communities without a line lie beside each other around the seat of their township."""
    with (Path(settings.SEED) / SEATS).open(encoding="utf-8", newline="") as file:
        known = {
            row["code"]: (float(row["lon_wgs84"]), float(row["lat_wgs84"]))
            for row in csv.DictReader(file)
        }
    lon, lat = known.get(township, MIDDLE)
    return lon + (place % 3 - 1) * 0.0075, lat + (place // 3 - 1) * 0.0065


def _found_cells(actor: Actor, place: Place, plan: Community, at: datetime) -> Cells:
    made = {
        kind: [
            _found(actor, place, kind, name, number, at)
            for number, name in enumerate(names, start=1)
        ]
        for kind, names in _names(plan)
    }
    shapes = {
        "grid": plan.grids,
        "group": plan.groups,
        "compound": [one.shape for one in plan.compounds],
    }
    if place.line is not None:
        for kind, ids in made.items():
            _put_lines(actor, place, ids, shapes[kind], tiling=kind != "compound", at=at)
    return Cells(made["compound"], made["group"], made["grid"])


def _names(plan: Community) -> Iterator[tuple[str, list[str]]]:
    yield "compound", [one.name for one in plan.compounds]
    yield "group", [f"第{NUMERALS[place]}居民小组" for place in range(len(plan.groups))]
    yield "grid", [f"第{NUMERALS[place]}网格" for place in range(len(plan.grids))]


def _found(actor: Actor, place: Place, kind: str, name: str, number: int, at: datetime) -> int:
    division = found_division(
        actor,
        parent_id=place.division.id,
        kind=kind,
        name=name,
        reason=BASIS,
        effective=today(at),
        at=at,
        key=f"sample:{place.division.code}:{kind}:{number}",
    )
    return int(division.pk)


def _put_lines(
    actor: Actor,
    place: Place,
    ids: Sequence[int],
    shapes: Sequence[Any],
    *,
    tiling: bool,
    at: datetime,
) -> None:
    """Grids and groups as they tile the community's line; where they cannot, none."""
    assert place.line is not None
    areas = ground.areas_of(shapes, place.line) if tiling else ground.islands_of(shapes)
    with scope(actor.areas):
        known = {line.division_id for line in list_lines(actor, division_ids=ids)}
    if areas is None or known:
        return
    put_lines_in_effect(
        actor,
        parent_id=place.division.id,
        lines=dict(zip(ids, areas, strict=True)),
        grounds=Grounds(
            basis="示例数据，示意，不作勘界依据",
            source="平台示意",
            approved_by="演示装入",
            illustrative=True,
        ),
        effective=today(at),
        at=at,
    )
