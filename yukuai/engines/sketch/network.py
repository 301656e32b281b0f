"""Lines that cross become faces with common vertices, and faces the areas of those they belong to.

Every vertex lies on the grid, and both sides of a line have the same ones: so areas put together
from faces tile whatever is put together from the same faces, on every level.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from yukuai.engines.partition import Area, canonical
from yukuai.engines.partition.grid import Floats, Ints, area_of, keys

Shapes = NDArray[Any]


def noded(lines: Sequence[Any] | Shapes) -> Shapes:
    """Lines on the grid that meet at their ends alone."""
    whole = shapely.unary_union(np.array(lines, dtype=object), grid_size=1.0)
    return np.asarray(shapely.get_parts(shapely.line_merge(whole)))


def faces_of(lines: Shapes) -> Shapes:
    """What the lines enclose, in one order whatever the order of the lines."""
    faces = np.asarray(shapely.get_parts(shapely.polygonize(lines)))
    west, south, east, north = shapely.bounds(faces).T
    return faces[np.lexsort((north, east, south, west))]


@dataclass(frozen=True)
class Beside:
    """Pairs of faces with a line in common, each pair both ways, and how long it is."""

    one: Ints
    other: Ints
    length: Floats


def beside(faces: Shapes) -> Beside:
    rings, face = shapely.get_rings(faces, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    key = keys(np.rint(xy).astype(np.int64))
    along = np.flatnonzero(ring[1:] == ring[:-1])
    low, high = np.minimum(key[along], key[along + 1]), np.maximum(key[along], key[along + 1])
    length = np.hypot(*(xy[along + 1] - xy[along]).T)
    owner = face[ring[along]]
    order = np.lexsort((owner, high, low))
    low, high, owner, length = low[order], high[order], owner[order], length[order]
    twice = np.flatnonzero((low[1:] == low[:-1]) & (high[1:] == high[:-1]))
    pair = owner[twice] * len(faces) + owner[twice + 1]
    pairs, place = np.unique(pair, return_inverse=True)
    sums = np.round(np.bincount(place, length[twice], len(pairs)), 3)
    one, other = np.divmod(pairs, len(faces))
    return Beside(
        np.concatenate([one, other]), np.concatenate([other, one]), np.concatenate([sums, sums])
    )


def settled(faces: Shapes, whose: Ints, above: Ints) -> Ints:
    """Owners of faces so that each has one piece: what lies loose from an owner's largest piece
    goes to a neighbour of it, first to one with the same owner above (`above` by owner), then to
    whom it has the longest border with."""
    near, size = beside(faces), shapely.area(faces)
    whose = whose.copy()
    while True:
        loose = _loose(whose, _pieces(whose, near), size)
        step = loose[near.one] & ~loose[near.other]
        if not step.any():
            return whose
        one, other, length = near.one[step], near.other[step], near.length[step]
        kin = above[whose[one]] == above[whose[other]]
        order = np.lexsort((whose[other], -length, ~kin, one))
        first = order[np.unique(one[order], return_index=True)[1]]
        whose[one[first]] = whose[other[first]]


def _pieces(whose: Ints, near: Beside) -> Ints:
    """The smallest face of those that hang together and have one owner, by face."""
    same = whose[near.one] == whose[near.other]
    one, other = near.one[same], near.other[same]
    piece = np.arange(len(whose))
    while True:
        lower = piece.copy()
        np.minimum.at(lower, one, piece[other])
        lower = lower[lower]
        if (lower == piece).all():
            return piece
        piece = lower


def _loose(whose: Ints, piece: Ints, size: Floats) -> NDArray[np.bool_]:
    total = np.bincount(piece, size, len(piece))[piece]
    order = np.lexsort((piece, -total, whose))
    owners, first = np.unique(whose[order], return_index=True)
    main = np.zeros(int(owners.max()) + 1, np.int64)
    main[owners] = piece[order[first]]
    return np.asarray(piece != main[whose])


def redrawn(flat: Shapes, moved: Shapes, owner_at: Callable[[Shapes], Ints]) -> tuple[Shapes, Ints]:
    """The faces of moved lines, and who owned each before they were moved: `flat` has the same
    lines vertex by vertex, `owner_at` tells whose a point is among them."""
    after, before = shapely.get_coordinates(moved), shapely.get_coordinates(flat)
    tree = shapely.STRtree(shapely.points(after))
    faces = faces_of(noded(moved))

    def back(xy: Floats) -> Floats:
        near = tree.nearest(shapely.points(xy))
        return np.asarray(xy + before[near] - after[near])

    return faces, owner_at(shapely.point_on_surface(shapely.transform(faces, back)))


def dissolved(faces: Shapes, whose: Ints) -> dict[int, Any]:
    """The faces of each owner as one shape with their vertices."""
    order = np.argsort(whose, kind="stable")
    owners, first = np.unique(whose[order], return_index=True)
    groups = np.split(faces[order], first[1:])
    return {
        int(owner): group[0] if len(group) == 1 else shapely.coverage_union_all(group)
        for owner, group in zip(owners.tolist(), groups, strict=True)
    }


def area(shape: Any) -> Area:
    """Of a shape whose coordinates are steps."""
    return canonical(
        area_of(
            [np.rint(shapely.get_coordinates(ring)).astype(np.int64)[:-1] for ring in rings]
            for part in shapely.get_parts(shape)
            for rings in [shapely.get_rings(part)]
        )
    )
