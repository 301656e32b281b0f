"""The daily counts behind the boards: kept up by the log, equal to a recount.

A round reads the log from its mark to the horizon, learns which matters moved, and counts the days
of their townships anew: nothing is added up that could drift. Every figure of a day hangs on a
moment that stands in the log of its matter (received, replied, closed, asked, rated), so the days
of a matter are the days of its log. After a change of divisions, after a long rest of the worker,
and once a day, everything is counted anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.cases.happenings import BY_DAY, COUNTED, HAPPENINGS
from yukuai.cases.models import TallyMark
from yukuai.divisions.queries import newest_change_id
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.locks import hold

CITY, DISTRICT, TOWNSHIP = 1, 2, 3
"""How many ids the path of each has."""
SHAPE = 1
"""Which rows there are; counts of an earlier release are not read, and made anew."""
BATCH = 5_000
"""Lines of the log a round."""
FAR_BEHIND = 2 * BATCH
"""More lines are not caught up with. Lines that touch every township take longer, 5,000 of them
(38 s), than everything counted anew (28 s for a million matters)."""

# A subtree and a stretch of time, each within two bounds, counted where each matter lies, by day,
# all categories together: a place has hardly two matters of one kind a day. One row a month.
_MONTHS = """
WITH event AS ({happenings}), counted AS (
    SELECT area, (moment AT TIME ZONE 'Asia/Shanghai')::date AS day, {sums}
    FROM event WHERE array_length(string_to_array(area, '.'), 1) > 3 GROUP BY 1, 2
)
INSERT INTO cases_monthtally (division_id, area, month, days, {columns})
SELECT d.id, d.path, date_trunc('month', day::timestamp)::date,
    array_agg(extract(day FROM day) ORDER BY day), {arrays}
FROM counted JOIN divisions_division d ON d.path = area GROUP BY 1, 2, 3
"""
_FORGET_MONTHS = """
DELETE FROM cases_monthtally WHERE area >= %(low)s AND area < %(high)s
    AND month >= %(first)s AND month <= %(last)s
"""
_TOWNSHIPS = """
INSERT INTO cases_daytally (division_id, area, day, level, direct, whole, {columns})
SELECT d.id, d.path, happened.day, 3, false, true, {sums}
FROM ({by_day}) happened JOIN divisions_division d ON d.id = split_part(area, '.', 3)::bigint
GROUP BY d.id, d.path, happened.day
"""
# The same by the district or the city, and by category. `{alone}` leaves what lies there itself.
_COUNT = """
WITH event AS ({happenings}), counted AS (
    SELECT split_part(area, '.', %(level)s)::bigint AS division_id,
        (moment AT TIME ZONE 'Asia/Shanghai')::date AS day, category_id, {sums}
    FROM event WHERE {alone} GROUP BY 1, 2, 3
)
INSERT INTO cases_daytally (division_id, area, day, category_id, level, direct, whole, {columns})
SELECT d.id, d.path, day, category_id, %(level)s, %(direct)s, false, {columns}
FROM counted JOIN divisions_division d ON d.id = division_id
"""
_WHOLE = """
INSERT INTO cases_daytally (division_id, area, day, level, direct, whole, {columns})
SELECT division_id, area, day, level, false, true, {sums} FROM cases_daytally
WHERE area >= %(low)s AND area < %(high)s AND day >= %(first)s AND day <= %(last)s
    AND level = %(level)s AND NOT direct AND NOT whole
GROUP BY division_id, area, day, level
"""
_CITY = """
INSERT INTO cases_daytally (division_id, area, day, category_id, level, direct, whole, {columns})
SELECT d.id, d.path, t.day, t.category_id, 1, false, false, {sums}
FROM cases_daytally t JOIN divisions_division d ON d.id = split_part(t.area, '.', 1)::bigint
WHERE t.day >= %(first)s AND t.day <= %(last)s
    AND (t.level = 2 AND NOT t.direct AND NOT t.whole OR t.level = 1 AND t.direct)
