from dataclasses import dataclass


@dataclass(frozen=True)
class DeadlineNear:
    """A share of a term (50, 80 or 100 per cent) has passed and it is not met."""

    deadline_id: int
    percent: int
