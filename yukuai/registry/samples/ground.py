"""The ground of a community cut into smaller areas, and houses put on it. Degrees of CGCS2000.

A cut leads from one vertex of the line to another, through the inside, so that pieces tile what
was cut bit for bit and bring no vertex to anybody's line.
"""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from yukuai.engines.partition import Area, canonical, from_geojson, tiles, to_wkb

Point = tuple[float, float]
TRIES = 400
"""Cuts looked at for each: enough to find a fair one in a line of hundreds of vertices."""
LATITUDE = 29.56
"""Where a step of longitude is as wide as here a step of latitude times its cosine."""


def shape_of(area: Area) -> Any:
    """Its largest part; holes stay."""
    parts = shapely.get_parts(shapely.from_wkb(to_wkb(area)))
    return max(parts, key=lambda one: one.area)


def square(point: Point, *, metres: float = 600) -> Any:
    """Ground around a seat, where no line is drawn."""
    lon, lat = point
    high = metres / 111_000 / 2
    wide = high / float(np.cos(np.radians(lat)))
    return shapely.box(lon - wide, lat - high, lon + wide, lat + high)


def cut(shape: Any, number: int) -> list[Any]:
    """So many pieces of about one size; fewer where the line has too few vertices."""
    pieces = [shape]
    while len(pieces) < number:
        pieces.sort(key=lambda one: -one.area)
        halves = _halved(pieces[0])
        if halves is None:
            break
        pieces = [*halves, *pieces[1:]]
    return sorted(pieces, key=lambda one: (one.centroid.x, one.centroid.y))


def areas_of(pieces: Sequence[Any], whole: Area) -> list[Area] | None:
    """The pieces as lines that tile the whole bit for bit; None where they do not."""
    made = islands_of(pieces)
    return made if tiles(canonical(whole), made) else None


def islands_of(pieces: Sequence[Any]) -> list[Area]:
    return [canonical(from_geojson(shapely.geometry.mapping(piece))) for piece in pieces]


def island(piece: Any, *, share: float) -> Any:
    """The middle of a piece: a compound touches no other and no line."""
    inside = piece.representative_point()
    small = affinity.scale(piece, share, share, origin=inside)
    inner = shapely.get_parts(small.intersection(piece))
    parts = [one for one in inner if one.geom_type == "Polygon"]
    return shapely.set_precision(max(parts, key=lambda one: one.area), 1e-7)


def spots(shape: Any, number: int) -> list[Point]:
    """So many points inside, in rows, none on another."""
    low_x, low_y, high_x, high_y = shape.bounds
    share = shape.area / ((high_x - low_x) * (high_y - low_y))
    side = max(2, ceil(sqrt(number / max(share, 0.05))))
    while True:
        xs = np.linspace(low_x, high_x, side + 2)[1:-1]
        ys = np.linspace(low_y, high_y, side + 2)[1:-1]
        grid = [(float(x), float(y)) for y in ys for x in xs]
        inside = shapely.contains_xy(shape, *zip(*grid, strict=True))
        found = [spot for spot, within in zip(grid, inside, strict=True) if within]
        if len(found) >= number:
            break
        side += 2
    picked = np.linspace(0, len(found) - 1, number).round().astype(int)
    return [(round(found[i][0], 7), round(found[i][1], 7)) for i in picked]


def place_in(pieces: Sequence[Any], spot: Point) -> int:
    """Which piece a spot lies in; the nearest where it lies on a line."""
    distances = shapely.distance(np.array(pieces, dtype=object), shapely.Point(spot))
    return int(np.argmin(distances))


def _halved(shape: Any) -> tuple[Any, Any] | None:
    """Cut between two of its own vertices, as evenly and as short as can be found."""
    if shape.interiors:
        return None
    ring = list(shape.exterior.coords)[:-1]
    number = len(ring)
    best: tuple[float, tuple[Any, Any] | None] = (float("inf"), None)
    step = max(1, number * number // 2 // TRIES)
    pairs = [(i, j) for i in range(number) for j in range(i + 2, min(number, i + number - 1))][
        ::step
    ]
    for i, j in pairs:
        one = shapely.Polygon(ring[i : j + 1])
        other = shapely.Polygon([*ring[j:], *ring[: i + 1]])
        if min(one.area, other.area) <= 0.2 * shape.area:
            continue
        chord = shapely.LineString([ring[i], ring[j]])
        uneven = abs(one.area - other.area) / shape.area + chord.length / shape.length
        if uneven < best[0] and _inside(shape, chord) and one.is_valid and other.is_valid:
            best = (uneven, (one, other))
    return best[1]


def _inside(shape: Any, chord: Any) -> bool:
    """Through the inside, touching the line at its two ends alone."""
    touched = chord.intersection(shape.exterior)
    return bool(shape.covers(chord)) and len(shapely.get_coordinates(touched)) == 2
