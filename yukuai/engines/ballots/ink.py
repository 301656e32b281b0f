"""Step 7: how much ink lies in a box that was printed empty.

Ink is what is darker than the paper around it at the width of a stroke; a shadow, a stain or a
smudge is wider and counts only where it is nearly black. Lengths are in pixels of the patches,
`PER_MM` of them a millimetre.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from yukuai.engines.ballots.raster import Array, Grey

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
DUST = 0.9
"""mm; much dust is no ink either."""
RULE_BLUR = 0.7
STEEP, STRAIGHT = 0.3, 0.13
PALE = 0.2
"""Contrast of the darkest fold."""
INSIDE_ALL = 99.0
"""Depth of what touches no edge."""
RULE = 0.12
"""Mean contrast along a printed rule."""
SEARCH = 1.4
CLEAR = 0.4
INSIDE = 0.45


def contrast(stack: Grey) -> Array:
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

    edges: Array
    off: Array

    def mask(self, size: tuple[int, int]) -> Array:
        """(n, rows, columns): what lies inside."""
        left, top, right, bottom = (edge[:, None] for edge in self.edges.T)
        x, y = np.arange(size[0])[None, :], np.arange(size[1])[None, :]
        within_x, within_y = (x >= left) & (x < right), (y >= top) & (y < bottom)
        return np.asarray(within_x[:, None, :] & within_y[:, :, None])


def find_rules(found: Array) -> Insides:
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


def _rule(profile: Array) -> Array:
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


def _agreed(one: Array, other: Array) -> Array:
    """Of two opposite rules: the mean, or the one nearer to its place where they disagree."""
    mean = (one + other) / 2
    nearer = np.where(np.abs(one) <= np.abs(other), one, other)
    both = np.where(np.abs(one - other) <= 0.7, mean, nearer)
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, both))


def threshold(found: Array, insides: Insides) -> Array:
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

    `area` is that of all pieces, the rest of the largest one: `extent` its longer side, `contrast`
    its darkness, `density` its share of its hull, `strokes` half the length of its outlines in
    extents, `loops` how many white parts it encloses, `straight` whether all there is is one line,
    `through` whether it leads from one edge to the opposite one. `depth` is how far it reaches from
    the edges it touches; `own` the share of it that lies in this box rather than beyond, `rival`
    how many times as much of it the box has as the neighbour that has most; `single` whether what
    leaves the box is no larger than one mark.
    """

    area: float = 0.0
    extent: float = 0.0
    contrast: float = 0.0
    density: float = 0.0
    strokes: float = 0.0
    loops: int = 0
    straight: bool = False
    through: bool = False
    depth: float = INSIDE_ALL
    own: float = 1.0
    rival: float = INSIDE_ALL
    single: bool = True

    @property
    def edge(self) -> bool:
        return self.depth < INSIDE_ALL

    @property
    def width(self) -> float:
        """Of its strokes."""
        return self.area / max(self.strokes * self.extent, 1.0)


NO_INK = Ink()


def measure(mask: Grey, found: Array) -> Ink:
    """Of one box: `mask` 0 or 1, `found` the contrast."""
    joined = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    _count, labels, stats, _middles = cv2.connectedComponentsWithStats(joined, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA] / PER_MM**2
    kept = 1 + np.flatnonzero((areas >= SPECK) & ~_hugging(stats[1:], mask.shape))
    pieces = [_piece(labels, stats[n], int(n), found) for n in kept]
    pieces = [one for one in pieces if one.sharp or one.peak >= BLACK]
    if not pieces:
        return NO_INK
    largest = max(pieces, key=lambda one: one.mass)
    strokes = [one.mass for one in pieces if max(one.shape.shape) >= DUST * PER_MM]
    return _described(largest, max(largest.mass, sum(strokes)), mask.shape)


def _hugging(stats: Array, shape: tuple[int, ...]) -> Array:
    """Which pieces are but the blurred side of a printed rule: thin, along an edge of the box."""
    rows, columns = shape
    x, y, w, h = stats[:, :4].T
    thin = RULE_BLUR * PER_MM
    across = (w <= thin) & ((x == 0) | (x + w == columns))
    down = (h <= thin) & ((y == 0) | (y + h == rows))
    return np.asarray(across | down)


@dataclass(frozen=True)
class _Piece:
    """A piece of ink at half its height, so that blur makes it no larger; `x`, `y` of its top left
    pixel, `mass` in pixels of full ink. `sharp` where its edge is that of a pen."""

    x: int
    y: int
    shape: Grey
    mass: float
    peak: float
    sharp: bool