GROUP BY d.id, d.path, t.day, t.category_id
"""
_FORGET = """
DELETE FROM cases_daytally WHERE area >= %(low)s AND area < %(high)s
    AND day >= %(first)s AND day <= %(last)s AND level = %(level)s AND direct = %(direct)s
"""
_MOVED = """
SELECT (array_remove(string_to_array(c.area, '.'), ''))[1:%(deep)s],
    min((whole.happened_at AT TIME ZONE 'Asia/Shanghai')::date),
    max((whole.happened_at AT TIME ZONE 'Asia/Shanghai')::date)
FROM (
    SELECT DISTINCT object_id FROM workflow_statechange
    WHERE workflow = 'case' AND id > %(after)s AND id <= %(until)s
) moved
JOIN cases_case c ON c.id = moved.object_id
JOIN workflow_statechange whole ON whole.workflow = 'case' AND whole.object_id = moved.object_id
GROUP BY 1
"""
_LEFT = """
SELECT DISTINCT (array_remove(string_to_array(d.path, '.'), ''))[1:%(deep)s],
    (whole.happened_at AT TIME ZONE 'Asia/Shanghai')::date
FROM workflow_statechange moved
JOIN divisions_division d ON d.id = (moved.data ->> 'before_id')::bigint
JOIN workflow_statechange whole
    ON whole.workflow = 'case' AND whole.object_id = moved.object_id
WHERE moved.workflow = 'case' AND moved.move = 'relocate'
    AND moved.id > %(after)s AND moved.id <= %(until)s
