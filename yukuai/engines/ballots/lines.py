"""Lines across the whole page that nobody drew: the streak of a scanner, the edge of a fold.

They show in the white gutters between marks, frame and tables on two opposite sides, and all the
way between. What lies under a streak is not ink; on the soft shadow of a fold ink must be darker
than the shadow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from yukuai.engines.ballots.ink import PER_MM
from yukuai.engines.ballots.paper import SHEETS
from yukuai.engines.ballots.placing import Placement, flat_placement, patches, quads
from yukuai.engines.ballots.prepared import Known
from yukuai.engines.ballots.raster import Array, Grey
from yukuai.engines.ballots.refusals import Refusal, Refused
from yukuai.engines.ballots.spec import Paper

LEVEL = 0.045
"""Contrast of the faintest line that could be taken for a stroke."""
SLANT = 0.12
"""Millimetres aside a millimetre: a fed sheet skewed by five degrees, and a little more."""
SHARE = 0.6
"""Of the way across where nothing is printed, that must be dark."""
SEGMENT = 15.0
BROAD, HIDING = 1.3, 0.2
"""Half the width in millimetres, and the contrast, from which a streak hides too much."""
MOST_PEAKS, MOST_LINES = 12, 6
AROUND, FOLD_AROUND = 0.35, 1.5
FOLD_LIFT = 1.3
GROWN = 1.2
"""Millimetres by which a profile is wider than the line."""
WIDEST = 61
EDGE = 4.0
"""Of the paper, in millimetres, where it is never even."""
STEEP = 0.45
"""Share of its darkness by which the side of a streak changes over two pixels; a fold is soft, and
what is soft is no ink anyway."""


@dataclass(frozen=True)
class View:
    """How far beside a line is looked, millimetres; what is broader than `broadest` pixels is no
    line; the line is sought within `middle` pixels of where it should be."""

    reach: float
    broadest: int
    middle: int


FINE_VIEW, BROAD_VIEW = View(3.0, 15, 8), View(8.0, 61, 24)


@dataclass(frozen=True)
class Line:
    """Across the page at `start + slope * along`, within `half` millimetres. `upright` lines run
    from the top to the bottom: `start` is an x, `along` a y. `dark` is its contrast, `sharp` where
    it is a streak and not a fold."""

    upright: bool
    start: float
    slope: float
    half: float
    dark: float
    sharp: bool

    def hides(self, x: Array, y: Array) -> Array:
        """Which points (millimetres, broadcast together) lie under it."""
        along, across = (y, x) if self.upright else (x, y)
        reach = self.half + (AROUND if self.sharp else FOLD_AROUND)
        return np.asarray(np.abs(across - self.start - self.slope * along) <= reach)


def find_lines(even: Grey, placement: Placement, known: Known) -> tuple[Line, ...]:
    """Raises Refused where a line is too broad, or there are too many."""
    found: list[Line] = []
    for upright in (True, False):
        for start, slope, wide in _candidates(even, placement, known, upright=upright):
            view = BROAD_VIEW if wide > BROAD else FINE_VIEW
            line = _followed(even, placement, known, (start, slope), view, upright=upright)
            if line and not any(_same(line, other) for other in found):
                found.append(line)
    sharp = [line for line in found if line.sharp]
    broad = [line for line in sharp if line.half > BROAD and line.dark > HIDING]
    if len(sharp) > MOST_LINES or any(_crosses(line, known) for line in broad):
        raise Refused(Refusal.STREAK)
    return tuple(found)


def _same(one: Line, other: Line) -> bool:
    return one.upright == other.upright and all(
        abs(one.start - other.start + (one.slope - other.slope) * at) < 1.0 for at in (20.0, 180.0)
    )


def _crosses(line: Line, known: Known) -> bool:
    boxes = np.array([one.box_mm for one in known.places])
    x = boxes[:, :1] + boxes[:, 2:3] * np.linspace(0, 1, 9)
    y = boxes[:, 1:2] + boxes[:, 3:4] * np.linspace(0, 1, 9)
    return bool(line.hides(x[:, :, None], y[:, None, :]).any())


def _candidates(
    even: Grey, placement: Placement, known: Known, *, upright: bool
) -> Iterator[tuple[float, float, float]]:
    """Start, slope and width of what shows in the gutters of both sides."""
    near, far = _gutters(even, placement, known, upright=upright)
    for first in near:
        for last in far:
            slope = (last[0] - first[0]) / (last[1] - first[1])
            if abs(slope) <= SLANT:
                yield first[0] - slope * first[1], slope, min(first[2], last[2])


def _gutters(
    even: Grey, placement: Placement, known: Known, *, upright: bool
) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    """Of both ends: where along the side something crosses, how deep in the page that was, and how
    wide it is."""
    page = known.page
    sheet = SHEETS[Paper.A4 if page.width > 200 else Paper.A5]
    span, depth = (page.width, page.height) if upright else (page.height, page.width)
    outer, inner = (sheet.marks + 2.8, sheet.frame - 0.4), (sheet.frame + 2.3, sheet.content - 0.5)
    ends = []
    for turned in (False, True):
        profiles = [
            _profile(even, placement, span, depth, gutter, upright=upright, turned=turned)
            for gutter in (outer, inner)
        ]
        both = np.minimum(*(cv2.dilate(one, np.ones((1, 7))) for one in profiles))[0]
        middle = (outer[0] + inner[1]) / 2
        at = depth - middle if turned else middle
        ends.append([(place, at, wide) for place, wide in _peaks(both)])
    return ends[0], ends[1]


def _profile(
    even: Grey,
    placement: Placement,
    span: float,
    depth: float,
    gutter: tuple[float, float],
    *,
    upright: bool,
    turned: bool,
) -> Array:
    """(1, n): contrast along a gutter."""
    low, high = (depth - gutter[1], depth - gutter[0]) if turned else gutter
    starts = np.arange(0, span, SEGMENT)
    wide, high_px = round(SEGMENT * PER_MM), round((high - low) * PER_MM)
    count = len(starts)
    ends = np.full(count, high - low)
    if upright:
        boxes = np.column_stack([starts, np.full(count, low), np.full(count, SEGMENT), ends])
        cut = patches(even, placement, boxes, (wide, high_px)).astype(np.float32)
        mean = cut.mean(axis=1).ravel()
    else:
        boxes = np.column_stack([np.full(count, low), starts, ends, np.full(count, SEGMENT)])
        cut = patches(even, placement, boxes, (high_px, wide)).astype(np.float32)
        mean = cut.mean(axis=2).ravel()
    row = mean[None, : int(span * PER_MM)]
    paper = cv2.morphologyEx(row, cv2.MORPH_CLOSE, np.ones((1, WIDEST), np.uint8))
    return np.asarray(cv2.GaussianBlur(paper - row, (5, 1), 0) / 255)


def _peaks(profile: Array) -> list[tuple[float, float]]:
    """The highest places above the level and their widths, in millimetres, none beside another."""
    left = profile.copy()
    ends = round(EDGE * PER_MM)
    left[:ends] = left[-ends:] = 0
    places: list[tuple[float, float]] = []
    while len(places) < MOST_PEAKS and left.max() >= LEVEL:
        first = last = int(np.argmax(left))
        enough = 0.6 * float(left[first])
        while first and left[first - 1] >= enough:
            first -= 1
        while last + 1 < len(left) and left[last + 1] >= enough:
            last += 1
        places.append((((first + last + 1) / 2) / PER_MM, (last - first + 1) / PER_MM - GROWN))
        left[max(0, first - 8) : last + 9] = 0
    return places


def _followed(
    even: Grey,
    placement: Placement,
    known: Known,
    way: tuple[float, float],
    view: View,
    *,
    upright: bool,
) -> Line | None:
    """The line, fitted, if it is dark nearly all the way along `way`: start and slope."""
    page = known.page
    length = page.height if upright else page.width
    edges = np.arange(12.0, length - 12.0, SEGMENT)
    corners = np.array([_corners(edge, way, view.reach, upright=upright) for edge in edges])
    size = (round(SEGMENT * PER_MM), round(2 * view.reach * PER_MM))
    strip = quads(even, placement, corners, size)
    printed = quads(known.blank, flat_placement(PER_MM), corners, size) < 215
    ink = _across(strip, view.broadest)
    rows = slice(size[1] // 2 - view.middle, size[1] // 2 + view.middle)
    free = ~_grown(printed)[:, rows].any(axis=1)
    middle = np.asarray(ink[:, rows])
    dark = middle.max(axis=1) >= LEVEL
    held = dark & free
    if free.sum() < 200 or held.sum() < SHARE * free.sum():
        return None
    return _fitted(middle, held, edges, way, upright=upright)


def _is_sharp(middle: Array, held: Array) -> bool:
    """By the mean of each stretch of the way: noise has steep sides too."""
    count = np.maximum(held.sum(axis=1), 1)[:, None]
    across = (middle * held[:, None, :]).sum(axis=2) / count
    used = count[:, 0] >= 20
    steps = np.abs(across[used, 2:] - across[used, :-2]).max(axis=1)
    return bool(used.any()) and float(np.median(steps / across[used].max(axis=1))) >= STEEP


def _corners(edge: float, way: tuple[float, float], reach: float, *, upright: bool) -> Array:
    along = np.array([[edge, edge + SEGMENT]] * 2)
    across = way[0] + way[1] * along + np.array([[-reach], [reach]])
    return np.stack([across, along] if upright else [along, across], axis=-1)


def _across(strip: Grey, broadest: int) -> Array:
    """Contrast across the line, averaged a little along it."""
    count, rows, columns = strip.shape
    side_by_side = np.ascontiguousarray(strip.transpose(1, 0, 2)).reshape(rows, count * columns)
    smooth = cv2.blur(side_by_side, (9, 1))
    paper = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((broadest, 1), np.uint8))
    found = cv2.subtract(paper, smooth).astype(np.float32) / 255
    return np.asarray(found.reshape(rows, count, columns).transpose(1, 0, 2))


def _grown(printed: Array) -> Array:
    stack = printed.astype(np.uint8)
    return np.array([cv2.dilate(one, np.ones((5, 5), np.uint8)) for one in stack]) > 0


def _fitted(
    middle: Array, held: Array, edges: Array, way: tuple[float, float], *, upright: bool
) -> Line:
    """Least squares through the darkest places; `half` by how much of the strip is dark."""
    _count, rows, columns = middle.shape
    off = (np.argmax(middle, axis=1) - (rows - 1) / 2) / PER_MM
    along = edges[:, None] + (np.arange(columns) + 0.5) / PER_MM
    more, shift = np.polyfit(along[held], off[held], 1)
    left = np.abs(off[held] - shift - more * along[held])
    dark = float(np.median(middle.max(axis=1)[held]))
    wide = np.median((middle >= max(LEVEL, 0.5 * dark)).sum(axis=1)[held])
    half = float(wide) / 2 / PER_MM + float(np.quantile(left, 0.8))
    start, slope = float(way[0] + shift), float(way[1] + more)
    return Line(upright, start, slope, half, dark, _is_sharp(middle, held))


def hidden(lines: Sequence[Line], boxes: Array, size: tuple[int, int]) -> Array:
    """(n, rows, columns): what of each box lies under a streak."""
    mask = np.zeros((len(boxes), size[1], size[0]), bool)
    x, y = _middles(boxes, size)
    for line in lines:
        if line.sharp:
            mask |= line.hides(x, y)
    return mask


def shaded(lines: Sequence[Line], boxes: Array, size: tuple[int, int]) -> Array:
    """(n, rows, columns): by how much more contrast there must be where a fold is."""
    lift = np.zeros((len(boxes), size[1], size[0]), np.float32)
    x, y = _middles(boxes, size)
    for line in lines:
        if not line.sharp:
            np.maximum(lift, FOLD_LIFT * line.dark, out=lift, where=line.hides(x, y))
    return lift


def _middles(boxes: Array, size: tuple[int, int]) -> tuple[Array, Array]:
    columns, rows = size
    x = boxes[:, :1] + boxes[:, 2:3] * (np.arange(columns) + 0.5) / columns
    y = boxes[:, 1:2] + boxes[:, 3:4] * (np.arange(rows) + 0.5) / rows
    return x[:, None, :], y[:, :, None]
