"""Pure arithmetic of the roster: spans of shifts, weeks, who is asked first, what a note holds."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from yukuai.kernel.clock import SHANGHAI

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
"""ISO weekdays: 1 is Monday."""
DEFAULT_SOURCE = "产品设定"
DEFAULT_SHIFTS = (
    ("早班", time(8, 30), time(14, 0), EVERY_DAY),
    ("晚班", time(14, 0), time(20, 30), EVERY_DAY),
)
"""Product defaults (产品设定), to begin with; each window sets its own."""
COMING_DAYS = 3
"""For so many days ahead a gap is said in 今日 (产品设定)."""
MOST_SHIFTS = 6
"""A window with more shifts a day than that has made a mistake (产品设定)."""
LONG_NUMBER = re.compile(r"\d(?:[ \-]?\d){10,}")
MATTER = re.compile(r"ZT-?[0-9]{4}-?[0-9]{6,}(?:-[0-9]{1,3})?(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    starts_at: datetime
    ends_at: datetime


def span_of(day: date, starts: time, ends: time) -> Span:
    """A shift of one day; one that ends no later than it starts ends on the next day."""
    begins = datetime.combine(day, starts, SHANGHAI)
    over = day if ends > starts else day + timedelta(days=1)
    return Span(begins, datetime.combine(over, ends, SHANGHAI))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(monday: date) -> tuple[date, ...]:
    return tuple(monday + timedelta(days=n) for n in range(7))


def find_long_number(text: str) -> str:
    """A run of eleven digits or more, however it is spaced: a telephone, an identity number.
    Numbers of matters are none."""
    plain = MATTER.sub(" ", unicodedata.normalize("NFKC", text))
    found = LONG_NUMBER.search(plain)
    return found[0] if found else ""


def find_matters(text: str) -> list[str]:
    """What looks like the number of a matter, as it was typed, each once."""
    plain = unicodedata.normalize("NFKC", text)
    return list(dict.fromkeys(found[0] for found in MATTER.finditer(plain)))


def weekdays_said(weekdays: Iterable[int]) -> str:
    """每天, 星期一至星期五, or the days one by one."""
    days = sorted(set(weekdays))
    if days == list(EVERY_DAY):
        return "每天"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"星期{_name(days[0])}至星期{_name(days[-1])}"
    return "、".join(f"星期{_name(day)}" for day in days)


def _name(weekday: int) -> str:
    return "一二三四五六日"[weekday - 1]


class Holder(NamedTuple):
    """Of a permission at a window, by a post that holds now."""

    user_id: int
    on_duty: bool


def first_asked(holders: Iterable[Holder], *, but: int | None) -> list[int]:
    """Those on duty, each once; all of them when none is."""
    others = [holder for holder in holders if holder.user_id != but]
    asked = [holder for holder in others if holder.on_duty] or others
    return list(dict.fromkeys(holder.user_id for holder in asked))
