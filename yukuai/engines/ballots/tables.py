"""Contests as tables: rows and columns with absolute places, over as many sides as they need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yukuai.engines.ballots.paper import PT, Box
from yukuai.engines.ballots.spec import WRITE_IN, Contest, Option, SpecError
from yukuai.engines.ballots.wording import (
    LARGE,
    Words,
    column_title,
    contest_title,
    fitted,
    name_spread,
)

OUTER, INNER = 0.5, 0.25
"""Rules of a table."""
CLEAR = 0.4
"""Between the middle of a rule and the box beside it."""
GAP = 5.0
NEVER = 10_000
NAME_FIELD = "name"
"""Column of the field in which a name is written."""


@dataclass(frozen=True)
class Position:
    """A box to be marked, or a field to be written in. `option` of a write-in row is `+1`, `+2` …;
    `box_mm` is what lies inside the printed rules, on the page `page` (from 1)."""

    contest: str
    option: str
    column: str
    page: int
    box_mm: Box


@dataclass(frozen=True)
class Table:
    """One block of rows of a contest. `outline` is the middle of its outer rules."""

    contest: str
    outline: Box
    positions: tuple[Position, ...]
    names: tuple[Position, ...]
    words: tuple[Words, ...]
    fills: tuple[Box, ...]


@dataclass(frozen=True)
class Plan:
    """Room for tables on the first and the later sides of a paper."""

    area: Box
    tops: tuple[float, float]
    bottoms: tuple[float, float]
    large: bool

    def room(self, side: int) -> tuple[float, float]:
        return self.tops[min(side, 1)], self.bottoms[min(side, 1)]


@dataclass(frozen=True)
class Style:
    """One way to set all tables of a paper. Heights in millimetres, letters in points."""

    row: float
    split_from: int
    """So many rows of a contest are set in two blocks side by side."""
    large: bool

    def blocks(self, rows: int) -> int:
        return 2 if rows >= self.split_from else 1

    @property
    def title(self) -> float:
        return 10.5 if self.large else 8.5

    @property
    def head(self) -> float:
        return max(10.5, 0.8 * self.row) if self.large else max(7.5, 0.7 * self.row)

    @property
    def name_size(self) -> float:
        return max(20.0, LARGE) if self.large else min(17.0, self.row / PT * 0.5)

    def least(self, usual: float) -> float:
        return LARGE if self.large else usual


@dataclass(frozen=True)
class Row:
    option: Option
    field: bool


def plan_tables(plan: Plan, contests: Sequence[Contest], *, first: int) -> list[list[Table]]:
    """The tables of each side: as few sides as can be, then one block, then high rows. Pages are
    numbered from `first`. Raises SpecError."""
    best: list[list[_Block]] | None = None
    rows = (18.0, 16.0, 14.5, 13.0) if plan.large else (16.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.2)
    for split_from in (NEVER, 7, 5, 2):
        for row in rows:
            style = Style(row, split_from, plan.large)
            if not all(_wide_enough(contest, style, plan.area.w) for contest in contests):
                continue
            sides = _flow(plan, contests, style)
            if sides and (best is None or len(sides) < len(best)):
                best = sides
    if best is None:
        raise SpecError("这种纸上印不下这些栏目，请改用 A4 或减少栏目。")
    return [
        [_table(block, page=first + number) for block in side] for number, side in enumerate(best)
    ]


def _rows(contest: Contest) -> list[Row]:
    rows = [Row(option, field=False) for option in contest.options]
    return rows + [
        Row(Option(f"{WRITE_IN}{number}", "另选他人"), field=True)
        for number in range(1, contest.write_ins + 1)
    ]


@dataclass(frozen=True)
class _Block:
    contest: Contest
    rows: tuple[Row, ...]
    box: Box
    style: Style
    title: Words | None


def _box_width(contest: Contest, width: float) -> float:
    return min(34.0, 0.5 * width / len(contest.columns))


def _block_width(blocks: int, width: float) -> float:
    return (width - GAP * (blocks - 1)) / blocks


def _wide_enough(contest: Contest, style: Style, width: float) -> bool:
    width = _block_width(style.blocks(len(_rows(contest))), width)
    cell = _box_width(contest, width)
    name = width - cell * len(contest.columns)
    least_cell = 24.0 if style.large else 12.5
    least_name = 42.0 if style.large else 26.0
    return cell >= least_cell and name >= least_name + (14.0 if contest.write_ins else 0.0)


def _flow(plan: Plan, contests: Sequence[Contest], style: Style) -> list[list[_Block]]:
    """Empty where not even two rows fit on a side."""
    sides: list[list[_Block]] = [[]]
    y, bottom = plan.room(0)
    for contest in contests:
        rows = _rows(contest)
        left = len(rows)
        while left:
            top = y + style.title + style.head
            count = style.blocks(len(rows))
            fit = int((bottom - top) / style.row + 1e-6) * count
            if fit < min(left, 2 * count):
                if not sides[-1]:
                    return []
                sides.append([])
                y, bottom = plan.room(len(sides) - 1)
                continue
            taken = rows[len(rows) - left :][:fit]
            blocks = list(_blocks(plan, contest, taken, style, count, y=y))
            sides[-1] += blocks
            left -= len(taken)
            y = max(block.box.bottom for block in blocks) + GAP
    return sides


def _blocks(
    plan: Plan, contest: Contest, rows: Sequence[Row], style: Style, count: int, *, y: float
) -> Iterator[_Block]:
    width = _block_width(count, plan.area.w)
    each = -(-len(rows) // count)
    size = 20.0 if style.large else 14.0
    text = contest_title(contest, continued=rows[0] != _rows(contest)[0])
    size = fitted(text, plan.area.w, usual=size, least=style.least(9.0))
    title = Words(text, Box(plan.area.x, y, plan.area.w, style.title), size, bold=True)
    for number in range(count):
        part = tuple(rows[number * each : (number + 1) * each])
        if part:
            x = plan.area.x + number * (width + GAP)
            height = style.head + style.row * len(part)
            box = Box(x, y + style.title, width, height)
            yield _Block(contest, part, box, style, None if number else title)


def _table(block: _Block, *, page: int) -> Table:
    box, style, contest = block.box, block.style, block.contest
    cell = _box_width(contest, box.w)
    first = box.right - cell * len(contest.columns)
    edges = [box.x, *(first + cell * n for n in range(len(contest.columns))), box.right]
    rows = [box.y, *(box.y + style.head + style.row * n for n in range(len(block.rows) + 1))]
    positions, names, words = [], [], [block.title] if block.title else []
    words += _heads(block, edges)
    fills = [*_rules(edges, rows)]
    for row, top in zip(block.rows, rows[1:], strict=False):
        cells = [Box(x, top, right - x, style.row) for x, right in pairwise(edges)]
        for column, cell_box in zip(contest.columns, cells[1:], strict=True):
            positions.append(_position(contest, row, column, page, cell_box))
        if row.field:
            label, field = _label(cells[0], style)
            words.append(label)
            fills.append(Box(field.x - INNER / 2, top, INNER, style.row))
            names.append(_position(contest, row, NAME_FIELD, page, field))
        else:
            words += _name(row.option, cells[0], style)
    return Table(contest.id, box, tuple(positions), tuple(names), tuple(words), tuple(fills))


def _position(contest: Contest, row: Row, column: str, page: int, cell: Box) -> Position:
    inner = Box(*(round(side, 4) for side in cell.inset(CLEAR)))
    return Position(contest.id, row.option.id, str(column), page, inner)


def _rules(edges: Sequence[float], rows: Sequence[float]) -> Iterator[Box]:
    left, right, top, bottom = edges[0], edges[-1], rows[0], rows[-1]
    for x in edges:
        rule = OUTER if x in (left, right) else INNER
        yield Box(x - rule / 2, top, rule, bottom - top)
    for y in rows:
        rule = OUTER if y in (top, rows[1], bottom) else INNER
        yield Box(left - OUTER / 2, y - rule / 2, right - left + OUTER, rule)


def _heads(block: _Block, edges: Sequence[float]) -> Iterator[Words]:
    style, top = block.style, block.box.y
    for text, x, right in zip(
        ["候选人", *map(column_title, block.contest.columns)], edges, edges[1:], strict=False
    ):
        box = Box(x, top, right - x, style.head)
        usual = 20.0 if style.large else min(13.0, style.name_size)
        size = fitted(text, right - x - 1, usual=usual, least=style.least(7.0))
        yield Words(text, box, size, bold=True)


def _label(cell: Box, style: Style) -> tuple[Words, Box]:
    text = "另选他人"
    size = LARGE if style.large else min(12.0, style.name_size * 0.8)
    size = fitted(text, 0.5 * cell.w, usual=size, least=style.least(7.0))
    width = 4 * size * PT + 3.5
    box = Box(cell.x, cell.y, width, cell.h)
    return Words(text, box, size), Box(cell.x + width, cell.y, cell.w - width, cell.h)


def _name(option: Option, cell: Box, style: Style) -> Iterator[Words]:
    note = _right_part(cell, 0.42) if option.note else None
    room = Box(cell.x, cell.y, cell.w - (note.w if note else 0), cell.h).inset(1.0)
    lines = 2 if cell.h > 2.4 * style.least(9.0) * PT else 1
    size = fitted(option.name, room.w, usual=style.name_size, least=style.least(7.0), lines=lines)
    spread = name_spread(option.name)
    spread = spread if (len(option.name) * (1 + spread)) * size * PT <= room.w else 0.0
    yield Words(option.name, room, size, spread=spread)
    if note:
        usual = LARGE if style.large else 10.0
        size = fitted(option.note, note.w - 2, usual=usual, least=style.least(6.0), lines=lines)
        yield Words(option.note, note.inset(1.0), size, align="left", grey=True)


def _right_part(cell: Box, share: float) -> Box:
    """The right part of a cell."""
    width = cell.w * share
    return Box(cell.right - width, cell.y, width, cell.h)
