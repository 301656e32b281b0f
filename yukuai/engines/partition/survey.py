"""A parent and its children drawn on top of each other: arcs, faces, regions with one cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yukuai.engines.partition.arcs import Arcs, arcs_of
from yukuai.engines.partition.cover import (
    CUT,
    Cover,
    Drawing,
    Regions,
    Ring,
    cover_of,
    draw,
    regions_of,
)
from yukuai.engines.partition.faces import Faces, dissolve, faces_of
from yukuai.engines.partition.grid import Area, Bools
from yukuai.engines.partition.limits import Limits
from yukuai.engines.partition.noding import Paths, node

PARENT = 0
"""The parent's place among the areas; children follow."""
Label = tuple[bool, frozenset[int]]
"""Whether a face lies in the parent, and the children that cover it."""


@dataclass(frozen=True)
class Survey:
    drawing: Drawing
    paths: Paths
    arcs: Arcs
    faces: Faces
    cover: Cover
    labels: tuple[Label, ...]
    """By face."""
    regions: Regions

    @property
    def rings(self) -> tuple[Ring, ...]:
        return self.drawing.rings

    def label(self, region: int) -> Label:
        return self.regions.labels[region]  # type: ignore[return-value]

    @cached_property
    def shapes(self) -> dict[int, Area]:
        """The area of each region somebody has to hear of: all but those of one child and
        outside."""
        labels = self.regions.of[self.faces.left]
        return dissolve(self.arcs, labels, lambda region: is_odd(self.label(region)))


def is_odd(label: Label) -> bool:
    inside, children = label
    return len(children) != 1 if inside else bool(children)


def is_gap(label: Label) -> bool:
    return label == (True, frozenset())


def survey(areas: Sequence[Area], *, limits: Limits) -> Survey:
    """Areas: the parent, then the children."""
    drawing = draw(areas)
    return survey_of(drawing, node(drawing.paths, limits=limits))


def survey_of(drawing: Drawing, paths: Paths) -> Survey:
    arcs = arcs_of(paths)
    faces = faces_of(arcs)
    cover = cover_of(arcs, faces, drawing.rings)
    labels = tuple((PARENT in who, who - {PARENT}) for who in cover.who)
    regions = regions_of(arcs, faces, labels, _dividing(arcs, faces, labels))
    return Survey(drawing, paths, arcs, faces, cover, labels, regions)


def _dividing(arcs: Arcs, faces: Faces, labels: Sequence[Label]) -> Bools:
    """Arcs that only divide, and they divide nothing but gaps."""
    gap = np.array([is_gap(label) for label in labels])
    cut = np.array([any(ring <= CUT for ring in rings) for rings in arcs.rings])
    found: Bools = cut & gap[faces.left[0::2]]
    return found
