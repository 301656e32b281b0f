"""A building as floors × rooms: which rooms stand above each other, and what a room is. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_SIGNS = re.compile(r"\d+|\D+")
_JOINTS = "-—－ .、号"


class Use(StrEnum):
    """What one sees of a room at a glance."""

    LIVED = "lived"
    LET = "let"
    BUSINESS = "business"
    EMPTY = "empty"
    UNKNOWN = "unknown"


LABELS: Mapping[Use, str] = {
    Use.LIVED: "自住",
    Use.LET: "出租",
    Use.BUSINESS: "经营",
    Use.EMPTY: "空置",
    Use.UNKNOWN: "不清楚",
}
_OF_STATUS = {"own": Use.LIVED, "let": Use.LET, "business": Use.BUSINESS, "empty": Use.EMPTY}


def use_of(status: str, *, people: int, bodies: int) -> Use:
    """By the code of the register, and by what is known without it: where people live nobody is
    told that it stands empty."""
    known = _OF_STATUS.get(status)
    if known is Use.EMPTY and people:
        return Use.LIVED
    if known is not None:
        return known
    if people:
        return Use.LIVED
    return Use.BUSINESS if bodies else Use.UNKNOWN


def stack_of(floor: int, room: str) -> str:
    """What rooms above each other have in common: `1203` on 12 is `03`, `3-2` on 3 is `2`."""
    name = room.strip()
    return name.removeprefix(str(floor)).lstrip(_JOINTS) or name


def in_order(room: str) -> tuple[tuple[int, str], ...]:
    """A key that puts 2 before 10."""
    parts = _SIGNS.findall(room)
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)


@dataclass(frozen=True)
class Room:
    """One door. `here` live in it, `away` are registered in it and live elsewhere."""

    id: int
    floor: int
    room: str
    use: Use
    here: int = 0
    away: int = 0
    bodies: int = 0
    care: bool = False

    @property
    def label(self) -> str:
        return LABELS[self.use]


@dataclass(frozen=True)
class Storey:
    """A floor of an entrance: one place a stack, None where there is no such door."""

    floor: int
    places: tuple[tuple[Room, ...], ...]


def storeys(rooms: Iterable[Room]) -> tuple[Storey, ...]:
    """The highest first; rooms of one stack below each other."""
    by_place: dict[tuple[int, str], list[Room]] = {}
    for room in rooms:
        by_place.setdefault((room.floor, stack_of(room.floor, room.room)), []).append(room)
    floors = sorted({floor for floor, _stack in by_place}, reverse=True)
    stacks = sorted({stack for _floor, stack in by_place}, key=in_order)
    return tuple(
        Storey(floor, tuple(tuple(by_place.get((floor, stack), ())) for stack in stacks))
        for floor in floors
    )
