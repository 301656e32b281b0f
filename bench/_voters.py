"""A voter fills a page, and the truth of every position is known.

MARKED and EMPTY are what any clerk at the counting table would call out without stopping. LOOK is
everything else, made so on purpose: struck out, half a stroke, too faint, between two boxes, a
blot, rubbed out. A mark that came out too far from its box to be plain is drawn again: nothing is
called plain that is not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from bench import _pens
from bench._pens import Dice, Grey, Ink, Pen, Stroke
from bench._scribbles import name_ink

Box = tuple[float, float, float, float]
"""x, y, width, height in mm from the top left."""


class Truth(StrEnum):
    MARKED = "marked"
    EMPTY = "empty"
    LOOK = "a person must look"


@dataclass(frozen=True)
class Place:
    contest: str
    option: str
    column: str
    box: Box


@dataclass(frozen=True)
class Sheet:
    """One page as hand and scanner see it; `names` are the boxes of write-in names by option."""

    width: float
    height: float
    places: tuple[Place, ...]
    names: dict[tuple[str, str], Box] = field(default_factory=dict)
    seal: Box | None = None


@dataclass(frozen=True)
class Said:
    """What is true of one position, and what was drawn there."""

    truth: Truth
    what: str = ""


@dataclass(frozen=True)
class Habit:
    """How tidy a hand is: size of its marks to the box, and how far off the middle."""

    sizes: tuple[float, float]
    off: float


TIDY, USUAL, HASTY = Habit((0.6, 0.9), 0.07), Habit((0.55, 1.05), 0.12), Habit((0.45, 1.2), 0.18)
LEAST_MM, MOST_MM = 2.6, 11.0
OWN, OTHER = 0.66, 0.14
"""A plain mark has at least so much of its ink in its box, and at most so much in any other."""
TOUCHING_MM = 1.5
DOTTED, SLIPPED, UNSURE = 0.012, 0.008, 0.0025
"""Shares of the options at which a pen rested, slipped, or left what a person must look at."""


@dataclass(frozen=True)
class Filled:
    style: str
    said: tuple[Said, ...]


class Voter:
    """One voter with one pen before one page."""

    def __init__(self, dice: Dice, sheet: Sheet, page: Grey, ppm: float) -> None:
        self.dice, self.sheet, self.page, self.ppm = dice, sheet, page, ppm
        self.style = list(_pens.STYLES)[int(dice.integers(len(_pens.STYLES)))]
        style = _pens.STYLES[self.style]
        self.pen = _pens.pick_pen(dice, _one(dice, style.tools))
        self.shape = _one(dice, style.shapes)
        self.habit = (TIDY, USUAL, HASTY)[int(dice.choice(3, p=(0.5, 0.4, 0.1)))]
        self.said = [Said(Truth.EMPTY)] * len(sheet.places)

    def fill(self, eager: float) -> Filled:
        """`eager` is the share of options that get a mark."""
        rows: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, place in enumerate(self.sheet.places):
            rows[place.contest, place.option].append(index)
        for name, row in rows.items():
            if name in self.sheet.names and self.dice.uniform() > 0.15:
                continue
            if any(self.said[index].truth is Truth.LOOK for index in row):
                continue
            if self.dice.uniform() < UNSURE:
                self._unsure(row)
            elif self.dice.uniform() < eager:
                self._mark(row[self._column(len(row))])
                if name in self.sheet.names:
                    self._write(self.sheet.names[name])
            self._stray(row)
        return Filled(self.style, tuple(self.said))

    def _column(self, count: int) -> int:
        weights = np.array([0.72, 0.2, 0.08][:count] + [0.02] * max(count - 3, 0))
        return int(self.dice.choice(count, p=weights / weights.sum()))

    def _mark(self, index: int, pen: Pen | None = None) -> Ink:
        """A plain mark; the hand is held closer until it is one."""
        pen = pen or self.pen
        shape = self.shape if self.dice.uniform() < 0.9 else _one(self.dice, ("circle", "tick"))
        if self.style == "filled":
            shape = "filled"
        for close in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0):
            strokes = self._strokes(index, shape, pen, close)
            ink = _pens.draw(self.dice, pen, strokes, self.ppm)
            if self._plain(ink, index):
                break
        self._lay(ink, pen)
        self.said[index] = Said(Truth.MARKED, shape)
        return ink

    def _strokes(self, index: int, shape: str, pen: Pen, close: float) -> list[Stroke]:
        x, y, w, h = self.sheet.places[index].box
        low, high = self.habit.sizes
        size = min(w, h) * (0.7 + (self.dice.uniform(low, high) - 0.7) * close)
        size = float(np.clip(size, min(LEAST_MM, min(w, h) * 0.7), MOST_MM))
        off = self.habit.off * close
        by = x + w * (0.5 + self.dice.normal(0, off)), y + h * (0.5 + self.dice.normal(0, off))
        return _pens.moved(_pens.SHAPES[shape](self.dice, pen, size), by)

    def _plain(self, ink: Ink, index: int) -> bool:
        total = max(ink.total, 1e-6)
        own = ink.within(self.sheet.places[index].box, self.ppm) / total
        return own >= OWN and all(
            ink.within(self.sheet.places[other].box, self.ppm) / total <= OTHER
            for other in self._near(index)
        )

    def _near(self, index: int) -> Iterable[int]:
        x, y, w, h = self.sheet.places[index].box
        for other, place in enumerate(self.sheet.places):
            dx, dy = abs(place.box[0] - x), abs(place.box[1] - y)
            if other != index and dx < 3 * w + 8 and dy < 3 * h + 8:
                yield other

    def _lay(self, ink: Ink, pen: Pen) -> None:
        _pens.put(self.page, ink, pen)

    def _write(self, box: Box) -> None:
        pen = (
            self.pen
            if self.pen.tool in ("gel", "thin", "ball")
            else _pens.pick_pen(self.dice, "gel")
        )
        self._lay(name_ink(self.dice, box, self.ppm), replace(pen, alpha=1.0))

    def _stray(self, row: list[int]) -> None:
        """What a clerk does not even see: a resting pen, a slip at the edge of the box."""
        index = row[int(self.dice.integers(len(row)))]
        if self.said[index].truth is not Truth.EMPTY:
            return
        if self.dice.uniform() < DOTTED:
            size, what = self.dice.uniform(0.25, 0.7), "dot"
            strokes = _pens.dot(self.dice, self.pen, size)
        elif self.dice.uniform() < SLIPPED:
            what = "slip"
            strokes = _pens.slip(self.dice, self._thin(), self.dice.uniform(0.7, 1.8))
        else:
            return
        pen = self._thin()
        by = self._inside(index) if what == "dot" else self._at_edge(index)
        self._lay(_pens.draw(self.dice, pen, _pens.moved(strokes, by), self.ppm), pen)
        self.said[index] = Said(Truth.EMPTY, what)

    def _thin(self) -> Pen:
        """A brush does not rest or slip lightly: whoever holds one leaves the trace of a pen."""
        return self.pen if self.pen.width < 0.6 else _pens.pick_pen(self.dice, "thin")

    def _inside(self, index: int) -> tuple[float, float]:
        x, y, w, h = self.sheet.places[index].box
        return x + w * self.dice.uniform(0.15, 0.85), y + h * self.dice.uniform(0.15, 0.85)

    def _at_edge(self, index: int) -> tuple[float, float]:
        x, y, w, h = self.sheet.places[index].box
        along = self.dice.uniform(0.1, 0.9)
        edges = ((0.0, along), (1.0, along), (along, 0.0), (along, 1.0))
        across, down = edges[int(self.dice.integers(4))]
        return x + w * across, y + h * down

    def _unsure(self, row: list[int]) -> None:
        index = row[self._column(len(row))]
        kinds = list(UNSURE_KINDS)
        what = kinds[int(self.dice.integers(len(kinds)))]
        UNSURE_KINDS[what](self, index, row)
        self.said[index] = Said(Truth.LOOK, what)

    def _struck(self, index: int, row: list[int]) -> None:
        """A mark struck out, and most times another beside it: the voter changed his mind."""
        self._mark(index)
        x, y, w, h = self.sheet.places[index].box
        strokes = _pens.struck_out(self.dice, self.pen, min(w, h))
        centred = _pens.moved(strokes, (x + w / 2, y + h / 2))
        self._lay(_pens.draw(self.dice, self.pen, centred, self.ppm), self.pen)
        others = [other for other in row if other != index]
        if others and self.dice.uniform() < 0.8:
            self._mark(others[0])

    def _faint(self, index: int, row: list[int]) -> None:
        pencil = replace(_pens.pick_pen(self.dice, "pencil"), alpha=self.dice.uniform(0.06, 0.16))
        self._mark(index, pencil)

    def _half(self, index: int, row: list[int]) -> None:
        x, y, w, h = self.sheet.places[index].box
        size = min(w, h) * self.dice.uniform(0.3, 0.5)
        strokes = _pens.moved(_pens.slip(self.dice, self.pen, size), (x + w / 2, y + h / 2))
        self._lay(_pens.draw(self.dice, self.pen, strokes, self.ppm), self.pen)

    def _blot(self, index: int, row: list[int]) -> None:
        strokes = _pens.moved(
            _pens.dot(self.dice, self.pen, self.dice.uniform(1.1, 1.9)), self._inside(index)
        )
        self._lay(_pens.draw(self.dice, self.pen, strokes, self.ppm), self.pen)

    def _rubbed(self, index: int, row: list[int]) -> None:
        """Pencil rubbed out: the furrow stays, and a grey smear."""
        self._faint(index, row)
        x, y, w, h = self.sheet.places[index].box
        smear = Pen("pencil", 3.2, (90, 90, 90), self.dice.uniform(0.02, 0.06), "paper")
        strokes = _pens.moved(_pens.slip(self.dice, smear, min(w, h)), (x + w / 2, y + h / 2))
        self._lay(_pens.draw(self.dice, smear, strokes, self.ppm), smear)

    def _between(self, index: int, row: list[int]) -> None:
        """On the line to the next box, or half out of a box that stands alone."""
        x, y, w, h = self.sheet.places[index].box
        at = x + 0.02 * w, y + h / 2
        others = list(self._touching(index))
        if others:
            other = others[int(self.dice.integers(len(others)))]
            ox, oy, ow, oh = self.sheet.places[other].box
            at = (x + w / 2 + ox + ow / 2) / 2, (y + h / 2 + oy + oh / 2) / 2
            self.said[other] = Said(Truth.LOOK, "between")
        size = min(w, h) * self.dice.uniform(0.75, 1.0)
        shape = _one(self.dice, ("circle", "tick", "cross"))
        strokes = _pens.moved(_pens.SHAPES[shape](self.dice, self.pen, size), at)
        self._lay(_pens.draw(self.dice, self.pen, strokes, self.ppm), self.pen)

    def _touching(self, index: int) -> Iterable[int]:
        """Beside it in its row, above and below in its column."""
        x, y, w, h = self.sheet.places[index].box
        for other in self._near(index):
            ox, oy, ow, oh = self.sheet.places[other].box
            across, down = max(ox - x - w, x - ox - ow), max(oy - y - h, y - oy - oh)
            if max(across, down) < TOUCHING_MM and min(across, down) < -0.5 * min(w, h):
                yield other


UNSURE_KINDS: dict[str, Callable[[Voter, int, list[int]], object]] = {
    "struck out": Voter._struck,
    "faint": Voter._faint,
    "half": Voter._half,
    "blot": Voter._blot,
    "rubbed out": Voter._rubbed,
    "between": Voter._between,
}


def _one(dice: Dice, among: tuple[str, ...]) -> str:
    return among[int(dice.integers(len(among)))]
