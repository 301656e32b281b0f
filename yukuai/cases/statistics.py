"""Numbers over areas and weeks, never content and never persons: for boards. A matter that was
split counts once, and its parts not at all.

`counting` opens one division's subtree for the time of the count, for a statistics post may reach
further than what its holder may open; each count inside is one statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.states import OPEN
from yukuai.kernel.scope import widened

WEEKS = 12


@dataclass(frozen=True)
class Span:
    """From the first moment up to, without, the last."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Subtree:
    """A range of areas that may be counted now. `depth` is how many ids its path has."""

    low: str
    high: str
    depth: int

    @property
    def bounds(self) -> list[str]:
        return [self.low, self.high]


@dataclass
class Numbers:
    """Of one place. Rates have their denominators beside them."""

    received: int = 0
    closed: int = 0
    replied: int = 0
    on_time: int = 0
    open: int = 0
    reopened: int = 0
    overdue: int = 0
    due_today: int = 0
    supervised: int = 0
    asked: int = 0
    contacted: int = 0
    solved: int = 0
    satisfied: int = 0
    weeks: list[int] = field(default_factory=lambda: [0] * WEEKS)
    closed_weeks: list[int] = field(default_factory=lambda: [0] * WEEKS)

    @staticmethod
    def _rate(part: int, whole: int) -> float | None:
        return round(100 * part / whole, 1) if whole else None

    @property
    def on_time_rate(self) -> float | None:
        return self._rate(self.on_time, self.replied)

    @property
    def response_rate(self) -> float | None:
        return self._rate(self.contacted, self.asked)

    @property
    def solved_rate(self) -> float | None:
        return self._rate(self.solved, self.asked)

    @property
    def satisfied_rate(self) -> float | None:
        return self._rate(self.satisfied, self.asked)


@dataclass(frozen=True)
class Alarm:
    """Clocks that ran out at one place, counted by what they are."""

    division_id: int
    place: str
    label: str
    number: int
    oldest: datetime
    law: str


@contextmanager
def counting(actor: Actor, *, within: Any) -> Iterator[Subtree]:
    """Whoever may count at `within` sees its subtree, to count it. Raises NotPermitted."""
    policy.require(actor, Permission.BOARD_VIEW, within)
    path = within.area
    with widened([path]):
        yield Subtree(path, f"{path[:-1]}/" if path else "~", path.count("."))


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


COUNTED = (
    *("received", "closed", "replied", "on_time", "open", "reopened"),
    *("overdue", "due_today", "supervised"),
    *("asked", "contacted", "solved", "satisfied"),
)
# `child` is the id of the child of the board's division: the element after its own in the path.
_BY_CHILD = """
WITH matters AS (
    SELECT split_part(area, '.', %s) AS child,
        count(*) FILTER (WHERE received_at >= %s AND received_at < %s) AS received,
        count(*) FILTER (WHERE closed_at >= %s AND closed_at < %s) AS closed,
        count(*) FILTER (WHERE replied_at >= %s AND replied_at < %s) AS replied,
        count(*) FILTER (WHERE replied_at >= %s AND replied_at < %s
            AND replied_at <= promised_at) AS on_time,
        count(*) FILTER (WHERE state = ANY(%s)) AS open,
        count(*) FILTER (WHERE reopened > 0 AND received_at >= %s AND received_at < %s) AS reopened
    FROM cases_case WHERE parent_id IS NULL AND area >= %s AND area < %s GROUP BY child
), clocks AS (
    SELECT split_part(d.area, '.', %s) AS child,
        count(DISTINCT coalesce(p.parent_id, object_id)) FILTER (WHERE due_at < %s) AS overdue,
        count(DISTINCT coalesce(p.parent_id, object_id))
            FILTER (WHERE due_at >= %s AND due_at < %s) AS due_today,
        count(DISTINCT coalesce(p.parent_id, object_id))
            FILTER (WHERE name = 'supervision') AS supervised
    FROM workflow_deadline d
    LEFT JOIN cases_case p ON p.id = d.object_id AND p.parent_id IS NOT NULL
    WHERE workflow = 'case' AND met_at IS NULL AND dropped_at IS NULL AND name <> 'rate'
        AND d.area >= %s AND d.area < %s GROUP BY child
), told AS (
    SELECT area, contacted, solved, satisfied FROM cases_rating
    WHERE given_at >= %s AND given_at < %s AND area >= %s AND area < %s
    UNION ALL
    SELECT v.area, v.contacted, v.solved, v.satisfied FROM cases_visit v
    WHERE v.reached AND given_at >= %s AND given_at < %s AND area >= %s AND area < %s
        AND NOT EXISTS (SELECT 1 FROM cases_rating r
            WHERE r.case_id = v.case_id AND r.round = v.round)
), opinions AS (
    SELECT split_part(area, '.', %s) AS child, count(*) AS asked,
        count(*) FILTER (WHERE contacted) AS contacted,
        count(*) FILTER (WHERE solved = 'yes') AS solved,
        count(*) FILTER (WHERE satisfied) AS satisfied
    FROM told GROUP BY child
)
SELECT child, received, closed, replied, on_time, open, reopened, overdue, due_today, supervised,
    asked, contacted, solved, satisfied
FROM matters FULL JOIN clocks USING (child) FULL JOIN opinions USING (child)
"""


