"""Matters as a layer of tiles: by square with their number; one that is alone is told by its name.

Only what the officer may look at, as in the list (`filters.filter_cases`): drawn for each request
and never kept, for it changes every second and is another for everybody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Case, CharField, Count, F, FloatField, Max, Min, Q, QuerySet, When
from django.db.models.functions import Cast, Floor

from yukuai.accounts.policy import Actor
from yukuai.cases.filters import Filter
from yukuai.cases.spots import list_located
from yukuai.cases.states import OPEN
from yukuai.kernel.tiles import Layer, PointInTile, Spot, Tile

SQUARES = 8
"""Side by side in a tile: squares stay where they are, and none lies in two tiles."""
SAID = ("number_of", "late", "lone", "name", "west", "south", "east", "north")
"""How many, how many of them late, number and title of one alone, and the box around them."""


@dataclass(frozen=True)
class Matters:
    """Which ones, and when: what was promised before that and is not answered is late."""

    wanted: Filter
    at: datetime


def late(at: datetime) -> Q:
    return Q(promised_at__lt=at, replied_at=None, state__in=sorted(OPEN))


def _squares(actor: Actor, tile: Tile, asked: Matters) -> QuerySet[Any, Any]:
    box = tile.box
    rows = list_located(actor, wanted=asked.wanted).filter(
        lon__gte=box.west, lon__lt=box.east, lat__gte=box.south, lat__lt=box.north
    )
    alone = Q(number_of=1)
    found: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            column=Floor(_share("lon", box.west, box.east)),
            line=Floor(_share("lat", box.south, box.north)),
        )
        .values("column", "line")
        .annotate(
            key=Min("pk"),
            number_of=Count("pk"),
            late=Count("pk", filter=late(asked.at)),
            lone=_of_one(alone, "number"),
            name=_of_one(alone, "title"),
            west=Min("lon"),
            south=Min("lat"),
            east=Max("lon"),
            north=Max("lat"),
            mvt=PointInTile(Spot(Avg("lon"), Avg("lat")), tile),
        )
        .order_by("key")
        .values("key", "mvt", *SAID)
    )
    return found


def _share(column: str, low: float, high: float) -> Cast:
    return Cast((F(column) - low) / ((high - low) / SQUARES), FloatField())


def _of_one(alone: Q, column: str) -> Case:
    return Case(When(alone, then=Max(column)), output_field=CharField())


MATTERS = Layer("matters", _squares)
LAYERS = (MATTERS,)


def count_spots(actor: Actor, *, wanted: Filter, at: datetime) -> dict[str, int]:
    """How many matters there are to be laid over the map, and how many of them are late."""
    rows = list_located(actor, wanted=wanted).order_by()
    return dict(rows.aggregate(all=Count("pk"), late=Count("pk", filter=late(at))))
