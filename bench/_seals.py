"""The committee's round red seal, pressed by hand about where the ballot has room for it."""

from functools import lru_cache

import cv2
import numpy as np

from bench._pens import Dice, Grey, Ink, Pen, put, texture
from bench._scribbles import glyph

DIAMETER, RIM, STAR = 42.0, 1.2, 6.5
WORDS = "永和村村民选举委员会"
LETTER = 5.2
ASIDE_MM, MOST_ASIDE_MM = 2.0, 5.0
RED = (60, 52, 200)


@lru_cache(maxsize=4)
def _seal(ppm: float) -> np.ndarray:
    side = round((DIAMETER + 2) * ppm)
    made = np.zeros((side, side), np.uint8)
    middle = side / 2
    ring = round((DIAMETER - RIM) / 2 * ppm)
    centre = (round(middle), round(middle))
    cv2.circle(made, centre, ring, 255, max(1, round(RIM * ppm)), cv2.LINE_AA)
    turn = -np.pi / 2 + np.arange(10) * np.pi / 5
    radius = np.where(np.arange(10) % 2, 0.382, 1.0) * STAR * ppm
    star = np.stack([middle + radius * np.cos(turn), middle + radius * np.sin(turn)], 1)
    cv2.fillPoly(made, [np.round(star).astype(np.int32)], 255, cv2.LINE_AA)
    for k, character in enumerate(WORDS):
        angle = np.deg2rad(-120 + 240 * k / (len(WORDS) - 1))
        _letter(made, character, angle, ppm)
    return made


def _letter(made: Grey, character: str, angle: float, ppm: float) -> None:
    drawn = glyph(character, 1)
    scale = LETTER * ppm / drawn.shape[0]
    sin, cos = np.sin(angle), np.cos(angle)
    linear = np.array([[cos, -sin], [sin, cos]]) * scale
    away = (DIAMETER / 2 - RIM - LETTER / 2 - 0.6) * ppm
    middle = np.array([sin, -cos]) * away + made.shape[0] / 2
    shift = middle - linear @ (np.array(drawn.shape[::-1]) / 2)
    matrix = np.hstack([linear, shift[:, None]])
    np.maximum(made, cv2.warpAffine(drawn, matrix, made.shape[::-1]), out=made)


def press(dice: Dice, page: Grey, middle: tuple[float, float], ppm: float) -> None:
    """Turned a little, unevenly inked, some millimetres aside."""
    whole = _seal(ppm)
    side = whole.shape[0]
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), dice.normal(0, 14), 1.0)
    turned = cv2.warpAffine(whole, matrix, (side, side)).astype(np.float32) / 255
    rough = cv2.resize(texture("skips"), (side, side), interpolation=cv2.INTER_AREA)
    aside = np.clip(dice.normal(0, ASIDE_MM, 2), -MOST_ASIDE_MM, MOST_ASIDE_MM)
    left, top = (round((m + a) * ppm - side / 2) for m, a in zip(middle, aside, strict=True))
    cover = np.clip(turned * rough * dice.uniform(0.55, 0.9), 0, 1)
    put(page, Ink(left, top, cover), Pen("seal", 1, RED, 1, "even"))
