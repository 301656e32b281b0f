from dataclasses import dataclass


@dataclass(frozen=True)
class SmsQueued:
    """A text may go out now. `attempt` says how many were made: of two jobs with the same number
    only the first one sends."""

    delivery_id: int
    attempt: int
