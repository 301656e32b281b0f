"""The clock rail: the days of an election on one line, drawn to scale. Marks in, places out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from yukuai.elections.schedule import Mark, Step, said_day
from yukuai.kernel import wording

WIDTH, LEFT, RIGHT = 1216, 40, 1176
SIGN, SMALL, GAP, FLAG = 13, 12, 14, 28
UP, DOWN = (22, 38), (98, 115)
"""Base lines of the two lines of a label above and below the rail."""


@dataclass(frozen=True)
class Label:
    mark: Mark
    x: float
    words: str
    note: str
    state: str
    """done, running, open, or day"""
    text_x: float
    lines: tuple[int, int]


@dataclass(frozen=True)
class Rail:
    labels: tuple[Label, ...]
    today_x: float
    running: tuple[float, float] | None
    """From today to the end of what runs now."""
    ticks: tuple[tuple[float, bool], ...]
    """One a day; those of a week are longer."""
    width: int = field(default=WIDTH)


def lay(marks: Sequence[Mark], today: date, running: Step | None) -> Rail:
    first = min(*(mark.day for mark in marks), today)
    last = max(*(mark.day for mark in marks), today)
    span = max((last - first).days, 1)

    def x_of(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - first).days / span, 1)

    step = max(1, span // 120)
    ticks = tuple(
        (x_of(date.fromordinal(first.toordinal() + n)), n % (7 * step) == 0)
        for n in range(0, span + 1, step)
    )
    end = next((mark.day for mark in marks if mark.step is running), None)
    runs = (x_of(today), x_of(end)) if end is not None and end > today else None
    return Rail(_labels(marks, x_of, running, x_of(today)), x_of(today), runs, ticks)


def _labels(
    marks: Sequence[Mark], x_of: Callable[[date], float], running: Step | None, flag: float
) -> tuple[Label, ...]:
    """Above and below in turn, each shifted as little as keeps it off its neighbour."""
    placed: list[Label] = []
    ends = {UP: 0.0, DOWN: 0.0}
    for mark in sorted(marks, key=lambda one: (one.day, one.step)):
        x = x_of(mark.day)
        words, note = f"{said_day(mark.day)} {mark.word}", mark.said or _weekday(mark)
        wide = wide_of(words, note)
        starts = {row: _start(x, wide, ends[row], flag if row == UP else None) for row in ends}
        lines = min(starts, key=lambda row: abs(starts[row] + wide / 2 - x))
        ends[lines] = starts[lines] + wide
        state = _state(mark, running)
        placed.append(Label(mark, x, words, note, state, round(starts[lines], 1), lines))
    return _drawn_in(placed, flag)


def _drawn_in(placed: Sequence[Label], flag: float) -> tuple[Label, ...]:
    """From the right edge back, so that the last ones do not lie on each other."""
    free = {UP: float(WIDTH), DOWN: float(WIDTH)}
    found: list[Label] = []
    for one in reversed(placed):
        wide = wide_of(one.words, one.note)
        start = min(one.text_x, free[one.lines] - wide)
        if one.lines == UP and start < flag + FLAG and start + wide > flag - FLAG:
            start = flag - FLAG - wide
        free[one.lines] = start - GAP
        found.append(replace(one, text_x=round(max(start, 0.0), 1)))
    return tuple(reversed(found))


def _start(x: float, wide: float, after: float, flag: float | None) -> float:
    """Where a label begins: about its mark, behind its neighbour, beside the flag of today."""
    start = max(x - wide / 2, after + GAP, 0)
    if flag is not None and start < flag + FLAG and start + wide > flag - FLAG:
        start = flag + FLAG
    return start


def _weekday(mark: Mark) -> str:
    return wording.weekday(mark.day) if mark.step is Step.POLLING else ""


def _state(mark: Mark, running: Step | None) -> str:
    if mark.step is Step.POLLING:
        return "day"
    if mark.done:
        return "done"
    return "running" if mark.step is running else "open"


def wide_of(words: str, note: str) -> float:
    return max(_wide(words, SIGN), _wide(note, SMALL))


def _wide(words: str, size: int) -> float:
    return sum(size if ord(sign) > 0x2E80 else size * 0.56 for sign in words)
