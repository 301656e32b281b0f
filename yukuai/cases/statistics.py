"""Numbers over areas and weeks, never content and never persons: for boards. A matter that was
split counts once, and its parts not at all.

`counting` opens one division's subtree for the time of the count, for a statistics post may reach
further than what its holder may open; each count inside is one statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.happenings import BY_DAY, COUNTED, HAPPENINGS, OPEN_STATES, RECEIVED
from yukuai.cases.standing import NOW, STANDING, Kept, count_since
from yukuai.cases.tallies import SHAPE
from yukuai.kernel.clock import SHANGHAI, today
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
    counted_before: date | None = None
    """Days before this one stand in the tallies."""
    kept: Kept | None = None
    """How things stood at the last round."""
    by_place: bool = False
    """Whether the children are townships, or lie above them."""


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

    def add(self, happened: "Happened") -> None:
        """To the counts what is of the span, to the weeks what is of the last twelve."""
        if happened.within:
            for name, count in zip(COUNTED, happened.counts, strict=True):
                if count:
                    setattr(self, name, getattr(self, name) + count)
        if 0 <= happened.weeks_ago < WEEKS:
            received, closed = happened.counts[:2]
            self.weeks[WEEKS - 1 - happened.weeks_ago] += received
            self.closed_weeks[WEEKS - 1 - happened.weeks_ago] += closed

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
        counted, kept = _find_marks()
        yield Subtree(
            low=path,
            high=f"{path[:-1]}/" if path else "~",
            depth=path.count("."),
            counted_before=counted,
            kept=kept,
            by_place=within.kind in TALLIED,
        )


_MARKS = """
SELECT t.refreshed_on, s.at, s.change_id
FROM (SELECT id, refreshed_on FROM cases_tallymark WHERE shape = %(shape)s) t
FULL JOIN (
    SELECT id, at, change_id FROM cases_standingmark
    WHERE at IS NOT NULL
        AND division_change_id = coalesce((SELECT max(id) FROM divisions_divisionchange), 0)
) s ON s.id = t.id
"""


def _find_marks() -> tuple[date | None, Kept | None]:
    """Days before which one are in the tallies, whole; and for when `Standing` holds, unless a
    change of divisions came after it."""
    counted, at, change_id = next(iter(ask_rows(_MARKS, {"shape": SHAPE})), (None, None, None))
    return counted, Kept(at, change_id) if at else None


def ask_rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


# `child` is the id of the child of the board's division: the element after its own in the path.
_TALLIED = """
    SELECT split_part(area, '.', %(child)s) AS child, day, category_id, {columns}
    FROM cases_daytally
    WHERE day >= %(first)s AND day < %(fresh)s AND area >= %(low)s AND area < %(high)s
        AND ({rows})
"""
_OF_COMMUNITIES = f"""
    SELECT split_part(area, '.', %(child)s) AS child, day, NULL::bigint AS category_id, {{columns}}
    FROM ({BY_DAY}) kept
"""
_FROM_ROWS = """
    SELECT split_part(area, '.', %(child)s) AS child,
        (moment AT TIME ZONE 'Asia/Shanghai')::date AS day, category_id, {columns}
    FROM ({stream}) event
"""
# A date less a date is a number of days; one of the future is of no week.
_BY_WEEK = """
SELECT child, floor((%(today)s - day) / 7.0)::int, day >= %(turn)s, {sums}
FROM happened GROUP BY 1, 2, 3
"""
_BY_CATEGORY = """
SELECT coalesce(g.name, '没有选类'), sum(received) FILTER (WHERE day >= %(turn)s) AS now,
    coalesce(sum(received) FILTER (WHERE day < %(turn)s), 0)
