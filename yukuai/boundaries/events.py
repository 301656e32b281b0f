from dataclasses import dataclass


@dataclass(frozen=True)
class LinesMoved:
    """One move of a draft; `change_id` is its row in the log."""

    draft_id: int
    change_id: int
    move: str


@dataclass(frozen=True)
class LinesTookEffect:
    """From now on other ground belongs to others: what lies on it is to follow."""

    draft_id: int
