"""How things stand now, kept: what is open, late, due or supervised, and what happened today.

A board must be true at the moment it is looked at, and cannot count 55,000 open matters and as many
clocks for it. So a round writes down what each matter adds to the figures of its place, and the sum
of each township. A reader takes the sums, leaves out the matters that may differ by now, and counts
those from the rows. A matter can only differ when

- the log has a line of it, or of a part of it, behind the mark: whatever opens, closes or moves a
  matter, or touches a clock of it, writes one;
- a clock of it ran out between the mark and now;
- it was taken to another place, which whoever sees only this place would not learn from the log:
  the move itself leaves a row here (`leave_behind`).

Everything of today counts, up to midnight: no moment lies ahead. The figures hold for one day. On
another one, and after a change of divisions, the rows are read until the next round has written
everything anew. A round that rests costs speed, not truth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.cases.happenings import COUNTED, HAPPENINGS, OPEN_STATES
from yukuai.cases.models import Case, Standing, StandingMark
from yukuai.divisions.queries import newest_change_id
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI, today

STANDING = ("open", "overdue", "due_today", "supervised")
NOW = (*STANDING, *COUNTED)
FAR_BEHIND = 20_000
"""Lines of the log; behind more of them everything is written anew (two seconds)."""

# Of which matters something may differ from what was written down.
_TOUCHED = """
SELECT coalesce(c.parent_id, c.id)
FROM workflow_statechange l JOIN cases_case c ON c.id = l.object_id
WHERE l.workflow = 'case' AND l.id > %(after)s AND l.area >= %(low)s AND l.area < %(high)s
UNION
SELECT matter FROM cases_standing WHERE moved AND area >= %(low)s AND area < %(high)s
UNION
SELECT coalesce(p.parent_id, d.object_id)
FROM workflow_deadline d LEFT JOIN cases_case p ON p.id = d.object_id AND p.parent_id IS NOT NULL
WHERE d.workflow = 'case' AND d.met_at IS NULL AND d.dropped_at IS NULL AND d.name <> 'rate'
    AND d.due_at >= %(from)s AND d.due_at < %(to)s AND d.area >= %(low)s AND d.area < %(high)s
"""
_PARTS = "SELECT id FROM cases_case WHERE parent_id = ANY(%(matters)s)"

# What a matter adds now, from the rows. `{of}` and `{clock_of}` say which matters.
_LIVE = """
SELECT area, matter, {sums} FROM (
    SELECT area, id AS matter, 1 AS open, 0 AS overdue, 0 AS due_today, 0 AS supervised, {none}
    FROM cases_case WHERE state IN ({states}) AND parent_id IS NULL
        AND area >= %(low)s AND area < %(high)s AND {open_of}
    UNION ALL
    SELECT d.area, coalesce(p.parent_id, d.object_id), 0, bool_or(d.due_at < %(at)s)::int,
        bool_or(d.due_at >= %(at)s AND d.due_at < %(until)s)::int,
        bool_or(d.name = 'supervision')::int, {none}
    FROM workflow_deadline d
    LEFT JOIN cases_case p ON p.id = d.object_id AND p.parent_id IS NOT NULL
    WHERE d.workflow = 'case' AND d.met_at IS NULL AND d.dropped_at IS NULL AND d.name <> 'rate'
        AND d.area >= %(low)s AND d.area < %(high)s AND {clock_of}
    GROUP BY 1, 2
    UNION ALL
    SELECT area, matter, 0, 0, 0, 0, {counted} FROM ({happenings}) event WHERE {of}
) added GROUP BY area, matter
"""
_OF_ALL = {"open_of": "true", "clock_of": "true", "of": "true"}
_OF_THESE = {
    "open_of": "id = ANY(%(matters)s)",
    "clock_of": "d.object_id = ANY(%(objects)s)",
    "of": "matter = ANY(%(matters)s)",
}
_WRITE = """
INSERT INTO cases_standing (division_id, area, matter, moved, {now})
SELECT d.id, d.path, matter, false, {now} FROM ({live}) live
JOIN divisions_division d ON d.path = live.area
"""
_SUM_UP = """
INSERT INTO cases_standingtally (division_id, area, {now})
SELECT d.id, d.path, {sums} FROM (
    SELECT coalesce(nullif(split_part(area, '.', 3), ''), nullif(split_part(area, '.', 2), ''),
        split_part(area, '.', 1))::bigint AS place, {now}
    FROM cases_standing
) s JOIN divisions_division d ON d.id = s.place GROUP BY d.id, d.path
"""
_READ = """
SELECT child, {sums} FROM (
    SELECT split_part(area, '.', %(child)s) AS child, {now} FROM {kept}
    WHERE area >= %(low)s AND area < %(high)s
    {since}
) parts GROUP BY child
"""
_SINCE = """
    UNION ALL
    SELECT split_part(area, '.', %(child)s), {less} FROM cases_standing
    WHERE matter = ANY(%(matters)s) AND area >= %(low)s AND area < %(high)s
    UNION ALL
    SELECT split_part(area, '.', %(child)s), {now} FROM ({live}) live