"""
_FILL = {
    "happenings": HAPPENINGS,
    "columns": ", ".join(COUNTED),
    "sums": ", ".join(f"sum({name}) AS {name}" for name in COUNTED),
    "arrays": ", ".join(f"array_agg({name} ORDER BY day)" for name in COUNTED),
    "by_day": BY_DAY,
}
_ALONE = "array_length(string_to_array(area, '.'), 1) = %(level)s + 1"
_BEGINNING, _END = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Stretch:
    """A subtree and a range of days, both ends in."""

    path: str
    first: date
    last: date

    @property
    def level(self) -> int:
        return self.path.count(".")

    def up_to(self, level: int) -> "Stretch":
        above = ".".join(self.path.split(".")[:level])
        return replace(self, path=f"{above}.")

    def before(self, day: date) -> "Stretch":
        """Without that day and what follows: today is read from the rows."""
        return replace(self, last=min(self.last, day - timedelta(days=1)))

    @property
    def months(self) -> "Stretch":
        """From the first day of the first month to the last of the last."""
        following = self.last.replace(day=28) + timedelta(days=4)
        ends = following - timedelta(days=following.day)
        return replace(self, first=self.first.replace(day=1), last=ends)

    @property
    def bounds(self) -> dict[str, Any]:
        high = f"{self.path[:-1]}/" if self.path else "~"
        return {"low": self.path, "high": high, "first": self.first, "last": self.last}

    @property
    def moments(self) -> dict[str, str]:
        """Midnights of Chongqing, which keeps one time the year round."""
        after = self.last + timedelta(days=1)
        return {"since": f"{self.first} 00:00+08", "until": f"{after} 00:00+08"}


@action
def refresh_tallies(actor: Actor, *, until: int, at: datetime) -> int:
    """One round up to the line `until` of the log (see `workflow.horizon`). Returns how many
    places were counted anew; 0 when there was nothing to do."""
    mark = _locked_mark()
    newest = newest_change_id(actor)
    day = today(at)
    if until - mark.change_id > FAR_BEHIND or _state(mark) != (SHAPE, day, newest):
        _recount(before=day)
        mark.shape, mark.recounted_on, mark.division_change_id = SHAPE, day, newest
        mark.refreshed_on, mark.change_id = day, until
        mark.save()
        return 1
    end = min(until, mark.change_id + BATCH)
    stretches = _moved_since(mark.change_id, end)
    _count_anew([s.before(day) for s in stretches if s.first < day], before=day)
    mark.change_id = max(mark.change_id, end)
    if end == until:
        mark.refreshed_on = day
    mark.save()
    return len(stretches)


def _state(mark: TallyMark) -> tuple[int, date | None, int]:
    return mark.shape, mark.recounted_on, mark.division_change_id


def _locked_mark() -> TallyMark:
    hold("cases.tallies")
    return TallyMark.objects.get_or_create(pk=1)[0]


def _moved_since(after: int, until: int) -> list[Stretch]:
    """Where something moved, and between which days its matters have a moment."""
    given = {"after": after, "until": until, "deep": TOWNSHIP}
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, given)
        rows = [(ids, first, last) for ids, first, last in cursor.fetchall()]
        cursor.execute(_LEFT, given)
        rows += [(ids, day, day) for ids, day in cursor.fetchall()]
    return _joined(Stretch("".join(f"{part}." for part in ids), a, b) for ids, a, b in rows)


def _count_anew(stretches: Iterable[Stretch], *, before: date) -> None:
    """What was touched: communities and districts from the rows, townships from their communities,
    the city from its districts."""
    townships = [s for s in stretches if s.level >= TOWNSHIP]
    districts = _joined(s.up_to(DISTRICT) for s in stretches if s.level >= DISTRICT)
    cities = _joined(s.up_to(CITY) for s in stretches)
    for township in townships:
        _count_townships(township, before=before)
    for district in districts:
        _count(district, DISTRICT)
        _count(district, DISTRICT, direct=True)
    for city in cities:
        _count(city, CITY, direct=True)
        _add_up(city)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """One a place, long enough for all of its."""
    found: dict[str, Stretch] = {}
    for stretch in stretches:
        known = found.get(stretch.path, stretch)
        first, last = min(stretch.first, known.first), max(stretch.last, known.last)
        found[stretch.path] = Stretch(stretch.path, first, last)
    return list(found.values())


def _count_townships(stretch: Stretch, *, before: date) -> None:
    """Whole months of their communities, as far as they are over, and of these the days."""
    months = stretch.months.before(before)
    _run(_FORGET_MONTHS, months.bounds)
    _run(_MONTHS, {**months.bounds, **months.moments})
    _run(_FORGET, {**stretch.bounds, "level": TOWNSHIP, "direct": False})
    after = stretch.last + timedelta(days=1)
    _run(_TOWNSHIPS, {**stretch.bounds, "fresh": after})


def _count(stretch: Stretch, level: int, *, direct: bool = False) -> None:
    given = {**stretch.bounds, **stretch.moments, "level": level, "direct": direct}
    _run(_FORGET, given)
    alone = _ALONE if direct else f"array_length(string_to_array(area, '.'), 1) > {level}"
    _run(_COUNT, given, alone=alone)
    if level == DISTRICT and not direct:
        _run(_WHOLE, given)


def _add_up(city: Stretch) -> None:
    _run(_FORGET, {**city.bounds, "level": CITY, "direct": False})
    _run(_CITY, city.bounds)


def _recount(*, before: date) -> None:
    """Everything that is over: a million matters in about a minute."""
    _run("DELETE FROM cases_daytally", {})
    everything = Stretch("", _BEGINNING, _END).before(before)
    _count_townships(everything, before=before)
    _count(everything, DISTRICT)
    for level in (DISTRICT, CITY):
        _count(everything, level, direct=True)
    _add_up(everything)


def _run(sql: str, params: dict[str, Any], **parts: str) -> None:
    text = sql.format(**_FILL, **parts)
    used = {name: value for name, value in params.items() if f"%({name})s" in text}
    with connection.cursor() as cursor:
        cursor.execute(text, used)
