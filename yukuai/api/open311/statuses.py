"""The two words of the standard for the states of a matter, and the note that says more."""

from dataclasses import dataclass

from yukuai.cases.states import CaseState

S = CaseState
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Status:
    word: str
    note: str


STATUSES: dict[CaseState, Status] = {
    S.SUBMITTED: Status(OPEN, "收到了，等受理"),
    S.REJECTED: Status(CLOSED, "没有受理，已告诉反映人该找哪里"),
    S.ACCEPTED: Status(OPEN, "已受理，正在定归谁办"),
    S.TRIAGED: Status(OPEN, "定了归谁办，等派单"),
    S.DISPATCHED: Status(OPEN, "派出去了，等签收"),
    S.HANDLING: Status(OPEN, "正在办"),
    S.RETURN_REQUESTED: Status(OPEN, "正在办"),
    S.OBJECTED: Status(OPEN, "正在办"),
    S.COLLAB: Status(OPEN, "正在办，几个单位一起"),
    S.EXTENDED: Status(OPEN, "正在办"),
    S.REPLIED: Status(OPEN, "有答复了，正在核查"),
    S.REVIEWED: Status(OPEN, "核查过了，等回访"),
    S.VISITED: Status(OPEN, "回访过了，等办结"),
    S.CLOSED: Status(CLOSED, "已办结"),
    S.RATED: Status(CLOSED, "已办结，反映人评价了"),
    S.ARCHIVED: Status(CLOSED, "已办结，归档"),
    S.REOPENED: Status(OPEN, "没有解决，重新打开接着办"),
    S.WITHDRAWN: Status(CLOSED, "反映人撤回了"),
    S.MERGED: Status(CLOSED, "和另一件是同一回事，并在一起办、一起答复"),
    S.FINISHED: Status(CLOSED, "这一部分办完了"),
    S.CANCELLED: Status(CLOSED, "这一部分不单独办了"),
}
TO_PLACE = "收到了，等区县定到村或社区"


def status_of(state: str) -> Status:
    return STATUSES[CaseState(state)]


def states_of(words: set[str]) -> tuple[str, ...]:
    """Those that the standard's words stand for."""
    return tuple(state.value for state, status in STATUSES.items() if status.word in words)
