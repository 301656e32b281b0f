"""Steps 6 and 7 together: every box of a page, fitted to its printed rules, and its ink."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from yukuai.engines.ballots.ink import (
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
from yukuai.engines.ballots.lines import Line, hidden
from yukuai.engines.ballots.paper import Box
from yukuai.engines.ballots.placing import Placement, patches
from yukuai.engines.ballots.prepared import Kin, Known
from yukuai.engines.ballots.raster import Floats, Grey
from yukuai.engines.ballots.refusals import Refusal, Refused

AROUND = 9.0
"""Millimetres around a box that are looked at where its ink touches the border."""
NEAR = 3.0
BRUSH_WIDTH, BRUSH_CONTRAST = 1.1, 0.6
LOST = 0.25
"""Share of the boxes whose rules may be missing."""
SHADED, BROAD_AREA = 218, 4.0
"""Grey and mm² from which something wider than a stroke may be ink."""
BROADEST, BROAD_LEVEL, BROAD_CONTRAST, SOFT = 55, 0.12, 0.18, 2.2
FAR = 1.2
"""Millimetres the rules of a box may be off after all fitting."""


@dataclass(frozen=True)
class Seen:
    """What was found in one box; `off` millimetres its rules were from their places."""

    ink: Ink
    off: tuple[float, float]


@dataclass(frozen=True)
class Sight:
    """One page in one picture."""

    even: Grey
    placement: Placement
    known: Known
    lines: tuple[Line, ...]

    def patches(self, boxes: Floats, size: tuple[int, int]) -> Grey:
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


def _kin(sight: Sight, kin: Kin, stack: Grey, found: Floats, insides: Insides) -> Iterator[Seen]:
    levels = threshold(found, insides)
    inside = insides.mask(kin.size)
    if sight.lines:
        inside &= ~hidden(sight.lines, kin.outer, kin.size)
    masks = (found > levels[:, None, None]) & inside
    areas = masks.sum(axis=(1, 2)) / PER_MM**2
    shaded = ((stack < SHADED) & inside).sum(axis=(1, 2)) / PER_MM**2 - areas
    offs = np.nan_to_num(insides.off)
    for n, area in enumerate(areas):
        box = Box(*kin.outer[n]).inset(MARGIN)
        box = Box(box.x + offs[n, 0], box.y + offs[n, 1], box.w, box.h)
        ink = NO_INK
        if area >= SPECK:
            left, top, right, bottom = insides.edges[n]
            cut = masks[n, top:bottom, left:right].astype(np.uint8)
            ink = measure(cut, found[n, top:bottom, left:right], cut.size)
            if ink.area and _touches(cut):
                own = _own_share(sight, box, float(levels[n]), broad=_by_brush(ink))
                ink = replace(ink, edge=True, own=own)
        if shaded[n] >= BROAD_AREA:
            ink = max(ink, _broad(sight, box), key=lambda one: one.area)
        yield Seen(ink, (float(offs[n, 0]), float(offs[n, 1])))


def _touches(cut: Grey) -> bool:
    edge = (cut[:2].sum(), cut[-2:].sum(), cut[:, :2].sum(), cut[:, -2:].sum())
    return max(edge) >= 3


def _by_brush(ink: Ink) -> bool:
    length = max(ink.strokes * ink.extent, 1.0)
    return ink.area / length >= BRUSH_WIDTH and ink.contrast >= BRUSH_CONTRAST


def _own_share(sight: Sight, box: Box, level: float, *, broad: bool) -> float:
    """Of the pieces of ink that lie in the box at all, the share inside it. What was printed is
    not looked at; a stroke that goes on behind it is one. A piece that reaches far beyond is
    nobody's mark, so that never more than half of it counts; but brushes run into each other, and
    of these only what is near the box is looked at."""
    reach = NEAR if broad else AROUND
    around, size = _around(box, reach)
    found = contrast(sight.patches(np.array([around]), size))[0]
    unseen = _unseen(sight, around, size)
    ink = ((found > level) & (unseen == 0)).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    _count, labels = cv2.connectedComponents(ink | (joined & unseen), connectivity=8)
    inner = round((reach + 0.1) * PER_MM)
    inside = np.zeros_like(ink)
    inside[inner:-inner, inner:-inner] = 1
    total = np.bincount(labels.ravel(), weights=ink.ravel())
    own = np.bincount(labels.ravel(), weights=(ink & inside).ravel())
    own[0] = 0
    if own.sum() < SPECK * PER_MM**2:
        return 1.0
    share = own / np.maximum(total, 1)
    if not broad:
        far = np.unique([*labels[:3].flat, *labels[-3:].flat, *labels[:, :3].flat, *labels[:, -3:].flat])
        share[far] = np.minimum(share[far], 0.5)
    return float((own * share).sum() / own.sum())


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
    cut = found[inner:-inner, inner:-inner]
    ink = measure((cut > BROAD_LEVEL).astype(np.uint8), cut, cut.size)
    if ink.contrast < BROAD_CONTRAST:
        return NO_INK
    soft = (cut > 0.35 * ink.contrast).sum() > SOFT * (cut > 0.7 * ink.contrast).sum()
    return replace(ink, contrast=0.0 if soft else ink.contrast, strokes=0.0, loops=0)


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
