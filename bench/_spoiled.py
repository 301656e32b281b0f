"""Pages that should be refused: a reader that decides on them guesses.

Each is a marked page of the feeder with one thing wrong. Some go into the print or the paper before
it is scanned (`PRINTED`), some into the picture (`SEEN`).
"""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from bench import _scanner
from bench._bending import Picture, corners
from bench._paper import Page, fill
from bench._pens import Dice
from bench._scanner import Taken
from bench._voters import Sheet


def spoiled(
    dice: Dice, kind: str, sheet: Sheet, blank: Picture, other: Picture, ppm: float
) -> Page:
    """`other` is a page of another election at the same scale."""
    page = blank.copy()
    before = PRINTED.get(kind)
    if before is not None and kind != "double feed":
        page = before(dice, page, other, ppm)
    filled = fill(dice, sheet, page, ppm)
    if kind == "double feed":
        page = double(dice, page, blank, ppm)
    how = replace(_scanner.recipe(dice), fold=None)
    taken = _scanner.scan(dice, page, ppm, how, page)
    if kind in SEEN:
        SEEN[kind](dice, taken, page, ppm)
    recipe = taken.recipe | {"spoiled": kind}
    return Page(taken.image, sheet, filled.style, filled.said, "spoiled", recipe, taken.course, ppm)


def _other_election(dice: Dice, page: Picture, other: Picture, ppm: float) -> Picture:
    return other.copy()


def other_scale(dice: Dice, page: Picture, other: Picture, ppm: float) -> Picture:
    """`Fit to page`, as printers do unasked: six to ten per cent. Less may be the scanner,
    which is allowed two."""
    share = 1 + dice.uniform(0.06, 0.1) * (1 if dice.uniform() < 0.35 else -1)
    height, width = page.shape[:2]
    matrix = np.array([[share, 0, width * (1 - share) / 2], [0, share, height * (1 - share) / 2]])
    return cv2.warpAffine(page, matrix, (width, height), borderValue=255)


def copied(dice: Dice, page: Picture, other: Picture, ppm: float) -> Picture:
    """From the copier: soft, then hard again, toner beside the letters, fine grey lost."""
    soft = cv2.GaussianBlur(page, (0, 0), dice.uniform(0.09, 0.16) * ppm)
    noise = dice.normal(0, 1, (page.shape[0] // 2, page.shape[1] // 2)).astype(np.float32)
    rough = cv2.resize(noise, page.shape[::-1], interpolation=cv2.INTER_LINEAR) * 22
    edge = dice.uniform(120, 170)
    hard = np.clip((soft.astype(np.float32) + rough - edge) * 3.2 + 128, 0, 255).astype(np.uint8)
    _scanner.speckle(dice, hard, int(dice.integers(40, 200)), ppm)
    share = 1 + dice.uniform(-0.003, 0.003)
    height, width = page.shape
    aside, down = dice.uniform(-0.3, 0.3, 2) * ppm
    matrix = np.array([[share, 0, aside], [0, share, down]])
    return cv2.warpAffine(hard, matrix, (width, height), borderValue=255)


def unprinted(dice: Dice, page: Picture, other: Picture, ppm: float) -> Picture:
    return np.full_like(page, 255)


def double(dice: Dice, page: Picture, blank: Picture, ppm: float) -> Picture:
    """A second sheet lies over the first, some way down."""
    down = round(dice.uniform(0.06, 0.6) * page.shape[0])
    aside = round(dice.uniform(-3, 3) * ppm)
    whole = np.full((page.shape[0] + down, page.shape[1]), 255, np.uint8)
    whole[: page.shape[0]] = page
    whole[down:] = np.roll(blank, aside, axis=1)
    whole[down : down + 2] = 170
    return whole


def torn(dice: Dice, taken: Taken, page: Picture, ppm: float) -> None:
    """A corner is gone, with a corner's mark."""
    height, width = page.shape[:2]
    corner = corners(width, height)[int(dice.integers(4))]
    inward = np.sign(np.array([width, height]) / 2 - corner)
    a, b = dice.uniform(24, 70, 2) * ppm
    ends = corner + np.array([[a, 0], [0, b]]) * inward
    t = np.linspace(0, 1, 24)[:, None]
    ragged = ends[0] + (ends[1] - ends[0]) * t + dice.normal(0, 0.6 * ppm, (24, 2))
    lid = int(taken.recipe["lid"])
    _cover(taken, np.vstack([corner - inward * 4, ragged]), lid)


def unmarked(dice: Dice, taken: Taken, page: Picture, ppm: float) -> None:
    """Something lies over one border: tape, a thumb, another sheet."""
    height, width = page.shape[:2]
    wide = dice.uniform(12, 17) * ppm
    start, end = sorted(dice.uniform(0, 1, 2))
    end = max(end, start + 0.35)
    side = int(dice.integers(4))
    along = (width, height)[side % 2]
    low, high = start * along, min(end, 1.0) * along
    far = (0.0, 0.0, height - wide, width - wide)[side]
    box = (low, far, high, far + wide) if side % 2 == 0 else (far, low, far + wide, high)
    x0, y0, x1, y1 = box
    _cover(taken, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]), int(dice.integers(150, 250)))


def wide_streak(dice: Dice, taken: Taken, page: Picture, ppm: float) -> None:
    """Dirt on the glass, a millimetre or more of it, the whole way down through the boxes."""
    wide = round(dice.uniform(1.2, 4) * ppm)
    _scanner.streak(dice, taken.image, dice.uniform(0.3, 0.85), wide, int(dice.integers(110, 220)))


def _cover(taken: Taken, outline: np.ndarray, grey: int) -> None:
    points = np.round(taken.course.at(outline)).astype(np.int32)
    cv2.fillPoly(taken.image, [points], (grey,) * 3)


Before = Callable[[Dice, Picture, Picture, float], Picture]
PRINTED: dict[str, Before] = {
    "wrong election": _other_election,
    "other print scale": other_scale,
    "photocopied": copied,
    "not printed": unprinted,
    "double feed": double,
}
SEEN: dict[str, Callable[[Dice, Taken, Picture, float], None]] = {
    "torn corner": torn,
    "missing marks": unmarked,
    "wide streak": wide_streak,
}
KINDS = (*PRINTED, *SEEN)
