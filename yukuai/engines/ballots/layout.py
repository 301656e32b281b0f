"""The one layout of a paper: it draws the ballot, and reads it.

`lay_out(spec).pages[n].positions` are the boxes a voter marks, in millimetres from the top left
corner of the printed page; `names` the fields in which the name of somebody else is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yukuai.engines.ballots.paper import (
    MODULE,
    SHEETS,
    Box,
    Code,
    Mark,
    Sheet,
    code_at,
    code_rows,
    identity,
    registration_marks,
)
from yukuai.engines.ballots.spec import Contest, Spec
from yukuai.engines.ballots.tables import Plan, Position, Table, plan_tables
from yukuai.engines.ballots.wording import Words, footer_words, header_words, micro_text

__all__ = ["Box", "Layout", "Page", "Position", "lay_out"]

SEAL_DIAMETER = 42.0
"""Of the seals of village and residents' committees."""
HEAVY, FINE, BAND = 0.6, 0.2, 1.2
"""The frame: a heavy rule, micro-text, a fine rule."""


@dataclass(frozen=True)
class Page:
    """`number` counts all pages of the spec from 1; those of one `paper` are one ballot. `fills`
    are black, `seal` is where the round seal goes."""

    number: int
    paper: int
    sheet: int
    side: int
    width: float
    height: float
    code: Code
    marks: tuple[Mark, ...]
    tables: tuple[Table, ...]
    words: tuple[Words, ...]
    fills: tuple[Box, ...]
    seal: Box | None

    @property
    def positions(self) -> tuple[Position, ...]:
        return tuple(one for table in self.tables for one in table.positions)

    @property
    def names(self) -> tuple[Position, ...]:
        return tuple(one for table in self.tables for one in table.names)


@dataclass(frozen=True)
class Layout:
    """`papers` are the numbers of the pages that together make one ballot."""

    spec: Spec
    pages: tuple[Page, ...]
    papers: tuple[tuple[int, ...], ...]

    def page(self, number: int) -> Page:
        return self.pages[number - 1]

    def contests(self, paper: int) -> tuple[Contest, ...]:
        """Those on the paper, in the order of the spec."""
        ids = {table.contest for page in self.pages if page.paper == paper for table in page.tables}
        return tuple(contest for contest in self.spec.contests if contest.id in ids)


def lay_out(spec: Spec) -> Layout:
    """Raises SpecError where a word does not fit."""
    together: Iterable[tuple[Contest, ...]] = (
        [spec.contests] if spec.one_paper else [(contest,) for contest in spec.contests]
    )
    pages: list[Page] = []
    papers: list[tuple[int, ...]] = []
    for paper, contests in enumerate(together):
        sheets = pages[-1].sheet if pages else 0
        made = list(_pages(spec, contests, paper=paper, before=len(pages), sheets=sheets))
        papers.append(tuple(page.number for page in made))
        pages += made
    return Layout(spec, tuple(pages), tuple(papers))


def _pages(
    spec: Spec, contests: Sequence[Contest], *, paper: int, before: int, sheets: int
) -> Iterator[Page]:
    sheet = SHEETS[spec.paper]
    first = header_words(spec, sheet, contests, continued=False)
    later = header_words(spec, sheet, contests, continued=True)
    code = _largest_code(spec, contests)
    area = sheet.area
    plan = Plan(
        area=area,
        tops=(first.bottom, later.bottom),
        bottoms=(
            area.bottom - max(code, SEAL_DIAMETER if spec.seal else 0) - 3,
            area.bottom - code - 3,
        ),
        large=spec.large_print,
    )
    sides = plan_tables(plan, contests, first=before + 1)
    for index, tables in enumerate(sides):
        head = later if index else first
        yield _page(
            spec,
            sheet,
            tables,
            place=(before + index + 1, paper, sheets + index // 2 + 1, index % 2 + 1),
            of=(index + 1, len(sides)),
            head=head.words,
        )


def _largest_code(spec: Spec, contests: Sequence[Contest]) -> float:
    longest = max((contest.id for contest in contests), key=len)
    return MODULE * len(code_rows(identity(spec, contests=(longest,) * len(contests), page=99)))


def _page(
    spec: Spec,
    sheet: Sheet,
    tables: Sequence[Table],
    *,
    place: tuple[int, int, int, int],
    of: tuple[int, int],
    head: Sequence[Words],
) -> Page:
    area = sheet.area
    number, paper, leaf, side = place
    contests = tuple(dict.fromkeys(table.contest for table in tables))
    code = code_at(
        identity(spec, contests=contests, page=number), right=area.right, bottom=area.bottom
    )
    seal = None
    if spec.seal and of[0] == 1:
        left = code.box.x - 6 - SEAL_DIAMETER
        seal = Box(left, area.bottom - SEAL_DIAMETER, SEAL_DIAMETER, SEAL_DIAMETER)
    words = [*head, *(word for table in tables for word in table.words)]
    words += footer_words(spec, area, seal=seal, code=code.box, of=of)
    return Page(
        number=number,
        paper=paper,
        sheet=leaf,
        side=side,
        width=sheet.width,
        height=sheet.height,
        code=code,
        marks=registration_marks(sheet),
        tables=tuple(tables),
        words=(*words, *micro_text(spec, _frame(sheet).inset(HEAVY), BAND)),
        fills=tuple(_fills(sheet, tables, code)),
        seal=seal,
    )


def _frame(sheet: Sheet) -> Box:
    return Box(0, 0, sheet.width, sheet.height).inset(sheet.frame)


def _fills(sheet: Sheet, tables: Sequence[Table], code: Code) -> Iterator[Box]:
    """All that is black: marks, frame, code, rules."""
    yield from (mark.box for mark in registration_marks(sheet))
    yield from _border(_frame(sheet), HEAVY)
    yield from _border(_frame(sheet).inset(HEAVY + BAND), FINE)
    yield from code.fills
    yield from (fill for table in tables for fill in table.fills)


def _border(box: Box, rule: float) -> tuple[Box, ...]:
    return (
        Box(box.x, box.y, box.w, rule),
        Box(box.x, box.bottom - rule, box.w, rule),
        Box(box.x, box.y, rule, box.h),
        Box(box.right - rule, box.y, rule, box.h),
    )
