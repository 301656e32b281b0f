"""What happened in the register, for whoever reacts to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportAsked:
    """An import waits for the worker: to be judged, written or taken back, as its stage says."""

    batch_id: int
