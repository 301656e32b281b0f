"""A community put together: ground, houses, rooms, families, and what stands around them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from yukuai.registry.samples import bodies, ground
from yukuai.registry.samples.bodies import Body
from yukuai.registry.samples.ground import Point
from yukuai.registry.samples.people import AWAY, Families, Family, Numbers

GRIDS, GROUPS, COMPOUNDS = 4, 8, 3
BUILDINGS = 25
"""Of a community: with the floors and rooms below and 2.6 people a family, some 3,300 people."""
ORGANISATIONS = 60
STREETS = (
    "临江路",
    "学田坡",
    "黄葛巷",
    "石梯街",
    "水井湾",
    "半坡路",
    "朝阳坎",
    "大树巷",
    "老码头街",
)
"""No street of the place is named so."""
GARDENS = ("江韵苑", "梧桐里", "云栖阁", "春晖园", "学府里", "明月台", "锦绣居", "向阳院", "听涛园")


@dataclass(frozen=True)
class Room:
    entrance: int
    floor: int
    room: str
    usage: str
    status: str
    area_m2: int
    families: tuple[Family, ...]
    owner: str


@dataclass(frozen=True)
class House:
    """`compound`, `group`, `grid` are places in the lists of the community; None in no compound."""

    name: str
    address: str
    floors: int
    built_year: int
    elevator: bool
    spot: Point
    compound: int | None
    group: int
    grid: int
    entrances: tuple[str, ...]
    rooms: tuple[Room, ...]


@dataclass(frozen=True)
class Compound:
    name: str
    shape: Any
    values: dict[str, str]


@dataclass(frozen=True)
class Community:
    """Shapes of grids and groups tile the ground they were cut from."""

    code: str
    grids: tuple[Any, ...]
    groups: tuple[Any, ...]
    compounds: tuple[Compound, ...]
    houses: tuple[House, ...]
    bodies: tuple[Body, ...]

    def families(self) -> Iterator[tuple[House, Room, Family]]:
        for house in self.houses:
            for room in house.rooms:
                for family in room.families:
                    yield house, room, family


def plan_community(
    *,
    code: str,
    name: str,
    shape: Any,
    numbers: Numbers,
    today: date,
    buildings: int = BUILDINGS,
) -> Community:
    """`name` is the short one (人和街社区); `shape` its ground in degrees, a polygon of shapely."""
    chance = Random(code)
    grids = ground.cut(shape, GRIDS)
    groups = ground.cut(shape, GROUPS)
    compounds = _compounds(chance, ground.cut(shape, COMPOUNDS))
    works = tuple(f"{a}{b}公司（示例）" for a in bodies.FIRST for b in bodies.SECOND[:3])
    families = Families(chance, today, works)
    houses = [
        _house(chance, families, numbers, one)
        for one in _sites(chance, shape, compounds, grids, groups, buildings)
    ]
    addresses = [(house.address, house.spot) for house in houses]
    made = [
        *bodies.organisations(chance, addresses, ORGANISATIONS * buildings // BUILDINGS + 1),
        *bodies.facilities(chance, name, addresses),
        *bodies.committees(chance, name),
        *bodies.projects(chance, name),
    ]
    return Community(
        code, tuple(grids), tuple(groups), tuple(compounds), tuple(houses), tuple(made)
    )


def _compounds(chance: Random, pieces: list[Any]) -> list[Compound]:
    names = chance.sample(GARDENS, len(pieces))
    return [
        Compound(
            name,
            ground.island(piece, share=0.55),
            {
                "property_company": f"{chance.choice(bodies.FIRST)}居物业（示例）",
                "owners_committee": chance.choice("01"),
                "built_year": str(chance.randint(1995, 2018)),
            },
        )
        for name, piece in zip(names, pieces, strict=True)
    ]


@dataclass(frozen=True)
class _Site:
    name: str
    address: str
    spot: Point
    compound: int | None
    group: int
    grid: int


def _sites(
    chance: Random,
    shape: Any,
    compounds: list[Compound],
    grids: list[Any],
    groups: list[Any],
    number: int,
) -> Iterator[_Site]:
    """A quarter of the houses stand along streets, the others in compounds, numbered in each."""
    along = max(1, number // 4)
    outside = shape
    for one in compounds:
        outside = outside.difference(one.shape)
    streets = chance.sample(STREETS, 2)
    shares = [(number - along + place) // len(compounds) for place in range(len(compounds))]
    for place, spot in enumerate(ground.spots(outside, along)):
        address = f"{streets[place % 2]}{2 * place + 1}号"
        yield _site("单栋", address, spot, None, groups, grids)
    for compound, (one, share) in enumerate(zip(compounds, shares, strict=True)):
        address = f"{streets[compound % 2]}{100 + 2 * compound}号"
        for place, spot in enumerate(ground.spots(one.shape, share) if share else ()):
            yield _site(f"{place + 1}栋", address, spot, compound, groups, grids)


def _site(
    name: str,
    address: str,
    spot: Point,
    compound: int | None,
    groups: list[Any],
    grids: list[Any],
) -> _Site:
    called = f"{address}" if name == "单栋" else name
    group, grid = ground.place_in(groups, spot), ground.place_in(grids, spot)
    return _Site(called, address, spot, compound, group, grid)


def _house(chance: Random, families: Families, numbers: Numbers, site: _Site) -> House:
    tall = site.compound is not None and chance.random() < 0.4
    floors = chance.randint(11, 18) if tall else chance.randint(5, 8)
    entrances = ("1",) if tall else tuple("123"[: chance.randint(2, 3)])
    doors = 4 if tall else 3
    rooms = [
        _room(chance, families, numbers, place, floor, door)
        for place in range(len(entrances))
        for floor in range(1, floors + 1)
        for door in range(1, doors + 1)
    ]
    return House(
        name=site.name,
        address=site.address,
        floors=floors,
        built_year=chance.randint(2003, 2018) if tall else chance.randint(1982, 2002),
        elevator=tall,
        spot=site.spot,
        compound=site.compound,
        group=site.group,
        grid=site.grid,
        entrances=entrances,
        rooms=tuple(rooms),
    )


def _room(
    chance: Random, families: Families, numbers: Numbers, entrance: int, floor: int, door: int
) -> Room:
    """Some stand empty, some are let; of those some owners are registered there and live away."""
    drawn = chance.random()
    inside: list[Family] = []
    status = "own"
    if drawn < 0.09:
        status = "empty"
    elif drawn < 0.24:
        status = "let"
        inside.append(families.draw_tenants())
        if chance.random() < 0.4:
            owners = families.draw()
            away = tuple(replace(one, living=AWAY, hukou="") for one in owners.members)
            inside.append(replace(owners, members=away))
    else:
        inside.append(families.draw())
    known = tuple(
        replace(
            family,
            members=tuple(
                numbers.give(one, with_phone=_has_phone(chance, families, one))
                for one in family.members
            ),
        )
        for family in inside
    )
    owner = known[-1].members[0].name if known and status != "empty" else ""
    size = chance.choice((38, 46, 55, 62, 74, 88, 96, 110))
    return Room(entrance, floor, f"{floor}{door:02}", "home", status, size, known, owner)


def _has_phone(chance: Random, families: Families, one: Any) -> bool:
    return one.age(families.today) >= 12 and chance.random() < 0.93
