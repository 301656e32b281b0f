"""Working days and terms: pure arithmetic on dates (domain.md §0.4, 民法典 201–203).

By the day: the first day does not count, the last one ends at 24:00, and where it is a holiday
the term ends with the next working day. Moments are aware; day borders are Asia/Shanghai.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from yukuai.kernel.clock import SHANGHAI

SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Days that differ from the plain week: True is worked, False is off."""

    special: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        return self.special.get(day, day.weekday() < SATURDAY)

    def next_working(self, day: date) -> date:
        """The day itself where it is worked, otherwise the first worked day after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself never counts."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return self.next_working(day)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`."""
        days = (end - start).days
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, days + 1))


def end_of_day(day: date) -> datetime:
    """24:00 of the day, which is 0:00 of the next."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


@dataclass(frozen=True)
class Term:
    """A length of time as a RulePack has it: exactly one of the three is set."""

    working_days: int = 0
    days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        if sum(bool(n) for n in (self.working_days, self.days, self.hours)) != 1:
            raise ValueError("a term is working days, or days, or hours")

    def due(self, start: datetime, calendar: Calendar) -> datetime:
        """When a term that begins at `start` (aware) ends."""
        day = start.astimezone(SHANGHAI).date()
        if self.working_days:
            return end_of_day(calendar.add_working_days(day, self.working_days))
        if self.days:
            return end_of_day(calendar.next_working(day + timedelta(days=self.days)))
        return start + timedelta(hours=self.hours)

    def __str__(self) -> str:
        if self.working_days:
            return f"{self.working_days} 个工作日"
        return f"{self.days} 天" if self.days else f"{self.hours} 小时"


REMINDERS = (50, 80, 100)
"""Shares of a term, in per cent, at which its owner is told (domain.md §4.2)."""


def reminder_at(starts_at: datetime, due_at: datetime, percent: int) -> datetime:
    return starts_at + (due_at - starts_at) * percent // 100


def next_reminder(starts_at: datetime, due_at: datetime, after: int) -> datetime | None:
    """The moment of the first share above `after`, or None when all are announced."""
    return next((reminder_at(starts_at, due_at, p) for p in REMINDERS if p > after), None)


def share_reached(starts_at: datetime, due_at: datetime, at: datetime) -> int:
    """The highest reminder share that lies behind `at`: 0, 50, 80 or 100."""
    reached = [p for p in REMINDERS if reminder_at(starts_at, due_at, p) <= at]
    return max(reached, default=0)
