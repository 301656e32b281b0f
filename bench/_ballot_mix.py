"""Which ballots the bench of the reader prints, and its pages in batches.

A batch is pages of one spec at one resolution. Page `n` belongs to batch `n // BATCH`, and both are
made from the seed and their number alone, so any page can be made again by itself.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bench import _paper, _spoiled
from bench._bending import Picture
from bench._paper import Page, dice_of
from bench._pens import Dice
from bench._scribbles import FAMILY, GIVEN
from bench._voters import Place, Sheet
from yukuai.engines.ballots.drawing import blanks
from yukuai.engines.ballots.layout import Layout, lay_out
from yukuai.engines.ballots.spec import Spec, parse_spec

BATCH = 40
BATCH_SEED, OTHER_SEED = 1_000_003, 1_000_033
DPI = (150, 200, 300, 400, 600)
DPI_SHARE = (0.13, 0.34, 0.43, 0.06, 0.04)
PHONE_OF_300 = 0.24
"""Phones are shown pages of the batches at 300 dpi: about a tenth of all."""
COLOUR = 0.08
THREE, ONE = ("for", "against", "abstain"), ("for",)
Contest = tuple[str, str, int, int, int, tuple[str, ...], str]


@dataclass(frozen=True)
class Shape:
    """`contests`: id, title, seats, options, write-ins, columns, group."""

    share: float
    paper: str
    contests: tuple[Contest, ...]
    large: bool = False


SHAPES = {
    "one community officer": Shape(0.05, "A5", (("zr", "主任", 1, 1, 1, THREE, "general"),)),
    "director": Shape(0.08, "A5", (("zr", "主任", 1, 2, 1, THREE, "general"),)),
    "committee A5": Shape(0.1, "A5", (("wy", "委员", 5, 7, 3, THREE, "general"),)),
    "village on one paper": Shape(
        0.22,
        "A4",
        (
            ("zr", "主任", 1, 2, 1, THREE, "general"),
            ("fzr", "副主任", 2, 3, 2, THREE, "general"),
            ("wy", "委员", 4, 5, 2, THREE, "general"),
            ("fn", "妇女委员", 1, 2, 1, THREE, "women"),
        ),
    ),
    "large print": Shape(0.06, "A4", (("wy", "委员", 5, 7, 1, THREE, "general"),), large=True),
    "single choice": Shape(0.1, "A4", (("wy", "委员", 5, 30, 2, ONE, "general"),)),
    "thirty": Shape(0.13, "A4", (("db", "居民代表", 25, 30, 4, THREE, "general"),)),
    "sixty": Shape(0.12, "A4", (("db", "居民代表", 51, 60, 2, THREE, "general"),)),
    "a hundred": Shape(0.14, "A4", (("db", "居民代表", 80, 100, 0, THREE, "general"),)),
}


@dataclass(frozen=True)
class Batch:
    """Pages of one paper at one resolution, as they come out of the printer."""

    number: int
    shape: str
    dpi: int
    layout: Layout
    sheets: tuple[Sheet, ...]
    blanks: tuple[Picture, ...]

    @property
    def ppm(self) -> float:
        return self.dpi / 25.4


def spec_of(shape: str, dice: Dice) -> dict[str, Any]:
    """A SPEC.json of this shape: names and election from the dice."""
    drawn = SHAPES[shape]
    code = f"E{int(dice.integers(10**8)):08d}"
    return {
        "election": code,
        "title": "村民委员会换届选举选票",
        "place": f"{_pick(dice, FAMILY)}家{_pick(dice, '坝坪湾沟岩寨')}村",
        "term": "第十二届",
        "paper": drawn.paper,
        "batch": f"B{int(dice.integers(1000)):03d}",
        "large_print": drawn.large,
        "one_paper": True,
        "instructions": "同意的画○，反对的画×，弃权的不画。",
        "seal": True,
        "contests": [_contest(contest, dice) for contest in drawn.contests],
    }


def _contest(drawn: Contest, dice: Dice) -> dict[str, Any]:
    ident, title, seats, options, write_ins, columns, group = drawn
    names = [
        f"{_pick(dice, FAMILY)}{_pick(dice, GIVEN)}{_pick(dice, GIVEN)}" for _ in range(options)
    ]
    return {
        "id": ident,
        "title": title,
        "seats": seats,
        "columns": list(columns),
        "options": [
            {"id": f"{ident}{n:03d}", "name": name, "note": ""} for n, name in enumerate(names, 1)
        ],
        "write_ins": write_ins,
        "group": group,
    }


def _pick(dice: Dice, among: str) -> str:
    return among[int(dice.integers(len(among)))]


@lru_cache(maxsize=1)
def batch(seed: int, number: int, shape: str = "", dpi: int = 0) -> Batch:
    """Shape and resolution by chance unless given."""
    dice = dice_of(seed + BATCH_SEED, number)
    shares = [one.share for one in SHAPES.values()]
    shape = shape or list(SHAPES)[int(dice.choice(len(shares), p=shares))]
    dpi = dpi or int(dice.choice(DPI, p=DPI_SHARE))
    spec = _spec(spec_of(shape, dice))
    layout = lay_out(spec)
    sheets = tuple(sheet_of(page) for page in layout.pages)
    return Batch(number, shape, dpi, layout, sheets, blanks(spec, per_mm=dpi / 25.4))


def _spec(said: dict[str, Any]) -> Spec:
    return parse_spec(json.loads(json.dumps(said)))


def sheet_of(page: Any) -> Sheet:
    """A page of the engine's layout as the generator sees it."""
    places = tuple(
        Place(one.contest, one.option, one.column, tuple(one.box_mm)) for one in page.positions
    )
    names = {(one.contest, one.option): tuple(one.box_mm) for one in page.names}
    seal = tuple(page.seal) if page.seal else None
    return Sheet(page.width, page.height, places, names, seal)


def page(seed: int, number: int, shape: str = "", dpi: int = 0) -> tuple[Batch, int, Page]:
    """Page `number` of the run, its batch, and which side of the paper it is (from 0)."""
    made = batch(seed, number // BATCH, shape, dpi)
    dice = dice_of(seed, number)
    side = number % len(made.sheets)
    grade = "phone" if made.dpi == 300 and dice.uniform() < PHONE_OF_300 else "scanner"
    colour = grade == "scanner" and made.dpi <= 300 and dice.uniform() < COLOUR
    drawn = _paper.make(dice, made.sheets[side], made.blanks[side], made.ppm, grade, colour)
    return made, side, drawn


def spoiled_page(
    seed: int, number: int, shape: str = "", dpi: int = 0
) -> tuple[Batch, int, Page, str]:
    """A page to be refused; the kinds come in turn."""
    made = batch(seed, number // BATCH, shape, dpi)
    dice = dice_of(seed + OTHER_SEED, number)
    side = number % len(made.sheets)
    kind = _spoiled.KINDS[number % len(_spoiled.KINDS)]
    other = made.blanks[side]
    if kind == "wrong election":
        strange = _spec(spec_of(made.shape, dice))
        other = blanks(strange, per_mm=made.ppm)[side]
    drawn = _spoiled.spoiled(dice, kind, made.sheets[side], made.blanks[side], other, made.ppm)
    return made, side, drawn, kind


def numbers(batch_number: int) -> Iterator[int]:
    yield from range(batch_number * BATCH, (batch_number + 1) * BATCH)
