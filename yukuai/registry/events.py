"""Facts others may act on. They carry ids."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CorrectionSettled:
    """Somebody decided what a resident had asked for; the claim says how."""

    claim_id: int


@dataclass(frozen=True)
class RecordsTouched:
    """Something was written in the register of a community; its figures are counted anew. Gathered:
    one short row a write, many alike are counted once."""

    division_id: int


@dataclass(frozen=True)
class OutputAsked:
    """A report with persons in it waits for the level above."""

    output_id: int


@dataclass(frozen=True)
class OutputSettled:
    """It was approved, or not; the row says which and why."""

    output_id: int


@dataclass(frozen=True)
class ImportAsked:
    """An import waits for the worker: to be judged, written or taken back, as its stage says."""

    batch_id: int
