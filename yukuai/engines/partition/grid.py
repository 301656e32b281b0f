"""Areas on a grid of 1e-7 degree (about a centimetre), as flat arrays of whole numbers.

Longitude and latitude of CGCS2000 (EPSG:4490). A vertex is also one 64-bit key, `x << 32 | y`, so
that vertices are compared, sorted and looked up as single numbers, by longitude first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

STEPS = 10_000_000
"""Steps of the grid in a degree."""
EAST, NORTH = 180 * STEPS, 90 * STEPS
BEYOND_THE_WORLD = "坐标超出经纬度范围（经度 ±180°，纬度 ±90°），请核对坐标系是否为经纬度。"
_LOW = 1 << 31
_MASK = (1 << 32) - 1

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Loops = Sequence[Ints]
"""The rings of one polygon, its outer one first; (n, 2), the first vertex not said again."""


class Unreadable(ValueError):
    """What was given is no area; carries a sentence in Chinese."""


@dataclass(frozen=True, eq=False)
class Area:
    """A polygon, several, or none. `xy` holds the vertices of all rings one after another, (n, 2);
    ring r is `xy[rings[r]:rings[r + 1]]`, polygon p has the rings `polygons[p]` up to
    `polygons[p + 1]`, its outer one first. The arrays cannot be written to. Two areas are equal
    when they have the same vertices in the same order; see `canonical`.
    """

    xy: Ints
    rings: Ints
    polygons: Ints
    unclosed: tuple[int, ...] = ()
    """Rings whose last vertex was not their first one when they were read."""

    def __post_init__(self) -> None:
        for array in (self.xy, self.rings, self.polygons):
            array.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Area) and self._bytes() == other._bytes()

    def __hash__(self) -> int:
        return hash(self._bytes())

    def _bytes(self) -> tuple[bytes, bytes, bytes]:
        return self.xy.tobytes(), self.rings.tobytes(), self.polygons.tobytes()

    @property
    def is_empty(self) -> bool:
        return len(self.xy) == 0

    @property
    def parts(self) -> int:
        """How many polygons."""
        return len(self.polygons) - 1

    def ring(self, place: int) -> Ints:
        return self.xy[self.rings[place] : self.rings[place + 1]]

    def loops(self) -> list[list[Ints]]:
        """The rings of each polygon."""
        spans = zip(self.polygons[:-1].tolist(), self.polygons[1:].tolist(), strict=True)
        return [[self.ring(place) for place in range(*span)] for span in spans]


def area_of(polygons: Iterable[Loops], unclosed: Sequence[int] = ()) -> Area:
    """An area of rings as they are, in that order."""
    listed = [list(loops) for loops in polygons]
    rings = [ring for loops in listed for ring in loops]
    xy = np.concatenate(rings) if rings else np.empty((0, 2), np.int64)
    return Area(
        xy.astype(np.int64).reshape(-1, 2),
        _offsets([len(ring) for ring in rings]),
        _offsets([len(loops) for loops in listed]),
        tuple(unclosed),
    )


def _offsets(lengths: Sequence[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


EMPTY = area_of([])


def single(ring: Ints) -> Area:
    """An area of one ring."""
    return Area(ring, np.array([0, len(ring)]), np.array([0, 1]))


def from_geojson(geometry: Mapping[str, Any]) -> Area:
    """A Polygon or MultiPolygon in degrees, each number to the nearest step of the grid. Rings are
    closed where they were not; heights are dropped. Raises Unreadable."""
    kind, said = geometry.get("type"), geometry.get("coordinates")
    if kind not in {"Polygon", "MultiPolygon"}:
        raise Unreadable(f"图形类型须为面（Polygon 或 MultiPolygon），收到的是“{kind}”。")
    polygons, unclosed = [], []
    count = 0
    for rings in [said] if kind == "Polygon" else said or ():
        loops = []
        for ring in rings or ():
            xy = _read_ring(ring)
            closed = len(xy) > 1 and bool((xy[0] == xy[-1]).all())
            if not closed and len(xy):
                unclosed.append(count)
            loops.append(xy[:-1] if closed else xy)
            count += 1
        if loops:
            polygons.append(loops)
    return area_of(polygons, unclosed)


def _read_ring(ring: Any) -> Ints:
    try:
        degrees = np.asarray([point[:2] for point in ring], dtype=np.float64).reshape(-1, 2)
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise Unreadable("坐标不是成对的数字。") from None
    if not np.isfinite(degrees).all():
        raise Unreadable("坐标中有空值或无穷大。")
    if (np.abs(degrees) * STEPS > (EAST, NORTH)).any():
        raise Unreadable(BEYOND_THE_WORLD)
    return np.rint(degrees * STEPS).astype(np.int64)


def to_geojson(area: Area) -> dict[str, Any]:
    """A Polygon, or a MultiPolygon of any other number of parts. What is on the grid comes back bit
    for bit: each number is the float nearest to its seven decimals."""
    polygons = [
        [(np.concatenate([ring, ring[:1]]) / STEPS).tolist() for ring in loops]
        for loops in area.loops()
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def from_wkb(data: bytes) -> Area:
    """A stored polygon or multipolygon in degrees, as `to_wkb` wrote it; nothing is checked."""
    polygons = [
        [np.rint(shapely.get_coordinates(ring) * STEPS).astype(np.int64)[:-1] for ring in rings]
        for part in shapely.get_parts(shapely.from_wkb(data))
        for rings in [shapely.get_rings(part)]
    ]
    return area_of(polygons)


def to_wkb(area: Area) -> bytes:
    """A multipolygon in degrees. What is on the grid comes back bit for bit."""
    polygons = []
    for loops in area.loops():
        outer, *holes = [shapely.linearrings(ring / STEPS) for ring in loops]
        polygons.append(shapely.polygons(outer, holes=holes or None))
    data: bytes = shapely.to_wkb(shapely.MultiPolygon(polygons))
    return data


def to_degrees(point: tuple[int, int]) -> tuple[float, float]:
    """Longitude and latitude of a vertex in steps."""
    x, y = point
    return x / STEPS, y / STEPS


def keys(xy: Ints) -> Ints:
    found: Ints = (xy[..., 0] << 32) + (xy[..., 1] + _LOW)
    return found


def unkey(key: Ints) -> Ints:
    return np.stack([key >> 32, (key & _MASK) - _LOW], axis=-1)


def doubled(ring: Ints) -> int:
    """Twice the signed area in steps², exact; positive when counter-clockwise."""
    x, y = (ring - ring[0]).T
    return int((x[:-1] * y[1:]).sum() - (y[:-1] * x[1:]).sum())


def canonical(area: Area) -> Area:
    """The same area with one way to write it: outer rings counter-clockwise, holes clockwise, each
    from its smallest vertex on, rings and polygons by their smallest vertices. A vertex said again
    at once goes, and so do rings of fewer than three vertices."""
    polygons = []
    for loops in area.loops():
        turned = [_turned(ring, hole=place > 0) for place, ring in enumerate(loops)]
        if len(turned[0]) < 3:
            continue
        outer, *holes = [ring for ring in turned if len(ring) > 2]
        polygons.append([outer, *sorted(holes, key=_order)])
    return area_of(sorted(polygons, key=lambda loops: [_order(ring) for ring in loops]))


def _turned(ring: Ints, *, hole: bool) -> Ints:
    key = keys(ring)
    ring = ring[key != np.roll(key, 1)]
    if len(ring) < 3 or len(np.unique(key)) < 3:
        return ring[:0]
    return from_smallest(ring[::-1] if (doubled(ring) < 0) != hole else ring)


def from_smallest(ring: Ints) -> Ints:
    first = int(np.argmin(keys(ring)))
    return np.concatenate([ring[first:], ring[:first]])


def _order(ring: Ints) -> list[int]:
    return keys(ring[:2]).tolist()  # type: ignore[no-any-return]


def shapes(areas: Sequence[Area]) -> NDArray[Any]:
    """Shapely multipolygons with steps as coordinates; of rings with fewer than three vertices
    nothing is made."""
    return np.array([_shape(area) for area in areas], dtype=object)


def _shape(area: Area) -> shapely.MultiPolygon:
    made = []
    for loops in area.loops():
        rings = [shapely.linearrings(ring.astype(float)) for ring in loops if len(ring) > 2]
        if len(loops[0]) > 2:
            made.append(shapely.polygons(rings[0], holes=rings[1:] or None))
    return shapely.MultiPolygon(made)
