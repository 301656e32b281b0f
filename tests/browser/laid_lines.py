"""Lines for a journey: of the city, its districts and the townships of one district. Synthetic.

`lay` runs where the installation's settings are: `manage.py shell -c`.
"""

from datetime import timedelta

import shapely
from django.db import transaction

from tests.mapmaking import from_shape, tree
from yukuai.accounts.policy import SYSTEM
from yukuai.divisions.lines import list_siblings
from yukuai.divisions.lining import Grounds, put_in_effect
from yukuai.divisions.models import Division
from yukuai.divisions.steps import lock_tree
from yukuai.engines.partition import Area, canonical
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope

DISTRICT = "500103"
GROUNDS = Grounds(basis="合成的界线", source="合成", approved_by="测试", illustrative=True)


def lay() -> None:
    with scope(EVERYWHERE):
        city = Division.objects.get(parent=None)
        district = Division.objects.get(code__startswith=DISTRICT, parent=city)
        districts = list_siblings(SYSTEM, parent=city, kind="district")
        townships = list_siblings(SYSTEM, parent=district, kind="township")
        whole, outline, others, cells = _cut(len(districts), len(townships))
        rest = iter(others)
        outlines = [outline if one == district else next(rest) for one in districts]
        with transaction.atomic():
            lock_tree()
            _put(None, [city], [whole])
            _put(city, districts, outlines)
            _put(district, townships, cells)


def _put(parent: Division | None, divisions: list[Division], areas: list[Area]) -> None:
    at = clock.now()
    put_in_effect(
        SYSTEM, parent=parent, divisions=divisions, grounds=GROUNDS, at=at,
        lines={one.pk: canonical(area) for one, area in zip(divisions, areas, strict=True)},
        effective=clock.today(at) - timedelta(days=30),
    )  # fmt: skip


def _cut(districts: int, townships: int) -> tuple[Area, Area, list[Area], list[Area]]:
    """The whole, a district with so many townships, the other districts, and these townships."""
    size = districts * townships
    above, *below = tree(11, sizes=(districts, size), size_m=120_000.0, step_m=900.0)
    enough = [one for one in below if len(one.children) >= townships]
    chosen = min(enough, key=lambda one: len(one.children))
    others = [one.parent for one in below if one is not chosen]
    cells = _joined([_shape(area) for area in chosen.children.values()], townships)
    return above.parent, chosen.parent, others, [from_shape(one) for one in cells]


def _joined(cells: list[shapely.Geometry], wanted: int) -> list[shapely.Geometry]:
    """The smallest to the neighbour with the longest border, until so many are left."""
    while len(cells) > wanted:
        cells.sort(key=lambda one: one.area)
        small, rest = cells[0], cells[1:]
        shared = [shapely.length(shapely.intersection(small, one)) for one in rest]
        place = shared.index(max(shared))
        rest[place] = shapely.coverage_union(small, rest[place])
        cells = rest
    return cells


def _shape(area: Area) -> shapely.Geometry:
    polygons = [
        shapely.Polygon(loops[0].tolist(), [hole.tolist() for hole in loops[1:]])
        for loops in area.loops()
    ]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