def count_by_child(
    subtree: Subtree, *, span: Span, at: datetime, midnight: datetime
) -> dict[str, Numbers]:
    """Numbers by the id (as text) of the child division; '' stands for rows at the division
    itself. `midnight` ends the day of `at`."""
    period, child = [span.since, span.until], subtree.depth + 1
    matters = [child, *period * 4, list(OPEN), *period, *subtree.bounds]
    clocks = [child, at, at, midnight, *subtree.bounds]
    opinions = [*period, *subtree.bounds, *period, *subtree.bounds, child]
    rows = _rows(_BY_CHILD, [*matters, *clocks, *opinions])
    return {child: _numbers(counts) for child, *counts in rows}


def _numbers(counts: list[Any]) -> Numbers:
    numbers = Numbers()
    for name, count in zip(COUNTED, counts, strict=True):
        setattr(numbers, name, count or 0)
    return numbers


_WEEKS = """
    SELECT child, kind, floor(extract(epoch FROM %s::timestamptz - moment) / 604800)::int, count(*)
    FROM (
        SELECT split_part(area, '.', %s) AS child, 'received' AS kind, received_at AS moment
        FROM cases_case WHERE parent_id IS NULL AND received_at >= %s AND received_at < %s
            AND area >= %s AND area < %s
        UNION ALL
        SELECT split_part(area, '.', %s), 'closed', closed_at
        FROM cases_case WHERE parent_id IS NULL AND closed_at >= %s AND closed_at < %s
            AND area >= %s AND area < %s
    ) AS moments GROUP BY 1, 2, 3
"""


def add_weeks(subtree: Subtree, numbers: dict[str, Numbers], *, span: Span) -> None:
    """Received and closed in each of the twelve weeks up to the end of `span`, oldest first."""
    one = [subtree.depth + 1, span.since, span.until, *subtree.bounds]
    for child, kind, age, number in _rows(_WEEKS, [span.until, *one, *one]):
        place = numbers.setdefault(child, Numbers())
        weeks = place.weeks if kind == "received" else place.closed_weeks
        if 0 <= age < WEEKS:
            weeks[WEEKS - 1 - age] += number


_CATEGORIES = """
    SELECT coalesce(g.name, '没有选类'), count(*) FILTER (WHERE c.received_at >= %s),
        count(*) FILTER (WHERE c.received_at < %s)
    FROM cases_case c LEFT JOIN cases_category g ON g.id = c.category_id
    WHERE c.parent_id IS NULL AND c.received_at >= %s AND c.received_at < %s
        AND c.area >= %s AND c.area < %s
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s
"""


def count_categories(
    subtree: Subtree, *, span: Span, before: datetime, most: int = 6
) -> list[tuple[str, int, int]]:
    """Name, number in the span, number in the span before it (from `before`), most first."""
    params = [span.since, span.since, before, span.until, *subtree.bounds, most]
    return [(str(n), int(now), int(then)) for n, now, then in _rows(_CATEGORIES, params)]


_ALARMS = """
    SELECT d.id, d.name, l.label, count(*), min(c.due_at), max(c.law)
    FROM workflow_deadline c JOIN divisions_division d ON d.id = c.division_id
    LEFT JOIN accounts_department h ON c.name LIKE 'help%%' AND h.id = c.owner_department_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN h.id IS NULL THEN c.label ELSE c.label || '：' || h.name END
    ) AS l (label)
    WHERE c.workflow = 'case' AND c.met_at IS NULL AND c.dropped_at IS NULL AND c.name <> 'rate'
        AND c.due_at < %s AND c.area >= %s AND c.area < %s
    GROUP BY d.id, d.name, l.label ORDER BY min(c.due_at), d.id LIMIT %s
"""


def list_alarms(subtree: Subtree, *, at: datetime, most: int = 7) -> list[Alarm]:
    """What ran out, oldest first: where, which clock, how many. A helper that is late is named: the
    lead answers for the matter, the helper for its words."""
    return [Alarm(*row) for row in _rows(_ALARMS, [at, *subtree.bounds, most])]
