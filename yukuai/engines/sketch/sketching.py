"""Lines for a whole tree, made up but plausible: districts in given or made-up outlines, townships
around their seats, communities smaller towards the middle of their township."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from yukuai.engines.partition import Area
from yukuai.engines.partition.grid import STEPS, Floats, Ints, shapes
from yukuai.engines.sketch.bending import Waves, bent
from yukuai.engines.sketch.network import (
    Shapes,
    area,
    dissolved,
    faces_of,
    noded,
    redrawn,
    settled,
)
from yukuai.engines.sketch.outlines import outlines_around
from yukuai.engines.sketch.plane import METRE, ROUND, spread, voronoi

FINE = 0.17
"""A vertex about every so many widths of a cell …"""
FINEST, COARSEST = 60 * METRE, 420 * METRE
"""… but not closer together nor further apart."""


class Unsketchable(ValueError):
    """Nothing can be drawn; says why."""


@dataclass(frozen=True)
class Town:
    """`code` is the one by which its seat is known, `home` names the outline in which it lies,
    `district` where it belongs today."""

    code: str
    home: str
    district: str
    communities: tuple[str, ...]


@dataclass(frozen=True)
class Sketch:
    """Areas by the names that were given; each level tiles the one above bit for bit."""

    city: Area
    districts: Mapping[str, Area]
    towns: Mapping[str, Area]
    communities: Mapping[str, Area]


@dataclass(frozen=True)
class Cell:
    """One township while nothing is bent."""

    town: Town
    shape: Any
    seats: Floats
    """Of its communities; of itself where it has none."""

    @property
    def width(self) -> float:
        return float(np.sqrt(self.shape.area / len(self.seats)))


@dataclass(frozen=True)
class Inside:
    """One outline with what lies in it, flat and bent, vertex by vertex."""

    cells: Sequence[Cell]
    flat: Shapes
    moved: Shapes


def sketch(
    towns: Iterable[Town],
    seats: Mapping[str, tuple[float, float]],
    *,
    outlines: Mapping[str, Area] | None = None,
) -> Sketch:
    """`seats` in degrees by the codes of townships, `outlines` by their homes and tiling exactly.
    The same towns in any order give the same lines. Raises Unsketchable."""
    listed = sorted(towns, key=lambda town: town.code)
    known = _distinct(listed, seats)
    outer = _outer(listed, known, outlines)
    insides = [
        _inside(name, shape, [town for town in listed if town.home == name], known)
        for name, shape in sorted(outer.items())
    ]
    return _put_together(insides)


def _distinct(towns: Sequence[Town], seats: Mapping[str, tuple[float, float]]) -> dict[str, Floats]:
    """Seats in steps; where several towns have one, it is the first one's."""
    first: dict[tuple[float, float], str] = {}
    for town in towns:
        if town.code in seats:
            first.setdefault(seats[town.code], town.code)
    return {code: np.array(seat) * STEPS for seat, code in first.items()}


def _outer(
    towns: Sequence[Town], seats: Mapping[str, Floats], outlines: Mapping[str, Area] | None
) -> dict[str, Any]:
    homes = sorted({town.home for town in towns})
    if outlines is not None:
        missing = [home for home in homes if home not in outlines]
        if missing:
            raise Unsketchable(f"没有轮廓：{'、'.join(missing)}")
        return dict(zip(homes, shapes([outlines[home] for home in homes]), strict=True))
    points: dict[str, list[Floats]] = {home: [] for home in homes}
    for town in towns:
        if town.code in seats:
            points[town.home].append(seats[town.code])
    bare = [home for home in homes if not points[home]]
    if bare or not homes:
        raise Unsketchable(f"没有一个驻地点：{'、'.join(bare) or '全部'}")
    return outlines_around({home: np.array(found) for home, found in points.items()})


def _inside(name: str, shape: Any, towns: Sequence[Town], seats: Mapping[str, Floats]) -> Inside:
    cells = _cells(name, shape, towns, seats)
    edges = [cell.shape.boundary for cell in cells]
    edges += [voronoi(cell.seats, cell.shape) for cell in cells]
    lines = noded([*edges, shape.boundary])
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    inner = ~shapely.dwithin(middles, shape.boundary, 2.0)
    tree = shapely.STRtree([cell.shape for cell in cells])
    widths = np.array([cell.width for cell in cells])[tree.nearest(middles)]
    steps = np.clip(widths * FINE, FINEST, COARSEST)
    flat = np.concatenate([lines[~inner], shapely.segmentize(lines[inner], steps[inner])])
    flat = shapely.transform(flat, np.rint)
    waves = Waves(name, float(np.median([cell.width for cell in cells])))
    moved = shapely.transform(bent(flat, waves, shape.boundary), np.rint)
    return Inside(cells, flat, moved)


