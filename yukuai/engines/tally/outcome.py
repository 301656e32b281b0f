"""What a count comes to: seats, the reasons of those without, and what people have to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yukuai.engines.tally.log import ResolutionLog
from yukuai.engines.tally.polls import Kind
from yukuai.engines.tally.tallying import Tally


class Standing(StrEnum):
    UNRECONCILED = "UNRECONCILED"
    """Papers do not balance: nothing may go on."""
    UNJUDGED = "UNJUDGED"
    """Disputed ballots or written names wait for a decision."""
    INVALID_ELECTION = "INVALID_ELECTION"
    OPEN = "OPEN"
    """Valid; see the needs."""
    COMPLETE = "COMPLETE"


class Reason(StrEnum):
    """Why somebody has a seat or has none (§2.6 step 18)."""

    ELECTED = "ELECTED"
    ELECTED_AS_WOMAN = "ELECTED_AS_WOMAN"
    ELECTED_IN_RUN_OFF = "ELECTED_IN_RUN_OFF"
    ELECTED_IN_RERUN = "ELECTED_IN_RERUN"
    NO_MAJORITY = "NO_MAJORITY"
    FEWER_VOTES = "FEWER_VOTES"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    SEATED_HIGHER = "SEATED_HIGHER"
    KIN = "KIN"
    TIED = "TIED"
    WAITING = "WAITING"


class Needed(StrEnum):
    RUN_OFF = "RUN_OFF"
    RERUN = "RERUN"
    REVIEW = "REVIEW"


@dataclass(frozen=True)
class Need:
    """`persons` are those to vote on, or to review. A rerun that is not `required` may be put off
    by a meeting (`Plan.vacant`); `short` is how many have to be nominated besides."""

    kind: Needed
    contest: str
    seats: int
    persons: tuple[str, ...]
    sentence: str
    women: bool = False
    required: bool = True
    short: int = 0

    def as_data(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "contest": self.contest,
            "seats": self.seats,
            "persons": list(self.persons),
            "sentence": self.sentence,
            "women": self.women,
            "required": self.required,
            "short": self.short,
        }


@dataclass(frozen=True)
class Seat:
    contest: str
    person: str
    votes: int
    reason: Reason

    def as_data(self) -> dict[str, Any]:
        return {
            "contest": self.contest,
            "person": self.person,
            "votes": self.votes,
            "reason": str(self.reason),
        }


@dataclass(frozen=True)
class PollCount:
    """R, I, C and T of one poll with its sums, in all and by box."""

    kind: Kind
    contests: tuple[tuple[str, tuple[str, ...]], ...]
    registered: int
    issued: int
    collected: int
    turnout: int
    valid: bool
    tally: Tally
    boxes: Mapping[str, Tally]

    def as_data(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "registered": self.registered,
            "issued": self.issued,
            "collected": self.collected,
            "turnout": self.turnout,
            "valid": self.valid,
            "total": self.tally.as_data(self.contests),
            "boxes": {box: tally.as_data(self.contests) for box, tally in self.boxes.items()},
        }


@dataclass(frozen=True)
class Result:
    standing: Standing
    sentence: str
    polls: tuple[PollCount, ...]
    seats: tuple[Seat, ...]
    reasons: Mapping[tuple[str, str], Reason]
    vacancies: Mapping[str, int]
    needs: tuple[Need, ...]
    log: ResolutionLog

    def seated(self, contest: str) -> tuple[str, ...]:
        return tuple(seat.person for seat in self.seats if seat.contest == contest)

    def as_data(self) -> dict[str, Any]:
        return {
            "standing": str(self.standing),
            "sentence": self.sentence,
            "polls": [poll.as_data() for poll in self.polls],
            "seats": [seat.as_data() for seat in self.seats],
            "reasons": [
                {"contest": contest, "person": person, "reason": str(reason)}
                for (contest, person), reason in sorted(self.reasons.items())
            ],
            "vacancies": dict(sorted(self.vacancies.items())),
            "needs": [need.as_data() for need in self.needs],
            "log": [entry.as_data() for entry in self.log.entries],
        }
