"""Where each point of the page lies in a picture: a perspective, and along the borders what paper
does besides (stretch, curl, fold), carried inwards (Coons patch)."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from yukuai.engines.ballots.raster import Array, Grey

PITCH = 8.0
"""Millimetres between the nodes of a page laid flat."""


@dataclass(frozen=True)
class Sag:
    """How far the paper is off the perspective along its four sides: at `at` (0 to 1 along the
    side), by `off` millimetres, a complex number x + iy. Sides: top, bottom, left, right."""

    at: tuple[Array, ...]
    off: tuple[Array, ...]

    def side(self, number: int, at: Array) -> Array:
        return np.interp(at, self.at[number], self.off[number])

    @cached_property
    def corners(self) -> tuple[complex, complex, complex, complex]:
        """Top left, top right, bottom left, bottom right, by both sides that meet there."""
        top, bottom, left, right = (self.side(n, np.array([0.0, 1.0])) for n in range(4))
        ends = ((top[0], left[0]), (top[1], right[0]), (bottom[0], left[1]), (bottom[1], right[1]))
        first, second, third, fourth = (complex(one + other) / 2 for one, other in ends)
        return first, second, third, fourth


NO_SAG = Sag((np.zeros(1),) * 4, (np.zeros(1, complex),) * 4)


@dataclass(frozen=True)
class Placement:
    """Millimetres of the page to pixels."""

    matrix: Array
    frame: tuple[float, float, float, float]
    """Left, top, right, bottom of the line of marks."""
    sag: Sag = NO_SAG

    def to_picture(self, points: Array) -> Array:
        """(…, 2) millimetres to (…, 2) pixels."""
        flat = points.reshape(-1, 2)
        if self.sag is not NO_SAG:
            flat = flat + self._sagged(flat)
        return project(self.matrix, flat).reshape(points.shape)

    def _sagged(self, points: Array) -> Array:
        left, top, right, bottom = self.frame
        u = np.clip((points[:, 0] - left) / (right - left), 0, 1)
        v = np.clip((points[:, 1] - top) / (bottom - top), 0, 1)
        above, below = self.sag.side(0, u), self.sag.side(1, u)
        first, last = self.sag.side(2, v), self.sag.side(3, v)
        c00, c10, c01, c11 = self.sag.corners
        across = above + v * (below - above)
        along = first + u * (last - first)
        corners = c00 + u * (c10 - c00) + v * (c01 - c00) + u * v * (c00 - c10 - c01 + c11)
        return np.asarray((across + along - corners).view(float).reshape(-1, 2))

    def per_mm(self) -> float:
        """Pixels a millimetre where the page is smallest."""
        left, top, right, bottom = self.frame
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        there = project(self.matrix, corners)
        spans = np.linalg.norm(there - np.roll(there, -1, axis=0), axis=1)
        return float(min(spans / ([right - left, bottom - top] * 2)))

    def turned(self) -> int:
        """By how many quarters, clockwise, the picture shows the page turned."""
        left, top, right, bottom = self.frame
        middle = np.array([(left + right) / 2, (top + bottom) / 2])
        low, high = project(self.matrix, np.array([middle, middle - [0, 20]]))
        east, south = high - low
        return round(float(np.degrees(np.arctan2(east, -south))) / 90) % 4

    def scaled(self, by: float) -> "Placement":
        """The same in a picture `by` times as large, pixel middles kept."""
        shift = (by - 1) / 2
        grown = np.array([[by, 0, shift], [0, by, shift], [0, 0, 1]])
        return Placement(grown @ self.matrix, self.frame, self.sag)


def flat_placement(per_mm: float) -> Placement:
    """Of a page that lies flat: the printed blank."""
    shift = -0.5
    matrix = np.array([[per_mm, 0, shift], [0, per_mm, shift], [0, 0, 1]])
    return Placement(matrix, (0.0, 0.0, 1.0, 1.0))


def project(matrix: Array, points: Array) -> Array:
    there = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(there[:, :2] / there[:, 2:])


def perspective(page: Array, picture: Array) -> Array:
    """Four points to four points."""
    return np.asarray(
        cv2.getPerspectiveTransform(page.astype(np.float32), picture.astype(np.float32)), np.float64
    )


def patches(picture: Grey, placement: Placement, boxes: Array, size: tuple[int, int]) -> Grey:
    """(n, rows, columns): each box (x, y, w, h in millimetres) sampled with `size` = (columns,
    rows) pixels. What lies outside the picture is white."""
    x, y, w, h = boxes.T
    corners = np.stack([x, y, x + w, y, x, y + h, x + w, y + h], axis=1).reshape(-1, 2, 2, 2)
    return quads(picture, placement, corners, size)


def similarity(first: Array, second: Array, there: Array, other: Array) -> Array:
    """Turned and scaled, not mirrored: two points of the page to two of the picture."""
    turn = complex(*(other - there)) / complex(*(second - first))
    matrix = np.array([[turn.real, -turn.imag, 0.0], [turn.imag, turn.real, 0.0], [0.0, 0.0, 1.0]])
    matrix[:2, 2] = there - matrix[:2, :2] @ first
    return matrix


def quads(picture: Grey, placement: Placement, corners: Array, size: tuple[int, int]) -> Grey:
    """The same of any four corners (n, 2 top and bottom, 2 left and right, 2) in millimetres."""
    columns, rows = size
    there = placement.to_picture(corners).astype(np.float32)
    u, v = _middles(columns)[None, None, :], _middles(rows)[None, :, None]
    sides = there[:, :1] + (there[:, 1:] - there[:, :1]) * v[..., None]
    sides = np.ascontiguousarray(sides.transpose(3, 0, 1, 2))
    maps = (sides[..., 1:] - sides[..., :1]) * u
    maps += sides[..., :1]
    flat = maps.reshape(2, len(corners) * rows, columns)
    return sampled(picture, flat[0], flat[1]).reshape(len(corners), rows, columns)


def _middles(count: int) -> Array:
    return (np.arange(count, dtype=np.float32) + 0.5) / count


def whole(picture: Grey, placement: Placement, size: tuple[float, float], per_mm: float) -> Grey:
    """The page laid flat, upright, at `per_mm` pixels a millimetre."""
    columns, rows = round(size[0] * per_mm), round(size[1] * per_mm)
    across, down = ((np.arange(length) + 0.5) / per_mm for length in (columns, rows))
    right, below = (np.arange(0, length + PITCH, PITCH) for length in size)
    nodes = placement.to_picture(np.stack(np.meshgrid(right, below), axis=-1)).astype(np.float32)
    lines = _between(nodes.transpose(2, 0, 1), down / PITCH, axis=1)
    maps = _between(lines, across / PITCH, axis=2)
    return sampled(picture, maps[0], maps[1])


def _between(nodes: Array, at: Array, *, axis: int) -> Array:
    """Linear interpolation along an axis."""
    low = at.astype(int)
    shape = [1] * nodes.ndim
    shape[axis] = -1
    part = (at - low).astype(np.float32).reshape(shape)
    return np.asarray(nodes.take(low, axis) * (1 - part) + nodes.take(low + 1, axis) * part)


def sampled(picture: Grey, x: Array, y: Array) -> Grey:
    return np.asarray(
        cv2.remap(
            picture,
            x.astype(np.float32, copy=False),
            y.astype(np.float32, copy=False),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        ),
        np.uint8,
    )