"""
_FILL = {
    "now": ", ".join(NOW),
    "less": ", ".join(f"-{name}" for name in NOW),
    "sums": ", ".join(f"sum({name})::int AS {name}" for name in NOW),
    "none": ", ".join(f"0 AS {name}" for name in COUNTED),
    "counted": ", ".join(COUNTED),
    "states": OPEN_STATES,
    "happenings": HAPPENINGS,
}
_LIVE_OF_ALL = _LIVE.format(**_OF_ALL, **_FILL)
_LIVE_OF_THESE = _LIVE.format(**_OF_THESE, **_FILL)


@dataclass(frozen=True)
class Kept:
    """For which moment, and up to which line of the log, the figures were written down."""

    at: datetime
    change_id: int


@action
def refresh_standing(actor: Actor, *, until: int, at: datetime) -> int:
    """One round up to the line `until` of the log (see `workflow.horizon`). Returns how many
    matters were looked at again; -1 when all of them were."""
    mark = _locked_mark()
    newest = newest_change_id(actor)
    same_day = mark.at is not None and today(mark.at) == today(at)
    everywhere = {"low": "", "high": "~", **_of_day(at)}
    if not same_day or mark.division_change_id != newest or until - mark.change_id > FAR_BEHIND:
        _write_all(everywhere)
        found = -1
    else:
        found = _write_touched(_touched(_kept(mark), everywhere, at), everywhere)
    mark.at, mark.division_change_id, mark.change_id = at, newest, max(until, mark.change_id)
    mark.save()
    return found


def leave_behind(case: Case) -> None:
    """A step of a matter's way to another place, before it goes."""
    Standing(matter=case.pk, division=case.division, moved=True).save(force_insert=True)


def count_since(
    kept: Kept, *, low: str, high: str, child: int, by_place: bool, at: datetime
) -> dict[str, tuple[int, ...]] | None:
    """The columns of NOW by the element `child` of the path; None when `kept` is of another day.
    `by_place`: from the sums of townships, where the children are not below them."""
    if today(kept.at) != today(at):
        return None
    bounds = {"low": low, "high": high, **_of_day(at)}
    matters = _touched(kept, bounds, at)
    since = _SINCE.format(live=_LIVE_OF_THESE, **_FILL) if matters else ""
    table = "cases_standingtally" if by_place else "cases_standing"
    given = {**bounds, "child": child, "matters": matters, "objects": _with_parts(matters)}
    rows = _ask(_READ.format(kept=table, since=since, **_FILL), given)
    return {one: tuple(counts) for one, *counts in rows}


def _locked_mark() -> StandingMark:
    StandingMark.objects.get_or_create(pk=1)
    return StandingMark.objects.select_for_update().get(pk=1)


def _kept(mark: StandingMark) -> Kept:
    assert mark.at is not None
    return Kept(mark.at, mark.change_id)


def _of_day(at: datetime) -> dict[str, Any]:
    """Bounds of the day of `at`, up to and without its end."""
    begins = datetime.combine(today(at), time(), SHANGHAI)
    return {"since": begins, "until": begins + timedelta(days=1), "at": at}


def _touched(kept: Kept, bounds: dict[str, Any], at: datetime) -> list[int]:
    """Also clocks between the mark and an earlier moment, for a reader who began before it."""
    span = {"from": min(kept.at, at), "to": max(kept.at, at)}
    rows = _ask(_TOUCHED, {**bounds, **span, "after": kept.change_id})
    return [matter for (matter,) in rows]


def _with_parts(matters: Sequence[int]) -> list[int]:
    parts = _ask(_PARTS, {"matters": list(matters)}) if matters else []
    return [*matters, *(part for (part,) in parts)]


def _write_all(bounds: dict[str, Any]) -> None:
    _run("DELETE FROM cases_standing", {})
    _run(_WRITE.format(live=_LIVE_OF_ALL, **_FILL), bounds)
    _sum_up()


def _write_touched(matters: Iterable[int], bounds: dict[str, Any]) -> int:
    these = list(matters)
    if these:
        given = {**bounds, "matters": these, "objects": _with_parts(these)}
        _run("DELETE FROM cases_standing WHERE matter = ANY(%(matters)s)", given)
        _run(_WRITE.format(live=_LIVE_OF_THESE, **_FILL), given)
        _sum_up()
    return len(these)


def _sum_up() -> None:
    _run("DELETE FROM cases_standingtally", {})
    _run(_SUM_UP.format(**_FILL), {})


def _ask(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _used(sql, params))
        return list(cursor.fetchall())


def _run(sql: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, _used(sql, params))


def _used(sql: str, params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if f"%({name})s" in sql}
