"""Matters on a map: single ones while they are few, counts by square where they are many.

Only what the officer may look at (`filters.filter_cases`); a square counts the same rows, so a
count says no more than the list of matters does.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, F, FloatField, QuerySet
from django.db.models.functions import Cast, Floor

from yukuai.accounts.policy import Actor
from yukuai.cases.filters import Filter, filter_cases
from yukuai.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from yukuai.cases.models import Case

MOST_PINS = 2000
SQUARES = 48
"""How many squares lie side by side in what is shown, at most."""
PLACES_SHOWN = 60
WRONG_BOX = "地图的范围不对。请回到地图重新打开。"


@dataclass(frozen=True)
class Box:
    """Degrees, CGCS2000; west of east and south of north."""

    west: float
    south: float
    east: float
    north: float

    @property
    def square(self) -> float:
        """The side of a square: a power of two, so that squares stay where they are."""
        wide = max(self.east - self.west, self.north - self.south) / SQUARES
        return float(2 ** math.ceil(math.log2(wide)))


@dataclass(frozen=True)
class Square:
    """`lon` and `lat` are the middle of what lies in it."""

    lon: float
    lat: float
    number: int


@dataclass(frozen=True)
class Spots:
    """Pins, or squares where there would be too many."""

    pins: Sequence["Case"]
    squares: Sequence[Square]


def read_box(text: str) -> Box:
    """Of `west,south,east,north`. Raises InvalidInput."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput(WRONG_BOX) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # also when not a number
        raise InvalidInput(WRONG_BOX)
    if max(east - west, north - south) < 1e-9:
        raise InvalidInput(WRONG_BOX)
    return Box(west, south, east, north)


def list_located(actor: Actor, *, wanted: Filter) -> QuerySet["Case"]:
    """Matters that have a point, newest first."""
    return filter_cases(actor, wanted=wanted).filter(lat__isnull=False)


def find_spots(actor: Actor, *, wanted: Filter, box: Box, most: int = MOST_PINS) -> Spots:
    """Two statements at most."""
    rows = list_located(actor, wanted=wanted).filter(
        lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east
    )
    pins = list(rows[: most + 1])
    return Spots(pins, ()) if len(pins) <= most else Spots((), _squares(rows, box.square))


def count_by_place(actor: Actor, *, wanted: Filter) -> list[dict[str, Any]]:
    """How many lie where, in the order of the codes; the first PLACES_SHOWN and one more."""
    rows = list_located(actor, wanted=wanted).order_by("division__code", "division_id")
    counted = rows.values("division_id", "division__name").annotate(number=Count("pk"))
    return [dict(one) for one in counted[: PLACES_SHOWN + 1]]


def _squares(rows: QuerySet["Case"], side: float) -> list[Square]:
    found = (
        rows.order_by()
        .annotate(
            column=Floor(Cast(F("lon") / side, FloatField())),
            line=Floor(Cast(F("lat") / side, FloatField())),
        )
        .values("column", "line")
        .annotate(number=Count("pk"), middle_lon=Avg("lon"), middle_lat=Avg("lat"))
        .order_by("line", "column")
    )
    return [Square(one["middle_lon"], one["middle_lat"], one["number"]) for one in found]
