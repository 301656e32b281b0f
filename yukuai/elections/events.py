from dataclasses import dataclass


@dataclass(frozen=True)
class ElectionMoved:
    """One move of an election; `change_id` is its row in the log."""

    election_id: int
    change_id: int
    move: str
