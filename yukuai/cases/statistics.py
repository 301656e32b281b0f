"""Numbers over areas and weeks, never content and never persons: for boards.

Every function counts below one division (`within`, its path) for an actor who may count there; the
transaction is widened to that subtree for the time of the count, for a statistics post may reach
further than what its holder may open.
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


@dataclass(frozen=True)
class Span:
    """From the first moment up to, without, the last."""

    since: datetime
    until: datetime


@dataclass
class Numbers:
    """Of one place. Rates have their denominators beside them."""

    received: int = 0
    closed: int = 0
    replied: int = 0
    on_time: int = 0
    open: int = 0
    due_today: int = 0
    overdue: int = 0
    supervised: int = 0
    asked: int = 0
    contacted: int = 0
    solved: int = 0
    satisfied: int = 0
    reopened: int = 0
    weeks: list[int] = field(default_factory=list)

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
    label: str
    number: int
    oldest: datetime
    law: str


@contextmanager
def _counting(actor: Actor, within: Any) -> Iterator[tuple[str, str]]:
    """The range of the subtree, visible for the time of the count."""
    policy.require(actor, Permission.BOARD_VIEW, within)
    path = within.area
    with widened([path]):
        yield path, f"{path[:-1]}/" if path else "~"


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


# The id of the child of the board's division: the element after its own in the row's path.
_CHILD = "split_part({area}, '.', %s)"
_CASES = f"""
    SELECT {_CHILD.format(area="area")} AS child,
        count(*) FILTER (WHERE received_at >= %s AND received_at < %s),
        count(*) FILTER (WHERE closed_at >= %s AND closed_at < %s),
        count(*) FILTER (WHERE replied_at >= %s AND replied_at < %s),
        count(*) FILTER (WHERE replied_at >= %s AND replied_at < %s
            AND replied_at <= promised_at),
        count(*) FILTER (WHERE state = ANY(%s)),
        count(*) FILTER (WHERE reopened > 0 AND received_at >= %s AND received_at < %s)
    FROM cases_case WHERE area >= %s AND area < %s GROUP BY child
"""
_CLOCKS = f"""
    SELECT {_CHILD.format(area="area")} AS child,
        count(DISTINCT object_id) FILTER (WHERE due_at < %s),
        count(DISTINCT object_id) FILTER (WHERE due_at >= %s AND due_at < %s),
        count(DISTINCT object_id) FILTER (WHERE name = 'supervision')
    FROM workflow_deadline
    WHERE workflow = 'case' AND met_at IS NULL AND dropped_at IS NULL AND name <> 'rate'
        AND area >= %s AND area < %s GROUP BY child
"""
_OPINIONS = f"""
    SELECT {_CHILD.format(area="area")} AS child, count(*), count(*) FILTER (WHERE contacted),
        count(*) FILTER (WHERE solved = 'yes'), count(*) FILTER (WHERE satisfied)
    FROM (SELECT area, contacted, solved, satisfied, given_at FROM cases_rating
          UNION ALL
          SELECT v.area, v.contacted, v.solved, v.satisfied, v.given_at FROM cases_visit v
          WHERE v.reached AND NOT EXISTS (
              SELECT 1 FROM cases_rating r WHERE r.case_id = v.case_id AND r.round = v.round)
         ) AS told
    WHERE given_at >= %s AND given_at < %s AND area >= %s AND area < %s GROUP BY child
"""
_WEEKS = f"""
    SELECT {_CHILD.format(area="area")} AS child,
        floor(extract(epoch FROM %s::timestamptz - received_at) / 604800)::int AS age, count(*)
    FROM cases_case
    WHERE received_at >= %s AND received_at < %s AND area >= %s AND area < %s GROUP BY child, age
