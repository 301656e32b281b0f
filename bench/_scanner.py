"""What a document feeder makes of a sheet, and what the sheet went through before.

`scan` takes the printed and marked page (grey or colour, 0 is ink) and gives a picture as a scanner
would. All chance comes from the dice it is given; what befell the page is in the recipe.
"""

from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bench._bending import Bend, Course, Picture, Points, corners, turned
from bench._pens import Dice

JPEG_WORST = 40
WINDOW_SKEW = 1.5
COARSE = 16
"""Light and stains are reckoned for squares of so many pixels."""


@dataclass(frozen=True)
class Fold:
    """`down` the page or across it, `at` a share of it; mm displaced; share of light lost."""

    down: bool
    at: float
    pinch: float
    slide: float
    shadow: float


@dataclass(frozen=True)
class Recipe:
    quarters: int
    skew: float
    scale: float
    stretch: float
    lid: int
    margin: float
    """mm of lid around the sheet."""
    paper: int
    ink: int
    fold: Fold | None = None
    stain: float = 0
    """Share of the light it takes at its darkest."""
    back: float = 0
    """How much of the back shines through."""
    blur: float = 0
    """mm."""
    noise: float = 0
    """Grey levels."""
    streaks: tuple[tuple[float, float, int], ...] = ()
    """At which share of the width, how wide in mm, how many levels darker."""
    specks: int = 0
    jpeg: int = 0
    """Quality; 0: not compressed."""
    window: tuple[float, float] | None = None
    """The picture has the size of the sheet and cuts off what is askew; mm the sheet lies aside."""

    def words(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value not in (0, (), None)}


@dataclass(frozen=True)
class Taken:
    """A picture of a page, by scanner or phone, and the way the page went into it."""

    image: Picture
    course: Course
    recipe: dict[str, Any] = field(default_factory=dict)


def recipe(dice: Dice) -> Recipe:
    """Half of the sheets went in askew up to 5°, the rest nearly straight."""
    askew = dice.uniform() < 0.5
    skew = dice.uniform(-5, 5) if askew else float(np.clip(dice.normal(0, 0.7), -5, 5))
    apart = dice.spawn(1)[0]
    aside, down = apart.uniform(-1.5, 1.5, 2).tolist()
    window = abs(skew) <= WINDOW_SKEW and apart.uniform() < 0.3
    return replace(_recipe(dice, skew), window=(aside, down) if window else None)


def _recipe(dice: Dice, skew: float) -> Recipe:
    return Recipe(
        quarters=int(dice.choice(4, p=(0.55, 0.1, 0.25, 0.1))),
        skew=skew,
        scale=1 + dice.uniform(-0.02, 0.02),
        stretch=1 + (dice.uniform(-0.008, 0.008) if dice.uniform() < 0.4 else 0),
        lid=int(dice.choice((252, 225, 120, 12))),
        margin=dice.uniform(0.5, 5),
        paper=int(dice.integers(228, 254)),
        ink=int(dice.integers(8, 60)),
        fold=_fold(dice) if dice.uniform() < 0.25 else None,
        stain=dice.uniform(0.05, 0.24) if dice.uniform() < 0.08 else 0,
        back=dice.uniform(0.02, 0.1) if dice.uniform() < 0.25 else 0,
        blur=dice.uniform(0.02, 0.075) if dice.uniform() < 0.6 else 0,
        noise=dice.uniform(1, 9) if dice.uniform() < 0.9 else 0,
        streaks=_streaks(dice) if dice.uniform() < 0.06 else (),
        specks=int(dice.integers(10, 250)) if dice.uniform() < 0.12 else 0,
        jpeg=_quality(dice),
    )


def _fold(dice: Dice) -> Fold:
    at = float(dice.choice((1 / 3, 1 / 2, 1 / 2, 2 / 3))) + dice.normal(0, 0.03)
    slide = dice.uniform(-0.3, 0.3)
    return Fold(bool(dice.uniform() < 0.3), at, dice.uniform(0, 0.4), slide, dice.uniform(0, 0.22))


