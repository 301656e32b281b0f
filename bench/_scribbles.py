"""Names written by hand into a write-in row: printed characters bent, leaned and pushed about.

No face of handwriting is at hand, so each character of a serif or sans face is warped on its own;
to a reader of boxes it is what matters: uneven strokes of a pen, at times over the edge of the row.
"""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from bench._pens import FINE, Dice, Ink

FACES = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
FAMILY = "王李张刘陈杨黄周吴徐孙胡朱高林何郭马罗梁"
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华建国春梅"
GLYPH = 8 * FINE


@cache
def glyph(character: str, face: int) -> npt.NDArray[np.uint8]:
    """8 mm square; without the face on this machine, a scrawl in its place."""
    canvas = np.zeros((GLYPH, GLYPH), np.uint8)
    if not Path(FACES[face]).exists():
        dice = np.random.default_rng(ord(character))
        points = dice.integers(GLYPH // 6, GLYPH * 5 // 6, (14, 1, 2), dtype=np.int32)
        cv2.polylines(canvas, [points], False, 255, 9, cv2.LINE_AA)
        return canvas
    picture = Image.fromarray(canvas)
    font = ImageFont.truetype(FACES[face], round(GLYPH * 0.86), index=2)
    middle = (GLYPH / 2, GLYPH / 2)
    ImageDraw.Draw(picture).text(middle, character, font=font, fill=255, anchor="mm")
    return np.array(picture)


def name_ink(dice: Dice, box: tuple[float, float, float, float], ppm: float) -> Ink:
    """Two or three characters in the box, from its left, some of them slightly over its edge."""
    x, y, w, h = box
    name = dice.choice(list(FAMILY), 1).tolist() + dice.choice(list(GIVEN), 2).tolist()
    name = name[: int(dice.integers(2, 4))]
    size = min(h * dice.uniform(0.65, 1.0), w / (len(name) + 0.6))
    rise = (1.3 * size - h) / 2
    left, top = int((x - 1) * ppm), int((y - rise - 1) * ppm)
    shape = (int((max(h, 1.3 * size) + 2) * ppm), int((w + 2) * ppm))
    cover = np.zeros(shape, np.uint8)
    face, lean = int(dice.integers(2)), dice.normal(-0.08, 0.1)
    for k, character in enumerate(name):
        middle = (1 + size * (k + 0.7) * 1.02, 1 + rise + h / 2 + dice.normal(0, 0.05 * size))
        _press(dice, cover, glyph(character, face), size, middle, lean, ppm)
    return Ink(left, top, cover.astype(np.float32) / 255)


def _press(
    dice: Dice,
    cover: npt.NDArray[np.uint8],
    drawn: npt.NDArray[np.uint8],
    size: float,
    middle: tuple[float, float],
    lean: float,
    ppm: float,
) -> None:
    """Each corner of the character goes its own way."""
    half = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    corners = half * size * dice.uniform(0.85, 1.1) + dice.normal(0, 0.07 * size, (4, 2))
    corners[:, 0] -= lean * corners[:, 1]
    to = ((corners + np.array(middle)) * ppm).astype(np.float32)
    whole = ((half + 0.5) * GLYPH).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(whole, to)
    height, width = cover.shape
    small = cv2.GaussianBlur(drawn, (0, 0), max(0.4, 0.35 * GLYPH / (size * ppm)))
    laid = cv2.warpPerspective(small, matrix, (width, height), flags=cv2.INTER_LINEAR)
    np.maximum(cover, laid, out=cover)
