"""One board per level: what came in, what is due, what came of it; city down to community."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases import statistics
from yukuai.cases.statistics import WEEKS, Alarm, Numbers, Span
from yukuai.divisions.queries import (
    get_division,
    list_ancestors,
    list_children,
    list_places,
)
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.oversight.periods import Period, midnight, period

SHORT = 90.0
"""Below this share in time a bar is brown; the head of the table says so."""


@dataclass(frozen=True)
class Line:
    """One child division. Ordered by code, never by score."""

    division: Any
    numbers: Numbers

    @property
    def falls_short(self) -> bool:
        rate = self.numbers.on_time_rate
        return rate is not None and rate < SHORT


@dataclass(frozen=True)
class Board:
    division: Any
    ancestors: list[Any]
    period: Period
    total: Numbers
    lines: list[Line]
    categories: list[tuple[str, int, int]]
    closed_weeks: list[int]
    alarms: list[Alarm]
    alarm_places: dict[int, str]


def get_board(actor: Actor, *, division_id: int | None, name: str, at: datetime) -> Board:
    """Raises NotFound outside of where the actor may count."""
    division = _place(actor, division_id)
    span = period(name, at)
    depth = division.path.count(".")
    counted = statistics.count_by_child(
        actor,
        within=division,
        depth=depth,
        span=Span(span.since, at),
        at=at,
        midnight=midnight(today(at) + timedelta(days=1)),
    )
    since = at - timedelta(weeks=WEEKS)
    weeks = statistics.count_weeks_by_child(
        actor, within=division, depth=depth, since=since, until=at
    )
    for child, numbers in counted.items():
        numbers.weeks = weeks.get(child, [0] * WEEKS)
    alarms = statistics.list_alarms(actor, within=division, at=at)
    return Board(
        division=division,
        ancestors=_countable(actor, list_ancestors(actor, division=division)),
        period=span,
        total=_sum(list(counted.values())),
        lines=_lines(actor, division, counted),
        categories=statistics.count_categories(
            actor, within=division, span=Span(span.since, at), before=span.before
        ),
        closed_weeks=statistics.count_closed_weeks(actor, within=division, since=since, until=at),
        alarms=alarms,
        alarm_places=_names(actor, alarms),
    )


def _place(actor: Actor, division_id: int | None) -> Any:
    """The division asked for, or the topmost where the actor counts."""
    if division_id is None:
        paths = sorted(actor.paths_for(Permission.BOARD_VIEW), key=len)
        last = paths[0].rstrip(".").rpartition(".")[2] if paths and paths[0] else ""
        division_id = int(last) if last else list_children(actor)[0].id
    division = get_division(actor, division_id=division_id)
    if not policy.check(actor, Permission.BOARD_VIEW, division):
        raise NotFound("这里没有内容。可能是网址不对，也可能不在您的范围。")
    return division


def _countable(actor: Actor, ancestors: list[Any]) -> list[Any]:
    return [d for d in ancestors if policy.check(actor, Permission.BOARD_VIEW, d)]


def _lines(actor: Actor, division: Any, counted: dict[str, Numbers]) -> list[Line]:
    empty = [0] * WEEKS
    return [
        Line(child, counted.get(str(child.id), Numbers(weeks=empty)))
        for child in list_children(actor, parent_id=division.pk)
    ]


def _sum(parts: list[Numbers]) -> Numbers:
    total = Numbers(weeks=[0] * WEEKS)
    for part in parts:
        for name, value in vars(part).items():
            if name != "weeks":
                setattr(total, name, getattr(total, name) + value)
        total.weeks = [a + b for a, b in zip(total.weeks, part.weeks, strict=True)]
    return total


def _names(actor: Actor, alarms: list[Alarm]) -> dict[int, str]:
    places = list_places(actor, division_ids={alarm.division_id for alarm in alarms})
    return {pk: place.rpartition(" › ")[2] for pk, place in places.items()}