def _streaks(dice: Dice) -> tuple[tuple[float, float, int], ...]:
    return tuple(
        (dice.uniform(0.03, 0.97), dice.uniform(0.08, 0.28), int(dice.integers(15, 130)))
        for _ in range(int(dice.integers(1, 3)))
    )


def _quality(dice: Dice) -> int:
    kind = dice.uniform()
    if kind < 0.35:
        return JPEG_WORST
    return int(dice.integers(50, 93)) if kind < 0.8 else 0


def scan(dice: Dice, page: Picture, ppm: float, how: Recipe, back: Picture | None = None) -> Taken:
    """`back` is the other side of the sheet as it is read, of the same size."""
    if how.back and back is not None:
        page = shine(page, back, how.back)
    page = toned(page, how.paper, how.ink)
    light = worn(dice, page.shape, ppm, how)
    if light is not None:
        page = lit(page, light)
    course = course_of(page, ppm, how)
    image = course.show(page, how.lid)
    if how.blur:
        image = cv2.GaussianBlur(image, (0, 0), max(how.blur * ppm, 0.3))
    for at, wide, darker in how.streaks:
        streak(dice, image, at, max(1, round(wide * ppm)), darker)
    if how.specks:
        speckle(dice, image, how.specks, ppm)
    if how.noise:
        image = noisy(dice, image, how.noise)
    if how.jpeg:
        image = squeezed(image, how.jpeg)
    return Taken(image, course, how.words())


def shine(page: Picture, back: Picture, share: float) -> Picture:
    """The back, seen through the paper, reversed and soft."""
    small = cv2.resize(back, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    through = cv2.flip(cv2.GaussianBlur(small, (0, 0), 1.2), 1)
    taken = cv2.convertScaleAbs(through, alpha=-share, beta=255 * share)
    height, width = page.shape[:2]
    return cv2.subtract(page, cv2.resize(taken, (width, height)))


def toned(page: Picture, paper: int, ink: int) -> Picture:
    table = np.round(np.linspace(ink, paper, 256)).astype(np.uint8)
    return cv2.LUT(page, table)


def worn(
    dice: Dice, shape: tuple[int, ...], ppm: float, how: Recipe
) -> npt.NDArray[np.float32] | None:
    """What fold and stain leave of the light, coarsely."""
    if how.fold is None and not how.stain:
        return None
    height, width = (-(-side // COARSE) for side in shape[:2])
    light = np.ones((height, width), np.float32)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32) * (COARSE / ppm)
    if how.fold is not None:
        side, length = (across, width) if how.fold.down else (down, height)
        away = side - how.fold.at * length * COARSE / ppm
        light -= how.fold.shadow * np.exp(-((away / 1.6) ** 2)) * (0.6 + 0.4 * np.sign(away))
    if how.stain:
        light *= 1 - _stain(dice, across, down, how.stain)
    return light


def _stain(
    dice: Dice, across: npt.NDArray[np.float32], down: npt.NDArray[np.float32], dark: float
) -> npt.NDArray[np.float32]:
    """A blot with a darker rim, as coffee and tea leave it."""
    x, y = dice.uniform(0, across.max()), dice.uniform(0, down.max())
    radius = dice.uniform(6, 28)
    turn = np.arctan2(down - y, across - x)
    wavy = radius * (1 + 0.12 * np.sin(3 * turn + dice.uniform(0, 6)) + 0.05 * np.sin(7 * turn))
    away = np.hypot(across - x, down - y) - wavy
    inside = 1 / (1 + np.exp(np.clip(away / 0.8, -30, 30)))
    rim = np.exp(-((away / 1.2) ** 2))
    return (dark * (0.6 * inside + 0.4 * rim)).astype(np.float32)


def lit(page: Picture, light: npt.NDArray[np.float32]) -> Picture:
    height, width = page.shape[:2]
    coarse = np.round(np.clip(light, 0, 1) * 255).astype(np.uint8)
    whole = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    if page.ndim == 3:
        whole = cv2.merge([whole] * 3)
    return cv2.multiply(page, whole, scale=1 / 255)


def course_of(page: Picture, ppm: float, how: Recipe) -> Course:
    """Stretch and scale, skew about the middle, quarters; the whole sheet stays in sight."""
    height, width = page.shape[:2]
    angle = np.deg2rad(how.skew)
    sin, cos = np.sin(angle), np.cos(angle)
    scale = np.diag([how.scale * how.stretch, how.scale / how.stretch, 1.0])
    plane = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]]) @ scale
    plane = _only_linear(turned(how.quarters, 0, 0)) @ plane
    box = corners(width, height) @ plane[:2, :2].T
    margin = how.margin * ppm
    plane[:2, 2] = margin - box.min(0)
    size = np.ceil(np.ptp(box, axis=0) + 2 * margin).astype(int)
    if how.window is not None:
        size = np.array((width, height) if how.quarters % 2 == 0 else (height, width))
        plane[:2, 2] = size / 2 - box.mean(0) + np.array(how.window) * ppm
    bend = _folded(how.fold, width, height, ppm) if how.fold else None
    return Course(plane, (int(size[0]), int(size[1])), bend)


