"""One board per level: what came in, what is due, what came of it; city down to community."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases import statistics
from yukuai.cases.clusters import find_cluster_fault
from yukuai.cases.happenings import COUNTED
from yukuai.cases.notices import BrokenRule, Refused, list_notices
from yukuai.cases.standing import STANDING
from yukuai.cases.statistics import WEEKS, Alarm, Happened, Numbers, Span, Subtree
from yukuai.divisions.queries import list_chain, list_children
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.oversight.periods import Period, midnight, period

UPPER = frozenset({"city", "district", "zone"})
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
    alarms: list[Alarm]
    no_clusters: str
    """Why matters of one person are not put together here; ''."""
    broken: tuple[BrokenRule, ...]
    refused: Refused | None
    """What was kept from communities by the duty list; counted from the district up."""


def get_board(actor: Actor, *, division_id: int | None, name: str, at: datetime) -> Board:
    """Raises NotFound outside of where the actor may count."""
    *ancestors, division = find_chain(actor, division_id)
    running = period(name, at)
    span = Span(running.since, at)
    with statistics.counting(actor, within=division) as subtree:
        numbers = _count(subtree, span, at)
        categories = statistics.count_categories(subtree, span=span, before=running.before)
        alarms = statistics.list_alarms(subtree, at=at)
        notices = list_notices(subtree, span=span)
    return Board(
        division=division,
        ancestors=[d for d in ancestors if policy.check(actor, Permission.BOARD_VIEW, d)],
        period=running,
        total=_sum(list(numbers.values())),
        lines=_lines(actor, division, numbers),
        categories=categories,
        alarms=alarms,
        no_clusters=find_cluster_fault(actor, area=division.path, at=at),
        broken=notices.broken,
        refused=notices.refused if division.kind in UPPER else None,
    )


def find_chain(actor: Actor, division_id: int | None) -> list[Any]:
    """From the root to the division asked for, or to the topmost where the actor counts."""
    if division_id is None:
        paths = sorted(actor.paths_for(Permission.BOARD_VIEW), key=len)
        last = paths[0].rstrip(".").rpartition(".")[2] if paths and paths[0] else ""
        division_id = int(last) if last else list_children(actor)[0].id
    chain = list_chain(actor, division_id=division_id)
    if not policy.check(actor, Permission.BOARD_VIEW, chain[-1]):
        raise NotFound("这里没有内容。可能是网址不对，也可能不在您的范围。")
    return chain


def _count(subtree: Subtree, span: Span, at: datetime) -> dict[str, Numbers]:
    """By child: what happened in the span and in the twelve weeks up to today, and what stands."""
    day = today(at)
    weeks = midnight(day - timedelta(days=7 * WEEKS - 1))
    numbers: dict[str, Numbers] = defaultdict(Numbers)
    now = statistics.count_now(subtree, at=at)
    if now is None:
        happened = statistics.list_happened(subtree, span=span, since=weeks)
        tomorrow = midnight(day + timedelta(days=1))
        now = statistics.count_standing(subtree, at=at, midnight=tomorrow)
    else:
        before = Span(span.since, midnight(day))
        happened = statistics.list_happened(subtree, span=before, since=weeks)
        happened += [_today(child, counts) for child, counts in now.items()]
    for one in happened:
        numbers[one.child].add(one)
    for child, counts in now.items():
        for name in STANDING:
            setattr(numbers[child], name, counts[name])
    return numbers


def _today(child: str, counts: dict[str, int]) -> Happened:
    return Happened(child, 0, True, tuple(counts[name] for name in COUNTED))


def _lines(actor: Actor, division: Any, numbers: dict[str, Numbers]) -> list[Line]:
    children = list_children(actor, parent_id=division.pk)
    return [Line(child, numbers.get(str(child.id), Numbers())) for child in children]


def _sum(parts: list[Numbers]) -> Numbers:
    total = Numbers()
    for part in parts:
        for name in (*COUNTED, *STANDING):
            setattr(total, name, getattr(total, name) + getattr(part, name))
        total.weeks = [a + b for a, b in zip(total.weeks, part.weeks, strict=True)]
        total.closed_weeks = [
            a + b for a, b in zip(total.closed_weeks, part.closed_weeks, strict=True)
        ]
    return total