"""


def count_by_child(
    actor: Actor, *, within: Any, depth: int, span: Span, at: datetime, midnight: datetime
) -> dict[str, Numbers]:
    """Numbers by the id (as text) of the child division; '' stands for rows at `within` itself.

    `depth` is the number of ids in the path of `within`; `midnight` ends the day of `at`.
    """
    found: dict[str, Numbers] = {}
    period = [span.since, span.until]
    with _counting(actor, within) as (low, high):
        params = [depth + 1, *period * 4, list(OPEN), *period, low, high]
        for child, *numbers in _rows(_CASES, params):
            names = ("received", "closed", "replied", "on_time", "open", "reopened")
            found[child] = Numbers(**dict(zip(names, numbers, strict=True)))
        for child, overdue, today, asked in _rows(
            _CLOCKS, [depth + 1, at, at, midnight, low, high]
        ):
            place = found.setdefault(child, Numbers())
            place.overdue, place.due_today, place.supervised = overdue, today, asked
        for child, *told in _rows(_OPINIONS, [depth + 1, *period, low, high]):
            place = found.setdefault(child, Numbers())
            place.asked, place.contacted, place.solved, place.satisfied = told
    return found


WEEKS = 12


def count_weeks_by_child(
    actor: Actor, *, within: Any, depth: int, since: datetime, until: datetime
) -> dict[str, list[int]]:
    """Received in each of the twelve weeks before `until`, oldest first."""
    weeks: dict[str, list[int]] = {}
    with _counting(actor, within) as (low, high):
        for child, age, number in _rows(_WEEKS, [depth + 1, until, since, until, low, high]):
            if 0 <= age < WEEKS:
                weeks.setdefault(child, [0] * WEEKS)[WEEKS - 1 - age] += number
    return weeks


_CLOSED_WEEKS = """
    SELECT floor(extract(epoch FROM %s::timestamptz - closed_at) / 604800)::int, count(*)
    FROM cases_case WHERE closed_at >= %s AND closed_at < %s AND area >= %s AND area < %s
    GROUP BY 1
"""


def count_closed_weeks(actor: Actor, *, within: Any, since: datetime, until: datetime) -> list[int]:
    weeks = [0] * WEEKS
    with _counting(actor, within) as (low, high):
        for age, number in _rows(_CLOSED_WEEKS, [until, since, until, low, high]):
            if 0 <= age < WEEKS:
                weeks[WEEKS - 1 - age] = number
    return weeks


_CATEGORIES = """
    SELECT coalesce(g.name, '没有选类'), count(*) FILTER (WHERE c.received_at >= %s),
        count(*) FILTER (WHERE c.received_at < %s)
    FROM cases_case c LEFT JOIN cases_category g ON g.id = c.category_id
    WHERE c.received_at >= %s AND c.received_at < %s AND c.area >= %s AND c.area < %s
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s
"""


def count_categories(
    actor: Actor, *, within: Any, span: Span, before: datetime, most: int = 6
) -> list[tuple[str, int, int]]:
    """Name, number in the span, number in the span before it (from `before`), most first."""
    with _counting(actor, within) as (low, high):
        params = [span.since, span.since, before, span.until, low, high, most]
        return [(str(n), int(now), int(then)) for n, now, then in _rows(_CATEGORIES, params)]


_ALARMS = """
    SELECT division_id, label, count(*), min(due_at), max(law) FROM workflow_deadline
    WHERE workflow = 'case' AND met_at IS NULL AND dropped_at IS NULL AND name <> 'rate'
        AND due_at < %s AND area >= %s AND area < %s
    GROUP BY division_id, label ORDER BY min(due_at), division_id LIMIT %s
"""


def list_alarms(actor: Actor, *, within: Any, at: datetime, most: int = 7) -> list[Alarm]:
    """What ran out, oldest first: where, which clock, how many."""
    with _counting(actor, within) as (low, high):
        return [Alarm(*row) for row in _rows(_ALARMS, [at, low, high, most])]


def count_public(actor: Actor, *, within: Any, since: datetime, until: datetime) -> Numbers:
    """What any resident may know of his community: how much came in, was closed, and in time."""
    path = within.area
    with widened([path]):
        params = [1, *[since, until] * 4, list(OPEN), since, until, path, f"{path[:-1]}/"]
        rows = _rows(_CASES, params)
    if not rows:
        return Numbers()
    _child, *numbers = rows[0]
    names = ("received", "closed", "replied", "on_time", "open", "reopened")
    return Numbers(**dict(zip(names, numbers, strict=True)))
