"""The life of a dispute (domain.md §4.4) as data: words, moves, and why a move is refused."""

from yukuai.disputes.states.choices import (
    BEFORE_EFFECT,
    DONE,
    MEDIATED,
    OPEN,
    AgreementForm,
    Channel,
    Confirmation,
    DisputeState,
    Origin,
    Outcome,
    Side,
)
from yukuai.disputes.states.moves import DISPUTE_WORKFLOW

__all__ = [
    "BEFORE_EFFECT",
    "DISPUTE_WORKFLOW",
    "DONE",
    "MEDIATED",
    "OPEN",
    "AgreementForm",
    "Channel",
    "Confirmation",
    "DisputeState",
    "Origin",
    "Outcome",
    "Side",
]
