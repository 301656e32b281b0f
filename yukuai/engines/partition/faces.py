"""The faces between arcs, and the areas that faces with the same label make together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from yukuai.engines.partition.arcs import Arcs
from yukuai.engines.partition.grid import Area, Ints, area_of, canonical, from_smallest, single

OUTSIDE = 0
"""The face around everything."""


@dataclass(frozen=True)
class Faces:
    """`left[h]` is the face on the left of half-arc h; faces are numbered from 1, OUTSIDE is 0."""

    left: Ints
    count: int


def faces_of(arcs: Arcs) -> Faces:
    """Islands are set into the faces they lie in."""
    following = arcs.following(np.ones(2 * len(arcs), bool)).tolist()
    twice = _half_twice(arcs)
    left = np.full(2 * len(arcs), -1, np.int64)
    cycles: list[list[int]] = []
    islands: list[list[int]] = []
    for cycle in _cycles(following, range(len(following))):
        size = int(twice[cycle].sum())
        if size > 0:
            cycles.append(cycle)
            left[cycle] = len(cycles)
        else:
            islands.append(cycle)
    around = _surroundings(arcs, cycles, islands) if len(islands) > 1 else [OUTSIDE]
    for cycle, face in zip(islands, around, strict=True):
        left[cycle] = face
    return Faces(left, len(cycles) + 1)


def _half_twice(arcs: Arcs) -> Ints:
    twice = np.empty(2 * len(arcs), np.int64)
    twice[0::2], twice[1::2] = arcs.twice, -arcs.twice
    return twice


def _cycles(following: Sequence[int], halves: Sequence[int] | range) -> Iterator[list[int]]:
    seen = bytearray(len(following))
    for half in halves:
        cycle = []
        while not seen[half]:
            seen[half] = 1
            cycle.append(half)
            half = following[half]
        if cycle:
            yield cycle


def _surroundings(arcs: Arcs, cycles: list[list[int]], islands: list[list[int]]) -> list[int]:
    """The face each island lies in: the smallest one around it that is not of the island itself."""
    rings = [np.concatenate([arcs.half(half) for half in cycle]) for cycle in cycles]
    shapes = shapely.polygons([shapely.linearrings(ring.astype(float)) for ring in rings])
    sizes = shapely.area(shapes)
    island_of = _islands_of_cycles(arcs, cycles, islands)
    points = shapely.points([arcs.half(cycle[0])[0].astype(float) for cycle in islands])
    who, where = shapely.STRtree(shapes).query(points, predicate="intersects")
    found = [OUTSIDE] * len(islands)
    for island, cycle in sorted(
        zip(who.tolist(), where.tolist(), strict=True), key=lambda one: -sizes[one[1]]
    ):
        if island_of[cycle] != island:
            found[island] = cycle + 1
    return found


def _islands_of_cycles(arcs: Arcs, cycles: list[list[int]], islands: list[list[int]]) -> list[int]:
    """Which island each face is part of, through the vertices where arcs meet."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    start, end = arcs.start.tolist(), arcs.end.tolist()
    for one, other in zip(start, end, strict=True):
        parent[root(one)] = root(other)
    named = {root(start[cycle[0] >> 1]): place for place, cycle in enumerate(islands)}
    return [named[root(start[cycle[0] >> 1])] for cycle in cycles]


def dissolve(arcs: Arcs, labels: Ints, wanted: Callable[[int], bool]) -> dict[int, Area]:
    """The area of each wanted label. `labels[h]` is what lies on the left of half-arc h. Rings are
    as OGC wants them: simple, a hole may touch its outer ring in single vertices."""
    border = labels[0::2] != labels[1::2]
    following = arcs.following(np.repeat(border, 2)).tolist()
    mine = {int(label) for label in np.unique(labels) if wanted(int(label))}
    halves = [h for h in np.flatnonzero(np.repeat(border, 2)).tolist() if labels[h] in mine]
    shells: dict[int, list[Ints]] = {}
    holes: dict[int, list[Ints]] = {}
    node = np.stack([arcs.start, arcs.end], axis=1).ravel().tolist()
    twice = _half_twice(arcs)
    for cycle in _cycles(following, halves):
        for loop in _simple(cycle, node):
            ring = np.concatenate([arcs.half(half) for half in loop])
            kind = shells if int(twice[loop].sum()) > 0 else holes
            kind.setdefault(int(labels[cycle[0]]), []).append(ring)
    return {label: _area(found, holes.get(label, [])) for label, found in shells.items()}


def _simple(cycle: list[int], node: Sequence[int]) -> Iterator[list[int]]:
    """A way around a face, cut where it comes to the same vertex again."""
    way: list[int] = []
    at: dict[int, int] = {}
    for half in cycle:
        here = node[half]
        if here in at:
            back = at[here]
            yield way[back:]
            for gone in way[back:]:
                del at[node[gone]]
            del way[back:]
        at[here] = len(way)
        way.append(half)
    yield way


def _area(shells: list[Ints], holes: list[Ints]) -> Area:
    """Shells run counter-clockwise and holes clockwise, as the faces were walked around."""
    if len(shells) == 1 and not holes:
        return single(from_smallest(shells[0]))
    polygons = [[shell] for shell in shells]
    if len(shells) == 1:
        polygons[0].extend(holes)
    elif holes:
        outlines = shapely.polygons([shapely.linearrings(ring.astype(float)) for ring in shells])
        sizes = shapely.area(outlines)
        for hole in holes:
            around = np.flatnonzero(shapely.covers(outlines, shapely.polygons(hole.astype(float))))
            polygons[min(around.tolist(), key=lambda place: sizes[place])].append(hole)
    return canonical(area_of(polygons))
