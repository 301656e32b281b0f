from yukuai.roster.queries.desks import Desk, get_desk, list_desks, may_read, sits_at
from yukuai.roster.queries.duty import (
    Manned,
    find_end_of_next_shift,
    find_staff_now,
    is_on_duty,
    list_manned,
    list_on_duty,
    list_staff_now,
)
from yukuai.roster.queries.handovers import find_untaken, get_handover, list_handovers
from yukuai.roster.queries.week import (
    get_assignment,
    get_shift,
    list_assigned,
    list_candidates,
    list_gaps,
    list_history,
    list_rows,
    list_shifts,
)

__all__ = [
    "Desk",
    "Manned",
    "find_end_of_next_shift",
    "find_staff_now",
    "find_untaken",
    "get_assignment",
    "get_desk",
    "get_handover",
    "get_shift",
    "is_on_duty",
    "list_assigned",
    "list_candidates",
    "list_desks",
    "list_gaps",
    "list_handovers",
    "list_history",
    "list_manned",
    "list_on_duty",
    "list_rows",
    "list_shifts",
    "list_staff_now",
    "may_read",
    "sits_at",
]