FROM happened LEFT JOIN cases_category g ON g.id = category_id
WHERE received > 0 GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1 LIMIT %(most)s
"""
_DIRECT = "level = %(child)s - 1 AND direct"
CHILDREN = f"level = %(child)s AND NOT direct AND whole OR {_DIRECT}"
CHILDREN_BY_CATEGORY = f"level = %(child)s AND NOT direct AND NOT whole OR {_DIRECT}"
ITSELF = "level = %(child)s - 1 AND NOT direct AND NOT whole"
_FILL = {
    "columns": ", ".join(COUNTED),
    "sums": ", ".join(f"sum({name})::int" for name in COUNTED),
}
TALLIED = {"city", "district", "zone"}
"""What has tallies by day and by category; townships and communities have months of their days, and
few enough rows to count categories from."""


@dataclass(frozen=True)
class Happened:
    """One child, one week (counted back from the last day) inside or outside of the span."""

    child: str
    weeks_ago: int
    within: bool
    counts: tuple[int, ...]
    """In the order of COUNTED."""


def list_happened(subtree: Subtree, *, span: Span, since: datetime) -> list[Happened]:
    """By child of the subtree's root and by week, from `since` on, which may lie before the span;
    '' stands for what lies at the root itself."""
    given = {"today": today(span.until), "turn": today(span.since)}
    whole = Span(min(span.since, since), span.until)
    rows = ask_happened(subtree, whole, _BY_WEEK, CHILDREN, given)
    return [Happened(child, ago, within, tuple(n)) for child, ago, within, *n in rows]


def count_now(subtree: Subtree, *, at: datetime) -> dict[str, dict[str, int]] | None:
    """By child, how things stand and what happened today, as far as rounds have kept it up; None
    when they have not, and the rows must be asked."""
    if subtree.kept is None:
        return None
    found = count_since(
        subtree.kept,
        low=subtree.low,
        high=subtree.high,
        child=subtree.depth + 1,
        by_place=subtree.by_place,
        at=at,
    )
    if found is None:
        return None
    return {child: dict(zip(NOW, counts, strict=True)) for child, counts in found.items()}


def count_categories(
    subtree: Subtree, *, span: Span, before: datetime, most: int = 6
) -> list[tuple[str, int, int]]:
    """Name, number in the span, number in the span before it (from `before`), most first."""
    given = {"turn": today(span.since), "most": most}
    whole = Span(before, span.until)
    rows = ask_happened(subtree, whole, _BY_CATEGORY, ITSELF, given, stream=RECEIVED)
    return [(str(name), int(now or 0), int(then)) for name, now, then in rows]


def ask_happened(
    subtree: Subtree,
    span: Span,
    query: str,
    which: str,
    given: dict[str, Any],
    *,
    stream: str = HAPPENINGS,
    rows_alone: bool = False,
) -> list[tuple[Any, ...]]:
    """Whole days from the tallies as far as they reach; the rest, today above all, as it stands in
    the rows of `stream`. `rows_alone`: what is asked does not stand in the tallies."""
    parts, since = [], span.since
    given = {"low": subtree.low, "high": subtree.high, "child": subtree.depth + 1, **given}
    rows_alone = rows_alone or (not subtree.by_place and which != CHILDREN)
    counted = None if rows_alone else subtree.counted_before
    fresh = min(counted, today(span.until)) if counted else None
    if fresh is not None and fresh > today(span.since):
        kept = _TALLIED if subtree.by_place else _OF_COMMUNITIES
        parts.append(kept.format(rows=which, **_FILL))
        given |= {"first": today(span.since), "fresh": fresh}
        since = datetime.combine(fresh, time(), SHANGHAI)
    if since < span.until or not parts:
        parts.append(_FROM_ROWS.format(stream=stream, **_FILL))
        given |= {"since": since, "until": span.until}
    happened = "UNION ALL".join(parts)
    return ask_rows(f"WITH happened AS ({happened}) {query.format(**_FILL)}", given)


_STANDING = """
WITH matters AS (
    SELECT split_part(area, '.', %(child)s) AS child, count(*) AS open
    FROM cases_case WHERE state IN ({open}) AND parent_id IS NULL
        AND area >= %(low)s AND area < %(high)s GROUP BY 1
), clocks AS (
    SELECT split_part(d.area, '.', %(child)s) AS child,
        coalesce(p.parent_id, d.object_id) AS matter,
        bool_or(due_at < %(at)s) AS overdue,
        bool_or(due_at >= %(at)s AND due_at < %(midnight)s) AS due_today,
        bool_or(name = 'supervision') AS supervised
    FROM workflow_deadline d
    LEFT JOIN cases_case p ON p.id = d.object_id AND p.parent_id IS NOT NULL
    WHERE workflow = 'case' AND met_at IS NULL AND dropped_at IS NULL AND name <> 'rate'
        AND d.area >= %(low)s AND d.area < %(high)s GROUP BY 1, 2
), due AS (
    SELECT child, count(*) FILTER (WHERE overdue) AS overdue,
        count(*) FILTER (WHERE due_today) AS due_today,
        count(*) FILTER (WHERE supervised) AS supervised
    FROM clocks GROUP BY child
)
SELECT child, open, overdue, due_today, supervised FROM matters FULL JOIN due USING (child)
"""


def count_standing(
    subtree: Subtree, *, at: datetime, midnight: datetime
) -> dict[str, dict[str, int]]:
    """How things stand now, by child: open, overdue, due before `midnight`, supervised."""
    given = {"low": subtree.low, "high": subtree.high, "child": subtree.depth + 1}
    sql = _STANDING.format(open=OPEN_STATES)
    rows = ask_rows(sql, {**given, "at": at, "midnight": midnight})
    return {
        child: dict(zip(STANDING, (n or 0 for n in counts), strict=True)) for child, *counts in rows
    }


_LATE = """
    c.workflow = 'case' AND c.met_at IS NULL AND c.dropped_at IS NULL AND c.name <> 'rate'
    AND c.due_at < %(at)s AND c.area >= %(low)s AND c.area < %(high)s