def _only_linear(plane: Points) -> Points:
    linear = np.eye(3)
    linear[:2, :2] = plane[:2, :2]
    return linear


def _folded(fold: Fold, width: int, height: int, ppm: float) -> Bend:
    axis = 0 if fold.down else 1
    at = fold.at * (width if fold.down else height)

    def bend(points: Points) -> Points:
        away = (points[:, axis] - at) / ppm
        by = np.zeros_like(points)
        by[:, axis] = fold.pinch * away / 3 * np.exp(-((away / 5) ** 2)) * ppm
        by[:, 1 - axis] = fold.slide / 2 * np.tanh(away / 3) * ppm
        return by

    return bend


def streak(dice: Dice, image: Picture, at: float, wide: int, darker: int) -> None:
    """Dust on the glass: one line in the way of the feed, hardly swaying."""
    left = int(at * (image.shape[1] - wide))
    piece = image[:, left : left + wide]
    lost = np.clip(dice.normal(darker, darker / 8, (image.shape[0], 1)), 0, 255).astype(np.uint8)
    lost = np.broadcast_to(lost if piece.ndim == 2 else lost[:, :, None], piece.shape)
    piece[:] = np.maximum(piece, lost) - lost


def speckle(dice: Dice, image: Picture, count: int, ppm: float) -> None:
    height, width = image.shape[:2]
    for x, y in zip(dice.integers(0, width, count), dice.integers(0, height, count), strict=True):
        radius = max(1, round(dice.uniform(0.05, 0.16) * ppm))
        cv2.circle(image, (int(x), int(y)), radius, (int(dice.integers(20, 110)),) * 3, -1)


@cache
def _grains() -> Picture:
    """Noise around 128 with 24 levels of deviation, large enough that no two pages look alike."""
    grains = np.empty((2304, 2304), np.uint8)
    cv2.setRNGSeed(5)
    cv2.randn(grains, 128, 24)
    return cv2.GaussianBlur(grains, (0, 0), 0.45)


def noisy(dice: Dice, image: Picture, levels: float) -> Picture:
    height, width = image.shape[:2]
    grains = _grains()
    top, left = (int(v) for v in dice.integers(0, 256, 2))
    down, across = -(-height // 2048), -(-width // 2048)
    whole = np.tile(grains[top : top + 2048, left : left + 2048], (down, across))[:height, :width]
    if image.ndim == 3:
        whole = cv2.merge([whole] * 3)
    share = levels / 17.0
    return cv2.addWeighted(image, 1, whole, share, -128 * share)


def squeezed(image: Picture, quality: int) -> Picture:
    """Through JPEG and back."""
    flag = cv2.IMREAD_GRAYSCALE if image.ndim == 2 else cv2.IMREAD_COLOR
    _done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    found = cv2.imdecode(data, flag)
    assert found is not None
    return found
