"""Steps 2 and 3: the four corner squares, which way is up, and every mark along the borders."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, permutations

import cv2
import numpy as np

from yukuai.engines.ballots.light import reduced
from yukuai.engines.ballots.paper import Mark, MarkKind
from yukuai.engines.ballots.placing import (
    Placement,
    Sag,
    patches,
    perspective,
    project,
    similarity,
)
from yukuai.engines.ballots.raster import Array, Grey

COARSE = 900
"""Long side of the picture in which corners are looked for."""
DARK, PAPER = 110, 150
SURE = 0.93
CORNER_TO_TICK, NEIGHBOURS = (5 / 3) ** 2, 4
LEAST_DEPTH = 0.2
"""Of a perspective, where 1 is the corner of the page: nearer no camera sees paper."""
MOST_CORNERS, THREE, PAIRED = 7, 5, 5
OUTSIDE = 3
"""Of the links of an outline: which one it is a hole of."""
ENOUGH = 0.72
"""Share of the marks that must be where four corners say, less half of what must be quiet."""
REACH = 3.3
"""Millimetres around where a mark should be; its neighbour and the frame are further."""
WINDOW = 34
ROUNDS = 3


@dataclass(frozen=True)
class Pattern:
    """The marks of a page, and the places that are dark on a page turned upside down."""

    marks: tuple[Mark, ...]
    places: Array
    quiet: Array

    @classmethod
    def of(cls, marks: tuple[Mark, ...], size: tuple[float, float]) -> "Pattern":
        places = np.array([(mark.x, mark.y) for mark in marks])
        width, height = size
        turned = [(width - m.x, height - m.y) for m in marks if m.kind is MarkKind.TURN]
        own = {(round(m.x, 1), round(m.y, 1)) for m in marks}
        quiet = [spot for spot in turned if (round(spot[0], 1), round(spot[1], 1)) not in own]
        return cls(marks, places, np.array(quiet))

    @property
    def corners(self) -> Array:
        return self.places[:4]

    @property
    def frame(self) -> tuple[float, float, float, float]:
        (left, top), (right, bottom) = self.places[0], self.places[2]
        return float(left), float(top), float(right), float(bottom)

    @property
    def half(self) -> Array:
        return np.array([mark.size / 2 for mark in self.marks])


@dataclass(frozen=True)
class Found:
    """`seen` says of each mark whether it is there, `outside` whether it is beyond the picture."""

    placement: Placement
    seen: Array
    outside: Array
    off: Array


def find_corners(even: Grey, pattern: Pattern) -> tuple[Placement, Array] | None:
    """A first placement by the corner squares, and all squares there are: x, y, area (n, 3). None
    where there is no such page."""
    step = max(1, round(max(even.shape) / COARSE))
    coarse = reduced(even, step)
    squares = _squares(coarse)
    near = np.asarray(cv2.erode(coarse, np.ones((3, 3), np.uint8)))
    best, placed = ENOUGH, None
    for matrix in _guesses(squares, pattern):
        share = _agreement(near, matrix, pattern)
        if share > best:
            best, placed = share, matrix
        if best > SURE:
            break
    if placed is None:
        return None
    squares[:, :2] = (squares[:, :2] + 0.5) * step - 0.5
    squares[:, 2] *= step * step
    return Placement(placed, pattern.frame).scaled(step), squares


def _guesses(squares: Array, pattern: Pattern) -> Iterator[Array]:
    """Perspectives that would put corners on squares; the likeliest first."""
    for corners in _quadruples(squares):
        for turns in range(4):
            yield perspective(pattern.corners, np.roll(corners, -turns, axis=0))
    large = _corner_like(squares)[:PAIRED]
    for one, other in permutations(large, 2):
        for a, b in combinations(range(4), 2):
            yield similarity(pattern.corners[a], pattern.corners[b], one, other)


def _squares(coarse: Grey) -> Array:
    """(n, 3): middle and area of dark squares, those with thin things attached too."""
    dark = np.asarray((coarse < DARK) * np.uint8(255), np.uint8)
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    lines, tree = cv2.findContours(solid, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    longest, found = 0.045 * max(coarse.shape), []
    for line, links in zip(lines, [] if tree is None else tree[0], strict=True):
        x, y, w, h = cv2.boundingRect(line)
        if links[OUTSIDE] < 0 and min(w, h) >= 5 and max(w, h) <= min(longest, 1.9 * min(w, h)):
            area = cv2.contourArea(line) + cv2.arcLength(line, True) / 2 + 1
            if area >= 0.48 * w * h:
                found.append((x + (w - 1) / 2, y + (h - 1) / 2, area))
    squares = np.array(found).reshape(-1, 3)
    return squares[_on_paper(coarse, squares)]


def _on_paper(coarse: Grey, squares: Array) -> Array:
    """Which have paper nearly all around: the grey lid of a scanner is full of squares."""
    away = np.sqrt(squares[:, 2:]) * 0.5 + 3
    turns = np.arange(8) * np.pi / 4
    reach = np.where(np.arange(8) % 2, np.sqrt(2), 1.0)
    rows, columns = coarse.shape
    x = np.rint(squares[:, :1] + away * reach * np.cos(turns)).astype(int).clip(0, columns - 1)
    y = np.rint(squares[:, 1:2] + away * reach * np.sin(turns)).astype(int).clip(0, rows - 1)
    return np.asarray((coarse[y, x] > PAPER).sum(axis=1) >= 6)


def _quadruples(squares: Array) -> Iterator[Array]:
    """Four squares, clockwise in the picture; the likeliest first."""
    if len(squares) < 4:
        return
    points = squares[:, :2]
    down, up = points.sum(axis=1), points[:, 0] - points[:, 1]
    yield points[[np.argmin(down), np.argmax(up), np.argmax(down), np.argmin(up)]]
    large = _corner_like(squares)[:MOST_CORNERS]
    for four in combinations(range(len(large)), 4):
        corners = large[list(four)]
        middle = corners.mean(axis=0)
        around = np.argsort(np.arctan2(*(corners - middle).T[::-1]), kind="stable")
        yield corners[around]
    for a, b, c in permutations(large[:THREE], 3):
        (right, up), (left, down) = b - a, c - b
        if right * down - up * left > 0:
            yield np.array([a, b, c, a + c - b])


def _corner_like(squares: Array) -> Array:
    """Middles; first those that are as much larger than the squares beside them as a corner is,
    wherever a camera saw the page from."""
    if len(squares) <= NEIGHBOURS:
        return np.asarray(squares[:, :2])
    away = np.linalg.norm(squares[:, None, :2] - squares[None, :, :2], axis=2)
    nearest = np.argsort(away, axis=1, kind="stable")[:, 1 : NEIGHBOURS + 1]
    usual = np.median(squares[:, 2][nearest], axis=1) * CORNER_TO_TICK
    unlike = np.abs(np.log(squares[:, 2] / usual))
    return np.asarray(squares[np.argsort(unlike, kind="stable"), :2])


def _agreement(near: Grey, matrix: Array, pattern: Pattern) -> float:
    """Share of marks that are dark, less the share of quiet places that are."""
    if (pattern.places @ matrix[2, :2] + matrix[2, 2]).min() < LEAST_DEPTH:
        return 0.0
    dark, inside = _dark(near, project(matrix, pattern.places))
    if inside.sum() < 0.8 * len(inside):
        return 0.0
    quiet, _inside = _dark(near, project(matrix, pattern.quiet))
    return float(dark.sum() / inside.sum() - quiet.mean() / 2)


def _dark(near: Grey, points: Array) -> tuple[Array, Array]:
    places = np.rint(np.nan_to_num(points, nan=-9, posinf=-9, neginf=-9)).clip(-9, 1e6).astype(int)
    rows, columns = near.shape
    x, y = places.T
    inside = (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
    seen = near[y.clip(0, rows - 1), x.clip(0, columns - 1)] < DARK
    return seen & inside, inside


def fit_marks(even: Grey, first: Placement, pattern: Pattern) -> Found:
    """The middle of every mark to a tenth of a pixel, and the placement they make together."""
    placement, before = first, -1
    for number in range(ROUNDS):
        seen, off = _measured(even, placement, pattern)
        placement = _refitted(placement, pattern, seen, off, straight=number == 0)
        if seen.sum() == before:
            break
        before = seen.sum()
    there = placement.to_picture(pattern.places)
    rows, columns = even.shape
    edge = 0.5 * first.per_mm()
    outside = ((there < edge) | (there > np.array([columns, rows]) - edge)).any(axis=1)
    return Found(placement, seen, outside & ~seen, off)


def _measured(even: Grey, placement: Placement, pattern: Pattern) -> tuple[Array, Array]:
    """Which marks are there, and how far (millimetres) from where they should be."""
    count, half = len(pattern.marks), pattern.half
    boxes = np.column_stack([pattern.places - REACH, np.full((count, 2), 2 * REACH)])
    windows = patches(even, placement, boxes, (WINDOW, WINDOW))
    dark = np.clip((200 - windows.astype(np.float32)) / 150, 0, 1)
    axis = ((np.arange(WINDOW) + 0.5) / WINDOW * 2 - 1).astype(np.float32) * REACH
    off = np.zeros((count, 2), np.float32)
    for extra in (1.2, 0.7, 0.5):
        reach = (half + extra).astype(np.float32)[:, None]
        near_x = np.abs(axis - off[:, :1]) <= reach
        near_y = np.abs(axis - off[:, 1:]) <= reach
        held = dark * near_x[:, None, :] * near_y[:, :, None]
        mass = held.sum(axis=(1, 2)) + 1e-6
        off = (
            np.stack(
                [(held.sum(axis=1) * axis).sum(axis=1), (held.sum(axis=2) * axis).sum(axis=1)],
                axis=1,
            )
            / mass[:, None]
        )
    area = mass * (2 * REACH / WINDOW) ** 2
    share = area / (2 * half) ** 2
    away = np.maximum(np.abs(axis - off[:, :1])[:, None, :], np.abs(axis - off[:, 1:])[:, :, None])
    edge = half.astype(np.float32)[:, None, None]
    solid = _mean(dark, away <= 0.6 * edge)
    around = _mean(dark, (away > edge + 0.5) & (away < edge + 1.1))
    seen = (share > 0.6) & (share < 1.5) & (solid > 0.55) & (around < 0.6)
    return seen, off.astype(np.float64)


def _mean(dark: Array, where: Array) -> Array:
    return np.asarray((dark * where).sum(axis=(1, 2)) / np.maximum(where.sum(axis=(1, 2)), 1))


def _refitted(
    placement: Placement, pattern: Pattern, seen: Array, off: Array, *, straight: bool
) -> Placement:
    """From what was measured: the perspective anew in the first round, then only what is left."""
    places = pattern.places
    if seen.sum() < 8:
        return placement
    measured = _moved(placement, places, off)
    matrix = placement.matrix
    if straight:
        made, _kept = cv2.findHomography(places[seen], measured[seen], 0)
        matrix = matrix if made is None else made
    back = project(np.linalg.inv(matrix), measured) - places
    return replace(placement, matrix=matrix, sag=_sag(pattern, seen, back))


def _moved(placement: Placement, places: Array, off: Array) -> Array:
    """Where in the picture the marks really are: windows are sampled with the placement's own
    bend at their corners, so that an offset in them is carried over by the local map."""
    steps = np.array([[0, 0], [0.5, 0], [-0.5, 0], [0, 0.5], [0, -0.5]])
    there, east, west, south, north = placement.to_picture(places + steps[:, None])
    return np.asarray(there + (east - west) * off[:, :1] + (south - north) * off[:, 1:])


def _sag(pattern: Pattern, seen: Array, off: Array) -> Sag:
    left, top, right, bottom = pattern.frame
    x, y = pattern.places.T
    sides = [
        (np.abs(y - top) < 0.01, (x - left) / (right - left)),
        (np.abs(y - bottom) < 0.01, (x - left) / (right - left)),
        (np.abs(x - left) < 0.01, (y - top) / (bottom - top)),
        (np.abs(x - right) < 0.01, (y - top) / (bottom - top)),
    ]
    at, by = [], []
    for on, along in sides:
        held = np.flatnonzero(on & seen)
        held = held[np.argsort(along[held], kind="stable")]
        at.append(along[held] if len(held) else np.zeros(1))
        by.append(off[held] @ np.array([1, 1j]) if len(held) else np.zeros(1, complex))
    return Sag(tuple(at), tuple(by))
