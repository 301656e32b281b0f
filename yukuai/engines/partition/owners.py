"""Who gets what nobody, or more than one, has drawn. Nothing here depends on names or order.

A tie is broken by the place of a child in the survey: the larger one first, then by its vertices.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from yukuai.engines.partition.cover import Regions, regions_of
from yukuai.engines.partition.grid import Ints, shapes
from yukuai.engines.partition.survey import Survey, is_gap

NOBODY = 0
"""Outside of the parent."""


@dataclass(frozen=True)
class Decision:
    """The child a region goes to, and the others it could have gone to, the likeliest first.
    `alone` when no child borders on it."""

    owner: int
    others: tuple[int, ...] = ()
    alone: bool = False


@dataclass(frozen=True)
class Owners:
    """`of_face` has the owner of each face; `decisions` says why, by region; `given` are the loose
    pieces that went to a neighbour, by region of `pieces`, and `pieces` what each owner holds in
    one piece."""

    of_face: Ints
    decisions: Mapping[int, Decision]
    pieces: Regions
    given: Mapping[int, Decision]


def decide(
    survey: Survey,
    *,
    precedence: Sequence[int],
    declared: Collection[int],
    sliver: float,
) -> Owners:
    """`sliver` is twice an area in steps². There must be a child that covers something of the
    parent."""
    sizes = _region_sizes(survey)
    decisions = _overlaps(survey, sizes, precedence=precedence, declared=declared)
    owner = _solid(survey, {region: made.owner for region, made in decisions.items()})
    gaps = _gaps(survey, owner)
    owner = _solid(survey, {region: made.owner for region, made in (decisions | gaps).items()})
    of_face = owner[survey.regions.of]
    nothing = np.zeros(len(survey.arcs), bool)
    pieces = regions_of(survey.arcs, survey.faces, of_face.tolist(), nothing)
    given = _slivers(survey, pieces, declared=declared, doubled=sliver)
    of_piece = np.array(pieces.labels, np.int64)
    for piece, made in given.items():
        of_piece[piece] = made.owner
    return Owners(of_piece[pieces.of], decisions | gaps, pieces, given)


def _solid(survey: Survey, decided: Mapping[int, int]) -> Ints:
    """The owner of each region as far as it is known."""
    owner = np.full(len(survey.regions.labels), NOBODY, np.int64)
    for region in range(len(owner)):
        inside, children = survey.label(region)
        if inside and len(children) == 1:
            (owner[region],) = children
    for region, child in decided.items():
        owner[region] = child
    return owner


def face_sizes(survey: Survey) -> Ints:
    """Twice the area of each face in steps²; of the face around everything, less than nothing."""
    arcs, left = survey.arcs, survey.faces.left
    sizes = np.zeros(survey.faces.count, np.int64)
    np.add.at(sizes, left[0::2], arcs.twice)
    np.add.at(sizes, left[1::2], -arcs.twice)
    return sizes


def _region_sizes(survey: Survey) -> Ints:
    sizes = np.zeros(len(survey.regions.labels), np.int64)
    np.add.at(sizes, survey.regions.of, face_sizes(survey))
    return sizes


def _overlaps(
    survey: Survey, sizes: Ints, *, precedence: Sequence[int], declared: Collection[int]
) -> dict[int, Decision]:
    """The first by precedence; else, of those who would lose half of themselves or a whole declared
    exclave, or of all, whoever has the larger share of the border."""
    whole: dict[int, int] = {}
    for region, size in enumerate(sizes.tolist()):
        inside, children = survey.label(region)
        for child in children if inside else ():
            whole[child] = whole.get(child, 0) + size
    rank = {child: place for place, child in enumerate(precedence)}
    found = {}
    for region, size in enumerate(sizes.tolist()):
        inside, children = survey.label(region)
        if not inside or len(children) < 2:
            continue
        share = _shares(survey, region)
        order = sorted(
            children,
            key=lambda child: (
                rank.get(child, len(rank)),
                not (2 * size >= whole[child] or (child in declared and child not in share)),
                -share.get(child, 0),
                child,
            ),
        )
        found[region] = Decision(order[0], tuple(order[1:]))
    return found


def _shares(survey: Survey, region: int) -> dict[int, int]:
    """Millimetres of border with what only one child covers."""
    share: dict[int, int] = {}
    for beside, length in survey.regions.borders.get(region, {}).items():
        inside, children = survey.label(beside)
        if inside and len(children) == 1:
            (child,) = children
            share[child] = share.get(child, 0) + length
    return share


def _gaps(survey: Survey, owner: Ints) -> dict[int, Decision]:
    """The longest border; where there is none, the nearest child."""
    found = {}
    for region in range(len(owner)):
        if not is_gap(survey.label(region)):
            continue
        share = border_shares(survey.regions, region, owner)
        order = sorted(share, key=lambda child: (-share[child], child))
        if order:
            found[region] = Decision(order[0], tuple(order[1:]))
        else:
            found[region] = Decision(_nearest(survey, region, owner), alone=True)
    return found


def border_shares(regions: Regions, region: int, owner: Ints) -> dict[int, int]:
    """Millimetres of border with each child."""
    share: dict[int, int] = {}
    for beside, length in regions.borders.get(region, {}).items():
        child = int(owner[beside])
        if child != NOBODY:
            share[child] = share.get(child, 0) + length
    return share


def _nearest(survey: Survey, region: int, owner: Ints) -> int:
    place = shapes([survey.shapes[region]])[0]
    left = owner[survey.regions.of[survey.faces.left]]
    best: tuple[float, int] | None = None
    for arc in range(len(survey.arcs)):
        for child in {int(left[2 * arc]), int(left[2 * arc + 1])} - {NOBODY}:
            line = shapely.linestrings(survey.arcs.line(arc).astype(float))
            far = (float(shapely.distance(place, line)), child)
            best = far if best is None else min(best, far)
    if best is None:
        raise ValueError("no child covers anything of the parent")
    return best[1]


def _slivers(
    survey: Survey, pieces: Regions, *, declared: Collection[int], doubled: float
) -> dict[int, Decision]:
    """Loose pieces that are no declared exclave, with less than `doubled` as twice their area: the
    smallest first, each to the neighbour with the longest border that is not loose itself."""
    sizes = np.zeros(len(pieces.labels), np.int64)
    np.add.at(sizes, pieces.of, face_sizes(survey))
    owner = np.array(pieces.labels, np.int64)
    loose = _loose(sizes, owner, declared=declared, doubled=doubled)
    firm = owner.copy()
    firm[loose] = NOBODY
    found: dict[int, Decision] = {}
    waiting = sorted(loose, key=lambda piece: (int(sizes[piece]), piece))
    while waiting:
        for piece in waiting:
            share = border_shares(pieces, piece, firm)
            if share:
                break
        else:
            return found
        waiting.remove(piece)
        firm[piece] = owner[piece]
        if int(owner[piece]) not in share:
            order = sorted(share, key=lambda child: (-share[child], child))
            found[piece] = Decision(order[0], tuple(order[1:]))
            firm[piece] = order[0]
    return found


def _loose(sizes: Ints, owner: Ints, *, declared: Collection[int], doubled: float) -> list[int]:
    largest: dict[int, int] = {}
    for piece in np.lexsort((np.arange(len(sizes)), -sizes)).tolist():
        largest.setdefault(int(owner[piece]), piece)
    return [
        piece
        for piece in np.flatnonzero((sizes < doubled) & (owner != NOBODY)).tolist()
        if largest[int(owner[piece])] != piece and int(owner[piece]) not in declared
    ]