def _piece(labels: Array, stats: Array, number: int, found: Array) -> _Piece:
    x, y, w, h, _area = map(int, stats)
    cut = np.where(labels[y : y + h, x : x + w] == number, found[y : y + h, x : x + w], 0)
    peak = float(np.sort(cut, axis=None)[-max(4, cut.size // 50) :].mean())
    shape = (cut >= HALF * peak).astype(np.uint8)
    mass = float(np.minimum(cut / max(peak, 1e-6), 1).sum())
    left, top, wide, high = cv2.boundingRect(shape)
    shape = shape[top : top + high, left : left + wide]
    sharp = peak >= BLACK or _steepness(found, x + left, y + top, shape, peak) >= STEEP * peak
    return _Piece(x + left, y + top, shape, mass, peak, sharp)


def _steepness(found: Array, x: int, y: int, shape: Grey, peak: float) -> float:
    """How much contrast changes over two pixels at the steepest places of a piece; of a pale one
    usually, all along its outline, as noise is steep here and there."""
    rows, columns = found.shape
    high, wide = shape.shape
    left, top = min(x, 2), min(y, 2)
    cut = found[y - top : min(rows, y + high + 2), x - left : min(columns, x + wide + 2)]
    if min(cut.shape) < 4:
        return 1.0
    across = np.abs(cut[:, 2:] - cut[:, :-2])[1:-1]
    down = np.abs(cut[2:] - cut[:-2])[:, 1:-1]
    steps = np.maximum(across, down)
    if peak >= PALE:
        return float(np.sort(steps, axis=None)[-max(4, steps.size // 10) :].mean())
    whole = np.zeros(cut.shape, np.uint8)
    whole[top : top + high, left : left + wide] = shape
    square = np.ones((3, 3), np.uint8)
    outline = (cv2.dilate(whole, square) > cv2.erode(whole, square))[1:-1, 1:-1]
    return float(np.median(steps[outline])) if outline.any() else 1.0


def _described(piece: _Piece, mass: float, room: tuple[int, ...]) -> Ink:
    high, wide = piece.shape.shape
    extent = max(high, wide) / PER_MM
    length, loops, outline = _outlines(piece.shape)
    left, top, right, bottom = _reaches(piece, room)
    hull = cv2.contourArea(cv2.convexHull(outline)) + length / 4 + 1
    return Ink(
        area=mass / PER_MM**2,
        extent=extent,
        contrast=piece.peak,
        density=min(1.0, piece.mass / max(hull, 1.0)),
        strokes=length / 2 / PER_MM / max(extent, 1.0),
        loops=loops,
        straight=piece.mass > 0.85 * mass and _is_straight(outline, piece.mass, length),
        through=max(left, right) < INSIDE_ALL or max(top, bottom) < INSIDE_ALL,
        depth=min(left, top, right, bottom),
    )


def _is_straight(outline: Array, mass: float, length: float) -> bool:
    """One line: hardly wider, as a whole, than its stroke."""
    _middle, sides, _angle = cv2.minAreaRect(outline)
    minor, major = min(sides) + 1, max(sides) + 1
    width = mass / max(length / 2, 1.0)
    return bool(major > 2.5 * minor and minor - width < STRAIGHT * major)


def _reaches(piece: _Piece, room: tuple[int, ...]) -> list[float]:
    """From the left, top, right and bottom edge of the box, as far as the piece reaches; of an
    edge it does not touch `INSIDE_ALL`."""
    rows, columns = room
    high, wide = piece.shape.shape
    reaches = [
        (piece.x <= 1, piece.x + wide),
        (piece.y <= 1, piece.y + high),
        (piece.x + wide >= columns - 1, columns - piece.x),
        (piece.y + high >= rows - 1, rows - piece.y),
    ]
    return [reach / PER_MM if touched else INSIDE_ALL for touched, reach in reaches]


def _outlines(piece: Grey) -> tuple[float, int, Array]:
    """Length in pixels of all outlines, how many white parts larger than 1 mm² are enclosed, and
    the longest outline."""
    wide = cv2.copyMakeBorder(piece, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    lines, tree = cv2.findContours(wide, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    holes = [line for line, links in zip(lines, tree[0], strict=True) if links[3] >= 0]
    loops = sum(cv2.contourArea(line) >= PER_MM**2 for line in holes)
    length = sum(cv2.arcLength(line, True) for line in lines)
    return length, loops, max(lines, key=len)
