"""Moves by which several hands work on one matter: parts, helpers, objections to a dispatch."""

from yukuai.accounts.policy import Permission
from yukuai.cases.states import guards
from yukuai.cases.states.choices import CaseState
from yukuai.workflow.definitions import Move

S = CaseState
P = Permission

OBJECTION_MOVES = (
    Move(
        "object",
        "提出异议",
        frozenset({S.DISPATCHED, S.HANDLING}),
        S.OBJECTED,
        P.CASE_HANDLE,
        does="只有一次，由上一级裁决。裁决以前仍由您单位负责，期限照走。",
        why_not="派给您单位以后、答复以前才能提异议。",
        guard=guards.may_object,
        icon="flag",
    ),
    Move(
        "uphold",
        "维持派单",
        frozenset({S.OBJECTED}),
        S.HANDLING,
        P.CASE_ARBITRATE,
        does="写明依据，由现在的单位办到底，这一轮不再退单。",
        why_not="没有等您裁决的派单异议。",
        guard=guards.is_the_arbiter,
        icon="check",
    ),
    Move(
        "redirect",
        "裁决改派",
        frozenset({S.OBJECTED}),
        S.DISPATCHED,
        P.CASE_ARBITRATE,
        does="指定由哪家单位办，写明依据，这一轮不再退单。",
        why_not="没有等您裁决的派单异议。",
        guard=guards.all_of(guards.is_the_arbiter, guards.unit_fits),
        icon="send",
    ),
)

HELP_MOVES = (
    Move(
        "ask_help",
        "请人会办",
        frozenset({S.HANDLING, S.COLLAB}),
        S.COLLAB,
        P.CASE_HANDLE,
        does="请一个或几个部门出意见，您单位仍是牵头。",
        why_not="签收以后才能请人会办。",
        icon="talk",
    ),
    Move(
        "give_help",
        "写会办意见",
        frozenset({S.COLLAB}),
        S.COLLAB,
        P.CASE_HELP,
        does="意见交给牵头单位。",
        why_not="没有请您会办。",
        guard=guards.is_the_helper,
        icon="talk",
    ),
    Move(
        "withdraw_help",
        "不再等会办",
        frozenset({S.COLLAB}),
        S.COLLAB,
        P.CASE_HANDLE,
        does="写明理由，收回对一个部门的会办请求，接着往下办。",
        why_not="没有正在等的会办意见。",
        icon="undo",
    ),
    Move(
        "gather_help",
        "会办结束",
        frozenset({S.COLLAB}),
        S.HANDLING,
        P.CASE_SETTLE,
        does="意见都到了，或者不再等了，回到牵头单位手里。",
        why_not="没有正在等的会办意见。",
        guard=guards.nobody_asked,
        icon="check",
    ),
)
"""The last opinion, or the last question taken back, makes `gather_help` in the same breath."""

PART_MOVES = (
    Move(
        "split_at_desk",
        "拆单",
        frozenset({S.TRIAGED}),
        S.TRIAGED,
        P.CASE_DISPATCH,
        does="分成几份，各派各的单位，居民只看到一个单号。主单照样要派给牵头单位。",
        why_not="分流以后、派单以前，由派单的人拆；签收以后由承办单位拆。",
        guard=guards.may_be_split,
        icon="layers",
    ),
    Move(
        "split_at_unit",
        "拆单",
        frozenset({S.HANDLING}),
        S.HANDLING,
        P.CASE_HANDLE,
        does="分成几份，各派各的单位，您单位牵头汇总答复。",
        why_not="签收以后、答复以前才能拆单。",
        guard=guards.may_be_split,
        icon="layers",
    ),
    Move(
        "cancel_part",
        "撤销分单",
        frozenset({S.ACCEPTED, S.TRIAGED, S.DISPATCHED}),
        S.CANCELLED,
        P.CASE_DISPATCH,
        does="写明理由，撤掉一份还没有人签收的分单。",
        why_not="已经有单位签收或办完了，不能撤销。要收回，由承办单位申请退单。",
        guard=guards.part_only,
        icon="close",
    ),
    Move(
        "finish",
        "核查通过，分单办完",
        frozenset({S.REPLIED}),
        S.FINISHED,
        P.CASE_REVIEW,
        does="答复属实，这一份办完，交给主单的牵头单位汇总。",
        why_not="要先有承办单位的答复。",
        guard=guards.all_of(guards.part_only, guards.not_the_handler),
        icon="done",
    ),
)
