"""Where the matters of the demo lie on the map: made up, round a point of each community.

Two of three matters have one, as in life. Nobody lives at these points.
"""

from math import cos, pi, sin, sqrt
from typing import NamedTuple

MIDDLE = (106.5505, 29.5645)
MIDDLES = {"500103011": MIDDLE, "500112013": (106.5535, 29.5975)}
"""Of streets, by eye: 大溪沟, with the rest of its district about it, and 龙塔."""
TURN = pi * (3 - sqrt(5))
"""The golden angle: however many points there are, none lies upon another."""
STREETS, COMMUNITIES, MATTERS = 0.0045, 0.0012, 0.0005
ROUND = 24


class Spot(NamedTuple):
    lon: float | None = None
    lat: float | None = None


def spot_of(community: str, number: int) -> Spot:
    """The point of a matter by the code of its community and its number; every third has none."""
    if number % 3 == 2:
        return Spot()
    street, own = community[:9], int(community[9:])
    middle = MIDDLES.get(street) or _away(MIDDLE, int(street[6:]), STREETS)
    lon, lat = _away(_away(middle, own, COMMUNITIES), number % ROUND + 1, MATTERS)
    return Spot(round(lon, 5), round(lat, 5))


def _away(start: tuple[float, float], turn: int, apart: float) -> tuple[float, float]:
    """Wider than high: the city lies between two rivers."""
    far = apart * sqrt(turn)
    return start[0] + 1.4 * far * cos(turn * TURN), start[1] + 0.5 * far * sin(turn * TURN)
