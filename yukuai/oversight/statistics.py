"""Statistics: one place, some days, broken down by area, category or time. Never by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.breakdowns import (
    AREAS,
    BY,
    CATEGORIES,
    STEPS,
    TIME,
    Days,
    Row,
    break_down,
    list_category_names,
)
from yukuai.cases.statistics import counting
from yukuai.divisions.queries import list_children
from yukuai.oversight.periods import Window
from yukuai.oversight.queries import find_chain

LEAST_SHOWN = 5
"""Of fewer matters no rate is shown (产品设定)."""
MOST_STEPS = 100
"""More steps of time are joined to longer ones."""
DAYS_OF = {"day": 1, "week": 7, "month": 31}
NO_CATEGORY, ITSELF = "没有选类", "没有分到下一级的"


@dataclass(frozen=True)
class Line:
    """`division_id` and `category_id` lead further down, `first` is the day a step begins."""

    label: str
    row: Row
    code: str = ""
    division_id: int | None = None
    category_id: int | None = None
    first: date | None = None


@dataclass(frozen=True)
class Statistics:
    division: Any
    ancestors: list[Any]
    window: Window
    by: str
    step: str
    category_id: int | None
    categories: dict[int, str]
    lines: list[Line]
    total: Row
    below: bool
    """Whether the place has anything below it."""


def get_statistics(
    actor: Actor,
    *,
    division_id: int | None,
    window: Window,
    by: str,
    step: str,
    category_id: int | None,
    at: datetime,
) -> Statistics:
    """Raises NotFound outside of where the actor may count. What does not fit (areas of a place
    that has none, a category by categories) gives way to what does."""
    *ancestors, division = find_chain(actor, division_id)
    children = list(list_children(actor, parent_id=division.pk))
    categories = list_category_names(actor)
    category_id = category_id if category_id in categories else None
    by = _fitting(by, bool(children), category_id)
    days = Days(window.first, window.last)
    step = _step(step, days)
    with counting(actor, within=division) as subtree:
        before = Days(window.before_first, window.before_last)
        asked: dict[str, Any] = {"by": by, "step": step, "category_id": category_id, "at": at}
        rows = break_down(subtree, days=days, before=before, **asked)
    lines = _areas(children, rows) if by == AREAS else _categories(categories, rows)
    if by == TIME:
        lines = _time(days, step, rows)
    return Statistics(
        division=division,
        ancestors=[d for d in ancestors if policy.check(actor, Permission.BOARD_VIEW, d)],
        window=window,
        by=by,
        step=step,
        category_id=category_id,
        categories=categories,
        lines=lines,
        total=_sum(rows.values()),
        below=bool(children),
    )


def record_taken(actor: Actor, *, found: Statistics, form: str, at: datetime) -> None:
    """A step of a reading: that the numbers were taken away as a file, and which."""
    record(
        actor,
        act="statistics.take",
        target=f"division:{found.division.pk}",
        area=found.division.path,
        at=at,
        form=form,
        by=found.by,
        first=found.window.first.isoformat(),
        last=found.window.last.isoformat(),
        lines=len(found.lines),
    )


def _fitting(by: str, below: bool, category_id: int | None) -> str:
    if by not in BY:
        by = AREAS
    if by == AREAS and not below:
        by = CATEGORIES
    return TIME if by == CATEGORIES and category_id is not None else by


def _step(step: str, days: Days) -> str:
    """What was asked for, or days for a month, weeks for half a year; never too many rows."""
    if step not in STEPS:
        step = "day" if days.number <= 31 else "week" if days.number <= 184 else "month"
    longer = STEPS[STEPS.index(step) :]
    return next((one for one in longer if days.number <= MOST_STEPS * DAYS_OF[one]), "month")


def _areas(children: Iterable[Any], rows: dict[Any, Row]) -> list[Line]:
    """In the order of the codes. What lies at the place itself, or at one abolished, comes last."""
    left = dict(rows)
    lines = [
        Line(child.name, left.pop(str(child.id), Row()), child.code, division_id=child.id)
        for child in children
    ]
    return lines + _rest(ITSELF, left.values())


def _categories(names: dict[int, str], rows: dict[Any, Row]) -> list[Line]:
    """In the order of the catalogue; those without a matter are left out."""
    lines = [Line(name, rows[pk], category_id=pk) for pk, name in names.items() if pk in rows]
    return lines + _rest(NO_CATEGORY, [row for key, row in rows.items() if key not in names])


def _sum(rows: Iterable[Row]) -> Row:
    total = Row()
    for row in rows:
        total.add(row)
    return total


def _rest(label: str, rows: Iterable[Row]) -> list[Line]:
    rest = _sum(rows)
    return [Line(label, rest)] if rest != Row() else []


def _time(days: Days, step: str, rows: dict[Any, Row]) -> list[Line]:
    """Every step of the days, also one in which nothing happened."""
    lines, day = [], _beginning(days.first, step)
    while day <= days.last:
        following = _beginning(day + timedelta(days=DAYS_OF[step]), step)
        shown = Days(max(day, days.first), min(following - timedelta(days=1), days.last))
        lines.append(Line(days_said(shown, step, days), rows.get(day, Row()), first=shown.first))
        day = following
    return lines


def _beginning(day: date, step: str) -> date:
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day


def days_said(shown: Days, step: str, asked: Days) -> str:
    """3月2日, 3月2日至8日, 2026年3月; days with the year where those asked for lie in several."""
    first, last = shown.first, shown.last
    year = "" if asked.first.year == asked.last.year else f"{first.year}年"
    begins = f"{year}{first.month}月{first.day}日"
    if step == "month":
        return f"{first.year}年{first.month}月"
    if step == "day" or first == last:
        return begins
    month = "" if first.month == last.month else f"{last.month}月"
    return f"{begins}至{month}{last.day}日"
