"""Steps 6 and 7 together: every box of a page, fitted to its printed rules, and its ink."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from yukuai.engines.ballots.ink import (
    INSIDE_ALL,
    MARGIN,
    NO_INK,
    PER_MM,
    SPECK,
    Ink,
    Insides,
    contrast,
    find_rules,
    measure,
    threshold,
)
from yukuai.engines.ballots.lines import Line, hidden, shaded
from yukuai.engines.ballots.paper import Box
from yukuai.engines.ballots.placing import Placement, patches
from yukuai.engines.ballots.prepared import Kin, Known
from yukuai.engines.ballots.raster import Array, Grey
from yukuai.engines.ballots.refusals import Refusal, Refused

AROUND = 9.0
"""Millimetres around a box that are looked at where its ink touches the border."""
NEAR = 3.0
ONE_MARK = 13.0
BRIDGE = 13
"""Pixels by which ink reaches under a printed rule, to the stroke that goes on behind it."""
TELLING, CELL = 3.0, 3
"""Millimetres of a mark that is remembered, and pixels of a cell."""
BRUSH_WIDTH, BRUSH_CONTRAST = 1.1, 0.6
LOST = 0.25
"""Share of the boxes whose rules may be missing."""
SHADED, BROAD_AREA = 218, 4.0
"""Grey and mm² from which something wider than a stroke may be ink."""
BROADEST, BROAD_LEVEL, BROAD_CONTRAST, BROAD_OVER = 55, 0.12, 0.18, 0.3
FAR = 1.2
"""Millimetres the rules of a box may be off after all fitting."""


@dataclass(frozen=True)
class Seen:
    """What was found in one box; `off` millimetres its rules were from their places. `strokes` is
    the picture of a mark, by which the sheet is known again."""

    ink: Ink
    off: tuple[float, float]
    strokes: Array | None = None


@dataclass(frozen=True)
class Sight:
    """One page in one picture."""

    even: Grey
    placement: Placement
    known: Known
    lines: tuple[Line, ...]

    @property
    def folded(self) -> bool:
        return any(not line.sharp for line in self.lines)

    def patches(self, boxes: Array, size: tuple[int, int]) -> Grey:
        return patches(self.even, self.placement, boxes, size)


def look(sight: Sight) -> list[Seen]:
    """In the order of `known.places`. Raises Refused."""
    seen: list[Seen] = [Seen(NO_INK, (0.0, 0.0))] * len(sight.known.places)
    lost = 0
    for kin in sight.known.kins:
        found = contrast(stack := sight.patches(kin.outer, kin.size))
        insides = find_rules(found)
        lost += int(np.isnan(insides.off).any(axis=1).sum())
        for row, one in zip(kin.rows, _kin(sight, kin, stack, found, insides), strict=True):
            seen[row] = one
    if lost > LOST * len(seen) or _far(seen) > LOST * len(seen):
        raise Refused(Refusal.DISTORTED)
    return seen


def _far(seen: Sequence[Seen]) -> int:
    return sum(max(map(abs, one.off)) > FAR for one in seen)


def _kin(sight: Sight, kin: Kin, stack: Grey, found: Array, insides: Insides) -> Iterator[Seen]:
    levels = threshold(found, insides)
    inside = insides.mask(kin.size)
    if sight.lines:
        inside &= ~hidden(sight.lines, kin.outer, kin.size)
    levels = levels[:, None, None]
    if sight.folded:
        levels = levels + shaded(sight.lines, kin.outer, kin.size)
    masks = (found > levels) & inside
    areas = masks.sum(axis=(1, 2)) / PER_MM**2
    grey = ((stack < SHADED) & inside).sum(axis=(1, 2)) / PER_MM**2 - areas
    offs = np.nan_to_num(insides.off)
    for n, area in enumerate(areas):
        box = Box(*kin.outer[n]).inset(MARGIN)
        box = Box(box.x + offs[n, 0], box.y + offs[n, 1], box.w, box.h)
        ink = NO_INK
        if area >= SPECK:
            left, top, right, bottom = insides.edges[n]
            cut = masks[n, top:bottom, left:right].astype(np.uint8)
            ink = measure(cut, found[n, top:bottom, left:right])
            if ink.edge:
                ink = _shared(sight, box, float(levels[n].min()), ink)
        if grey[n] >= BROAD_AREA:
            ink = max(ink, _broad(sight, box), key=lambda one: one.area)
        strokes = None
        if ink.extent >= TELLING:
            left, top = insides.edges[n, :2]
            strokes = _picture((found[n] * inside[n])[top:, left:], kin.size)
        yield Seen(ink, (float(offs[n, 0]), float(offs[n, 1])), strokes)


def _picture(found: Array, size: tuple[int, int]) -> Array:
    """Of the ink in a box, from its own corner on: cells of half a millimetre, soft."""
    columns, rows = (int((side - 2 * MARGIN * PER_MM) // CELL) for side in size)
    cut = np.zeros((rows * CELL, columns * CELL), np.float32)
    part = found[: rows * CELL, : columns * CELL]
    cut[: part.shape[0], : part.shape[1]] = np.minimum(part, np.float32(0.4))
    cells = cv2.blur(cut, (CELL, CELL))[CELL // 2 :: CELL, CELL // 2 :: CELL]
    soft = cv2.blur(cells, (3, 3))
    flat = np.asarray(soft - soft.mean(), np.float32).ravel()
    return flat / max(float(np.linalg.norm(flat)), 1e-6)


def _shared(sight: Sight, box: Box, level: float, ink: Ink) -> Ink:
    """With what of its pieces lies beyond the box. What was printed is not looked at; a stroke that
    goes on behind it is one. Brushes run into each other, so that of these only what is near the
    box is looked at."""
    brush = ink.width >= BRUSH_WIDTH and ink.contrast >= BRUSH_CONTRAST
    reach = NEAR if brush else AROUND
    around, size = _around(box, reach)
    found = contrast(sight.patches(np.array([around]), size))[0]
    unseen = _unseen(sight, around, size)
    if sight.folded:
        found = found - shaded(sight.lines, np.array([around]), size)[0]
    mask = ((found > level) & (unseen == 0)).astype(np.uint8)
    pieces = mask | (cv2.dilate(mask, np.ones((BRIDGE, BRIDGE), np.uint8)) & unseen)
    return _divided(ink, mask, pieces, reach)


def _divided(ink: Ink, mask: Grey, pieces: Grey, reach: float) -> Ink:
    """`mask` is ink, `pieces` that with what joins it, `reach` millimetres around the box."""
    _count, labels, stats, _middles = cv2.connectedComponentsWithStats(pieces, connectivity=8)
    inner = round((reach + 0.1) * PER_MM)
    inside = np.zeros_like(mask)
    inside[inner:-inner, inner:-inner] = 1
    total = np.bincount(labels.ravel(), weights=mask.ravel())
    own = np.bincount(labels.ravel(), weights=(mask & inside).ravel())
    own[0] = 0
    if own.sum() < SPECK * PER_MM**2:
        return ink
    share = float((own * own / np.maximum(total, 1)).sum() / own.sum())
    largest = int(np.argmax(own))
    whole = stats[largest, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max()
    return replace(
        ink,
        own=share,
        rival=_rival(mask & (labels == largest), inner),
        single=bool(whole <= ONE_MARK * PER_MM),
    )


def _rival(piece: Array, inner: int) -> float:
    """How many times as much of a piece lies in the box as in whichever of the eight parts around
    it has most."""
    edges = [slice(None, inner), slice(inner, -inner), slice(-inner, None)]
    masses = np.array([[piece[rows, columns].sum() for columns in edges] for rows in edges], float)
    own, masses[1, 1] = masses[1, 1], 0.0
    return float(own / masses.max()) if masses.max() else INSIDE_ALL


def _broad(sight: Sight, box: Box) -> Ink:
    """Ink wider than a stroke and not black: a box filled in with a pencil. A stain or a smudge
    has soft edges, or is fainter."""
    around, size = _around(box, AROUND)
    grey = cv2.blur(sight.patches(np.array([around]), size)[0], (5, 5))
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((BROADEST, BROADEST), np.uint8))
    found = (
        np.where(_unseen(sight, around, size) > 0, 0, cv2.subtract(paper, grey)).astype(np.float32)
        / 255
    )
    inner = round((AROUND + 0.3) * PER_MM)
    if sight.folded:
        found = found - shaded(sight.lines, np.array([around]), size)[0]
    cut = found[inner:-inner, inner:-inner]
    ink = measure((cut > BROAD_LEVEL).astype(np.uint8), cut)
    if ink.contrast < (BROAD_OVER if ink.edge else BROAD_CONTRAST):
        return NO_INK
    mask = (found > BROAD_LEVEL).astype(np.uint8)
    return _divided(ink, mask, mask, AROUND) if ink.edge else ink


def _around(box: Box, reach: float) -> tuple[Box, tuple[int, int]]:
    around = box.inset(-reach)
    return around, (round(around.w * PER_MM), round(around.h * PER_MM))


def _unseen(sight: Sight, around: Box, size: tuple[int, int]) -> Grey:
    unseen = _printed(sight.known.blank, around, size)
    if sight.lines:
        unseen |= hidden(sight.lines, np.array([around]), size)[0].astype(np.uint8)
    return unseen


def _printed(blank: Grey, around: Box, size: tuple[int, int]) -> Grey:
    """1 where the blank has print, a little grown."""
    x, y = round(around.x * PER_MM), round(around.y * PER_MM)
    columns, rows = size
    cut = np.full((rows, columns), 255, np.uint8)
    left, top = max(0, -x), max(0, -y)
    part = blank[y + top : y + rows, x + left : x + columns]
    cut[top : top + part.shape[0], left : left + part.shape[1]] = part
    dark = (cut < 200).astype(np.uint8)
    return np.asarray(cv2.dilate(dark, np.ones((5, 5), np.uint8)))