def _cells(name: str, shape: Any, towns: Sequence[Town], known: Mapping[str, Floats]) -> list[Cell]:
    seats = _seats(name, shape, towns, known)
    return [
        Cell(towns[place], cell, _communities(towns[place], cell, seats[place]))
        for place, cell in _around(seats, shape, np.arange(len(towns))).items()
    ]


def _around(seats: Floats, shape: Any, whose: Ints) -> dict[int, Any]:
    """What of a shape is nearest to the seats of each owner, in one piece each."""
    faces = faces_of(noded([voronoi(seats, shape), shape.boundary]))
    spots = shapely.transform(shapely.point_on_surface(faces), lambda xy: xy * ROUND)
    owner = whose[shapely.STRtree(shapely.points(seats * ROUND)).nearest(spots)]
    return dissolved(faces, settled(faces, owner, np.zeros(whose.max() + 1, np.int64)))


def _seats(name: str, shape: Any, towns: Sequence[Town], known: Mapping[str, Floats]) -> Floats:
    """Where they are known and inside; the others in the room that is left, near to towns of their
    own district, so that an outline later divided between districts is divided in two pieces."""
    found = {town.code: known[town.code] for town in towns if town.code in known}
    found = {code: seat for code, seat in found.items() if shapely.contains_xy(shape, *seat)}
    rooms = _rooms(shape, towns, found)
    for district in sorted({town.district for town in towns}):
        rest = [t.code for t in towns if t.district == district and t.code not in found]
        taken = np.array(list(found.values())).reshape(-1, 2)
        room = rooms.get(district, shape)
        found |= dict(zip(rest, spread(room, len(rest), taken, name), strict=True))
    return np.array([found[town.code] for town in towns])


def _rooms(shape: Any, towns: Sequence[Town], found: Mapping[str, Floats]) -> dict[str, Any]:
    """What is nearest to the known seats of each district of today."""
    here = [town for town in towns if town.code in found]
    districts = sorted({town.district for town in here})
    if len(districts) < 2:
        return {}
    whose = np.array([districts.index(town.district) for town in here])
    drawn = _around(np.array([found[town.code] for town in here]), shape, whose)
    return {districts[place]: room for place, room in drawn.items()}


def _communities(town: Town, shape: Any, seat: Floats) -> Floats:
    number = max(len(town.communities), 1)
    inside = shapely.contains_xy(shape, *seat)
    middle = seat if inside else shapely.get_coordinates(shape.representative_point())[0]
    others = spread(shape, number - 1, middle[None], town.code, middle=middle)
    return np.concatenate([middle[None], others])


def _put_together(insides: Sequence[Inside]) -> Sketch:
    cells = [cell for inside in insides for cell in inside.cells]
    town_of = np.repeat(np.arange(len(cells)), [len(cell.seats) for cell in cells])
    flat = np.concatenate([inside.flat for inside in insides])
    moved = np.concatenate([inside.moved for inside in insides])
    faces, whose = redrawn(flat, moved, lambda spots: _seat_at(spots, cells))
    whose = settled(faces, whose, town_of)
    homes = sorted({cell.town.district for cell in cells})
    district_of = np.array([homes.index(cell.town.district) for cell in cells])
    of_town = town_of[whose]
    return Sketch(
        city=area(shapely.coverage_union_all(faces)),
        districts={homes[k]: area(v) for k, v in dissolved(faces, district_of[of_town]).items()},
        towns={cells[k].town.code: area(v) for k, v in dissolved(faces, of_town).items()},
        communities=_named(dissolved(faces, whose), cells),
    )


def _seat_at(spots: Shapes, cells: Sequence[Cell]) -> Ints:
    """Whose community a point lies in: the nearest seat of its township."""
    first = np.cumsum([0, *(len(cell.seats) for cell in cells)])
    town = shapely.STRtree([cell.shape for cell in cells]).nearest(spots)
    xy = shapely.get_coordinates(spots) * ROUND
    found = np.zeros(len(spots), np.int64)
    for place in np.unique(town).tolist():
        here = town == place
        away = xy[here][:, None] - (cells[place].seats * ROUND)[None]
        found[here] = first[place] + np.argmin((away**2).sum(axis=2), axis=1)
    return found


def _named(drawn: Mapping[int, Any], cells: Sequence[Cell]) -> dict[str, Area]:
    names: list[str] = []
    for cell in cells:
        names += cell.town.communities or [""]
    return {names[place]: area(shape) for place, shape in drawn.items() if names[place]}
