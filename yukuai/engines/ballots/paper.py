"""Sizes of a sheet, and what stands on each: registration marks, frame, code.

All lengths are millimetres from the top left corner of the paper, x to the right, y downwards.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import segno

from yukuai.engines.ballots.spec import Paper, Spec

PT = 25.4 / 72
"""Millimetres a point."""
MODULE = 0.66
"""Of the code: 7.8 pixels at 300 dpi, 3.9 at 150."""
PREFIX = "YB1"
CHECK_LENGTH = 8


class Box(NamedTuple):
    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def inset(self, by: float) -> "Box":
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)


@dataclass(frozen=True)
class Sheet:
    """`marks` is how far the middle of a mark is from the edge, `content` where a table begins.
    `gaps` between the marks of the short and the long sides."""

    width: float
    height: float
    marks: float
    frame: float
    content: float
    gaps: tuple[int, int]

    @property
    def area(self) -> Box:
        return Box(0, 0, self.width, self.height).inset(self.content)


SHEETS = {
    Paper.A4: Sheet(210, 297, marks=9.0, frame=14.0, content=18.5, gaps=(12, 18)),
    Paper.A5: Sheet(148, 210, marks=8.0, frame=12.5, content=16.0, gaps=(9, 13)),
}


class MarkKind(StrEnum):
    CORNER = "corner"
    TICK = "tick"
    TURN = "turn"
    """Two beside the top left corner, one beside the top right: they tell which way is up."""


@dataclass(frozen=True)
class Mark:
    """A black square around its middle."""

    kind: MarkKind
    x: float
    y: float

    @property
    def size(self) -> float:
        return 5.0 if self.kind is MarkKind.CORNER else 3.0

    @property
    def box(self) -> Box:
        return Box(self.x - self.size / 2, self.y - self.size / 2, self.size, self.size)


def registration_marks(sheet: Sheet) -> tuple[Mark, ...]:
    """Four corners first, clockwise from the top left, then the marks along the sides."""
    left, top = sheet.marks, sheet.marks
    right, bottom = sheet.width - sheet.marks, sheet.height - sheet.marks
    across, down = (right - left) / sheet.gaps[0], (bottom - top) / sheet.gaps[1]
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    ticks = [
        (x, y) for x in (left + across * n for n in range(1, sheet.gaps[0])) for y in (top, bottom)
    ]
    ticks += [
        (x, y) for y in (top + down * n for n in range(1, sheet.gaps[1])) for x in (left, right)
    ]
    turns = [(left + across / 2, top), (left, top + down / 2), (right - across / 2, top)]
    return tuple(
        Mark(kind, round(x, 4), round(y, 4))
        for kind, places in (
            (MarkKind.CORNER, corners),
            (MarkKind.TICK, ticks),
            (MarkKind.TURN, turns),
        )
        for x, y in places
    )


@dataclass(frozen=True)
class Identity:
    """What the code of a page says. It says nothing of a voter."""

    election: str
    contest: str
    page: int
    batch: str
    check: str

    @property
    def text(self) -> str:
        return "/".join(
            (PREFIX, self.election, self.contest, str(self.page), self.batch, self.check)
        )


def identity(spec: Spec, *, contests: tuple[str, ...], page: int, batch: str = "") -> Identity:
    """`contests` are those on the page; the code names the first and how many more."""
    batch = batch or spec.batch
    contest = contests[0] + (f"+{len(contests) - 1}" if len(contests) > 1 else "")
    said = f"{spec.digest()}/{contest}/{page}/{batch}".encode()
    check = base64.b32encode(hashlib.new("sm3", said).digest()).decode()[:CHECK_LENGTH]
    return Identity(spec.election, contest, page, batch, check)


def parse_identity(text: str) -> Identity | None:
    """None where it is not a code of ours. Whether `check` is right is for the reader to see."""
    parts = text.split("/")
    if len(parts) != 6 or parts[0] != PREFIX or not re.fullmatch(r"[1-9]\d{0,2}", parts[3]):
        return None
    return Identity(parts[1], parts[2], int(parts[3]), parts[4], parts[5])


@dataclass(frozen=True)
class Code:
    """The QR code of a page: `rows` of modules, '1' black; `box` without its quiet zone."""

    identity: Identity
    rows: tuple[str, ...]
    box: Box

    @property
    def fills(self) -> tuple[Box, ...]:
        """Runs of black modules. Each reaches a little into the next row, or hairlines show."""
        return tuple(
            Box(
                round(self.box.x + run.start() * MODULE, 4),
                round(self.box.y + row * MODULE, 4),
                round((run.end() - run.start()) * MODULE, 4),
                MODULE + 0.01,
            )
            for row, modules in enumerate(self.rows)
            for run in re.finditer("1+", modules)
        )


def code_at(said: Identity, *, right: float, bottom: float) -> Code:
    rows = code_rows(said)
    size = len(rows) * MODULE
    return Code(said, rows, Box(round(right - size, 4), round(bottom - size, 4), size, size))


def code_rows(said: Identity) -> tuple[str, ...]:
    made = segno.make(said.text, error="m", micro=False, boost_error=False)
    return tuple("".join(map(str, row)) for row in made.matrix)
