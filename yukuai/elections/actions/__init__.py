"""The steps of an election."""

from yukuai.elections.actions.candidates import begin_campaign, hold_forum, publish_candidates
from yukuai.elections.actions.cards import (
    CardRefused,
    issue_cards,
    make_cards,
    replace_card,
    use_card,
)
from yukuai.elections.actions.halting import annul_election, halt_election, resume_election
from yukuai.elections.actions.nominating import (
    declare_kin,
    drop_kin,
    nominate,
    open_nominations,
    submit_nominees,
    withdraw_nominee,
)
from yukuai.elections.actions.notices import correct_notice, post_notice
from yukuai.elections.actions.objecting import decide_objection, object_to_roll
from yukuai.elections.actions.planning import adopt_plan, change_day, open_registration
from yukuai.elections.actions.proxies import (
    cancel_proxy,
    close_proxies,
    register_proxy,
    tell_of_void,
)
from yukuai.elections.actions.reviewing import (
    ask_departments,
    give_opinion,
    set_panel,
    settle_caution,
    state_case,
)
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
    "ask_departments",
    "begin_campaign",
    "cancel_proxy",
    "change_day",
    "close_proxies",
    "confirm_voters",
    "correct_notice",
    "decide_objection",
    "declare_kin",
    "drop_kin",
    "finalize_roll",
    "form_committee",
    "give_opinion",
    "halt_election",
    "hold_forum",
    "issue_cards",
    "make_cards",
    "nominate",
    "object_to_roll",
    "open_nominations",
    "open_registration",
    "post_notice",
    "propose_roll",
    "publish_candidates",
    "publish_roll",
    "register_proxy",
    "replace_card",
    "replace_member",
    "restore_voter",
    "resume_election",
    "set_guidance",
    "set_panel",
    "settle_caution",
    "start_election",
    "state_case",
    "strike_voter",
    "submit_nominees",
    "tell_of_void",
    "use_card",
    "withdraw_nominee",
]
