"""Step 1: one size, and even light: paper becomes white wherever a lamp or a shadow falls on it."""

from dataclasses import dataclass

import cv2
import numpy as np

from yukuai.engines.ballots.raster import Array, Grey

cv2.setNumThreads(1)

WORK_PER_MM = 5.5
"""A thin pen is two pixels wide then, and noise is averaged away."""
SPOT = 12
"""Pixels of the working picture to one of the picture of light."""
REACH = 11
"""In pixels of the picture of light: about 22 mm, wider than any dark thing printed."""
DARKEST = 40


@dataclass(frozen=True)
class Work:
    """The picture that is measured. `factor` pixels of the scan are one of `even`, and `SPOT` of
    `even` one of `light`, how white paper is there."""

    even: Grey
    light: Grey
    factor: int

    def to_scan(self, points: Array) -> Array:
        return np.asarray((points + 0.5) * self.factor - 0.5)


def prepare(scan: Grey, *, factor: int) -> Work:
    small = reduced(scan, factor)
    light = _light(small)
    return Work(_even(small, light), light, factor)


def usual_factor(scan: Grey, height_mm: float) -> int:
    """As if the page filled the picture."""
    return max(1, int(max(scan.shape) / height_mm / WORK_PER_MM))


def reduced(scan: Grey, factor: int) -> Grey:
    """By whole factors, which is fast; a rest of pixels at the right and the bottom is left."""
    if factor == 1 or min(scan.shape) < factor:
        return scan
    rows, columns = scan.shape[0] // factor, scan.shape[1] // factor
    whole = scan[: rows * factor, : columns * factor]
    return cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA).astype(
        np.uint8, copy=False
    )


def _light(grey: Grey) -> Grey:
    kernel = np.ones((REACH, REACH), np.uint8)
    light = cv2.morphologyEx(reduced(grey, SPOT), cv2.MORPH_CLOSE, kernel)
    return np.maximum(cv2.GaussianBlur(light, (0, 0), 1.5), DARKEST)


def _even(grey: Grey, light: Grey) -> Grey:
    rows, columns = grey.shape
    everywhere = cv2.resize(light, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, everywhere, scale=255), np.uint8)
