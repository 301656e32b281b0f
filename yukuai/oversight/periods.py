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
