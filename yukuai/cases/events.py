from dataclasses import dataclass


@dataclass(frozen=True)
class CaseRaised:
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
