"""Marked and worn pages for the tests of the reader: simple strokes, a scanner, a phone."""

from collections.abc import Iterable

import cv2
import numpy as np

from yukuai.engines.ballots.drawing import blanks
from yukuai.engines.ballots.layout import lay_out
from yukuai.engines.ballots.spec import parse_spec

DPI = 150
PER_MM = DPI / 25.4
FINE = 6


class Sheet:
    """One printed page, as pixels at 150 dpi, to be marked."""

    def __init__(self, said, page=1):
        self.spec = parse_spec(said)
        self.layout = lay_out(self.spec)
        self.page = self.layout.page(page)
        self.pixels = blanks(self.spec, per_mm=PER_MM)[page - 1].copy()

    def box(self, option, column="for", contest=None):
        for one in (*self.page.positions, *self.page.names):
            if (one.option, one.column) == (option, column) and contest in (None, one.contest):
                return one.box_mm
        raise LookupError(option)

    def stroke(self, points, *, width=0.5, grey=40):
        """`points` in millimetres of the page."""
        low = np.floor((np.min(points, axis=0) - width) * PER_MM).astype(int)
        high = np.ceil((np.max(points, axis=0) + width) * PER_MM).astype(int)
        columns, rows = high - low
        canvas = np.full((rows * FINE, columns * FINE), 255, np.uint8)
        scaled = np.rint((np.array(points) * PER_MM - low) * FINE).astype(np.int32)
        thick = max(1, round(width * PER_MM * FINE))
        cv2.polylines(canvas, [scaled.reshape(-1, 1, 2)], False, grey, thick, cv2.LINE_AA)
        small = cv2.resize(canvas, (int(columns), int(rows)), interpolation=cv2.INTER_AREA)
        piece = self.pixels[low[1] : high[1], low[0] : high[0]]
        piece[:] = np.minimum(piece, small)
        return self

    def mark(self, option, column="for", shape="circle", *, at=(0.5, 0.5), size=5.0, **pen):
        x, y, w, h = self.box(option, column)
        middle = np.array([x + at[0] * w, y + at[1] * h])
        for points in SHAPES[shape]:
            self.stroke(middle + np.array(points) * size / 2, **pen)
        return self


def _ring():
    turn = np.linspace(0, 2 * np.pi, 40)
    return [np.stack([np.cos(turn), np.sin(turn)], axis=1)]


SHAPES = {
    "circle": _ring(),
    "cross": [[(-1, -1), (1, 1)], [(-1, 1), (1, -1)]],
    "tick": [[(-1, 0), (-0.4, 0.8), (1, -1)]],
    "filled": [[(-1 + 0.1 * n, (-1) ** n) for n in range(21)]],
    "dash": [[(-1, 0), (1, 0.1)]],
    "dot": [[(0, 0), (0.1, 0)]],
}


def scanned(pixels, *, skew=0.0, noise=3.0, turns=0, blur=0.4, jpeg=0, lid=250, margin=0, seed=1):
    """A sheet through a feeder, seen whole: turned by `skew` degrees and quarters."""
    rows, columns = pixels.shape
    angle = np.deg2rad(abs(skew))
    wide = int(columns * np.cos(angle) + rows * np.sin(angle)) + 2 * margin
    high = int(rows * np.cos(angle) + columns * np.sin(angle)) + 2 * margin
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), skew, 1.0)
    turn[:, 2] += [(wide - columns) / 2, (high - rows) / 2]
    found = cv2.warpAffine(pixels, turn, (wide, high), borderValue=lid)
    found = cv2.GaussianBlur(found, (0, 0), blur)
    dice = np.random.default_rng(seed)
    found = np.clip(found + dice.normal(0, noise, found.shape), 0, 255).astype(np.uint8)
    found = np.ascontiguousarray(np.rot90(found, -turns))
    if jpeg:
        _done, data = cv2.imencode(".jpg", found, [cv2.IMWRITE_JPEG_QUALITY, jpeg])
        found = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    return found


def photographed(pixels, *, lean=0.06, table=90, dark=0.4, seed=1):
    """By a phone: from aside, on a table, the light falling off to the right."""
    rows, columns = pixels.shape
    high, wide = int(rows * 1.25), int(columns * 1.25)
    page = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    seen = page + np.array([wide - columns, high - rows], np.float32) / 2
    seen += np.array([[lean, 0], [-lean, lean / 2], [0, 0], [0, -lean / 3]]) * [columns, rows]
    matrix = cv2.getPerspectiveTransform(page, seen.astype(np.float32))
    found = cv2.warpPerspective(pixels, matrix, (wide, high), borderValue=table)
    light = 1 - dark * np.linspace(0, 1, wide, dtype=np.float32)
    dice = np.random.default_rng(seed)
    found = cv2.GaussianBlur(found * light, (0, 0), 0.6) + dice.normal(0, 3, found.shape)
    return np.clip(found, 0, 255).astype(np.uint8)


def marked(reading) -> set[tuple[str, str]]:
    return {(one.option, one.column) for one in reading.positions if one.decision == "definite"}


def unsure(reading) -> set[tuple[str, str]]:
    return {(one.option, one.column) for one in reading.positions if one.decision == "marginal"}


def mark_all(sheet: Sheet, marks: Iterable[tuple[str, str]], shape="circle") -> Sheet:
    for option, column in marks:
        sheet.mark(option, column, shape)
    return sheet
