"""Noded paths as arcs: lines between the vertices where something begins, ends, meets or turns.

A map of tens of thousands of vertices has some hundred arcs; everything after the noding works on
them. Half-arc 2i is arc i from its start to its end, 2i + 1 the way back; the face of a half-arc
lies on its left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yukuai.engines.partition.grid import Bools, Ints, keys, unkey
from yukuai.engines.partition.metric import lengths_mm
from yukuai.engines.partition.noding import Paths, segments, side


@dataclass(frozen=True)
class Arcs:
    """Arc i is `xy[begin[i]:begin[i + 1]]`, ends included. `twice` is its share of twice the
    area on its left (modulo 2⁶⁴, so that sums are exact); `rings[i]` says how often each ring
    runs along it, ways back taken away, and has every ring that touches it."""

    xy: Ints
    begin: Ints
    rings: tuple[Mapping[int, int], ...]

    def __len__(self) -> int:
        return len(self.begin) - 1

    @cached_property
    def start(self) -> Ints:
        return keys(self.xy[self.begin[:-1]])

    @cached_property
    def end(self) -> Ints:
        return keys(self.xy[self.begin[1:] - 1])

    @cached_property
    def twice(self) -> Ints:
        return self._sum(self.xy[:-1, 0] * self.xy[1:, 1] - self.xy[1:, 0] * self.xy[:-1, 1])

    @cached_property
    def length_mm(self) -> Ints:
        return self._sum(lengths_mm(self.xy[:-1], self.xy[1:]))

    def _sum(self, steps: Ints) -> Ints:
        """Of a value for each step from vertex to vertex, by arc."""
        inside = np.ones(len(steps), bool)
        inside[self.begin[1:-1] - 1] = False  # from the end of one arc to the start of the next
        total: Ints = np.add.reduceat(np.where(inside, steps, 0), self.begin[:-1])
        return total

    def line(self, place: int) -> Ints:
        return self.xy[self.begin[place] : self.begin[place + 1]]

    def half(self, half: int) -> Ints:
        """The vertices along a half-arc without its last one."""
        line = self.line(half >> 1)
        return line[:0:-1] if half & 1 else line[:-1]

    @cached_property
    def around(self) -> tuple[Ints, Ints]:
        """Half-arcs by the vertex they leave and counter-clockwise there, and that vertex."""
        count = 2 * len(self)
        node, away = np.empty(count, np.int64), np.empty((count, 2), np.int64)
        first, last = self.begin[:-1], self.begin[1:] - 1
        node[0::2], node[1::2] = self.start, self.end
        away[0::2] = self.xy[first + 1] - self.xy[first]
        away[1::2] = self.xy[last - 1] - self.xy[last]
        angle = np.arctan2(away[:, 1].astype(float), away[:, 0].astype(float))
        order = np.lexsort((angle, node))
        _straighten(order, node, angle, away)
        return order, node[order]

    def following(self, kept: Bools) -> Ints:
        """For each half-arc kept the one after it around the face on its left; -1 for others. The
        two halves of an arc are kept or dropped together."""
        order, node = self.around
        order, node = order[kept[order]], node[kept[order]]
        count = len(order)
        first = np.ones(count, bool)
        first[1:] = node[1:] != node[:-1]
        before = np.arange(count) - 1
        last_of = np.append(np.flatnonzero(first)[1:], count) - 1
        before[first] = last_of
        following = np.full(len(kept), -1, np.int64)
        following[order ^ 1] = order[before]
        return following


def _straighten(order: Ints, node: Ints, angle: Ints, away: Ints) -> None:
    """Angles are floats: neighbours nearly alike are put in order by whole numbers."""
    nothing = np.zeros(2, np.int64)
    while True:
        one, other = order[:-1], order[1:]
        near = (node[one] == node[other]) & (angle[other] - angle[one] < 1e-6)
        wrong = np.flatnonzero(near & (side(nothing, away[one], away[other]) < 0))
        if not len(wrong):
            return
        wrong = wrong[np.concatenate([[True], np.diff(wrong) > 1])]
        order[wrong], order[wrong + 1] = order[wrong + 1], order[wrong]


def arcs_of(paths: Paths) -> Arcs:
    """The arcs of noded paths."""
    lines = segments(paths)
    ring_start = np.flatnonzero(np.append(True, paths.ring[1:] != paths.ring[:-1]))
    ring_end = np.append(ring_start[1:], len(paths))
    previous = np.arange(len(paths)) - 1
    previous[ring_start] = ring_end - 1
    nodes = _nodes(paths, lines.low, lines.high, lines.of, previous, ring_start)
    order, first = _runs(paths, nodes, ring_start, ring_end)
    last = np.append(first[1:], len(order)) - 1
    segment = lines.of[order]
    smallest = np.minimum.reduceat(segment, first)
    _, sample, arc = np.unique(smallest, return_index=True, return_inverse=True)
    begins = paths.start[order]
    same = (segment[first] == segment[first[sample]][arc]) & (
        begins[first] == begins[first[sample]][arc]
    )
    sizes = last[sample] - first[sample] + 2
    begin = np.concatenate([[0], np.cumsum(sizes)])
    row = np.repeat(first[sample], sizes) + np.arange(begin[-1]) - np.repeat(begin[:-1], sizes)
    key = np.empty(begin[-1], np.int64)
    ends = begin[1:] - 1
    key[ends] = paths.end[order][last[sample]]
    inner = np.ones(len(key), bool)
    inner[ends] = False
    key[inner] = begins[row[inner]]
    rings: list[dict[int, int]] = [{} for _ in sample]
    signs = np.where(same, 1, -1)
    ring = paths.ring[order][first]
    for place, who, sign in zip(arc.tolist(), ring.tolist(), signs.tolist(), strict=True):
        rings[place][who] = rings[place].get(who, 0) + sign
    return Arcs(unkey(key), begin, tuple(rings))


def _nodes(paths: Paths, low: Ints, high: Ints, of: Ints, previous: Ints, ring_start: Ints) -> Ints:
    """Sorted keys of the vertices where arcs begin and end."""
    vertex, degree = np.unique(np.concatenate([low, high]), return_counts=True)
    turning = paths.start[of == of[previous]]
    nodes = np.union1d(vertex[degree != 2], turning)
    has = np.logical_or.reduceat(np.isin(paths.start, nodes), ring_start)
    smallest = np.minimum.reduceat(paths.start, ring_start)
    return np.union1d(nodes, smallest[~has])


def _runs(paths: Paths, nodes: Ints, ring_start: Ints, ring_end: Ints) -> tuple[Ints, Ints]:
    """Pieces in an order in which each ring begins at a node, and where in it arcs begin."""
    at_node = np.isin(paths.start, nodes)
    size = ring_end - ring_start
    place = np.where(at_node, np.arange(len(paths)), len(paths))
    first = np.minimum.reduceat(place, ring_start) - ring_start
    offset = np.arange(len(paths)) - np.repeat(ring_start, size)
    turned = (offset + np.repeat(first, size)) % np.repeat(size, size)
    order = np.repeat(ring_start, size) + turned
    return order, np.flatnonzero(at_node[order])
