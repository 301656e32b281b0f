"""Straight lines become bent ones, so that a sketch looks like a map and not like a lattice.

The whole plane is displaced smoothly, by less on any way than the way is long: so it does not
fold, and lines that did not cross do not cross.
"""

import zlib
from typing import Any

import numpy as np
import shapely

from yukuai.engines.partition.grid import Floats

WAVES = ((4.0, 0.22), (1.7, 0.24), (0.8, 0.16))
"""Lengths of waves in widths of a cell, and their steepest slopes; with `TAPER`, the sum of all
slopes stays below one."""
TAPER = 2.0
"""So many widths of a cell from a line that stays, waves are as high as anywhere."""


class Waves:
    """A displacement of the plane for cells about `width` wide, the same for the same name."""

    def __init__(self, name: str, width: float) -> None:
        dice = np.random.default_rng(zlib.crc32(name.encode()))
        self.width = width
        self.turns = dice.uniform(0, 2 * np.pi, (len(WAVES), 2))
        self.phases = dice.uniform(0, 2 * np.pi, (len(WAVES), 2))

    def __call__(self, xy: Floats) -> Floats:
        moved = np.zeros_like(xy)
        for (length, slope), turns, phases in zip(WAVES, self.turns, self.phases, strict=True):
            pace = 2 * np.pi / (length * self.width)
            for axis in (0, 1):
                along = xy @ [np.cos(turns[axis]), np.sin(turns[axis])]
                moved[:, axis] += slope / pace * np.sin(pace * along + phases[axis])
        return moved


def bent(lines: Any, waves: Waves, still: Any) -> Any:
    """Lines displaced by waves that fade out towards lines that stay where they are."""
    tree = shapely.STRtree(_straight(still))

    def move(xy: Floats) -> Floats:
        _, away = tree.query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
        rise = np.minimum(away / (TAPER * waves.width), 1.0)
        moved: Floats = xy + waves(xy) * (rise * rise * (3 - 2 * rise))[:, None]
        return moved

    return shapely.transform(lines, move)


def _straight(shape: Any) -> Any:
    """The straight pieces of lines."""
    xy, line = shapely.get_coordinates(shapely.get_parts(shape), return_index=True)
    along = np.flatnonzero(line[1:] == line[:-1])
    return shapely.linestrings(np.stack([xy[along], xy[along + 1]], axis=1))
