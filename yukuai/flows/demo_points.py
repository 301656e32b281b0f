"""Where the matters of the demo lie on the map: made up, inside the line of their community.

Two of three matters have a point, as in life. Nobody lives at these points.
"""

from functools import cache
from typing import NamedTuple

import shapely

from yukuai.engines.partition import Area, to_wkb
from yukuai.engines.sketch import spots_in

SPOTS = 48
EDGE = 0.00005
"""Degrees from the line, so that five decimals lie inside as well."""


class Spot(NamedTuple):
    lon: float | None = None
    lat: float | None = None


def spot_of(ground: Area | None, number: int) -> Spot:
    """The point of a matter by its number; every third has none, and none has where no line is."""
    if ground is None or number % 3 == 2:
        return Spot()
    lon, lat = _spots(ground)[number % SPOTS]
    return Spot(round(lon, 5), round(lat, 5))


@cache
def _spots(ground: Area) -> list[tuple[float, float]]:
    shape = shapely.from_wkb(to_wkb(ground))
    inner = shapely.buffer(shape, -EDGE)
    found = spots_in(shape if inner.is_empty else inner, SPOTS, "demo").tolist()
    return [(lon, lat) for lon, lat in found]
