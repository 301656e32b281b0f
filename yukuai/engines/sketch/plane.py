"""The plane in which sketches are drawn: steps of the grid, and points spread over a shape."""

import zlib
from typing import Any

import numpy as np
import shapely

from yukuai.engines.partition.grid import Floats

METRE = 90.0
"""Steps of the grid in a metre, about, both ways."""
ROUND = np.array([0.87, 1.0])
"""Steps east are shorter than steps north, at the latitude of 29.5°."""
CROWD = 24
"""Spots to choose from for each point to be found."""


def spots_in(shape: Any, number: int, name: str) -> Floats:
    """At least so many points inside a shape, spread evenly, the same for the same name."""
    west, south, east, north = shape.bounds
    shift = np.random.default_rng(zlib.crc32(name.encode())).uniform(size=2)
    filled = shape.area / ((east - west) * (north - south))
    shapely.prepare(shape)
    tried = int(number / max(filled, 0.01)) + 32
    while True:
        places = np.stack([_halton(tried, 2), _halton(tried, 3)], axis=1)
        spots = (places + shift) % 1 * [east - west, north - south] + [west, south]
        inside: Floats = spots[shapely.contains_xy(shape, spots)]
        if len(inside) >= number:
            return inside
        tried *= 2


def _halton(number: int, base: int) -> Floats:
    """Radical inverses of 1, 2, …: each new one where there were none."""
    rest, found, share = np.arange(1, number + 1), np.zeros(number), 1.0
    while rest.any():
        share /= base
        found += share * (rest % base)
        rest //= base
    return found


def spread(shape: Any, number: int, taken: Floats, name: str, *, middle: Any = None) -> Floats:
    """So many points of a shape, one after another where it is furthest to all others and to those
    `taken`; with a `middle`, the nearer to it the closer together."""
    if not number:
        return np.empty((0, 2))
    spots = spots_in(shape, number * CROWD, name)
    room = np.ones(len(spots))
    if middle is not None:
        away = np.hypot(*((spots - middle) * ROUND).T)
        room = 0.15 + away / max(away.max(), 1.0)
    far = np.full(len(spots), np.inf)
    for point in taken:
        far = np.minimum(far, np.hypot(*((spots - point) * ROUND).T))
    found = []
    for _ in range(number):
        best = int(np.argmax(far / room))
        found.append(spots[best])
        far = np.minimum(far, np.hypot(*((spots - spots[best]) * ROUND).T))
    return np.array(found)


def voronoi(seats: Floats, shape: Any) -> Any:
    """The lines inside a shape where two seats are equally far."""
    if len(seats) < 2:
        return shapely.MultiLineString()
    points = shapely.multipoints(seats * ROUND)
    around = shapely.transform(shapely.envelope(shape), lambda xy: xy * ROUND)
    lines = shapely.voronoi_polygons(points, extend_to=around, only_edges=True)
    return shapely.intersection(shapely.transform(lines, lambda xy: xy / ROUND), shape)
