"""Which pictures are one ballot.

A sheet read on both sides gives two pictures in a row, in any order; a paper of several sheets its
pictures one after another. A picture that was refused stands for the page that is missing beside
it. The blank back of a sheet printed on one side is no ballot.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from yukuai.engines.ballots.layout import Layout
from yukuai.engines.ballots.refusals import Refusal

FOREIGN = frozenset({Refusal.NOT_THIS_ELECTION, Refusal.FOREIGN_PAPER, Refusal.BLANK_PAGE})
"""What is not a ballot of this election at all; anything else refused may be one."""


@dataclass(frozen=True)
class Picture:
    """One line of READ.jsonl; `number` counts pictures of the scan from 1."""

    number: int
    said: Mapping[str, Any]

    @property
    def page(self) -> int | None:
        return self.said["page"] if self.said["status"] == "ok" else None

    @property
    def reason(self) -> Refusal | None:
        return Refusal(self.said["reason"]) if self.said.get("reason") else None


@dataclass(frozen=True)
class Group:
    """The pictures of one ballot, as `paper` of the layout; None of a paper that is not ours."""

    pictures: tuple[Picture, ...]
    paper: int | None


def group_pages(layout: Layout, lines: Sequence[Mapping[str, Any]]) -> Iterator[Group]:
    """In the order of the scan."""
    pictures = [Picture(number, said) for number, said in enumerate(lines, 1)]
    open_: list[Picture] = []
    for picture in _without_backs(layout, pictures):
        if open_ and not _fits(layout, open_, picture):
            yield _closed(layout, open_)
            open_ = []
        open_.append(picture)
        if len(open_) >= _wanted(layout, open_):
            yield _closed(layout, open_)
            open_ = []
    if open_:
        yield _closed(layout, open_)


def _paper_of(layout: Layout, pictures: Sequence[Picture]) -> int | None:
    for picture in pictures:
        if picture.page is not None:
            return layout.page(picture.page).paper
    return None


def _wanted(layout: Layout, pictures: Sequence[Picture]) -> int:
    """How many pictures make the ballot; a refused one waits for another where all papers have as
    many pages."""
    if pictures[0].reason in FOREIGN:
        return 1
    paper = _paper_of(layout, pictures)
    if paper is not None:
        return len(layout.papers[paper])
    counts = {len(pages) for pages in layout.papers}
    return counts.pop() if len(counts) == 1 else 1


def _fits(layout: Layout, open_: Sequence[Picture], picture: Picture) -> bool:
    if picture.page is None:
        return picture.reason not in FOREIGN and all(one.page is not None for one in open_)
    paper = _paper_of(layout, open_)
    same_batch = {one.said.get("batch") for one in open_ if one.page is not None}
    return (
        paper in (None, layout.page(picture.page).paper)
        and picture.page not in {one.page for one in open_}
        and same_batch <= {picture.said.get("batch")}
    )


def _closed(layout: Layout, pictures: Sequence[Picture]) -> Group:
    paper = _paper_of(layout, pictures)
    if paper is None and pictures[0].reason not in FOREIGN and len(layout.papers) == 1:
        paper = 0
    return Group(tuple(pictures), paper)


def _without_backs(layout: Layout, pictures: Sequence[Picture]) -> list[Picture]:
    """A blank side beside a front whose back is not printed is that back."""
    unprinted = {pages[-1] for pages in layout.papers if len(pages) % 2}
    backs: set[int] = set()
    fronts: set[int] = set()
    pairs = list(pairwise(pictures))
    for here, other in [*((later, earlier) for earlier, later in pairs), *pairs]:
        if here.number in backs or here.reason is not Refusal.BLANK_PAGE:
            continue
        if other.page in unprinted and other.number not in fronts:
            backs.add(here.number)
            fronts.add(other.number)
    return [picture for picture in pictures if picture.number not in backs]
