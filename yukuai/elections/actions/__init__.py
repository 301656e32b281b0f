"""The steps of an election."""

from yukuai.elections.actions.cards import (
    CardRefused,
    issue_cards,
    make_cards,
    replace_card,
    use_card,
)
from yukuai.elections.actions.halting import annul_election, halt_election, resume_election
from yukuai.elections.actions.notices import correct_notice, post_notice
from yukuai.elections.actions.objecting import decide_objection, object_to_roll
from yukuai.elections.actions.planning import adopt_plan, change_day, open_registration
from yukuai.elections.actions.roll import (
    add_voter,
    confirm_voters,
    finalize_roll,
    propose_roll,
    publish_roll,
    restore_voter,
    strike_voter,
)
from yukuai.elections.actions.starting import (
    Chosen,
    Met,
    form_committee,
    replace_member,
    set_guidance,
    start_election,
)

__all__ = [
    "CardRefused",
    "Chosen",
    "Met",
    "add_voter",
    "adopt_plan",
    "annul_election",
    "change_day",
    "confirm_voters",
    "correct_notice",
    "decide_objection",
    "finalize_roll",
    "form_committee",
    "halt_election",
    "issue_cards",
    "make_cards",
    "object_to_roll",
    "open_registration",
    "post_notice",
    "propose_roll",
    "publish_roll",
    "replace_card",
    "replace_member",
    "restore_voter",
    "resume_election",
    "set_guidance",
    "start_election",
    "strike_voter",
    "use_card",
]
