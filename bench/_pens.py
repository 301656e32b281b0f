"""What a hand leaves on a ballot: strokes of nine pens, drawn as coverage of the paper.

Lengths are millimetres from the top left of the page. A stroke is a line with a width and a
darkness at each of its points; `Pen` says what it is drawn with. Strokes are drawn at about 24
pixels a millimetre and brought down to the pixels of the page by area, so thin lines keep their
grey at 150 dpi.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Grey = npt.NDArray[np.uint8]
Dice = np.random.Generator
FINE = 24
"""Pixels a millimetre at which strokes are drawn."""
TURN = 2 * np.pi


@dataclass(frozen=True)
class Stroke:
    xy: Points
    width: Points
    dark: Points


@dataclass(frozen=True)
class Pen:
    """`bgr` the ink, `alpha` how much of the paper it hides, `grain` which texture it leaves."""

    tool: str
    width: float
    bgr: tuple[int, int, int]
    alpha: float
    grain: str

    @property
    def grey(self) -> int:
        blue, green, red = self.bgr
        return round(0.114 * blue + 0.587 * green + 0.299 * red)


@dataclass(frozen=True)
class Style:
    """One of the nine: with which tools, in which shapes."""

    tools: tuple[str, ...]
    shapes: tuple[str, ...]


ANY = ("circle", "circle", "tick", "cross")
STYLES = {
    "circle": Style(("gel", "ball"), ("circle",)),
    "tick": Style(("gel", "ball"), ("tick",)),
    "cross": Style(("gel", "ball"), ("cross",)),
    "filled": Style(("gel", "ball", "felt"), ("filled",)),
    "light pencil": Style(("pencil",), ANY),
    "ball pen": Style(("ball",), ANY),
    "brush": Style(("brush",), ANY),
    "felt pen": Style(("felt",), ANY),
    "thin gel": Style(("thin",), ANY),
}
BLACK, BLUE, NAVY, RED = (28, 26, 26), (150, 62, 38), (96, 40, 30), (48, 44, 196)
# width in mm, alpha, inks, grain
TOOLS: dict[str, tuple[tuple[float, float], tuple[float, float], tuple[object, ...], str]] = {
    "gel": ((0.38, 0.55), (0.9, 1.0), (BLACK, BLACK, NAVY), "even"),
    "thin": ((0.24, 0.36), (0.85, 1.0), (BLACK, BLACK, NAVY), "even"),
    "ball": ((0.32, 0.55), (0.66, 0.92), (BLACK, BLUE, BLUE, NAVY, RED), "skips"),
    "pencil": ((0.4, 0.75), (0.42, 0.66), ((92, 90, 90),), "paper"),
    "brush": ((0.9, 2.2), (0.86, 1.0), (BLACK,), "dry"),
    "felt": ((0.8, 1.6), (0.9, 1.0), (BLACK, BLACK, BLUE, RED), "even"),
}


def pick_pen(dice: Dice, tool: str) -> Pen:
    widths, alphas, inks, grain = TOOLS[tool]
    ink = inks[int(dice.integers(len(inks)))]
    assert isinstance(ink, tuple)
    return Pen(tool, dice.uniform(*widths), ink, dice.uniform(*alphas), grain)


def bezier(corners: Points, count: int) -> Points:
    """A quadratic (three corners) or cubic (four) curve."""
    t = np.linspace(0, 1, count)[:, None]
    if len(corners) == 3:
        a, b, c = corners
        return (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
    a, b, c, d = corners
    return (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d


def _tremor(dice: Dice, count: int, size: float) -> Points:
    """A slow wobble of the hand and a small fast one."""
    t = np.linspace(0, 1, count)[:, None]
    phase, pace = dice.uniform(0, TURN, 4), dice.uniform(1, 3)
    slow = np.hstack([np.sin(TURN * pace * t + phase[0]), np.sin(TURN * pace * t + phase[1])])
    fast = np.hstack([np.sin(TURN * 7 * t + phase[2]), np.sin(TURN * 6 * t + phase[3])])
    return size * (0.02 * slow + 0.004 * fast)


def _stroke(dice: Dice, pen: Pen, xy: Points, size: float) -> Stroke:
    count = len(xy)
    t = np.linspace(0, 1, count)
    press = 1 + 0.12 * np.sin(TURN * (dice.uniform(0.5, 1.5) * t + dice.uniform()))
    if pen.tool == "brush":
        swell = dice.uniform(0.25, 0.6)
        press = press * (1 - swell + swell * np.sin(np.pi * (0.12 + 0.8 * t)) ** 0.7)
    elif pen.tool != "felt":
        ends = np.minimum(np.minimum(t, 1 - t) * 8 + 0.55, 1)
        press = press * ends
    dark = np.clip(0.92 + 0.12 * (press - 1) + dice.uniform(-0.05, 0.05), 0.5, 1)
    return Stroke(xy + _tremor(dice, count, size), pen.width * press, dark)


def circle(dice: Dice, pen: Pen, size: float) -> list[Stroke]:
    """Begun near the top, seldom closed where it began."""
    sweep = TURN * dice.uniform(0.93, 1.14) * (1 if dice.uniform() < 0.3 else -1)
    turn = -np.pi / 2 + dice.normal(0, 0.5) + np.linspace(0, sweep, 44)
    grows = 1 + dice.normal(0, 0.06) * np.linspace(-1, 1, 44)
    round_ = 1 + dice.uniform(0, 0.06) * np.sin(2 * turn + dice.uniform(0, TURN))
    radius = size / 2 * grows * round_
    xy = np.stack([radius * np.cos(turn) * dice.uniform(0.85, 1.15), radius * np.sin(turn)], 1)
    return [_stroke(dice, pen, xy @ _tilt(dice.normal(0, 0.25)), size)]


def tick(dice: Dice, pen: Pen, size: float) -> list[Stroke]:
    """A short way down, a long one up to the right; often in one go."""
    jitter = dice.normal(0, 0.05, (5, 2))
    corners = np.array([[-0.5, -0.05], [-0.34, 0.16], [-0.16, 0.44], [0.14, 0.0], [0.52, -0.46]])
    corners = (corners + jitter) * size
    down, up = bezier(corners[:3], 12), bezier(corners[2:], 22)
    return [_stroke(dice, pen, np.vstack([down, up[1:]]), size)]


def cross(dice: Dice, pen: Pen, size: float) -> list[Stroke]:
    found = []
    half = size * 0.45
    for start, end in (((-1, -1), (1, 1)), ((1, -1), (-1, 1))):
        ends = np.array([start, end]) * half + dice.normal(0, 0.09 * size, (2, 2))
        middle = ends.mean(0) + dice.normal(0, 0.07 * size, 2)
        found.append(_stroke(dice, pen, bezier(np.array([ends[0], middle, ends[1]]), 20), size))
    if dice.uniform() < 0.12:  # the pen was not lifted between the two
        way = np.array([found[0].xy[-1], found[1].xy[0]])
        line = way[0] + (way[1] - way[0]) * np.linspace(0, 1, 14)[:, None]
        thin = _stroke(dice, pen, line, size)
        found.append(Stroke(thin.xy, thin.width * 0.7, thin.dark * 0.85))
    return found


def filled(dice: Dice, pen: Pen, size: float) -> list[Stroke]:
    """There and back until the box is dark, as on an answer sheet; some paper may show."""
    step = max(pen.width, 0.3) * dice.uniform(0.75, 1.3)
    half = size * 0.45
    rows = np.arange(-half, half + step, step)
    reach = half * np.sqrt(np.clip(1.25 - (rows / half) ** 2 * dice.uniform(0.2, 0.9), 0.1, 1))
    ends = np.stack([reach * np.where(np.arange(len(rows)) % 2, 1, -1), rows], 1)
    ends += dice.normal(0, 0.05 * size, ends.shape)
    t = np.linspace(0, 1, 7)[:-1, None]
    xy = np.vstack([a + (b - a) * t for a, b in pairwise(ends)])
    return [_stroke(dice, pen, xy @ _tilt(dice.normal(0.6, 0.35)), size)]


SHAPES: dict[str, Callable[[Dice, Pen, float], list[Stroke]]] = {
    "circle": circle,
    "tick": tick,
    "cross": cross,
    "filled": filled,
}


def dot(dice: Dice, pen: Pen, size: float) -> list[Stroke]:
    """Where a pen rested; `size` is its width."""
    xy = np.cumsum(dice.normal(0, 0.12 * size, (4, 2)), 0)
    return [Stroke(xy, np.full(4, size), np.full(4, 0.95))]


def slip(dice: Dice, pen: Pen, size: float) -> list[Stroke]:
    """A straight stroke that says nothing."""
    way = dice.uniform(0, TURN)
    ends = np.array([[-0.5, 0], [0, dice.normal(0, 0.08)], [0.5, 0]]) * size
    return [_stroke(dice, pen, bezier(ends @ _tilt(way), 8), size)]


def struck_out(dice: Dice, pen: Pen, size: float) -> list[Stroke]:
    """A few strokes across what was there before."""
    found = []
    for _ in range(int(dice.integers(2, 5))):
        ends = np.array([[-0.62, dice.normal(0, 0.2)], [0, 0], [0.62, dice.normal(0, 0.2)]]) * size
        found.append(_stroke(dice, pen, bezier(ends @ _tilt(dice.normal(0, 0.25)), 16), size))
    return found


def _tilt(angle: float) -> Points:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def moved(strokes: list[Stroke], by: tuple[float, float]) -> list[Stroke]:
    return [Stroke(one.xy + np.array(by), one.width, one.dark) for one in strokes]


@cache
def texture(grain: str) -> npt.NDArray[np.float32]:
    """1,024 pixels square, about one in the mean: what of the ink stays on the paper."""
    dice = np.random.default_rng(sum(grain.encode()))
    fine = dice.normal(0, 1, (1024, 1024)).astype(np.float32)
    if grain == "paper":  # graphite stays on the hills of the paper
        hills = cv2.GaussianBlur(fine, (0, 0), 1.6) * 5.6
        return np.clip(1 + 0.28 * hills, 0.25, 1.35).astype(np.float32)
    if grain == "skips":
        flow = cv2.GaussianBlur(fine, (0, 0), 5) * 17
        return np.clip(1.12 + 0.2 * flow, 0.3, 1.05).astype(np.float32)
    if grain == "dry":
        hairs = cv2.GaussianBlur(fine, (0, 0), sigmaX=14, sigmaY=1.2) * 14
        return np.clip(1.1 + 0.22 * hairs, 0.15, 1.0).astype(np.float32)
    return np.clip(1 + 0.03 * fine, 0, 1).astype(np.float32)


@dataclass(frozen=True)
class Ink:
    """Coverage 0–1 of a piece of the page whose top left pixel is `left`, `top`."""

    left: int
    top: int
    cover: npt.NDArray[np.float32]

    @property
    def total(self) -> float:
        return float(self.cover.sum())

    def within(self, box: tuple[float, float, float, float], ppm: float) -> float:
        """Ink in a box given in mm, in pixels of full coverage."""
        height, width = self.cover.shape
        x, y, w, h = (side * ppm for side in box)
        left, right = (min(max(round(v) - self.left, 0), width) for v in (x, x + w))
        top, bottom = (min(max(round(v) - self.top, 0), height) for v in (y, y + h))
        return float(self.cover[top:bottom, left:right].sum())


def draw(dice: Dice, pen: Pen, strokes: list[Stroke], ppm: float) -> Ink:
    """`ppm` is the pixels a millimetre of the page."""
    over = max(1, round(FINE / ppm))
    edge = max(float(one.width.max()) for one in strokes) + 0.3
    every = np.vstack([one.xy for one in strokes])
    low, high = np.floor((every.min(0) - edge) * ppm), np.ceil((every.max(0) + edge) * ppm)
    width, height = (int(v) for v in high - low)
    canvas = np.zeros((height * over, width * over), np.uint8)
    for one in strokes:
        _lay(canvas, one, low, ppm * over, over)
    cover = canvas.astype(np.float32) / 255 * _piece(dice, pen.grain, canvas.shape)
    if over > 1:
        cover = cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA)
    return Ink(int(low[0]), int(low[1]), np.clip(cover * pen.alpha, 0, 1).astype(np.float32))


def _lay(canvas: Grey, one: Stroke, low: Points, scale: float, over: int) -> None:
    xy = np.round((one.xy * scale - low * over) * 16).astype(int)
    thick = np.maximum(np.round(one.width * scale), 1).astype(int)
    dark = np.round(one.dark * 255).astype(int)
    for k in range(len(xy) - 1):
        a, b = (int(v) for v in xy[k]), (int(v) for v in xy[k + 1])
        cv2.line(canvas, tuple(a), tuple(b), int(dark[k]), int(thick[k]), cv2.LINE_AA, 4)


def _piece(dice: Dice, grain: str, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    whole = texture(grain)
    height, width = shape
    if height > 1024 or width > 1024:
        whole = np.tile(whole, (-(-height // 1024), -(-width // 1024)))
    top = int(dice.integers(0, max(whole.shape[0] - height, 0) + 1))
    left = int(dice.integers(0, max(whole.shape[1] - width, 0) + 1))
    return whole[top : top + height, left : left + width]


def put(page: Grey, ink: Ink, pen: Pen) -> None:
    """Lays the ink on the page, grey or colour, in place."""
    height, width = page.shape[:2]
    top, left = max(ink.top, 0), max(ink.left, 0)
    bottom = min(ink.top + ink.cover.shape[0], height)
    right = min(ink.left + ink.cover.shape[1], width)
    if bottom <= top or right <= left:
        return
    cover = ink.cover[top - ink.top : bottom - ink.top, left - ink.left : right - ink.left]
    piece = page[top:bottom, left:right]
    if page.ndim == 3:
        cover = cover[:, :, None]
    colour = np.array(pen.bgr if page.ndim == 3 else pen.grey, np.float32)
    piece[:] = np.round(piece + (colour - piece) * cover).astype(np.uint8)
