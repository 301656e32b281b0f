"""Lines that areas share: which they are, and how a vertex comes into all of them at once."""

from collections.abc import Mapping

import numpy as np

from yukuai.engines.partition.exact import all_valid, directed
from yukuai.engines.partition.grid import Area, Bools, Ints, area_of, canonical, keys, unkey
from yukuai.engines.partition.metric import scale

Point = tuple[int, int]


class NotOnLine(ValueError):
    """No line is near enough, or the areas would not be valid any more; says so in Chinese."""


def has_vertex(area: Area, point: Point) -> bool:
    """Is there a vertex exactly here?"""
    return bool((area.xy == np.array(point, np.int64)).all(axis=1).any())


def shared_border(one: Area, other: Area) -> tuple[Ints, ...]:
    """The lines both have, vertex by vertex, as (n, 2) arrays in the direction of `one`; where they
    only look alike nothing is shared. A whole ring comes closed, its first vertex said again."""
    start, end = directed(one)
    there = set(zip(*(side.tolist() for side in directed(other)), strict=True))
    pairs = list(zip(start.tolist(), end.tolist(), strict=True))
    common = np.array([(e, s) in there or (s, e) in there for s, e in pairs], bool)
    found: list[Ints] = []
    for first, last in zip(one.rings[:-1].tolist(), one.rings[1:].tolist(), strict=True):
        found += _runs(one.xy[first:last], common[first:last])
    return tuple(found)


def _runs(ring: Ints, common: Bools) -> list[Ints]:
    """Step i of a ring leads from its vertex i to the next one."""
    if common.all():
        return [np.concatenate([ring, ring[:1]])]
    if not common.any():
        return []
    first = int(np.argmin(common)) + 1
    common = np.roll(common, -first)
    ring = np.roll(ring, -first, axis=0)
    edges = np.diff(np.concatenate([[0], common.astype(np.int8), [0]]))
    spans = zip(
        np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True
    )
    return [ring[begin : end + 1] for begin, end in spans]


def insert_vertex(
    areas: Mapping[str, Area], point: Point, *, within_m: float = 5.0
) -> dict[str, Area]:
    """The areas with a new vertex on the straight line nearest to it, in every ring that has this
    line, the parent's among them if it is given: what tiled exactly still does. Areas without this
    line are the same objects as before. Raises NotOnLine."""
    key = int(keys(np.array(point, np.int64)))
    if any(bool((keys(area.xy) == key).any()) for area in areas.values()):
        raise NotOnLine("这里已经有一个顶点。")
    low, high = _nearest(areas, point, within_m)
    changed = {}
    for name, area in areas.items():
        polygons = [[_inserted(ring, low, high, point) for ring in loops] for loops in area.loops()]
        found = canonical(area_of(polygons))
        changed[name] = area if len(found.xy) == len(area.xy) else found
    touched = [name for name in areas if changed[name] is not areas[name]]
    if not all_valid([changed[name] for name in touched]):
        raise NotOnLine("新顶点会使边线相互交叉，请放在离线更近的位置。")
    return changed


def _nearest(areas: Mapping[str, Area], point: Point, within_m: float) -> tuple[int, int]:
    metres = scale(np.array([point[1]]))[0]
    best: tuple[float, int, int] | None = None
    for area in areas.values():
        start, end = directed(area)
        begin = (unkey(start) - np.array(point)) * metres
        along = (unkey(end) - unkey(start)) * metres
        part = np.clip(-(begin * along).sum(axis=1) / (along * along).sum(axis=1), 0, 1)
        far = np.hypot(*(begin + along * part[:, None]).T)
        step = int(np.argmin(far))
        low, high = sorted((int(start[step]), int(end[step])))
        found = (float(far[step]), low, high)
        best = found if best is None else min(best, found)
    if best is None or best[0] > within_m:
        raise NotOnLine(f"{within_m:g} 米以内没有边线。")
    return best[1], best[2]


def _inserted(ring: Ints, low: int, high: int, point: Point) -> Ints:
    start = keys(ring)
    end = np.roll(start, -1)
    here = ((start == low) & (end == high)) | ((start == high) & (end == low))
    return np.insert(ring, np.flatnonzero(here) + 1, point, axis=0)
