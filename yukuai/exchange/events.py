from dataclasses import dataclass


@dataclass(frozen=True)
class ParcelQueued:
    """Something is to be sent to an outside system; `attempt` is how often it was tried."""

    parcel_id: int
    attempt: int


@dataclass(frozen=True)
class NoticeKept:
    """An outside system said something of this matter; it lies in the table, not yet applied."""

    system_id: int
    external_id: str


@dataclass(frozen=True)
class MatterUnclear:
    """Something between was never heard, or a matter is unknown: ask the system itself."""

    system_id: int
    external_id: str


@dataclass(frozen=True)
class ReconciliationAsked:
    system_id: int
    day: str
