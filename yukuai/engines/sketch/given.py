"""Outlines that others drew, made to tile."""

from collections.abc import Mapping
from typing import Any

import shapely

from yukuai.engines.partition import Area, from_geojson, partition
from yukuai.engines.partition.grid import shapes
from yukuai.engines.sketch.network import area
from yukuai.engines.sketch.plane import METRE

GAP = (500 * METRE) ** 2
"""What nobody drew inside of the whole, and is smaller, is a gap and no hole."""


def tiled(geometries: Mapping[str, Mapping[str, Any]]) -> dict[str, Area]:
    """GeoJSON by name, made to tile their own union exactly; each may lie in several pieces. Raises
    Unreadable for what is no area, ValueError where the engine refuses them."""
    drawn = {name: from_geojson(geometry) for name, geometry in geometries.items()}
    union = shapely.union_all(shapely.make_valid(shapes(list(drawn.values()))), grid_size=1.0)
    result = partition(area(_filled(union)), drawn, declared_exclaves=list(drawn))
    if not result.accepted:
        raise ValueError(result.reason)
    return dict(result.children)


def _filled(union: Any) -> Any:
    parts = shapely.get_parts(union)
    holes = [[h for h in part.interiors if shapely.Polygon(h).area >= GAP] for part in parts]
    return shapely.multipolygons(
        [shapely.Polygon(part.exterior, kept) for part, kept in zip(parts, holes, strict=True)]
    )
