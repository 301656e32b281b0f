"""How much of everything there is in a place, for boards and the map: what the rounds wrote down,
added up, never the rows themselves. As fresh as the last round (ten seconds)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.kernel.scope import widened
from yukuai.registry.codes import labels_of
from yukuai.registry.models import CommunityTally
from yukuai.registry.models.tallies import COUNTED


@dataclass(frozen=True)
class Counts:
    """`counted_at` is the oldest count among the communities of the place; None without any."""

    people: int = 0
    households: int = 0
    dwellings: int = 0
    buildings: int = 0
    organisations: int = 0
    facilities: int = 0
    counted_at: datetime | None = None

    @property
    def facilities_per_thousand(self) -> float | None:
        return self.facilities * 1000 / self.people if self.people else None


_SUMS = ", ".join(f"coalesce(sum({name}), 0)::int" for name in COUNTED)
_TOTAL = f"""
    SELECT {_SUMS}, min(counted_at) FROM registry_communitytally WHERE area >= %s AND area < %s
"""
_BY_CHILD = f"""
    SELECT nullif(split_part(area, '.', %s), '')::bigint, {_SUMS}, min(counted_at)
    FROM registry_communitytally WHERE area >= %s AND area < %s GROUP BY 1
"""
DEPTHS = {"district": 2, "township": 3, "community": 4}
"""How many ids the path of an area of a level has."""


def count_area(actor: Actor, *, area: Any) -> Counts:
    """Of a division or anything else that has an `area`. Raises NotPermitted."""
    require(actor, Permission.REGISTRY_COUNT, area)
    with widened([area.area]):
        (row,) = _ask(_TOTAL, [area.area, _end(area.area)])
    return Counts(*row)


def count_care(actor: Actor, *, community: Any) -> Mapping[str, int]:
    """People by service they are entitled to, by label: for those who keep these records."""
    require(actor, Permission.REGISTRY_VIEW, community)
    totals: dict[str, int] = {}
    rows = CommunityTally.objects.filter(area=community.path).order_by("pk")
    for care in rows.values_list("care", flat=True):
        for code, number in care.items():
            totals[code] = totals.get(code, 0) + number
    return {label: totals[code] for code, label in labels_of("care").items() if code in totals}


def count_level(actor: Actor, *, level: str) -> dict[int, Counts]:
    """By id of each area of a level (district, township or community) in which the actor may count
    and there is something."""
    found: dict[int, Counts] = {}
    for path in actor.paths_for(Permission.REGISTRY_COUNT):
        if path.count(".") <= DEPTHS[level]:
            with widened([path]):
                rows = _ask(_BY_CHILD, [DEPTHS[level], path, _end(path)])
            found |= {area: Counts(*figures) for area, *figures in rows}
    return found


def count_children(actor: Actor, *, division: Any) -> dict[int, Counts]:
    """By id of each child that has something; communities have no children with figures of their
    own. Raises NotPermitted."""
    require(actor, Permission.REGISTRY_COUNT, division)
    path = division.path
    with widened([path]):
        rows = _ask(_BY_CHILD, [path.count(".") + 1, path, _end(path)])
    return {child: Counts(*figures) for child, *figures in rows if child is not None}


def _end(path: str) -> str:
    return f"{path[:-1]}/" if path else "~"


def _ask(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
