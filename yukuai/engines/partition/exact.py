"""Is a tiling exact? Two questions, both answered on whole numbers for all vertices at once.

The border of a union is the sum of the borders of its parts. If every line of the children has
its way back in another child, but for those of the parent, and these are all there, then the
children cover each point of the parent once and nothing else: what has the same border is the same.
"""

from collections.abc import Sequence

import numpy as np
import shapely

from yukuai.engines.partition.grid import Area, Ints, keys, shapes


def tiles(parent: Area, children: Sequence[Area]) -> bool:
    """Do valid, canonical children tile the parent, with the same vertices on both sides of each
    line?"""
    if not children or any(area.is_empty for area in [parent, *children]):
        return False
    inner = [directed(child) for child in children]
    start, end = (np.concatenate(side) for side in zip(*inner, strict=True))
    own = directed(parent)
    # the children's lines and the parent's way back have to cancel
    return _cancels(np.concatenate([start, own[1]]), np.concatenate([end, own[0]])) and all_valid(
        children
    )


def all_valid(areas: Sequence[Area]) -> bool:
    return bool(shapely.is_valid(shapes(areas)).all())


def directed(area: Area) -> tuple[Ints, Ints]:
    """All straight lines of an area as keys of their ends."""
    start = keys(area.xy)
    ahead = np.arange(1, len(start) + 1)
    ahead[area.rings[1:] - 1] = area.rings[:-1]
    return start, start[ahead]


def _cancels(start: Ints, end: Ints) -> bool:
    """Is there a way back for each way?"""
    back = start > end
    if 2 * int(back.sum()) != len(start):
        return False
    low, high = np.minimum(start, end), np.maximum(start, end)
    there = np.lexsort((high[~back], low[~back]))
    here = np.lexsort((high[back], low[back]))
    return bool(
        (low[~back][there] == low[back][here]).all()
        and (high[~back][there] == high[back][here]).all()
    )
