"""What can be done with a drawing of lines: one verb, one action."""

from yukuai.boundaries.actions.checking import (
    adopt_proposal,
    check_draft,
    declare_exclave,
    fix_finding,
)
from yukuai.boundaries.actions.deciding import (
    approve_draft,
    put_draft_in_effect,
    put_in_effect_by_hand,
    return_draft,
    submit_draft,
    withdraw_draft,
)
from yukuai.boundaries.actions.drawing import import_shapes, save_shapes, start_draft
from yukuai.boundaries.actions.following import move_batch

__all__ = [
    "adopt_proposal",
    "approve_draft",
    "check_draft",
    "declare_exclave",
    "fix_finding",
    "import_shapes",
    "move_batch",
    "put_draft_in_effect",
    "put_in_effect_by_hand",
    "return_draft",
    "save_shapes",
    "start_draft",
    "submit_draft",
    "withdraw_draft",
]
