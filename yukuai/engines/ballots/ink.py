"""Step 7: how much ink lies in a box that was printed empty.

Ink is what is darker than the paper around it at the width of a stroke; a shadow, a stain or a
smudge is wider and counts only where it is nearly black. Lengths are in pixels of the patches,
`PER_MM` of them a millimetre.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from yukuai.engines.ballots.raster import Floats, Grey

PER_MM = 6.0
MARGIN = 2.0
"""Millimetres of a patch around its box: the printed rules lie in it."""
STROKE = 19
"""What is wider, 3.2 mm, is no stroke."""
BLACK = 0.45
"""Darkness that is ink however wide it is."""
FAINTEST = 0.06
"""Contrast of the lightest pencil that counts, if noise is less."""
NOISES = 4.5
SPECK = 0.15
"""mm²; what is smaller is dust."""
HALF = 0.4
RULE_BLUR = 0.7
RULE = 0.12
"""Mean contrast along a printed rule."""
SEARCH = 1.4
CLEAR = 0.4
INSIDE = 0.45


def contrast(stack: Grey) -> Floats:
    """(n, rows, columns) of 0 paper to 1 black ink."""
    count, rows, columns = stack.shape
    tall = np.asarray(cv2.blur(stack.reshape(count * rows, columns), (3, 3)))
    paper = cv2.morphologyEx(tall, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))
    found = cv2.subtract(paper, tall)
    dark = cv2.subtract(np.full_like(tall, 255), tall)
    _level, black = cv2.threshold(dark, int(BLACK * 255), 255, cv2.THRESH_TOZERO)
    both = np.asarray(cv2.max(found, black))
    return (both.reshape(count, rows, columns)).astype(np.float32) / np.float32(255)


@dataclass(frozen=True)
class Insides:
    """Of each patch the columns and rows inside its rules: left, top, right, bottom, in pixels.
    `off` is how far the rules are from where they should be, nan where they were not found."""

    edges: Floats
    off: Floats

    def mask(self, size: tuple[int, int]) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """(n, rows, columns): what lies inside."""
        left, top, right, bottom = (edge[:, None] for edge in self.edges.T)
        x, y = np.arange(size[0])[None, :], np.arange(size[1])[None, :]
        within_x, within_y = (x >= left) & (x < right), (y >= top) & (y < bottom)
        return np.asarray(within_x[:, None, :] & within_y[:, :, None])


def find_rules(found: Floats) -> Insides:
    """The printed rules around each box, by which paper that stretched is set right."""
    _count, rows, columns = found.shape
    edge = round((MARGIN + 1.0) * PER_MM)
    faint = np.minimum(found, np.float32(0.5))
    across = faint[:, edge : rows - edge, :].mean(axis=1)
    down = faint[:, :, edge : columns - edge].mean(axis=2)
    x = _agreed(_rule(across), -_rule(across[:, ::-1]))
    y = _agreed(_rule(down), -_rule(down[:, ::-1]))
    off = np.stack([x, y], axis=1)
    moved = np.nan_to_num(np.concatenate([off, off], axis=1)) * PER_MM
    first = (MARGIN + INSIDE) * PER_MM
    return Insides(
        np.rint(np.array([first, first, columns - first, rows - first]) + moved).astype(int), off
    )


def _rule(profile: Floats) -> Floats:
    """How many millimetres inwards of its place the rule near the beginning is; nan if none is."""
    expected = (MARGIN - CLEAR) * PER_MM
    reach = int(expected + SEARCH * PER_MM) + 1
    near = profile[:, :reach]
    peak = np.argmax(near, axis=1)
    span = np.clip(peak[:, None] + np.array([-1, 0, 1]), 0, reach - 1)
    weights = np.take_along_axis(near, span, axis=1) + 1e-6
    middle = (weights * span).sum(axis=1) / weights.sum(axis=1) + 0.5
    there = near.max(axis=1) >= RULE
    return np.where(there, (middle - expected) / PER_MM, np.nan)


def _agreed(one: Floats, other: Floats) -> Floats:
    """Of two opposite rules: the mean, or the one nearer to its place where they disagree."""
    mean = (one + other) / 2
    nearer = np.where(np.abs(one) <= np.abs(other), one, other)
    both = np.where(np.abs(one - other) <= 0.7, mean, nearer)
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, both))


def threshold(found: Floats, insides: Insides) -> Floats:
    """(n,): the contrast from which something is ink, by the noise of paper in this picture."""
    first = round((MARGIN + 1.0) * PER_MM)
    inner = found[:, first:-first:2, first:-first:2]
    middles = np.median(inner, axis=(1, 2))
    usual = float(np.median(middles))
    noise = 1.4826 * float(np.median(np.abs(inner - middles[:, None, None])))
    return np.asarray(np.minimum(middles, usual + 0.04) + max(FAINTEST, NOISES * noise))


@dataclass(frozen=True)
class Ink:
    """What lies in a box. Areas in mm², lengths in millimetres.

    `extent` is the longer side of the largest piece, `contrast` its mean, `cover` the share of the
    box that is ink, `strokes` the length of its outlines in extents, `loops` how many enclosed
    white parts it has, `edge` whether it touches the border of the box, `own` the share of it that
    lies in this box rather than beyond its border.
    """

    area: float = 0.0
    extent: float = 0.0
    contrast: float = 0.0
    cover: float = 0.0
    strokes: float = 0.0
    loops: int = 0
    edge: bool = False
    own: float = 1.0


NO_INK = Ink()


def measure(mask: Grey, found: Floats, room: int) -> Ink:
    """Of one box: `mask` 0 or 1, `found` the contrast, `room` how many pixels lie in the box."""
    joined = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    count, labels, stats, _middles = cv2.connectedComponentsWithStats(joined, connectivity=8)
    if count < 2:
        return NO_INK
    areas = stats[1:, cv2.CC_STAT_AREA] / PER_MM**2
    kept = 1 + np.flatnonzero((areas >= SPECK) & ~_hugging(stats[1:], mask.shape))
    if not len(kept):
        return NO_INK
    sharp = [_sharp(labels, stats[n], n, found) for n in kept]
    area = sum(float(one.mass) for one in sharp)
    largest = max(sharp, key=lambda one: one.mass)
    length, loops = _outlines(largest.piece)
    return Ink(
        area=area / PER_MM**2,
        extent=largest.extent,
        contrast=largest.peak,
        cover=area / room,
        strokes=length / 2 / PER_MM / max(largest.extent, 1.0),
        loops=loops,
    )


def _hugging(stats: Floats, shape: tuple[int, ...]) -> Floats:
    """Which pieces are but the blurred side of a printed rule: thin, along an edge of the box."""
    rows, columns = shape
    x, y, w, h = stats[:, :4].T
    thin = RULE_BLUR * PER_MM
    across = (w <= thin) & ((x == 0) | (x + w == columns))
    down = (h <= thin) & ((y == 0) | (y + h == rows))
    return np.asarray(across | down)


@dataclass(frozen=True)
class _Sharp:
    """A piece of ink at half its height, so that blur makes it no larger: `mass` in pixels of full
    ink."""

    piece: Grey
    mass: float
    peak: float
    extent: float


def _sharp(labels: Floats, stats: Floats, number: int, found: Floats) -> _Sharp:
    x, y, w, h, _area = stats
    cut = np.where(labels[y : y + h, x : x + w] == number, found[y : y + h, x : x + w], 0)
    peak = float(np.sort(cut, axis=None)[-max(4, cut.size // 50) :].mean())
    piece = np.asarray(cut >= HALF * peak, np.uint8)
    columns, rows = np.flatnonzero(piece.any(axis=0)), np.flatnonzero(piece.any(axis=1))
    extent = max(np.ptp(columns), np.ptp(rows)) + 1 if len(columns) else 0
    mass = float(np.minimum(cut / max(peak, 1e-6), 1).sum())
    return _Sharp(piece, mass, peak, float(extent) / PER_MM)


def _outlines(piece: Grey) -> tuple[float, int]:
    """Length in pixels, and how many white parts larger than 1 mm² are enclosed."""
    smooth = cv2.morphologyEx(np.pad(piece, 2), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    lines, tree = cv2.findContours(smooth, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if tree is None:
        return 0.0, 0
    loops = sum(
        cv2.contourArea(line) >= PER_MM**2
        for line, links in zip(lines, tree[0], strict=True)
        if links[3] >= 0
    )
    return sum(cv2.arcLength(line, True) for line in lines), loops
