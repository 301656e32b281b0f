"""Which division each of very many points lies in, without asking the database for each."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

AT_ONCE = 100_000
"""Points looked up together: bounds the memory."""


class Locator:
    """Of divisions that do not overlap, by id; their lines are WKB in degrees, as stored."""

    def __init__(self, lines: Mapping[int, bytes]) -> None:
        ids = sorted(lines)
        self.ids = np.array([*ids, 0], np.int64)
        self.tree = shapely.STRtree(shapely.from_wkb([lines[pk] for pk in ids]))

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """The id of the division each point lies in, 0 where none does; on a line between two the
        smaller id, as `lines.locate` says."""
        x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        spans = [slice(start, start + AT_ONCE) for start in range(0, len(x), AT_ONCE)]
        found = [self._some(shapely.points(x[span], y[span])) for span in spans]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def _some(self, points: NDArray[Any]) -> NDArray[np.int64]:
        point, line = self.tree.query(points, predicate="intersects")
        first = np.full(len(points), len(self.ids) - 1)
        np.minimum.at(first, point, line)
        found: NDArray[np.int64] = self.ids[first]
        return found
