"""The writes of this app."""

from yukuai.registry.actions.arriving import Home, take_in
from yukuai.registry.actions.counting import count_touched, recount
from yukuai.registry.actions.living import (
    add_entrance,
    end_care,
    join_household,
    leave_household,
    move_in,
    move_out,
    tag_care,
)
from yukuai.registry.actions.loading import load_codes
from yukuai.registry.actions.opening import (
    count_search,
    note_list,
    note_look,
    note_names,
    note_search,
    open_own,
    reveal,
)
from yukuai.registry.actions.recording import (
    amend,
    confirm_unchanged,
    end_record,
    register,
    reopen_record,
)
from yukuai.registry.actions.settling import (
    ask_correction,
    choose_claim,
    prove_own,
    settle_correction,
)

__all__ = [
    "Home",
    "add_entrance",
    "amend",
    "ask_correction",
    "choose_claim",
    "confirm_unchanged",
    "count_search",
    "count_touched",
    "end_care",
    "end_record",
    "join_household",
    "leave_household",
    "load_codes",
    "move_in",
    "move_out",
    "note_list",
    "note_look",
    "note_names",
    "note_search",
    "open_own",
    "prove_own",
    "recount",
    "register",
    "reopen_record",
    "reveal",
    "settle_correction",
    "tag_care",
    "take_in",
]
