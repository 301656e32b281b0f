"""Where the paper went: a plane seen from somewhere, bent a little, and back again."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Picture = npt.NDArray[np.uint8]
Bend = Callable[[Points], Points]
"""Of points of the page in pixels: by how much what is seen there lies elsewhere."""
STEP = 12
"""Pixels between two points at which a bend is reckoned; between them it is straight."""


@dataclass(frozen=True)
class Course:
    """The way of a point from the page (pixels of its raster) into the picture.

    `plane` is 3 × 3; the picture shows at `plane · s` what lies at `s + bend(s)` of the page.
    """

    plane: Points
    size: tuple[int, int]
    """Width and height of the picture."""
    bend: Bend | None = None

    def at(self, points: Points) -> Points:
        """Points of the page in the picture."""
        s = points
        if self.bend is not None:
            for _ in range(4):
                s = points - self.bend(s)
        return _through(self.plane, s)

    def show(self, page: Picture, ground: Picture | int) -> Picture:
        """The picture: the page, and around it the ground, a grey or a picture of the same size."""
        if isinstance(ground, int):
            mode = {"borderMode": cv2.BORDER_CONSTANT, "borderValue": (ground,) * 3}
            into = None
        else:
            mode, into = {"borderMode": cv2.BORDER_TRANSPARENT}, ground
        if self.bend is None:
            return cv2.warpPerspective(page, self.plane, self.size, into, cv2.INTER_LINEAR, **mode)
        return cv2.remap(page, self._map(), None, cv2.INTER_LINEAR, into, **mode)

    def _map(self) -> npt.NDArray[np.float32]:
        width, height = self.size
        across, down = -(-width // STEP) + 2, -(-height // STEP) + 2
        grid = np.stack(np.meshgrid(np.arange(across), np.arange(down)), -1).reshape(-1, 2)
        s = _through(np.linalg.inv(self.plane), (grid - 0.5) * STEP - 0.5)
        assert self.bend is not None
        seen = (s + self.bend(s)).astype(np.float32).reshape(down, across, 2)
        whole = cv2.resize(seen, None, fx=STEP, fy=STEP, interpolation=cv2.INTER_LINEAR)
        return whole[STEP : STEP + height, STEP : STEP + width]


def _through(plane: Points, points: Points) -> Points:
    whole = np.hstack([points, np.ones((len(points), 1))]) @ plane.T
    return whole[:, :2] / whole[:, 2:]


def corners(width: float, height: float) -> Points:
    return np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])


def turned(quarters: int, width: float, height: float) -> Points:
    """The plane that turns a page by quarters clockwise and keeps it in the first quadrant."""
    return {
        0: np.eye(3),
        1: np.array([[0, -1, height], [1, 0, 0], [0, 0, 1.0]]),
        2: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1.0]]),
        3: np.array([[0, 1, 0], [-1, 0, width], [0, 0, 1.0]]),
    }[quarters]
