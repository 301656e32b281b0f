"""One finding put right, and nothing else: the ground at its place goes to one child and leaves the
others. Arithmetic on whole steps, so what several had there they still share to the vertex."""

from collections.abc import Mapping
from typing import Any

import shapely

from yukuai.boundaries.checking import Geometry, area_from
from yukuai.engines.partition import Area, from_geojson, to_geojson
from yukuai.engines.partition.grid import shapes

STEP = 1


def fixed(
    children: Mapping[int, Geometry | None],
    finding: Mapping[str, Any],
    *,
    owner: int | None,
) -> dict[int, dict[str, Any]]:
    """The children that are others now. `owner` gets the ground; None: whom the engine chose, or
    nobody where it lies beyond the parent. {} where there is no ground to give."""
    if finding["check"] == "self_crossing":
        return {pk: _untangled(children[pk]) for pk in finding["who"] if children.get(pk)}
    if finding["geometry"] is None:
        return {}
    ground = _solid(finding["geometry"])
    owner = owner if owner is not None else finding["decided"]
    found = {}
    for pk, drawn in children.items():
        shape = _solid(drawn)
        if pk == owner:
            changed = shapely.union(shape, ground, grid_size=STEP)
        elif pk in finding["who"]:
            changed = shapely.difference(shape, ground, grid_size=STEP)
        else:
            continue
        area = area_from(changed)
        if drawn is None or area != _area(drawn):
            found[pk] = to_geojson(area)
    return found


def _area(drawn: Geometry) -> Area:
    return area_from(shapes([from_geojson(drawn)])[0])


def _solid(drawn: Geometry | None) -> Any:
    area = from_geojson(drawn) if drawn else from_geojson({"type": "MultiPolygon"})
    shape = shapes([area])[0]
    if shapely.is_valid(shape):
        return shape
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)


def _untangled(drawn: Geometry | None) -> dict[str, Any]:
    """What its line winds around at all is inside."""
    return to_geojson(area_from(shapely.set_precision(_solid(drawn), STEP)))
