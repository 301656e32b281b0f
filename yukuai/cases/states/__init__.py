"""The life of a matter (domain.md §4.1–4.2) as data: words, moves, and why a move is refused."""

from yukuai.cases.states.choices import (
    ANSWERED_FOR_GOOD,
    DONE,
    FINAL,
    OPEN,
    PART_DONE,
    UNDISPATCHED,
    UNMERGE,
    UNSIGNED,
    CaseState,
    Outcome,
    Solved,
    Source,
    Triage,
)
from yukuai.cases.states.moves import CASE_WORKFLOW

__all__ = [
    "ANSWERED_FOR_GOOD",
    "CASE_WORKFLOW",
    "DONE",
    "FINAL",
    "OPEN",
    "PART_DONE",
    "UNDISPATCHED",
    "UNMERGE",
    "UNSIGNED",
    "CaseState",
    "Outcome",
    "Solved",
    "Source",
    "Triage",
]
