"""Why each seat is whose: one line a step, in Chinese, with its article."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entry:
    """`step` is the number in domain.md §2.6; `contest` '' speaks of the whole election."""

    step: int
    contest: str
    sentence: str
    article: str = ""
    persons: tuple[str, ...] = ()
    seats: int = 0

    def as_data(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "contest": self.contest,
            "sentence": self.sentence,
            "article": self.article,
            "persons": list(self.persons),
            "seats": self.seats,
        }


@dataclass
class ResolutionLog:
    """Each line once: the rounds of a fixpoint do not repeat what they found before."""

    entries: list[Entry] = field(default_factory=list)

    def add(
        self,
        step: int,
        contest: str,
        sentence: str,
        *,
        article: str = "",
        persons: Iterable[str] = (),
        seats: int = 0,
    ) -> None:
        entry = Entry(step, contest, sentence, article, tuple(persons), seats)
        if entry not in self.entries:
            self.entries.append(entry)

    def story(self, contest: str, person: str = "") -> tuple[Entry, ...]:
        """What decided a contest, or one person's seat in it, from the roll on."""
        return tuple(
            entry
            for entry in self.entries
            if entry.contest in ("", contest)
            and (not person or not entry.persons or person in entry.persons)
        )
