"""Synthetic boundaries, the same for the same seed: a clean tiling, made without the engine that is
judged on it, and what careless drawing makes of it. No line in it is a real one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from yukuai.engines.partition import Area

METRE = 90
"""Steps of the grid, about."""
WEST, SOUTH = 1_056_000_000, 288_000_000


@dataclass(frozen=True)
class Tiling:
    parent: Area
    children: Mapping[str, Area]

    @property
    def vertices(self) -> int:
        return sum(len(child.xy) for child in self.children.values())


def area(*polygons):
    """An area of lists of rings of vertices, as they are."""
    points = [[np.array(ring, np.int64).reshape(-1, 2) for ring in loops] for loops in polygons]
    rings = [ring for loops in points for ring in loops]
    return Area(
        np.concatenate(rings) if rings else np.empty((0, 2), np.int64),
        np.cumsum([0, *map(len, rings)]),
        np.cumsum([0, *map(len, points)]),
    )


def from_shape(shape):
    """Of a shapely polygon or multipolygon whose coordinates are steps."""
    polygons = [
        [np.rint(shapely.get_coordinates(ring)).astype(np.int64)[:-1] for ring in rings]
        for part in shapely.get_parts(shape)
        for rings in [[part.exterior, *part.interiors]]
    ]
    return area(*polygons)


def tiling(seed, *, children, step_m, size_m=60_000.0):
    """A parent about `size_m` wide, cut into cells around random seats, with a vertex about every
    `step_m`. Straight lines are bent by one smooth displacement of the plane, so nothing
    crosses."""
    dice = np.random.default_rng(seed)
    faces = _cells(dice, children=children, step_m=step_m, size_m=size_m)
    areas = sorted(map(from_shape, faces), key=lambda one: one.xy.min(axis=0).tolist())
    named = {f"{number:04}": one for number, one in enumerate(areas, 1)}
    return Tiling(from_shape(shapely.coverage_union_all(faces)), named)


def tree(seed, *, sizes=(38, 1_040, 11_400), size_m=400_000.0, step_m=1_000.0):
    """Parents with their children from the top down, all vertices shared through all levels:
    the cells of the lowest level, put together around the seats of the level above."""
    dice = np.random.default_rng(seed)
    level = np.array(_cells(dice, children=sizes[-1], step_m=step_m, size_m=size_m))
    found = []
    for number in [*sizes[-2::-1], 1]:
        spots = shapely.point_on_surface(level)
        seats = spots[dice.choice(len(spots), number, replace=False)]
        nearest = shapely.STRtree(seats).nearest(spots)
        above = []
        for seat in np.unique(nearest).tolist():
            below = level[nearest == seat]
            above.append(shapely.coverage_union_all(below))
            children = {f"{place:05}": from_shape(one) for place, one in enumerate(below)}
            found.append(Tiling(from_shape(above[-1]), children))
        level = np.array(above)
    return found[::-1]


def _cells(dice, *, children, step_m, size_m):
    parent = _outline(dice, size_m)
    low, high = np.array(parent.bounds).reshape(2, 2)
    seats = dice.uniform(low, high, (children * 40, 2))
    seats = seats[shapely.contains_xy(parent, seats)][:children]
    cells = shapely.voronoi_polygons(shapely.multipoints(seats), extend_to=parent, only_edges=True)
    lines = shapely.get_parts(shapely.unary_union([cells, parent.boundary]))
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    lines = lines[shapely.dwithin(middles, parent, METRE)]
    bent = _bent(shapely.segmentize(lines, step_m * METRE), dice, size_m)
    return shapely.get_parts(shapely.polygonize(bent)).tolist()


def _outline(dice, size_m):
    turn = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    radius = np.ones(len(turn))
    for wave in range(2, 9):
        radius += dice.normal(0, 0.35 / wave) * np.cos(wave * turn + dice.uniform(0, 7))
    radius = np.clip(radius, 0.4, 1.6) * size_m / 2 * METRE
    x = WEST + size_m * METRE + radius * np.cos(turn)
    y = SOUTH + size_m * METRE + radius * np.sin(turn)
    return shapely.polygons(np.stack([x, y], axis=1))


def _bent(lines, dice, size_m):
    waves = []
    for number in range(1, 7):
        length = size_m * METRE / (6 * number**1.5)
        push = 0.12 * length / (2 * np.pi)  # the sum of all slopes stays below one: nothing folds
        waves.append((length, push, *dice.uniform(0, 2 * np.pi, 4)))

    def bend(xy):
        moved = xy.copy()
        for length, push, tilt, phase, other, more in waves:
            along = 2 * np.pi / length
            moved[:, 0] += push * np.sin(along * (xy[:, 1] * np.cos(tilt) + phase * length))
            moved[:, 1] += push * np.sin(along * (xy[:, 0] * np.cos(other) + more * length))
        return np.rint(moved)

    return shapely.transform(lines, bend)


def dirtied(tiling_, seed, *, moved=0.1, metres=3.0, dropped=0.03, tangles=2, spikes=2):
    """The children as careless hands draw them: shares of vertices moved by up to `metres` and
    dropped, some children shifted as a whole, per child some neighbours swapped, ways there and
    back, and vertices said twice."""
    dice = np.random.default_rng(seed)
    found = {}
    for name, child in tiling_.children.items():
        shift = np.rint(dice.uniform(-1, 1, 2) * metres * METRE * (dice.random() < 0.25))
        polygons = [
            [
                _careless(ring + shift.astype(np.int64), dice, moved, metres, dropped)
                for ring in loops
            ]
            for loops in child.loops()
        ]
        polygons = [[_knotted(ring, dice, tangles, spikes) for ring in loops] for loops in polygons]
        found[name] = area(*polygons)
    return found


def _careless(ring, dice, moved, metres, dropped):
    hit = dice.random(len(ring)) < moved
    push = np.rint(dice.uniform(-metres, metres, ring.shape) * METRE / 2**0.5).astype(np.int64)
    ring = ring + push * hit[:, None]
    return ring[dice.random(len(ring)) >= dropped] if len(ring) > 20 else ring


def _knotted(ring, dice, tangles, spikes):
    points = ring.tolist()
    for _ in range(tangles):
        place = int(dice.integers(1, len(points) - 1))
        points[place - 1], points[place] = points[place], points[place - 1]
    for _ in range(spikes):
        place = int(dice.integers(1, len(points)))
        x, y = points[place]
        away = dice.integers(-40 * METRE, 40 * METRE, 2).tolist()
        points[place + 1 : place + 1] = [[x + away[0], y + away[1]], [x, y], [x, y]]
    return points
