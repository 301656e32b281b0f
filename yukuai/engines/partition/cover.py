"""Which children cover which face, and the regions that faces with the same cover make.

A ring covers what it winds around, however often and in whichever direction; a polygon what its
outer ring covers and no hole does; a child what any of its polygons covers.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yukuai.engines.partition.arcs import Arcs
from yukuai.engines.partition.faces import OUTSIDE, Faces
from yukuai.engines.partition.grid import Area, Bools, Ints, doubled, keys
from yukuai.engines.partition.noding import Paths

CUT = -2
"""Rings with this number and below only divide."""


@dataclass(frozen=True)
class Ring:
    """Of whom a ring is (`who`, a place in the list of areas), of which of its polygons, and
    whether it is a hole there; `turn` is 1 when it runs counter-clockwise on the whole."""

    who: int
    polygon: int
    hole: bool
    turn: int


@dataclass(frozen=True)
class Drawing:
    """Areas as paths of rings, ready to be noded. Equal vertices in a row and rings of fewer
    than two vertices are left out."""

    paths: Paths
    rings: tuple[Ring, ...]


def draw(areas: Sequence[Area]) -> Drawing:
    starts, ends, numbers = [], [], []
    rings: list[Ring] = []
    for who, area in enumerate(areas):
        for polygon, loops in enumerate(area.loops()):
            for place, loop in enumerate(loops):
                start = keys(loop)
                start = start[start != np.roll(start, -1)]
                if len(start) < 2:
                    continue
                starts.append(start)
                ends.append(np.roll(start, -1))
                numbers.append(np.full(len(start), len(rings)))
                rings.append(Ring(who, polygon, place > 0, 1 if doubled(loop) >= 0 else -1))
    if not starts:
        nothing = np.empty(0, np.int64)
        return Drawing(Paths(nothing, nothing, nothing, nothing), ())
    start = np.concatenate(starts)
    paths = Paths(start, np.concatenate(ends), np.concatenate(numbers), np.arange(len(start)))
    return Drawing(paths, tuple(rings))


@dataclass(frozen=True)
class Cover:
    """By face: who covers it, and whose rings wind around it in a way no simple ring does."""

    who: tuple[frozenset[int], ...]
    twisted: tuple[frozenset[int], ...]


def cover_of(arcs: Arcs, faces: Faces, rings: Sequence[Ring]) -> Cover:
    windings = _windings(arcs, faces)
    said: dict[frozenset[tuple[int, int]], tuple[frozenset[int], frozenset[int]]] = {}
    for winding in windings:
        key = frozenset(winding.items())
        if key not in said:
            said[key] = _covering(winding, rings)
    each = [said[frozenset(winding.items())] for winding in windings]
    return Cover(tuple(one[0] for one in each), tuple(one[1] for one in each))


def _windings(arcs: Arcs, faces: Faces) -> list[dict[int, int]]:
    """How often each ring winds around each face; nothing else than 0 is kept."""
    left, right = faces.left[0::2].tolist(), faces.left[1::2].tolist()
    beside: list[list[tuple[int, int, int]]] = [[] for _ in range(faces.count)]
    for arc, (one, other) in enumerate(zip(left, right, strict=True)):
        if one != other:
            beside[other].append((one, arc, 1))
            beside[one].append((other, arc, -1))
    windings: list[dict[int, int] | None] = [None] * faces.count
    windings[OUTSIDE] = {}
    waiting = deque([OUTSIDE])
    while waiting:
        here = waiting.popleft()
        for face, arc, sign in beside[here]:
            if windings[face] is None:
                windings[face] = _crossed(windings[here] or {}, arcs.rings[arc], sign)
                waiting.append(face)
    return [winding or {} for winding in windings]


def _crossed(winding: Mapping[int, int], rings: Mapping[int, int], sign: int) -> dict[int, int]:
    found = dict(winding)
    for ring, times in rings.items():
        now = found.get(ring, 0) + sign * times
        if now and ring > CUT:
            found[ring] = now
        else:
            found.pop(ring, None)
    return found


def _covering(
    winding: Mapping[int, int], rings: Sequence[Ring]
) -> tuple[frozenset[int], frozenset[int]]:
    outer: set[tuple[int, int]] = set()
    holes: set[tuple[int, int]] = set()
    twisted = set()
    for number, times in winding.items():
        ring = rings[number]
        (holes if ring.hole else outer).add((ring.who, ring.polygon))
        if times != ring.turn:
            twisted.add(ring.who)
    return frozenset(who for who, _ in outer - holes), frozenset(twisted)


@dataclass(frozen=True)
class Regions:
    """Faces joined by `label`: neighbours with the same label that no dividing line parts. `of[f]`
    is the region of face f; regions are numbered from 0 in the order of their first faces. By arc,
    `sides` are the regions left and right of it."""

    of: Ints
    labels: list[object]
    sides: tuple[Ints, Ints]
    length_mm: Ints

    @cached_property
    def borders(self) -> dict[int, dict[int, int]]:
        """Millimetres of border between neighbours, said from both."""
        borders: dict[int, dict[int, int]] = {}
        kept = self.sides[0] != self.sides[1]
        rows = (column[kept].tolist() for column in (*self.sides, self.length_mm))
        for one, other, length in zip(*rows, strict=True):
            for here, there in ((one, other), (other, one)):
                beside = borders.setdefault(here, {})
                beside[there] = beside.get(there, 0) + length
        return borders


def regions_of(arcs: Arcs, faces: Faces, labels: Sequence[object], dividing: Bools) -> Regions:
    left, right = faces.left[0::2], faces.left[1::2]
    parent = list(range(faces.count))

    def root(face: int) -> int:
        while parent[face] != face:
            parent[face] = parent[parent[face]]
            face = parent[face]
        return face

    for one, other, parted in zip(left.tolist(), right.tolist(), dividing.tolist(), strict=True):
        if one != other and not parted and labels[one] == labels[other]:
            parent[root(one)] = root(other)
    numbers: dict[int, int] = {}
    of = np.array(
        [numbers.setdefault(root(face), len(numbers)) for face in range(faces.count)], np.int64
    )
    found: list[object] = [None] * len(numbers)
    for face, region in enumerate(of.tolist()):
        found[region] = labels[face]
    return Regions(of, found, (of[left], of[right]), arcs.length_mm)
