"""Facts others may act on. They carry ids."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutputAsked:
    """A report with persons in it waits for the level above."""

    output_id: int


@dataclass(frozen=True)
class OutputSettled:
    """It was approved, or not; the row says which and why."""

    output_id: int
