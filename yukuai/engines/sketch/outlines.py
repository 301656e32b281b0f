"""Outlines of districts where none are given: cells around the seats of their townships, inside a
city whose edge runs well outside all seats."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from yukuai.engines.partition.grid import Floats, Ints
from yukuai.engines.sketch.bending import Waves
from yukuai.engines.sketch.network import Shapes, dissolved, faces_of, noded, redrawn, settled
from yukuai.engines.sketch.plane import METRE, ROUND, voronoi

REACH, BACK = 24_000 * METRE, 12_000 * METRE
"""The edge of the city: so far around each seat, and so far back again where that left bays."""
STEP = 700 * METRE
WIDTH = 14_000 * METRE


def outlines_around(seats: Mapping[str, Floats]) -> dict[str, Any]:
    """A shape a district, together without gap or overlap, by the seats of each."""
    names = sorted(seats)
    points = np.concatenate([seats[name] for name in names])
    whose = np.repeat(np.arange(len(names)), [len(seats[name]) for name in names])
    tree = shapely.STRtree(shapely.points(points * ROUND))

    def owner_at(spots: Shapes) -> Ints:
        near = tree.nearest(shapely.transform(spots, lambda xy: xy * ROUND))
        return np.asarray(whose[near])

    alone = np.zeros(len(names), np.int64)
    city = _city(points)
    faces = faces_of(noded([voronoi(points, city), city.boundary]))
    owner = settled(faces, owner_at(shapely.point_on_surface(faces)), alone)
    shapes = np.array(list(dissolved(faces, owner).values()))
    found = shapely.STRtree(shapes)
    flat = shapely.segmentize(noded(shapely.boundary(shapes)), STEP)
    waves = Waves("city", WIDTH)
    moved = shapely.transform(flat, lambda xy: np.rint(xy + waves(xy)))
    faces, owner = redrawn(flat, moved, lambda spots: np.asarray(found.nearest(spots)))
    drawn = dissolved(faces, settled(faces, owner, alone))
    return {names[place]: shape for place, shape in drawn.items()}


def _city(points: Floats) -> Any:
    wide = shapely.buffer(shapely.multipoints(points), REACH)
    near = shapely.buffer(wide, -BACK)
    largest = max(shapely.get_parts(near), key=shapely.area)
    return shapely.simplify(shapely.Polygon(largest.exterior), STEP / 2)
