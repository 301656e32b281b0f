"""What can be done with a roster and a hand-over: one verb, one action, one line in the audit."""

from yukuai.roster.actions.assigning import assign, copy_week, replace, swap, unassign
from yukuai.roster.actions.handing import hand_over, take_over
from yukuai.roster.actions.shifts import add_shift, end_shift, use_default_shifts

__all__ = [
    "add_shift",
    "assign",
    "copy_week",
    "end_shift",
    "hand_over",
    "replace",
    "swap",
    "take_over",
    "unassign",
    "use_default_shifts",
]
