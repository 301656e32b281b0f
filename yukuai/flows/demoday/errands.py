"""The outbox of the day: what would be jobs of the worker is kept in hand and run at its moment.

A worker reads the clock on the wall; the day has a clock of its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from yukuai.cases.events import CaseMoved, CaseRaised, CaseSupervised, SupervisionAnswered
from yukuai.exchange.events import MatterUnclear, NoticeKept, ParcelQueued
from yukuai.kernel.outbox import GATHERED, SUBSCRIBERS, muted

KEPT = (
    CaseMoved,
    CaseSupervised,
    SupervisionAnswered,
    ParcelQueued,
    NoticeKept,
    MatterUnclear,
)


class Errands:
    def __init__(self) -> None:
        self.waiting: dict[type, list[dict[str, Any]]] = defaultdict(list)

    def take(self, event: type) -> list[dict[str, Any]]:
        return self.waiting.pop(event, [])


class Basket:
    """Stands where a task would."""

    def __init__(self, errands: Errands, event: type) -> None:
        self.errands, self.event = errands, event

    def batch_defer(self, *jobs: dict[str, Any]) -> None:
        self.errands.waiting[self.event] += jobs


@contextmanager
def in_hand() -> Iterator[Errands]:
    errands = Errands()
    with muted():
        GATHERED.add(CaseRaised)
        for event in KEPT:
            SUBSCRIBERS[event] = [Basket(errands, event)]
        try:
            yield errands
        finally:
            GATHERED.discard(CaseRaised)
            for event in KEPT:
                SUBSCRIBERS.pop(event, None)
