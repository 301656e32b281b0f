"""Weeks, months and quarters of Chongqing's calendar: pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yukuai.kernel.clock import SHANGHAI

PERIODS = {"week": "本周", "month": "本月", "quarter": "本季"}
MONTHS = {"month": 1, "quarter": 3}


@dataclass(frozen=True)
class Period:
    """From `since` up to now; `before` is where the one before it began."""

    name: str
    since: datetime
    before: datetime

    @property
    def label(self) -> str:
        return PERIODS[self.name]


def period(name: str, at: datetime) -> Period:
    """The running week (from Monday), month or quarter; an unknown name is the month."""
    day = at.astimezone(SHANGHAI).date()
    if name == "week":
        first = day - timedelta(days=day.weekday())
        return Period(name, midnight(first), midnight(first - timedelta(days=7)))
    name = name if name in MONTHS else "month"
    months = MONTHS[name]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return Period(name, midnight(first), midnight(_months_before(first, months)))


def midnight(day: date) -> datetime:
    """When the day begins."""
    return datetime.combine(day, time(), SHANGHAI)


def _months_before(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


CHOICES = {**PERIODS, "year": "本年"}
EARLIER = {"week": "上周同期", "month": "上月同期", "quarter": "上季同期", "year": "去年同期"}
LONGEST = 3 * 366
"""How many days may be asked for at once (产品设定)."""


@dataclass(frozen=True)
class Window:
    """Whole days, both ends in, and as many from the beginning of those before."""

    name: str
    first: date
    last: date
    before_first: date
    before_last: date

    @property
    def earlier(self) -> str:
        return EARLIER.get(self.name, "之前一样长的一段")


def window(name: str, at: datetime) -> Window:
    """The running week, month, quarter or year up to today, and the same part of the one before."""
    day = at.astimezone(SHANGHAI).date()
    if name == "year":
        first, before = day.replace(month=1, day=1), date(day.year - 1, 1, 1)
    else:
        running = period(name, at)
        name = running.name
        first, before = (m.astimezone(SHANGHAI).date() for m in (running.since, running.before))
    last = min(before + (day - first), first - timedelta(days=1))
    return Window(name, first, day, before, last)


def window_between(first: date, last: date) -> Window:
    """Any days, and as many just before them."""
    number = (last - first).days + 1
    return Window("", first, last, first - timedelta(days=number), first - timedelta(days=1))
