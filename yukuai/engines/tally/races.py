"""One contest about to be decided: its votes, and what stands already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yukuai.engines.tally.log import ResolutionLog
from yukuai.engines.tally.outcome import Seat
from yukuai.engines.tally.plan import Contest, Plan


@dataclass(frozen=True)
class RunOff:
    """A vote between the tied, already counted. `number` is its place among the polls."""

    number: int
    persons: frozenset[str]
    votes: Mapping[str, int]


@dataclass(frozen=True)
class Race:
    """`seated` are those of other contests and earlier rounds; `reserve` says that one seat of this
    contest has to go to a woman. `used` gathers the run-offs that decided something."""

    plan: Plan
    contest: Contest
    votes: Mapping[str, int]
    turnout: int
    seated: Sequence[Seat]
    run_offs: Sequence[RunOff]
    reserve: bool
    log: ResolutionLog
    used: set[int] = field(default_factory=set)

    def add(self, step: int, rule: str, sentence: str, persons: Sequence[str] = ()) -> None:
        self.log.add(
            step,
            self.contest.id,
            f"{self.contest.title}：{sentence}",
            article=self.plan.rules.cite(rule) if rule else "",
            persons=persons,
            seats=self.contest.seats,
        )

    def in_order(self, persons: Sequence[str]) -> list[str]:
        """Most votes first; equal ones in the order of the paper, which decides nothing."""
        listed = {person: place for place, person in enumerate(self.contest.candidates)}
        return sorted(persons, key=lambda p: (-self.votes[p], listed.get(p, len(listed)), p))

    def with_votes(self, persons: Sequence[str]) -> str:
        return "、".join(f"{self.plan.person(p).name} {self.votes[p]} 票" for p in persons)
