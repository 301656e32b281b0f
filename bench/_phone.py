"""A ballot photographed with a phone: seen aslant, unevenly lit, curled, on some table."""

from dataclasses import asdict, dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from bench._bending import Bend, Course, Picture, Points, corners, turned
from bench._pens import Dice
from bench._scanner import Taken, noisy, squeezed, toned

SENSORS = ((4032, 3024), (3264, 2448), (2560, 1920))
TABLES = ("wood", "stone", "cloth", "dark", "light")
COARSE = 32


@dataclass(frozen=True)
class Shot:
    quarters: int
    sensor: tuple[int, int]
    fills: float
    """Share of the frame the page takes in its longer direction."""
    slant: float
    """Degrees the camera leans."""
    toward: float
    """In which direction, radians."""
    turn: float
    """Degrees the page lies askew in the frame."""
    curl: float
    """mm a curled page seems to shift at most."""
    table: str
    falloff: float
    shadow: float
    """Share of the light behind the shadow's edge that is lost."""
    warm: float
    blur: float
    """Pixels."""
    noise: float
    jpeg: int


def shot(dice: Dice) -> Shot:
    return Shot(
        quarters=int(dice.choice(4, p=(0.7, 0.12, 0.06, 0.12))),
        sensor=SENSORS[int(dice.choice(3, p=(0.35, 0.35, 0.3)))],
        fills=dice.uniform(0.72, 0.93),
        slant=dice.uniform(0, 18),
        toward=dice.uniform(0, 2 * np.pi),
        turn=dice.normal(0, 3),
        curl=dice.uniform(0, 2.2) if dice.uniform() < 0.6 else 0,
        table=TABLES[int(dice.integers(len(TABLES)))],
        falloff=dice.uniform(0.03, 0.32),
        shadow=dice.uniform(0.1, 0.42) if dice.uniform() < 0.45 else 0,
        warm=dice.normal(0, 0.05),
        blur=dice.uniform(0.4, 1.2),
        noise=dice.uniform(1, 6),
        jpeg=int(dice.integers(55, 93)),
    )


def photograph(dice: Dice, page: Picture, ppm: float, how: Shot) -> Taken:
    """A colour picture, on end as a phone is held."""
    grey = page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    grey = toned(grey, 226, 34)
    height, width = grey.shape
    frame = how.sensor if (width > height) == (how.quarters % 2 == 0) else how.sensor[::-1]
    plane = seen(how, width, height, frame)
    course = Course(plane, frame, _curled(how, height, dice.uniform(0, 6), ppm))
    near = np.sqrt(abs(np.linalg.det(plane[:2, :2])))
    if near < 0.75:  # a sensor's pixel takes the light of all it covers
        grey = cv2.GaussianBlur(grey, (0, 0), 0.42 / near)
    ground = _table(how.table, frame, int(dice.integers(0, 400)))
    image = course.show(grey, ground)
    image = cv2.multiply(image, _light(dice, how, frame), scale=1 / 200)
    image = cv2.GaussianBlur(image, (0, 0), how.blur)
    image = noisy(dice, image, how.noise)
    return Taken(squeezed(_coloured(image, how.warm), how.jpeg), course, asdict(how))


def seen(how: Shot, width: int, height: int, frame: tuple[int, int]) -> Points:
    """The plane of a camera that leans, so that all corners are in the frame."""
    quarter = turned(how.quarters, width, height)
    flat = corners(width, height)
    flat = flat @ quarter[:2, :2].T + quarter[:2, 2]
    middle = flat.mean(0)
    turn = np.deg2rad(how.turn)
    sin, cos = np.sin(turn), np.cos(turn)
    points = (flat - middle) @ np.array([[cos, sin], [-sin, cos]])
    reach = np.abs(points).max()
    lean = np.deg2rad(how.slant)
    way = np.array([np.cos(how.toward), np.sin(how.toward)])
    depth = 1 + (points @ way) / reach * np.tan(lean) * 0.55
    along = np.outer(points @ way, way)
    points = (points - along * (1 - np.cos(lean))) / depth[:, None]
    low, high = points.min(0), points.max(0)
    scale = how.fills * min(frame[0] / (high[0] - low[0]), frame[1] / (high[1] - low[1]))
    points = (points - (low + high) / 2) * scale + np.array(frame) / 2
    return cv2.getPerspectiveTransform(
        corners(width, height).astype(np.float32), points.astype(np.float32)
    )


def _curled(how: Shot, height: int, phase: float, ppm: float) -> Bend | None:
    if not how.curl:
        return None

    def bend(points: Points) -> Points:
        t = points[:, 1] / height * np.pi
        by = np.zeros_like(points)
        by[:, 1] = how.curl * ppm * 0.5 * np.sin(t + phase)
        by[:, 0] = how.curl * ppm * 0.5 * np.sin(1.4 * t + 2 * phase)
        return by

    return bend


def _light(dice: Dice, how: Shot, frame: tuple[int, int]) -> Picture:
    """200 is full light."""
    width, height = (side // COARSE for side in frame)
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    way, x, y = dice.uniform(0, 6.28), dice.uniform(-0.5, 0.5), dice.uniform(-0.5, 0.5)
    slope = across * np.cos(way) + down * np.sin(way)
    light = 1 - how.falloff * (0.5 - 0.35 * slope + 0.25 * (across**2 + down**2) / 2)
    if how.shadow:
        edge = (across - x) * np.cos(way + 1) + (down - y) * np.sin(way + 1)
        edge += 0.12 * np.sin(4 * (across + down) + way)
        soft = dice.uniform(0.015, 0.2)
        light *= 1 - how.shadow / (1 + np.exp(np.clip(-edge / soft, -40, 40)))
    coarse = np.round(np.clip(light * 200, 0, 255)).astype(np.uint8)
    return cv2.resize(coarse, frame, interpolation=cv2.INTER_CUBIC)


@cache
def _ground(table: str) -> Picture:
    """Large enough for any frame at any shift."""
    size = 4032 + 400
    dice = np.random.default_rng(sum(table.encode()))
    noise = dice.normal(0, 1, (size // 8, size // 8)).astype(np.float32)
    spread = {"wood": (26, 1.2), "stone": (3, 3), "cloth": (0.7, 0.7)}.get(table, (12, 12))
    soft = cv2.GaussianBlur(noise, (0, 0), sigmaX=spread[0], sigmaY=spread[1])
    soft = soft / soft.std()
    tone, deep = {"wood": (118, 16), "stone": (150, 14), "cloth": (95, 12)}.get(
        table, (42, 5) if table == "dark" else (196, 5)
    )
    coarse = np.clip(tone + deep * soft, 0, 255).astype(np.uint8)
    return cv2.resize(coarse, (size, size), interpolation=cv2.INTER_LINEAR)


def _table(table: str, frame: tuple[int, int], shift: int) -> Picture:
    width, height = frame
    return _ground(table)[shift : shift + height, shift : shift + width].copy()


def _coloured(image: Picture, warm: float) -> Picture:
    """A grey scene under a warm or a cold lamp."""
    gains = (1 - warm, 1.0, 1 + warm)
    levels: npt.NDArray[np.float64] = np.arange(256)[:, None] * np.array(gains)
    table = np.clip(levels, 0, 255).astype(np.uint8).reshape(256, 1, 3)
    return cv2.LUT(cv2.merge([image] * 3), table)
