"""What a step waits for, counted on the election itself, each with its sentence while missing.

The rows stand beside the election in `models`, above this module: they are reached through it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from yukuai.accounts.policy import SYSTEM
from yukuai.elections.schedule import Step, said_day
from yukuai.elections.standing import short
from yukuai.kernel.clock import today
from yukuai.workflow.calendar import end_of_day
from yukuai.workflow.queries import get_calendar

Condition = tuple[bool, str]
UNREVIEWED = ("unsent", "pending")


def missing(label: str, conditions: Sequence[Condition]) -> str:
    """One sentence of everything that is missing; '' where nothing is."""
    undone = [said for met, said in conditions if not met]
    if not undone:
        return ""
    return f"还不能{label}，差 {len(undone)} 项：{'；'.join(undone)}。"


def mark_of(election: Any, step: Step) -> Any:
    return next(m for m in election.marks(get_calendar(SYSTEM)) if m.step is step)


def last_day(election: Any, step: Step) -> Any:
    """The last lawful day of a step; where neither law nor place says one, the day before D."""
    marks = election.marks(get_calendar(SYSTEM))
    found = next((one.last for one in marks if one.step is step), None)
    return found or election.day - timedelta(days=1)


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


def in_order(election: Any) -> list[Any]:
    """The offices, the highest first."""
    return sorted(election.contests.all(), key=lambda one: one.rank)


def _nominated_for(election: Any) -> list[tuple[int, int, str]]:
    """Contest, nominee and the outcome of his review: whoever did not withdraw."""
    rows = election.nominations.filter(nominee__withdrawn_on=None).order_by()
    return list(rows.values_list("contest", "nominee", "nominee__review").distinct())


def _numbers(election: Any, standing: Iterable[tuple[int, int, str]]) -> list[tuple[str, int, int]]:
    """How many stand for each office: its word, its seats, their number."""
    numbers = Counter(contest for contest, _nominee, _review in standing)
    return [(one.word, one.seats, numbers[one.pk]) for one in in_order(election)]


def _committee_is_free(election: Any) -> Condition:
    names = "、".join(dict.fromkeys(one.member.name for one in election.entangled))
    law = election.rules.cite("withdraw_kin")
    return not names, f"{names}要退出选举委员会（本人或者近亲属被提名，{law}）"


def _in_time(election: Any, step: Step, rule: str, at: datetime, act: str) -> Condition:
    last = last_day(election, step)
    said = f"最晚要在{said_day(last)}{act}（{election.rules.cite(rule)}），先改选举日"
    return today(at) <= last, said


def _nominated(election: Any, at: datetime) -> list[Condition]:
    few = short(_numbers(election, _nominated_for(election)), election.rules, "提名")
    until = election.nominated_until
    return [
        (today(at) >= until, f"提名到{said_day(until)}才截止"),
        *((False, said) for said in few),
        _committee_is_free(election),
    ]


def _reviewed(election: Any, at: datetime) -> list[Condition]:
    standing = _nominated_for(election)
    waiting = len({nominee for _contest, nominee, review in standing if review in UNREVIEWED})
    passed = [one for one in standing if one[2] == "pass"]
    few = [] if waiting else short(_numbers(election, passed), election.rules, "通过")
    return [
        (not waiting, f"还有 {waiting} 人没有联审结果，超期的也不算通过"),
        *((False, said) for said in few),
        _committee_is_free(election),
        _in_time(election, Step.CANDIDATES, "candidates_published", at, "公布正式候选人"),
    ]


def _candidates_hang(election: Any, _at: datetime) -> list[Condition]:
    posted = election.notices.filter(kind="candidates", postings__isnull=False).exists()
    return [(posted, "正式候选人公告还没有一处张贴的照片")]


def _proxies_are_ready(election: Any, at: datetime) -> list[Condition]:
    closes = last_day(election, Step.PROXIES)
    return [
        (election.forums.exists(), "还没有记下候选人和选民的见面会"),
        (today(at) >= closes, f"委托登记到{said_day(closes)}才截止"),
        _in_time(election, Step.PROXY_LIST, "proxies_published", at, "公布委托名单"),
    ]


CONDITIONS: dict[str, Callable[[Any, datetime], list[Condition]]] = {
    "publish_roll": _roll_is_ready,
    "begin_objections": _roll_hangs,
    "finalize_roll": _roll_is_settled,
    "submit_nominees": _nominated,
    "publish_candidates": _reviewed,
    "begin_campaign": _candidates_hang,
    "close_proxies": _proxies_are_ready,
}
