"""By the day on which they end: late, today, tomorrow, the rest of the week, later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yukuai.cases.today import Clock, Task
from yukuai.kernel.clock import today
from yukuai.kernel.wording import last_day

GROUPS = {
    "late": "已超期",
    "today": "今天到期",
    "tomorrow": "明天",
    "week": "本周",
    "later": "以后",
}


@dataclass(frozen=True)
class Group:
    name: str
    label: str
    count: int
    tasks: Sequence[Task]


def group_of(due_at: datetime, *, now: datetime) -> str:
    if now > due_at:
        return "late"
    day, this = last_day(due_at)[0], today(now)
    if day <= this:
        return "today"
    if day == this + timedelta(days=1):
        return "tomorrow"
    sunday = this + timedelta(days=6 - this.weekday())
    return "week" if day <= sunday else "later"


def grouped(tasks: Iterable[Task], *, all_clocks: Iterable[Clock], now: datetime) -> list[Group]:
    """Only groups with something in them; each says how many there are, not how many are shown."""
    counts = dict.fromkeys(GROUPS, 0)
    for clock in all_clocks:
        counts[group_of(clock.due_at, now=now)] += 1
    rows: dict[str, list[Task]] = {name: [] for name in GROUPS}
    for task in tasks:
        rows[group_of(task.clock.due_at, now=now)].append(task)
    return [
        Group(name, label, counts[name], rows[name]) for name, label in GROUPS.items() if rows[name]
    ]
