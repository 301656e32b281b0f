"""The days of an election, counted back from election day. Pure.

Lengths come from the rules pinned when the election began (`engines.tally.packs.Rules`); where
they are silent, the product's own lengths stand below and are said to be ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from yukuai.engines.tally.packs import Rules
from yukuai.workflow.calendar import Calendar

MARGIN = 1
"""Days between the planned day of the roll and its last lawful one (product; domain.md §0.4)."""
AHEAD = {"committee": 35, "plan": 30, "registration": 28}
"""Days before election day on which the first steps are planned: ours, no law says them."""
PRODUCT = "产品设定：预排的日程，可以提前"


class Step(StrEnum):
    """The marks on the clock rail."""

    COMMITTEE = "committee"
    PLAN = "plan"
    REGISTRATION = "registration"
    ROLL = "roll"
    OBJECTIONS = "objections"
    CANDIDATES = "candidates"
    PROXIES = "proxies"
    PROXY_LIST = "proxy_list"
    POLLING = "polling"
    HANDOVER = "handover"


STEP_WORDS = {
    Step.COMMITTEE: "委员会成立",
    Step.PLAN: "选举办法公布",
    Step.REGISTRATION: "登记开始",
    Step.ROLL: "名单公布",
    Step.OBJECTIONS: "申诉截止",
    Step.CANDIDATES: "公布候选人",
    Step.PROXIES: "委托截止",
    Step.PROXY_LIST: "公布委托名单",
    Step.POLLING: "选举日 D",
    Step.HANDOVER: "移交完成",
}
_BEFORE = {
    Step.ROLL: "roll_published",
    Step.CANDIDATES: "candidates_published",
    Step.PROXIES: "proxies_closed",
    Step.PROXY_LIST: "proxies_published",
}
"""Steps whose last day is so many days before election day, and the term that says how many."""
_FROM = {Step.OBJECTIONS: "roll_objection", Step.HANDOVER: "handover"}
"""Steps that end so many days after another: the roll's publication, the election."""


@dataclass(frozen=True)
class Mark:
    """One day of the schedule. `last` is the last lawful day where there is one, `done` the day on
    which it was done; `said` is the rule in a few words, `law` where it stands."""

    step: Step
    planned: date
    last: date | None
    done: date | None
    said: str
    law: str

    @property
    def word(self) -> str:
        return STEP_WORDS[self.step]

    @property
    def day(self) -> date:
        return self.done or self.planned

    @property
    def late(self) -> bool:
        """Done after its last lawful day."""
        return self.done is not None and self.last is not None and self.done > self.last


def schedule(
    day: date, rules: Rules, done: Mapping[Step, date], calendar: Calendar
) -> tuple[Mark, ...]:
    """The days of an election, in order. What was done keeps its day and is only judged; what
    follows from it (objections from the roll's own day) follows from that day. A term that ends on
    a holiday ends with the next working day (民法典 203)."""
    marks = [_ahead(step, day, done) for step in (Step.COMMITTEE, Step.PLAN, Step.REGISTRATION)]
    marks += [_before(step, day, rules, done) for step in (Step.ROLL,)]
    marks.append(_after(Step.OBJECTIONS, marks[-1].day, rules, done, calendar))
    marks += [
        _before(step, day, rules, done)
        for step in (Step.CANDIDATES, Step.PROXIES, Step.PROXY_LIST)
        if rules.says(_BEFORE[step])
    ]
    marks.append(Mark(Step.POLLING, day, day, done.get(Step.POLLING), "", ""))
    marks.append(_after(Step.HANDOVER, done.get(Step.POLLING, day), rules, done, calendar))
    return tuple(marks)


def _ahead(step: Step, day: date, done: Mapping[Step, date]) -> Mark:
    return Mark(step, day - timedelta(days=AHEAD[step]), None, done.get(step), "", PRODUCT)


def _before(step: Step, day: date, rules: Rules, done: Mapping[Step, date]) -> Mark:
    name = _BEFORE[step]
    days = rules.days(name)
    last = day - timedelta(days=days)
    margin = MARGIN if step is Step.ROLL else 0
    planned = last - timedelta(days=margin)
    said = f"D-{days + margin}，最晚 D-{days}" if margin else f"最晚 D-{days}"
    return Mark(step, planned, last, done.get(step), said, rules.cite(name))


def _after(
    step: Step, start: date, rules: Rules, done: Mapping[Step, date], calendar: Calendar
) -> Mark:
    name = _FROM[step]
    days = rules.days(name)
    last = calendar.next_working(start + timedelta(days=days))
    said = f"公布后 {days} 日" if step is Step.OBJECTIONS else f"{days} 日内"
    return Mark(step, last, last, done.get(step), said, rules.cite(name))


def objections_to_day(day: date, marks: Iterable[Mark], today: date) -> list[str]:
    """Why an election day cannot be this one: what is not done yet and could no longer be, and what
    was done and would be too late. Sentences."""
    found = [] if day > today else ["选举日要在今天以后。"]
    for mark in marks:
        if mark.last is None or mark.step in _FROM or mark.step is Step.POLLING:
            continue
        if mark.late:
            found.append(
                f"{mark.word}是{said_day(mark.done or day)}办的，按这一天最晚要在"
                f"{said_day(mark.last)}。"
            )
        elif mark.done is None and mark.last < today:
            found.append(f"{mark.word}最晚要在{said_day(mark.last)}，已经过了。")
    return found


def said_day(day: date) -> str:
    return f"{day.month}月{day.day}日"
