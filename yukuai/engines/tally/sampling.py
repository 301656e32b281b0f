"""Which papers are looked at: consistent sampling (Rivest, arXiv 1808.10016), from a public seed.

Each paper has a ticket, a number in (0, 1) made of the seed and its own number by SHA-256; the
lowest tickets are drawn. Drawn with replacement it gets a new ticket, a larger one. So anybody with
the seed and the list draws the same ones, and more papers do not change the order of the rest.
"""

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHOWN = 9


@dataclass(frozen=True, order=True)
class Ticket:
    """`number` is "0.…" in decimal digits, as many as there are; `times` counts its draws."""

    number: str
    paper: str
    times: int

    @property
    def shown(self) -> str:
        """Nine digits after the nines it begins with."""
        return self.number[: _first_other(self.number) + SHOWN]


def draw(papers: Iterable[str], seed: str, *, again: bool = False) -> Iterator[Ticket]:
    """Papers in the order they are drawn; with `again` each is put back, and it never ends."""
    listed = list(papers)
    if len(set(listed)) != len(listed):
        raise ValueError("a paper is listed twice")
    hashed = hashlib.sha256(seed.encode()).hexdigest()
    heap = [Ticket(_uniform(hashed + paper), paper, 1) for paper in listed]
    heapq.heapify(heap)
    while heap:
        drawn = heap[0]
        if again:
            later = Ticket(_after(drawn.number), drawn.paper, drawn.times + 1)
            heapq.heapreplace(heap, later)
        else:
            heapq.heappop(heap)
        yield drawn


def _uniform(said: str) -> str:
    """The digits of the hash from the last to the first: the first ones are biased."""
    number = int(hashlib.sha256(said.encode()).hexdigest(), 16)
    return "0." + f"{number:064d}"[::-1]


def _first_other(number: str) -> int:
    """Where the digits begin that are no nines."""
    return next(at for at, digit in enumerate(number + "0") if at > 1 and digit < "9")


def _after(number: str) -> str:
    """A number between this one and 1, anywhere with equal chance."""
    kept = (number + "0")[: _first_other(number)]
    counter = 1
    while True:
        later = kept + _uniform(f"{number}:{counter}")[2:]
        if later > number + "0":
            return later
        counter += 1
