"""A city, a district, its townships and communities with lines that tile on all levels; and who
draws and approves there. Lines are synthetic; `1.2.` is drawn, `1.11.` a look-alike beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely

from tests.conftest import NOON
from tests.mapmaking import tree
from tests.people import officer
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.divisions.lining import Grounds, put_in_effect
from yukuai.divisions.models import Boundary, Division
from yukuai.divisions.steps import lock_tree
from yukuai.engines.partition import Area, canonical, from_wkb, tiles
from yukuai.kernel.scope import EVERYWHERE, scope

TODAY = date(2026, 3, 2)
BEFORE = TODAY - timedelta(days=60)
GROUNDS = Grounds(basis="渝测〔2026〕1号", source="合成", approved_by="测试", illustrative=True)
SIZES = (2, 7, 24)
"""Districts, townships, communities."""

CITY = officer(Role.CITY_OP, "1.", user_id=1)
CITY_TOO = officer(Role.CITY_OP, "1.", user_id=2)
DISTRICT = officer(Role.DISTRICT_OP, "1.2.", user_id=3)
NEIGHBOUR = officer(Role.DISTRICT_OP, "1.11.", user_id=4)


@dataclass(frozen=True)
class Grown:
    """Divisions by level with their lines, as they were put in effect."""

    city: Division
    districts: list[Division]
    townships: list[Division]
    communities: list[Division]
    lines: Mapping[int, Area]

    def below(self, parent):
        everybody = [*self.districts, *self.townships, *self.communities]
        return [one for one in everybody if one.parent_id == parent.pk]


def grow(*, seed=11, size_m=30_000.0, step_m=500.0):
    """Districts 2 and 11, and everything below; with lines since BEFORE."""
    levels = tree(seed, sizes=SIZES, size_m=size_m, step_m=step_m)
    city_line, *_ = levels
    lines, made = {}, {"district": [], "township": [], "community": []}
    city = _make(1, None, "city", "某市", lines, city_line.parent)
    ids = {
        "district": iter([2, 11]),
        "township": iter(range(20, 99)),
        "community": iter(range(200, 999)),
    }
    by_line = {_key(city_line.parent): (city, "district")}
    below = {"district": "township", "township": "community"}
    for tiling_ in levels:
        parent, kind = by_line[_key(tiling_.parent)]
        for area in tiling_.children.values():
            pk = next(ids[kind])
            child = _make(pk, parent, kind, f"{kind}{pk}", lines, area)
            made[kind].append(child)
            if kind in below:
                by_line[_key(area)] = (child, below[kind])
    grown = Grown(city, made["district"], made["township"], made["community"], lines)
    _put(grown)
    return grown


def _make(pk, parent, kind, name, lines, area):
    lines[pk] = canonical(area)
    path = f"{parent.path if parent else ''}{pk}."
    return Division.objects.create(
        id=pk, parent=parent, kind=kind, name=name, path=path, code=f"X{pk}",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip


def _key(area):
    return tuple(np.sort(area.xy[:, 0] * 2**31 + area.xy[:, 1]).tolist())


def _put(grown):
    with scope(EVERYWHERE):
        lock_tree()
        for parent in [None, grown.city, *grown.districts, *grown.townships]:
            below = [grown.city] if parent is None else grown.below(parent)
            put_in_effect(
                SYSTEM, parent=parent, divisions=below, grounds=GROUNDS, effective=BEFORE, at=NOON,
                lines={one.pk: grown.lines[one.pk] for one in below},
            )  # fmt: skip


def current(divisions):
    rows = Boundary.objects.filter(division__in=divisions, valid_to=None)
    return {row.division_id: canonical(from_wkb(row.geom)) for row in rows}


def misfits(grown):
    """Parents whose children do not tile them just now."""
    found = []
    for parent in [grown.city, *grown.districts, *grown.townships]:
        lines = current([parent, *grown.below(parent)])
        if not tiles(lines[parent.pk], [lines[one.pk] for one in grown.below(parent)]):
            found.append(parent.pk)
    return found


def ground(area):
    return shapely.MultiPolygon(
        [
            shapely.Polygon(loops[0].tolist(), [hole.tolist() for hole in loops[1:]])
            for loops in area.loops()
        ]
    )
