"""Matters counted by area and told of one: what the map colours by, and what its panel says.

Everything counts what the officer may look at, as the list does; nothing is counted of a place of
which he may look at nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncWeek

from yukuai.accounts.policy import Actor
from yukuai.cases.filters import Filter, filter_cases
from yukuai.cases.states import OPEN
from yukuai.cases.tiles import late
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.tiles import Box

if TYPE_CHECKING:
    from yukuai.cases.models import Case

LATELY = timedelta(days=30)
WEEKS = 12
NAMED = 8
"""Categories told by name; the others are one."""
COLUMNS = {"district": "district_id", "township": "township_id", "community": "division_id"}
"""By which column matters are counted for areas of a level."""


@dataclass(frozen=True)
class Counted:
    """Of what lies in a place: not done yet, late, and received in the last 30 days."""

    open: int
    late: int
    lately: int


@dataclass(frozen=True)
class Trend:
    """Received: by category, most first, and by week, the oldest first, each week as its Monday."""

    categories: Sequence[tuple[str, int]]
    weeks: Sequence[tuple[datetime, int]]


def _wanted(measure: str, at: datetime, within: str = "") -> Filter:
    match measure:
        case "late":
            return Filter(within=within, overdue_at=at)
        case "lately":
            return Filter(within=within, received_from=at - LATELY)
    return Filter(within=within, states=tuple(sorted(OPEN)))


def count_by_area(
    actor: Actor, *, level: str, measure: str, at: datetime, within: str = ""
) -> dict[int, int]:
    """By the id of the area; `measure` is open, late or lately. Areas without any are left out."""
    column = COLUMNS[level]
    rows = filter_cases(actor, wanted=_wanted(measure, at, within)).order_by()
    counted = rows.values_list(column).annotate(number=Count("pk"))
    return {pk: number for pk, number in counted if pk is not None}


def count_within(actor: Actor, *, within: str, at: datetime) -> Counted:
    rows = filter_cases(actor, wanted=_wanted("open", at, within)).order_by()
    both = rows.aggregate(open=Count("pk"), late=Count("pk", filter=late(at)))
    lately = filter_cases(actor, wanted=_wanted("lately", at, within)).order_by().count()
    return Counted(both["open"], both["late"], lately)


def list_pressing(actor: Actor, *, within: str, at: datetime) -> QuerySet["Case"]:
    """Not done yet, what is due first comes first."""
    rows = filter_cases(actor, wanted=_wanted("open", at, within))
    return rows.order_by(F("promised_at").asc(nulls_last=True), "pk")


def list_in_box(actor: Actor, *, wanted: Filter, box: Box) -> QuerySet["Case"]:
    """What of the filter lies in a box of the map, edges included, newest first."""
    return filter_cases(actor, wanted=wanted).filter(
        lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east
    )


def get_trend(actor: Actor, *, within: str, at: datetime) -> Trend:
    """Of the last twelve weeks, the running one included."""
    day = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    rows = filter_cases(actor, wanted=Filter(within=within, received_from=first)).order_by()
    weekly = rows.annotate(week=TruncWeek("received_at", tzinfo=SHANGHAI)).values_list("week")
    found: dict[Any, int] = dict(weekly.annotate(number=Count("pk")))
    named = rows.values_list("category__name").annotate(number=Count("pk")).order_by("-number")
    return Trend(
        categories=[(name or "没有归类", number) for name, number in named[:NAMED]],
        weeks=[(start, found.get(start, 0)) for start in _mondays(first)],
    )


def _mondays(first: datetime) -> list[datetime]:
    return [first + timedelta(weeks=week) for week in range(WEEKS)]
