from dataclasses import dataclass


@dataclass(frozen=True)
class CorrectionSettled:
    """Somebody decided what a resident had asked for; the claim says how."""

    claim_id: int
