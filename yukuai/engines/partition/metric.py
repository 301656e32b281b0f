"""Metres on the grid: lengths and areas by the ellipsoid of CGCS2000 at the latitude of each place.

Radii of curvature as in any textbook of geodesy (meridian M, prime vertical N). Good to a part in
ten thousand for lines below 50 km and areas below 1°; for deciding and telling, not for statistics.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yukuai.engines.partition.grid import STEPS, Area, Floats, Ints

SEMI_MAJOR = 6_378_137.0
FLATTENING = 1 / 298.257222101
_E2 = FLATTENING * (2 - FLATTENING)
_STEP = np.pi / 180 / STEPS


def scale(y: Ints | Floats) -> Floats:
    """Metres a step, (n, 2) for east and north, at latitudes in steps."""
    latitude = np.asarray(y, dtype=np.float64) * _STEP
    bulge = 1 - _E2 * np.sin(latitude) ** 2
    east = SEMI_MAJOR / np.sqrt(bulge) * np.cos(latitude)
    north = SEMI_MAJOR * (1 - _E2) / bulge**1.5
    return np.stack([east, north], axis=-1) * _STEP


def lengths_mm(start: Ints, end: Ints) -> Ints:
    """Of straight lines between vertices (n, 2), in whole millimetres: sums do not depend on the
    order."""
    away = (end - start) * scale((start[:, 1] + end[:, 1]) / 2)
    found: Ints = np.rint(np.hypot(away[:, 0], away[:, 1]) * 1000).astype(np.int64)
    return found


@dataclass(frozen=True)
class Measure:
    """Of an area: square metres, the length of its border, and the short side of the rectangle with
    this area and border, which of a long thin area is its mean width (of a rounder one, half its
    square root and more)."""

    m2: float
    border_m: float
    width_m: float


def measures(areas: Sequence[Area]) -> list[Measure]:
    """Of many areas at once. Holes are taken away; of an empty one everything is 0."""
    drawn = [area for area in areas if not area.is_empty]
    if not drawn:
        return [Measure(0.0, 0.0, 0.0)] * len(areas)
    rings = np.concatenate([[0], np.cumsum(np.concatenate([np.diff(a.rings) for a in drawn]))])
    size, border = _of_rings(np.concatenate([area.xy for area in drawn]), rings)
    first = np.cumsum([0, *(len(area.rings) - 1 for area in drawn)])
    hole = np.ones(len(size))
    for begin, area in zip(first.tolist(), drawn, strict=False):
        hole[begin + area.polygons[:-1]] = -1
    m2 = np.maximum(np.add.reduceat(-size * hole, first[:-1]), 0)
    border_m = np.add.reduceat(border, first[:-1])
    half = border_m / 2
    width = (half - np.sqrt(np.maximum(half * half - 4 * m2, 0))) / 2
    found = zip(m2.tolist(), border_m.tolist(), width.tolist(), strict=True)
    nothing = (0.0, 0.0, 0.0)
    return [Measure(*(nothing if area.is_empty else next(found))) for area in areas]


def measure(area: Area) -> Measure:
    return measures([area])[0]


def _of_rings(xy: Ints, rings: Ints) -> tuple[Floats, Floats]:
    """Square metres within each ring, and metres around it."""
    begin, count = rings[:-1], np.diff(rings)
    ahead = np.arange(1, len(xy) + 1)
    ahead[rings[1:] - 1] = begin
    middle = (np.minimum.reduceat(xy[:, 1], begin) + np.maximum.reduceat(xy[:, 1], begin)) / 2
    away = xy - np.repeat(xy[begin], count, axis=0)
    twice = np.add.reduceat(away[:, 0] * away[ahead, 1] - away[:, 1] * away[ahead, 0], begin)
    border = np.add.reduceat(lengths_mm(xy, xy[ahead]), begin) / 1000
    return np.abs(twice) / 2 * scale(middle).prod(axis=1), border
