"""A matter in the resident's words: where it stands, and what has happened (LOOK.md §4)."""

from datetime import datetime
from typing import Any

from yukuai.cases.states import UNMERGE, CaseState

S = CaseState
STATES: dict[str, tuple[str, str]] = {
    S.SUBMITTED: ("run", "等社区收下"),
    S.REJECTED: ("off", "没有受理"),
    S.ACCEPTED: ("run", "收下了，正在定归谁办"),
    S.TRIAGED: ("run", "定了归谁办，马上派"),
    S.DISPATCHED: ("run", "派出去了，等接手"),
    S.HANDLING: ("run", "正在办"),
    S.COLLAB: ("run", "正在办"),
    S.EXTENDED: ("run", "正在办"),
    S.RETURN_REQUESTED: ("run", "正在办"),
    S.OBJECTED: ("run", "正在办"),
    S.REPLIED: ("run", "有答复了，正在核查"),
    S.REVIEWED: ("run", "核查过了，等回访您"),
    S.VISITED: ("run", "回访过了，马上办结"),
    S.CLOSED: ("yours", "等您评价"),
    S.RATED: ("done", "办结，您已评价"),
    S.ARCHIVED: ("done", "办结"),
    S.REOPENED: ("run", "重新打开，接着办"),
    S.WITHDRAWN: ("off", "您撤回了"),
    S.MERGED: ("run", "和同一件事合在一起办"),
    S.FINISHED: ("done", "办完了"),
    S.CANCELLED: ("off", "不办了"),
}
"""Tone and word of the chip; amber only while the platform waits for this reader."""

MOVES = {
    "split_at_desk": "分头来办",
    "split_at_unit": "分头来办",
    "redirect": "换了单位来办",
    "part-dispatch": "其中一项派人去办",
    "part-sign": "其中一项接手了",
    "part-ask_help": "其中一项请人一起办",
    "part-note": "其中一项有新进展",
    "part-guide": "其中一项有答复",
    "part-reply": "其中一项有答复",
    "part-send_back": "其中一项退回接着办",
    "raise": "您提交了",
    "accept": "收下了",
    "reject": "没有受理",
    "triage": "定了归谁办",
    "retriage": "重新定了归谁办",
    "guide": "告诉您办法",
    "dispatch": "派人去办",
    "sign": "接手了",
    "ask_help": "请人一起办",
    "grant_extension": "延长了期限",
    "reply": "答复您",
    "send_back": "退回接着办",
    "relocate": "改了地点",
    "close": "办结",
    "rate": "您评价了",
    "reopen": "重新打开",
    "withdraw": "您撤回了",
    "archive": "到期归档",
    "note": "有新进展",
    "merge": "合在一起办",
    **dict.fromkeys(UNMERGE.values(), "拆开单独办"),
}
OTHERS_STATES: dict[str, tuple[str, str]] = STATES | {
    S.REVIEWED: ("run", "有答复了，核查过了"),
    S.VISITED: ("run", "有答复了，马上办结"),
    S.CLOSED: ("done", "办结"),
    S.RATED: ("done", "办结"),
    S.WITHDRAWN: ("off", "反映的人撤回了"),
}
"""The same for whoever follows another's matter: nothing in it waits for him."""
OTHERS_MOVES = MOVES | {
    "raise": "有居民反映了",
    "guide": "告诉办法",
    "reply": "答复",
    "withdraw": "反映的人撤回了",
}
ANSWERS = frozenset({"reply", "guide"})
QUOTED = ANSWERS | {"part-reply", "part-guide"}
"""Moves whose words are the answer itself: shown as a quotation."""


TO_PLACE = ("run", "等定到社区")


def state_of(case: Any, *, at: datetime) -> tuple[str, str]:
    """The chip of a matter. After the time for rating nobody waits for the resident any more."""
    if case.to_place and case.state == S.SUBMITTED:
        return TO_PLACE
    if case.state == S.CLOSED and not is_yours(case, at=at):
        return STATES[S.ARCHIVED]
    return STATES[case.state]


def is_yours(case: Any, *, at: datetime) -> bool:
    waits = case.rate_until is not None and at < case.rate_until
    return case.state == S.CLOSED and bool(waits)


def unit_of(label: str) -> str:
    """The unit out of an actor's label (“name，unit”); the person is nobody's business here."""
    return label.rpartition("，")[2] if "，" in label else ""