"""
_OLDEST = f"""
    SELECT c.area, c.due_at FROM workflow_deadline c WHERE {_LATE}
    ORDER BY c.due_at LIMIT %(sample)s
"""
_ALARMS = f"""
    SELECT d.id, d.name, l.label, count(*), min(c.due_at), max(c.law)
    FROM workflow_deadline c JOIN divisions_division d ON d.id = c.division_id
    LEFT JOIN accounts_department h ON c.name LIKE 'help%%' AND h.id = c.owner_department_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN h.id IS NULL THEN c.label ELSE c.label || '：' || h.name END
    ) AS l (label)
    WHERE {_LATE} AND {{there}}
    GROUP BY d.id, d.name, l.label ORDER BY min(c.due_at), d.id LIMIT %(most)s
"""
_SAMPLE = 200
"""Of the oldest clocks: nearly always more than seven places."""


def list_alarms(subtree: Subtree, *, at: datetime, most: int = 7) -> list[Alarm]:
    """What ran out, oldest first: where, which clock, how many. A helper that is late is named: the
    lead answers for the matter, the helper for its words."""
    given = {"at": at, "low": subtree.low, "high": subtree.high, "most": most}
    areas = _oldest_areas(given)
    if areas == []:
        return []
    there = "true" if areas is None else "c.area = ANY(%(areas)s)"
    sql = _ALARMS.format(there=there)
    return [Alarm(*row) for row in ask_rows(sql, {**given, "areas": areas} if areas else given)]


def _oldest_areas(given: dict[str, Any]) -> list[str] | None:
    """Where the oldest clocks lie, so that only those places are counted: as many places as alarms
    are wanted, and any as old as the last of them. None where the sample does not reach so far."""
    oldest = {key: given[key] for key in ("at", "low", "high")}
    sample = ask_rows(_OLDEST, {**oldest, "sample": _SAMPLE})
    areas: dict[str, datetime] = {}
    for area, due_at in sample:
        if len(areas) >= given["most"] and due_at > max(areas.values()):
            return list(areas)
        areas.setdefault(area, due_at)
    return list(areas) if len(sample) < _SAMPLE else None
