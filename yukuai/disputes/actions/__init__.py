"""What can be done with a dispute: one verb, one action, one permission, one line in the log."""

from yukuai.disputes.actions.agreeing import (
    agree,
    archive_dispute,
    note_confirmation,
    take_effect,
    visit_fulfilment,
)
from yukuai.disputes.actions.assigning import (
    assign_mediator,
    reassign_mediator,
    record_refusal,
    recuse,
    refuse_mediator,
)
from yukuai.disputes.actions.looking import note_look, reveal_party
from yukuai.disputes.actions.mediating import (
    change_date,
    fail_mediation,
    hold_session,
    investigate,
    note_inquiry,
    open_mediation,
    record_withdrawal,
    withdraw,
)
from yukuai.disputes.actions.register import change_mediator, load_kinds, register_mediator
from yukuai.disputes.actions.registering import receive, register_dispute

__all__ = [
    "agree",
    "archive_dispute",
    "assign_mediator",
    "change_date",
    "change_mediator",
    "fail_mediation",
    "hold_session",
    "investigate",
    "load_kinds",
    "note_confirmation",
    "note_inquiry",
    "note_look",
    "open_mediation",
    "reassign_mediator",
    "receive",
    "record_refusal",
    "record_withdrawal",
    "recuse",
    "refuse_mediator",
    "register_dispute",
    "register_mediator",
    "reveal_party",
    "take_effect",
    "visit_fulfilment",
    "withdraw",
]
