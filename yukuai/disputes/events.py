from dataclasses import dataclass


@dataclass(frozen=True)
class DisputeRegistered:
    dispute_id: int
    change_id: int


@dataclass(frozen=True)
class DisputeMoved:
    """One move of the workflow; `change_id` is its row in the log. Ids only: a job is no place for
    what two people quarrel about."""

    dispute_id: int
    change_id: int
    move: str
