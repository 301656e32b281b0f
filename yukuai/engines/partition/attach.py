"""Keeps the parent's line as it is: vertices that children bring onto it go again where they can.

Where nothing but the parent's line passes, such a vertex is left out. Where a border between
children ends, the border's last step is led to an end of the parent's own line, if that is near
and nothing stands in between. What stays is brought: the parent would have to take it up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from yukuai.engines.partition.grid import Area, Floats, Ints, area_of, keys, unkey
from yukuai.engines.partition.metric import scale
from yukuai.engines.partition.survey import PARENT, Survey


@dataclass(frozen=True)
class Moved:
    """The end of a border between children, led from one vertex to another."""

    start: int
    end: int
    metres: float


@dataclass(frozen=True)
class Attached:
    """What happens to vertices children brought onto the parent's line: `gone` are left out,
    `moved` led to the parent's own, `brought` stay."""

    gone: frozenset[int] = frozenset()
    moved: tuple[Moved, ...] = ()
    brought: tuple[int, ...] = ()


@dataclass(frozen=True)
class Step:
    """A straight line of the parent with what was put into it, as keys, ends included."""

    chain: tuple[int, ...]

    @property
    def brought(self) -> tuple[int, ...]:
        return self.chain[1:-1]


def steps_of(survey: Survey) -> list[Step]:
    """The parent's lines that have more than two vertices by now."""
    paths = survey.paths
    mine = np.array([ring.who == PARENT for ring in survey.rings])
    rows = np.flatnonzero(mine[np.maximum(paths.ring, 0)] & (paths.ring >= 0))
    source = paths.source[rows]
    first = np.flatnonzero(np.append(True, source[1:] != source[:-1]))
    last = np.append(first[1:], len(rows))
    return [
        Step((*paths.start[rows[one:other]].tolist(), int(paths.end[rows[other - 1]])))
        for one, other in zip(first.tolist(), last.tolist(), strict=True)
        if other - one > 1
    ]


def parent_of(survey: Survey) -> list[list[Ints]]:
    """The parent's rings with everything that was put into them."""
    paths = survey.paths
    polygons: dict[int, list[Ints]] = {}
    for number, ring in enumerate(survey.rings):
        if ring.who == PARENT:
            loop = unkey(paths.start[paths.ring == number])
            polygons.setdefault(ring.polygon, []).append(loop)
    return list(polygons.values())


def attach(survey: Survey, owner: Ints, *, snap_m: float) -> Attached:
    """`owner` is whose each face is in the end."""
    steps = steps_of(survey)
    if not steps:
        return Attached()
    brought = [vertex for step in steps for vertex in step.brought]
    border = _Border.of(survey, owner, brought)
    gone: set[int] = set()
    moved: list[Moved] = []
    own = {vertex for step in steps for vertex in (step.chain[0], step.chain[-1])}
    shared = _repeated(brought)
    for step in steps:
        if border.holds(step.chain, besides=frozenset(step.chain)):
            continue
        for vertex in step.brought:
            if vertex in own or vertex in shared:
                continue
            if vertex not in border.ends:
                gone.add(vertex)
            elif (move := _move(step, vertex, border, snap_m)) is not None:
                moved.append(move)
    left = set(brought) - gone
    left -= {move.start for move in moved}
    return Attached(frozenset(gone), tuple(moved), tuple(sorted(left)))


def _repeated(vertices: Sequence[int]) -> set[int]:
    seen: set[int] = set()
    return {vertex for vertex in vertices if vertex in seen or seen.add(vertex)}  # type: ignore[func-returns-value]


def _move(step: Step, vertex: int, border: "_Border", snap_m: float) -> Moved | None:
    """To the nearer end of the line, else to the other one."""
    ends = sorted((_metres(vertex, end), end) for end in (step.chain[0], step.chain[-1]))
    besides = frozenset(step.chain)
    for far, end in ends:
        if far > snap_m:
            continue
        inner = border.ends[vertex] - besides
        if not any(border.holds((vertex, end, far_end), besides | {far_end}) for far_end in inner):
            return Moved(vertex, end, far)
    return None


def _metres(one: int, other: int) -> float:
    start, end = unkey(np.array([one, other]))
    away: Floats = (end - start) * scale(np.array([start[1]]))[0]
    return float(np.hypot(*away))


@dataclass(frozen=True)
class _Border:
    """The vertices of all borders; for those of `wanted` where borders meet, the ones next to
    them."""

    vertices: Ints
    tree: shapely.STRtree
    ends: Mapping[int, frozenset[int]]

    @classmethod
    def of(cls, survey: Survey, owner: Ints, wanted: Sequence[int]) -> "_Border":
        arcs, left = survey.arcs, survey.faces.left
        kept = owner[left[0::2]] != owner[left[1::2]]
        vertices = np.unique(keys(arcs.xy[np.repeat(kept, np.diff(arcs.begin))]))
        tree = shapely.STRtree(shapely.points(unkey(vertices).astype(float)))
        beside: dict[int, list[int]] = {}
        meeting = np.isin(arcs.start, wanted) | np.isin(arcs.end, wanted)
        for arc in np.flatnonzero(kept & meeting).tolist():
            line = keys(arcs.line(arc))
            beside.setdefault(int(line[0]), []).append(int(line[1]))
            beside.setdefault(int(line[-1]), []).append(int(line[-2]))
        ends = {vertex: frozenset(near) for vertex, near in beside.items() if len(near) > 2}
        return cls(vertices, tree, ends)

    def holds(self, corners: Sequence[int], besides: frozenset[int]) -> bool:
        """Does any other vertex lie in or on the hull of these?"""
        hull = shapely.convex_hull(
            shapely.multipoints(unkey(np.array(corners, np.int64)).astype(float))
        )
        found = self.vertices[self.tree.query(hull, predicate="intersects")]
        return any(vertex not in besides for vertex in found.tolist())


def substituted(area: Area, attached: Attached) -> Area:
    """The area with vertices left out and moved; what nothing is left of goes."""
    target = {move.start: move.end for move in attached.moved}
    if not target and not attached.gone:
        return area
    touched = np.array(sorted([*target, *attached.gone]), np.int64)
    polygons = []
    for loops in area.loops():
        rings = [_substituted(ring, touched, target) for ring in loops]
        if len(rings[0]) > 2:
            polygons.append([ring for ring in rings if len(ring) > 2])
    return area_of(polygons)


def _substituted(ring: Ints, touched: Ints, target: Mapping[int, int]) -> Ints:
    vertices = keys(ring)
    hit = np.isin(vertices, touched)
    if not hit.any():
        return ring
    kept = [
        target.get(vertex, vertex) if was else vertex
        for vertex, was in zip(vertices.tolist(), hit.tolist(), strict=True)
        if not was or vertex in target
    ]
    found = np.array(kept, np.int64)
    return unkey(found[found != np.roll(found, -1)])
