"""A marked, worn and scanned ballot page, and the truth about each of its positions.

`make` is given the raster of a printed page and what lies on it. One seed gives one picture: the
dice come from the seed and the number of the page alone.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from bench import _phone, _scanner, _seals
from bench._bending import Course, Picture, Points
from bench._pens import Dice
from bench._voters import Box, Filled, Said, Sheet, Voter

GRADES = ("scanner", "phone")
SEALED = 0.9
EAGER = (0.0, 0.2, 0.6, 0.9)
"""How much of a page different voters fill in: nothing, little, most, nearly all."""


@dataclass(frozen=True)
class Page:
    image: Picture
    sheet: Sheet
    style: str
    said: tuple[Said, ...]
    grade: str
    recipe: dict[str, Any]
    course: Course
    ppm: float

    def box(self, index: int) -> Points:
        """The four corners of a position in the picture."""
        return self.corners(self.sheet.places[index].box)

    def corners(self, box: Box) -> Points:
        x, y, w, h = box
        whole = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
        return self.course.at(whole * self.ppm)


def dice_of(seed: int, number: int) -> Dice:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number))))


def make(
    dice: Dice, sheet: Sheet, blank: Picture, ppm: float, grade: str, colour: bool = False
) -> Page:
    """`blank` is the printed page in grey, `ppm` its pixels a millimetre; it is not changed."""
    page = cv2.merge([blank] * 3) if colour else blank.copy()
    filled = fill(dice, sheet, page, ppm)
    if grade == "phone":
        taken = _phone.photograph(dice, page, ppm, _phone.shot(dice))
    else:
        taken = _scanner.scan(dice, page, ppm, _scanner.recipe(dice), page)
    return Page(
        taken.image, sheet, filled.style, filled.said, grade, taken.recipe, taken.course, ppm
    )


def fill(dice: Dice, sheet: Sheet, page: Picture, ppm: float) -> Filled:
    if sheet.seal is not None and dice.uniform() < SEALED:
        x, y, w, h = sheet.seal
        _seals.press(dice, page, (x + w / 2, y + h / 2), ppm)
    eager = EAGER[int(dice.choice(len(EAGER), p=(0.03, 0.22, 0.35, 0.4)))]
    return Voter(dice, sheet, page, ppm).fill(eager)
