"""From the shifted coordinates of Chinese internet maps to CGCS2000 and back.

GCJ-02 moves each point of China by some hundred metres. The formula is public only as others have
written it down; its constants are those in common use (Krasovsky 1940). Outside the box around
China nothing is moved. EPSG:4326 (WGS 84) and EPSG:4490 (CGCS2000) differ by less than the
decimetre, which no line drawn on a screen knows: between them numbers are taken as they are.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEMI_MAJOR = 6_378_245.0
ECCENTRICITY2 = 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
ROUNDS = 6
"""Each divides what is left by about a thousand; the third is below 1e-9 degree."""


def from_gcj02(xy: Any) -> Floats:
    """Degrees of CGCS2000, (n, 2), longitude first, of degrees of GCJ-02."""
    wanted = np.asarray(xy, dtype=np.float64)
    found = wanted.copy()
    inside = _in_china(wanted)
    for _ in range(ROUNDS):
        found[inside] = wanted[inside] - _shift(found[inside])
    return found


def to_gcj02(xy: Any) -> Floats:
    """The other way: to lay what is ours upon a base map of GCJ-02."""
    degrees = np.asarray(xy, dtype=np.float64)
    found = degrees.copy()
    inside = _in_china(degrees)
    found[inside] += _shift(degrees[inside])
    return found


def _in_china(xy: Floats) -> NDArray[np.bool_]:
    x, y = xy[..., 0], xy[..., 1]
    found: NDArray[np.bool_] = (x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH)
    return found


def _shift(xy: Floats) -> Floats:
    """By how many degrees GCJ-02 moves a point."""
    x, y = xy[..., 0] - 105.0, xy[..., 1] - 35.0
    latitude = np.radians(xy[..., 1])
    bulge = 1 - ECCENTRICITY2 * np.sin(latitude) ** 2
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY2) / bulge**1.5
    vertical = SEMI_MAJOR / np.sqrt(bulge)
    root = np.sqrt(np.abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += _waves(x, (6, 20.0), (2, 20.0)) + _waves(x, (1, 20.0), (1 / 3, 40.0))
    east += _waves(x, (1 / 12, 150.0), (1 / 30, 300.0))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += _waves(x, (6, 20.0), (2, 20.0)) + _waves(y, (1, 20.0), (1 / 3, 40.0))
    north += _waves(y, (1 / 12, 160.0), (1 / 30, 320.0))
    return np.stack(
        [np.degrees(east / (vertical * np.cos(latitude))), np.degrees(north / meridian)], axis=-1
    )


def _waves(along: Floats, *waves: tuple[float, float]) -> Floats:
    found: Floats = sum(
        (height * np.sin(along * np.pi * often) for often, height in waves), np.zeros_like(along)
    ) * (2 / 3)
    return found
