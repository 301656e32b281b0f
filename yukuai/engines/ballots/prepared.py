"""What a reader knows of the pages before it sees one: places as arrays, and the printed blanks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from yukuai.engines.ballots.drawing import FONT_FOLDERS, blanks
from yukuai.engines.ballots.ink import MARGIN, PER_MM
from yukuai.engines.ballots.layout import Layout, Page, Position, lay_out
from yukuai.engines.ballots.marks import Pattern
from yukuai.engines.ballots.raster import Array, Grey
from yukuai.engines.ballots.spec import Spec

FLAT_PER_MM = 1.5
"""Of the whole page laid flat."""


@dataclass(frozen=True)
class Kin:
    """Boxes of one size, which are sampled together. `rows` are their places among all."""

    rows: Array
    outer: Array
    """With the margin around them."""
    size: tuple[int, int]


@dataclass(frozen=True)
class Known:
    """One page: what is marked, then what is written in; the blank at `PER_MM`, and its darkness at
    `FLAT_PER_MM`."""

    page: Page
    places: tuple[Position, ...]
    kins: tuple[Kin, ...]
    blank: Grey
    print_flat: Grey


@dataclass(frozen=True)
class Prepared:
    layout: Layout
    pattern: Pattern
    known: tuple[Known, ...]


@lru_cache(maxsize=8)
def prepare_layout(spec: Spec, fonts: Sequence[Path] = FONT_FOLDERS) -> Prepared:
    """Raises SpecError, NoFonts."""
    layout = lay_out(spec)
    drawn = blanks(spec, per_mm=PER_MM, fonts=fonts)
    first = layout.pages[0]
    return Prepared(
        layout=layout,
        pattern=Pattern.of(first.marks, (first.width, first.height)),
        known=tuple(_known(page, blank) for page, blank in zip(layout.pages, drawn, strict=True)),
    )


def _known(page: Page, blank: Grey) -> Known:
    places = (*page.positions, *page.names)
    return Known(
        page=page,
        places=places,
        kins=tuple(_kins(places)),
        blank=blank,
        print_flat=flat_print(page, blank),
    )


def flat_print(page: Page, blank: Grey) -> Grey:
    """Darkness of what is printed, at the coarse size."""
    size = (round(page.width * FLAT_PER_MM), round(page.height * FLAT_PER_MM))
    return np.asarray(255 - cv2.resize(blank, size, interpolation=cv2.INTER_AREA), np.uint8)


def _kins(places: Sequence[Position]) -> list[Kin]:
    sizes: dict[tuple[int, int], list[int]] = {}
    for row, one in enumerate(places):
        size = tuple(round((side + 2 * MARGIN) * PER_MM) for side in one.box_mm[2:])
        sizes.setdefault((size[0], size[1]), []).append(row)
    outer = np.array([one.box_mm.inset(-MARGIN) for one in places])
    return [Kin(np.array(rows), outer[rows], size) for size, rows in sizes.items()]
