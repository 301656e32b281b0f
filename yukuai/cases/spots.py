"""Matters that have a point: which ones, how many in which community, which in a box of a map.

Only what the officer may look at (`filters.filter_cases`).
"""

from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.cases.filters import Filter, filter_cases
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.tiles import Box

if TYPE_CHECKING:
    from yukuai.cases.models import Case

PLACES_SHOWN = 60
WRONG_BOX = "地图的范围不对。请回到地图重新打开。"


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


def count_by_place(actor: Actor, *, wanted: Filter) -> list[dict[str, Any]]:
    """How many lie where, in the order of the codes; the first PLACES_SHOWN and one more."""
    rows = list_located(actor, wanted=wanted).order_by("division__code", "division_id")
    counted = rows.values("division_id", "division__name").annotate(number=Count("pk"))
    return [dict(one) for one in counted[: PLACES_SHOWN + 1]]
