"""The same sheet twice in a batch: the same picture bit by bit, or the same strokes of a pen.

Two voters mark the same boxes all the time, but not with the same strokes: where a page has at
least `LEAST_MARKS`, their shapes are compared. With fewer, only the same file is known again.
"""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from yukuai.engines.ballots.raster import Array, Grey

ROWS = 4
"""Every so many rows of a picture: no two scans are alike in as much."""
LEAST_MARKS = 4
ALIKE, LEAST_ALIKE = 0.93, 0.85
"""Correlation of all marks together, and of each."""


@dataclass(frozen=True)
class Strokes:
    """The ink of each marked box of a page in cells of half a millimetre, the mean taken off,
    length one; `key` says which page and boxes."""

    key: tuple[int, ...]
    marks: tuple[Array, ...]


@dataclass
class Batch:
    """What was seen so far. A page is asked for once, and then known."""

    pictures: set[bytes] = field(default_factory=set)
    strokes: dict[tuple[int, ...], list[Strokes]] = field(default_factory=dict)

    def knows_picture(self, grey: Grey) -> bool:
        part = np.ascontiguousarray(grey[::ROWS])
        digest = hashlib.blake2b(part.data, key=str(grey.shape).encode(), digest_size=16).digest()
        known = digest in self.pictures
        self.pictures.add(digest)
        return known

    def knows_strokes(self, strokes: Strokes) -> bool:
        if len(strokes.marks) < LEAST_MARKS:
            return False
        others = self.strokes.setdefault(strokes.key, [])
        known = any(alike(strokes, other) for other in others)
        others.append(strokes)
        return known


def alike(one: Strokes, other: Strokes) -> bool:
    products = [float(a @ b) for a, b in zip(one.marks, other.marks, strict=True)]
    return min(products) >= LEAST_ALIKE and float(np.mean(products)) >= ALIKE
