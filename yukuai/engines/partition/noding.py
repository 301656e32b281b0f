"""Cuts lines where they meet, on the grid, exactly.

Every test is on whole numbers. A crossing is rounded to the grid and put into both lines; they
are looked at again until nothing crosses. It ends: a piece never leaves the box of its line, and
each round makes some piece shorter. The result depends on the set of lines alone, not on their
order.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from yukuai.engines.partition.grid import Bools, Ints, keys, unkey

ROUNDS = 64
CHUNK = 2_000_000
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


def node(paths: Paths, *, pairs: int, fresh: Bools | None = None) -> Paths:
    """The paths with every crossing, touching and overlap as vertices. `pairs` is how many pairs of
    neighbouring lines may be looked at. `fresh` names the pieces that may meet others; the rest
    is known not to meet among itself. Raises TooTangled."""
    fresh = np.ones(len(paths), bool) if fresh is None else fresh
    for _ in range(ROUNDS):
        lines = segments(paths)
        asked = np.zeros(len(lines.low), bool)
        asked[lines.of[fresh]] = True
        cuts = crossings(lines, asked, pairs=pairs)
        if not len(cuts):
            return paths
        paths, fresh = insert(paths, lines, cuts)
    raise TooTangled


def is_noded(paths: Paths, fresh: Bools, *, pairs: int) -> bool:
    """Do the pieces that are `fresh` meet others in common ends only?"""
    lines = segments(paths)
    asked = np.zeros(len(lines.low), bool)
    asked[lines.of[fresh]] = True
    return len(crossings(lines, asked, pairs=pairs)) == 0


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


def crossings(lines: Segments, asked: Bools, *, pairs: int) -> Cuts:
    """Where the segments `asked` for meet others in more than a common end."""
    low, high = unkey(lines.low), unkey(lines.high)
    shapes = shapely.linestrings(np.stack([low, high], axis=1).astype(np.float64))
    who = np.flatnonzero(asked)
    some = len(who) * 4 < len(shapes)
    tree = shapely.STRtree(shapes[who] if some else shapes)
    found, looked, begin, size = [], 0, 0, 64
    askers = np.arange(len(shapes)) if some else who
    while begin < len(askers):
        mine = askers[begin : begin + size]
        left, right = tree.query(shapes[mine])
        looked += len(left)
        if looked > pairs:
            raise TooTangled
        begin += size
        size = int(np.clip(size * CHUNK // max(len(left), 1), 64, size * 64))
        first, second = mine[left], who[right] if some else right
        kept = (first < second) | ~asked[second] if not some else (first < second) | ~asked[first]
        kept &= first != second
        found.append(_meet(low, high, first[kept], second[kept]))
    if not found:
        return Cuts(np.empty(0, np.int64), np.empty(0, np.int64))
    return Cuts(np.concatenate([c.segment for c in found]), np.concatenate([c.at for c in found]))


def side(a: Ints, b: Ints, c: Ints) -> Ints:
    """1 where c lies left of a→b, -1 right of it, 0 on the line; exact for the whole world."""
    left = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
    right = (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    return (left > right).astype(np.int64) - (left < right)


def _meet(low: Ints, high: Ints, i: Ints, j: Ints) -> Cuts:
    swap = i > j
    i, j = np.where(swap, j, i), np.where(swap, i, j)
    a, b, c, d = low[i], high[i], low[j], high[j]
    sides = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)]
    crossing = (sides[0] * sides[1] < 0) & (sides[2] * sides[3] < 0)
    at = keys(_crossing(a[crossing], b[crossing], c[crossing], d[crossing]))
    cut_segments, cut_at = [i[crossing], j[crossing]], [at, at]
    ends = [
        (sides[0], c, i, a, b),
        (sides[1], d, i, a, b),
        (sides[2], a, j, c, d),
        (sides[3], b, j, c, d),
    ]
    for which, point, segment, start, end in ends:
        on = (which == 0) & _between(point, start, end)
        cut_segments.append(segment[on])
        cut_at.append(keys(point[on]))
    segment, at = np.concatenate(cut_segments), np.concatenate(cut_at)
    # a crossing may round to an end of one of the two lines: that one needs no cut
    inner = (at != keys(low[segment])) & (at != keys(high[segment]))
    return Cuts(segment[inner], at[inner])


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
