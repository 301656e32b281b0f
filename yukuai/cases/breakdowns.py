"""The numbers of one place and one stretch of days, broken down by child area, category or time.

The same stream as the boards', from the same tallies (`statistics.ask_happened`): whole past days
from them, the rest from the rows. Townships have no tallies by category, so a category in the
townships of a district is counted from the rows of that district.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.cases.happenings import COUNTED, OPEN_STATES
from yukuai.cases.models import Category
from yukuai.cases.statistics import (
    CHILDREN,
    CHILDREN_BY_CATEGORY,
    ITSELF,
    Numbers,
    Span,
    Subtree,
    ask_happened,
    ask_rows,
)
from yukuai.kernel.clock import SHANGHAI, today

AREAS, CATEGORIES, TIME = "area", "category", "time"
BY = (AREAS, CATEGORIES, TIME)
STEPS = ("day", "week", "month")
AGES = ((0, 3), (4, 7), (8, 15), (16, 30), (31, None))
"""How many days ago an open matter came in: from, to."""
UPPER_LEVEL = 1
"""Only the children of the city have tallies by category."""


@dataclass(frozen=True)
class Days:
    """Whole days, both ends in."""

    first: date
    last: date

    @property
    def number(self) -> int:
        return (self.last - self.first).days + 1


@dataclass
class Row:
    """One area, category or step of time: of the days asked for, of those before, and how old what
    is open now is."""

    now: Numbers = field(default_factory=Numbers)
    before: Numbers = field(default_factory=Numbers)
    ages: list[int] = field(default_factory=lambda: [0] * len(AGES))

    def add(self, other: "Row") -> None:
        for mine, its in ((self.now, other.now), (self.before, other.before)):
            for name in (*COUNTED, "open"):
                setattr(mine, name, getattr(mine, name) + getattr(its, name))
        self.ages = [a + b for a, b in zip(self.ages, other.ages, strict=True)]


_SUMS = ", ".join(
    f"coalesce(sum({name}) FILTER (WHERE {when}), 0)"
    for when in ("day >= %(turn)s AND day <= %(last)s", "day <= %(then)s")
    for name in COUNTED
)
_BROKEN = """
SELECT {key} AS key, {sums} FROM happened
WHERE (day <= %(then)s OR day >= %(turn)s) AND {only} GROUP BY 1
"""
_OPEN = """
SELECT {key}, {ages} FROM (
    SELECT area, category_id, (received_at AT TIME ZONE 'Asia/Shanghai')::date AS day
    FROM cases_case WHERE state IN ({open}) AND parent_id IS NULL
        AND area >= %(low)s AND area < %(high)s AND {only}
) happened GROUP BY 1
"""
_STARTS = {step: f"date_trunc('{step}', day::timestamp)::date" for step in STEPS}
_ONE_CATEGORY = "category_id = %(category)s"
_AGES = ", ".join(
    f"count(*) FILTER (WHERE day <= %(age{i})s" + (f" AND day > %(age{i + 1})s)" if last else ")")
    for i, (_first, last) in enumerate(AGES)
)


def break_down(
    subtree: Subtree,
    *,
    by: str,
    step: str,
    days: Days,
    before: Days,
    category_id: int | None,
    at: datetime,
) -> dict[Any, Row]:
    """By id of the child ('' for what lies at the place itself), id of the category (None for what
    has none) or first day of the step. `before` ends before `days` begins. Two statements."""
    only = _ONE_CATEGORY if category_id else "true"
    given = {"category": category_id} if category_id else {}
    found: dict[Any, Row] = {}
    span = Span(_midnight(before.first), _midnight(days.last + timedelta(days=1)))
    bounds = {"turn": days.first, "last": days.last, "then": before.last}
    key = {AREAS: "child", CATEGORIES: "category_id"}.get(by, _STARTS[step])
    query = _BROKEN.format(key=key, sums=_SUMS, only=only)
    rows_alone = by == AREAS and category_id is not None and subtree.depth > UPPER_LEVEL
    children = CHILDREN_BY_CATEGORY if category_id else CHILDREN
    tallied = children if by == AREAS else ITSELF
    rows = ask_happened(subtree, span, query, tallied, {**bounds, **given}, rows_alone=rows_alone)
    for key, *counts in rows:
        row = found.setdefault(key, Row())
        for numbers, part in (
            (row.now, counts[: len(COUNTED)]),
            (row.before, counts[len(COUNTED) :]),
        ):
            for name, count in zip(COUNTED, part, strict=True):
                setattr(numbers, name, int(count))
    for key, *ages in _open_now(subtree, by, only, given, at):
        row = found.setdefault(key, Row())
        row.ages, row.now.open = [int(n) for n in ages], sum(ages)
    return found


def list_category_names(actor: Actor) -> dict[int, str]:
    """All of them in their order, also those out of use: old matters have them."""
    return dict(Category.objects.order_by("order", "code").values_list("pk", "name"))


def _open_now(
    subtree: Subtree, by: str, only: str, given: dict[str, Any], at: datetime
) -> list[tuple[Any, ...]]:
    """What is open belongs to now, not to a day of the past: by time it is one row, under None."""
    key = {AREAS: "split_part(area, '.', %(child)s)", CATEGORIES: "category_id"}.get(by, "NULL")
    day = today(at)
    bounds: dict[str, Any] = {
        f"age{i}": day - timedelta(days=first) for i, (first, _last) in enumerate(AGES)
    }
    bounds["age0"] = date.max  # a matter of a clock that runs ahead is new
    sql = _OPEN.format(key=key, ages=_AGES, open=OPEN_STATES, only=only)
    bounds |= {"low": subtree.low, "high": subtree.high, "child": subtree.depth + 1}
    return ask_rows(sql, {**bounds, **given})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
