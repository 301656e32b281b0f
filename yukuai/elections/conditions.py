"""What a step waits for, counted on the election itself, each with its sentence while missing.

The rows stand beside the election in `models`, above this module: they are reached through it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import SYSTEM
from yukuai.elections.schedule import Step, said_day
from yukuai.kernel.clock import today
from yukuai.workflow.calendar import end_of_day
from yukuai.workflow.queries import get_calendar

Condition = tuple[bool, str]


def missing(label: str, conditions: Sequence[Condition]) -> str:
    """One sentence of everything that is missing; '' where nothing is."""
    undone = [said for met, said in conditions if not met]
    if not undone:
        return ""
    return f"还不能{label}，差 {len(undone)} 项：{'；'.join(undone)}。"


def mark_of(election: Any, step: Step) -> Any:
    return next(m for m in election.marks(get_calendar(SYSTEM)) if m.step is step)


def _roll_is_ready(election: Any, at: datetime) -> list[Condition]:
    listed = election.voters.filter(state="listed").count()
    waiting = election.voters.filter(state="proposed").count()
    mark = mark_of(election, Step.ROLL)
    late = f"最晚要在{said_day(mark.last)}公布（{mark.law}），先改选举日"
    return [
        (listed > 0, "名单上还没有人"),
        (not waiting, f"还有 {waiting} 人没有核对"),
        (today(at) <= mark.last, late),
    ]


def _roll_hangs(election: Any, _at: datetime) -> list[Condition]:
    posted = election.notices.filter(kind="roll", postings__isnull=False).exists()
    return [(posted, "名单公告还没有一处张贴的照片")]


def _roll_is_settled(election: Any, at: datetime) -> list[Condition]:
    mark = mark_of(election, Step.OBJECTIONS)
    waiting = sorted(one.serial for one in election.objections.all() if one.decided_at is None)
    numbers = "、".join(f"第 {serial} 号" for serial in waiting)
    ended = at >= end_of_day(mark.last)
    return [
        (not numbers, f"申诉{numbers}没有决定"),
        (ended, f"申诉期到{said_day(mark.last)} 24:00 才满（{mark.law}）"),
    ]


CONDITIONS: dict[str, Callable[[Any, datetime], list[Condition]]] = {
    "publish_roll": _roll_is_ready,
    "begin_objections": _roll_hangs,
    "finalize_roll": _roll_is_settled,
}
