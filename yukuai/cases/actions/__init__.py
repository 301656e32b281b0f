"""What can be done with a matter: one verb, one action, one permission, one entry in the log."""

from yukuai.cases.actions.calling_back import call_again
from yukuai.cases.actions.catalogue import (
    add_urgent_word,
    load_catalogue,
    remove_urgent_word,
    save_category,
)
from yukuai.cases.actions.closing import (
    archive_due,
    close_case,
    finish_part,
    rate_case,
    record_visit,
    review_case,
    send_back,
    withdraw_case,
)
from yukuai.cases.actions.clustering import (
    confirm_cluster,
    dismiss_cluster,
    propose_cluster,
    propose_clusters,
)
from yukuai.cases.actions.contact import reveal_contact
from yukuai.cases.actions.dispatch import decide_return, dispatch_case, request_return
from yukuai.cases.actions.duties import end_duty, load_duties, set_duty
from yukuai.cases.actions.extending import ask_extension, decide_extension
from yukuai.cases.actions.following import follow_case, resume_following, unfollow_case
from yukuai.cases.actions.handling import add_note, reply_case, sign_case
from yukuai.cases.actions.helping import ask_help, give_help, withdraw_help
from yukuai.cases.actions.intake import accept_case, raise_case, register_case, reject_case
from yukuai.cases.actions.learning import (
    activate_triage_model,
    keep_triage_model,
    retire_triage_model,
)
from yukuai.cases.actions.linking import merge_case, release_merged, unmerge_case
from yukuai.cases.actions.objecting import object_to_dispatch, rule_on_objection
from yukuai.cases.actions.parts import cancel_part, split_case
from yukuai.cases.actions.rulebook import (
    check_rules,
    draft_rule,
    edit_rule,
    put_rule_live,
    retire_rule,
    try_rule,
)
from yukuai.cases.actions.supervision import answer_supervision, supervise_case
from yukuai.cases.actions.triage import guide_case, relocate_case, retriage_case, triage_case

__all__ = [
    "accept_case",
    "activate_triage_model",
    "add_note",
    "add_urgent_word",
    "answer_supervision",
    "archive_due",
    "ask_extension",
    "ask_help",
    "call_again",
    "cancel_part",
    "check_rules",
    "close_case",
    "confirm_cluster",
    "decide_extension",
    "decide_return",
    "dismiss_cluster",
    "dispatch_case",
    "draft_rule",
    "edit_rule",
    "end_duty",
    "finish_part",
    "follow_case",
    "give_help",
    "guide_case",
    "keep_triage_model",
    "load_catalogue",
    "load_duties",
    "merge_case",
    "object_to_dispatch",
    "propose_cluster",
    "propose_clusters",
    "put_rule_live",
    "raise_case",
    "rate_case",
    "record_visit",
    "register_case",
    "reject_case",
    "release_merged",
    "relocate_case",
    "remove_urgent_word",
    "reply_case",
    "request_return",
    "resume_following",
    "retire_rule",
    "retire_triage_model",
    "retriage_case",
    "reveal_contact",
    "review_case",
    "rule_on_objection",
    "save_category",
    "send_back",
    "set_duty",
    "sign_case",
    "split_case",
    "supervise_case",
    "triage_case",
    "try_rule",
    "unfollow_case",
    "unmerge_case",
    "withdraw_case",
    "withdraw_help",
]
