from dataclasses import dataclass


@dataclass(frozen=True)
class CaseRaised:
    """Gathered for a round: a city writes hundreds a second."""

    case_id: int
    change_id: int


@dataclass(frozen=True)
class UrgentRaised:
    """The same of what cannot wait for a round; it is told of once all the same."""

    case_id: int
    change_id: int


@dataclass(frozen=True)
class ArrivalSetAside:
    """Of a round that failed: this one alone."""

    case_id: int
    change_id: int


@dataclass(frozen=True)
class CaseMoved:
    """One move of the workflow; `change_id` is its row in the log."""

    case_id: int
    change_id: int
    move: str


@dataclass(frozen=True)
class CaseSupervised:
    case_id: int
    change_id: int


@dataclass(frozen=True)
class SupervisionAnswered:
    case_id: int
    change_id: int
    asked_by_id: int | None


@dataclass(frozen=True)
class RuleBroken:
    """A live dispatch rule has nobody to send to any more."""

    rule_id: int


@dataclass(frozen=True)
class ExportAsked:
    """Too long to be written at once."""

    export_id: int


@dataclass(frozen=True)
class ExportReady:
    """Its file waits, or there will be none; the row says which."""

    export_id: int
