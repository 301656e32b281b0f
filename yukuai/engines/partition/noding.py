"""Cuts lines where they meet, on the grid, exactly.

Every test is on whole numbers. A crossing is rounded to the grid and put into both lines; they
are looked at again until nothing crosses. It ends: a piece never leaves the box of its line, and
each round makes some piece shorter. The result depends on the set of lines alone, not on their
order.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from yukuai.engines.partition.grid import Bools, Ints, keys, unkey
from yukuai.engines.partition.limits import Limits

ROUNDS = 64
EXACT_ROUNDS = 3
"""From then on a line also takes up vertices that lie within its own rounding (snap rounding, Hobby
1999): lines that are all but parallel would creep along each other step by step."""
_NEAR = 0.5
"""Steps², half the diagonal of a step squared."""
CHUNK = 500_000
"""Pairs looked at together."""


class TooTangled(ValueError):
    """More lines near each other than the limit lets us look at."""


@dataclass(frozen=True)
class Paths:
    """Directed pieces of rings in their order: from key `start` to key `end`, of ring `ring`, made
    of the piece numbered `source`. Pieces of a ring stand together and follow each other."""

    start: Ints
    end: Ints
    ring: Ints
    source: Ints

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True)
class Segments:
    """The different straight lines of some paths, `low` < `high`; piece i lies on `of[i]`."""

    low: Ints
    high: Ints
    of: Ints

    def find(self, start: int, end: int) -> int:
        """The place of a segment that is there."""
        low, high = min(start, end), max(start, end)
        first, last = np.searchsorted(self.low, [low, low + 1])
        return int(first + np.searchsorted(self.high[first:last], high))


@dataclass(frozen=True)
class Cuts:
    """Vertices to put into segments: key `at` into segment `segment`."""

    segment: Ints
    at: Ints

    def __len__(self) -> int:
        return len(self.at)


def segments(paths: Paths) -> Segments:
    low, high = np.minimum(paths.start, paths.end), np.maximum(paths.start, paths.end)
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    new = np.ones(len(low), bool)
    new[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    of = np.empty(len(low), np.int64)
    of[order] = np.cumsum(new) - 1
    return Segments(low[new], high[new], of)


def node(paths: Paths, *, limits: Limits, fresh: Bools | None = None) -> Paths:
    """The paths with every crossing, touching and overlap as vertices. `fresh` names the pieces
    that may meet others; the rest is known not to meet among itself. Raises TooTangled."""
    fresh = np.ones(len(paths), bool) if fresh is None else fresh
    met = 0
    for number in range(ROUNDS):
        lines = segments(paths)
        asked = np.zeros(len(lines.low), bool)
        asked[lines.of[fresh]] = True
        cuts = crossings(lines, asked, limits=limits, near=number >= EXACT_ROUNDS)
        if not len(cuts):
            return paths
        met += len(cuts)
        if met > limits.max_cuts:
            raise TooTangled
        paths, fresh = insert(paths, lines, cuts)
    raise TooTangled


def is_noded(paths: Paths, fresh: Bools, *, limits: Limits) -> bool:
    """Do the pieces that are `fresh` meet others in common ends only?"""
    lines = segments(paths)
    asked = np.zeros(len(lines.low), bool)
    asked[lines.of[fresh]] = True
    return len(crossings(lines, asked, limits=limits)) == 0


def insert(paths: Paths, lines: Segments, cuts: Cuts) -> tuple[Paths, Bools]:
    """The paths with these vertices, and which of their pieces are new."""
    start = unkey(lines.low[cuts.segment])
    along = np.abs(unkey(cuts.at) - start).sum(axis=1)
    order = np.lexsort((cuts.at, along, cuts.segment))
    segment, at = cuts.segment[order], cuts.at[order]
    new = np.ones(len(at), bool)
    new[1:] = (segment[1:] != segment[:-1]) | (at[1:] != at[:-1])
    segment, at = segment[new], at[new]
    count = np.bincount(segment, minlength=len(lines.low))
    first = np.cumsum(count) - count
    pieces = count[lines.of] + 1
    row = np.repeat(np.arange(len(paths)), pieces)
    step = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    line = lines.of[row]
    ahead = paths.start[row] < paths.end[row]
    # the vertex after piece `step` is number `step` of the line, from where the piece begins
    inner = step < count[line]
    place = first[line] + np.where(ahead, step, count[line] - 1 - step)
    end = paths.end[row].copy()
    end[inner] = at[place[inner]]
    begin = paths.start[row].copy()
    later = step > 0
    begin[later] = end[np.flatnonzero(later) - 1]
    return Paths(begin, end, paths.ring[row], paths.source[row]), pieces[row] > 1


def crossings(lines: Segments, asked: Bools, *, limits: Limits, near: bool = False) -> Cuts:
    """Where the segments `asked` for meet others in more than a common end, or, if `near`, pass a
    vertex by less than the rounding."""
    low, high = unkey(lines.low), unkey(lines.high)
    who = np.flatnonzero(asked)
    askers = who if len(who) == len(low) else np.flatnonzero(_near(low, high, asked))
    ours = _shapes(low[who], high[who])
    theirs = ours if askers is who else _shapes(low[askers], high[askers])
    tree = shapely.STRtree(ours)
    found, looked, begin, size = [], 0, 0, 64
    while begin < len(askers):
        left, right = tree.query(theirs[begin : begin + size])
        first, second = askers[begin + left], who[right]
        looked += len(left)
        if looked > limits.max_pairs:
            raise TooTangled
        begin += size
        size = int(np.clip(size * CHUNK // max(len(left), 1), 64, size * 64))
        # a pair of two that are both asked for comes twice, and each with itself
        kept = (first != second) & ((first < second) | ~asked[first])
        found.append(_meet(low, high, first[kept], second[kept], near=near))
    if not found:
        return Cuts(np.empty(0, np.int64), np.empty(0, np.int64))
    return Cuts(np.concatenate([c.segment for c in found]), np.concatenate([c.at for c in found]))


def _shapes(low: Ints, high: Ints) -> NDArray[Any]:
    made: NDArray[Any] = shapely.linestrings(np.stack([low, high], axis=1).astype(np.float64))
    return made


def _near(low: Ints, high: Ints, asked: Bools) -> Bools:
    """Segments in whose neighbourhood there is one asked for, and some more: by squares as large as
    the largest of these. Segments longer than a square are always near."""
    if not asked.any():
        return asked
    left, right = np.minimum(low, high), np.maximum(low, high)
    square = int((right - left)[asked].max()) + 1
    at, to = left // square, right // square
    around = np.array([(x, y) for x in range(-1, 3) for y in range(-1, 3)])
    taken = np.unique(_flat((at[asked][:, None] + around).reshape(-1, 2)))
    found: Bools = np.isin(_flat(at), taken) | (to - at > 1).any(axis=1)
    return found


def _flat(squares: Ints) -> Ints:
    flat: Ints = (squares[:, 0] << 32) + squares[:, 1]
    return flat


def side(a: Ints, b: Ints, c: Ints) -> Ints:
    """1 where c lies left of a→b, -1 right of it, 0 on the line; exact for the whole world."""
    left = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
    right = (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    return (left > right).astype(np.int64) - (left < right)


def _meet(low: Ints, high: Ints, i: Ints, j: Ints, *, near: bool) -> Cuts:
    """Cuts of pairs of segments: at ends of one on the other, and where they cross. If `near`, two
    that pass an end of each other are led through it instead of being cut where they cross."""
    swap = i > j
    i, j = np.where(swap, j, i), np.where(swap, i, j)
    a, b, c, d = low[i], high[i], low[j], high[j]
    sides = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)]
    crossing = (sides[0] * sides[1] < 0) & (sides[2] * sides[3] < 0)
    segments_cut, cut_at = [], []
    ends = ((c, i, a, b), (d, i, a, b), (a, j, c, d), (b, j, c, d))
    for which, (point, segment, start, end) in zip(sides, ends, strict=True):
        on = (_passes(start, end, point) if near else which == 0) & _between(point, start, end)
        crossing &= ~on
        segments_cut.append(segment[on])
        cut_at.append(keys(point[on]))
    at = keys(_crossing(a[crossing], b[crossing], c[crossing], d[crossing]))
    segment = np.concatenate([*segments_cut, i[crossing], j[crossing]])
    at = np.concatenate([*cut_at, at, at])
    # a crossing may round to an end of one of the two lines: that one needs no cut
    inner = (at != keys(low[segment])) & (at != keys(high[segment]))
    return Cuts(segment[inner], at[inner])


def _passes(start: Ints, end: Ints, point: Ints) -> Bools:
    along, away = (end - start).astype(np.float64), (point - start).astype(np.float64)
    turn = along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]
    found: Bools = turn * turn <= _NEAR * (along * along).sum(axis=1)
    return found


def _between(point: Ints, start: Ints, end: Ints) -> Bools:
    """For points on the line: within the box of the two ends."""
    within = (np.minimum(start, end) <= point) & (point <= np.maximum(start, end))
    return within[:, 0] & within[:, 1]


def _crossing(a: Ints, b: Ints, c: Ints, d: Ints) -> Ints:
    """The step nearest to where a-b and c-d cross, never outside of the box of either."""
    u, v, w = b - a, d - c, c - a
    turn = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    part = (w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / turn
    found = a + np.rint(u * part[:, None]).astype(np.int64)
    low = np.maximum(np.minimum(a, b), np.minimum(c, d))
    high = np.minimum(np.maximum(a, b), np.maximum(c, d))
    nearest: Ints = np.clip(found, low, high)
    return nearest
