"""What a file is read into, and how much of it is read at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from yukuai.engines.coordinates import Floats, from_gcj02
from yukuai.engines.partition.grid import BEYOND_THE_WORLD

Rings = Sequence[Floats]
"""Of one polygon, its outer one first; (n, 2) degrees, closed or not, as they stood in the file."""


class Refused(ValueError):
    """The file, or the shape, cannot be taken; carries a sentence in Chinese."""


class CRS(StrEnum):
    """Which coordinates a file has. 4326 and 4490 are the same numbers to this accuracy."""

    CGCS2000 = "4490"
    WGS84 = "4326"
    GCJ02 = "gcj02"


@dataclass(frozen=True)
class Limits:
    """Product defaults (产品设定); the largest real sets known have a tenth of them."""

    bytes: int = 20_000_000
    unpacked: int = 64_000_000
    vertices: int = 400_000
    features: int = 2_000


@dataclass(frozen=True)
class Feature:
    """An area with what the file says of it: names of fields to texts."""

    polygons: Sequence[Rings]
    said: dict[str, str] = field(default_factory=dict)

    @property
    def vertices(self) -> int:
        return sum(len(ring) for rings in self.polygons for ring in rings)

    def geometry(self, crs: CRS) -> dict[str, Any]:
        """GeoJSON in degrees of CGCS2000. Raises Refused."""
        polygons = [[_converted(ring, crs).tolist() for ring in rings] for rings in self.polygons]
        if len(polygons) == 1:
            return {"type": "Polygon", "coordinates": polygons[0]}
        return {"type": "MultiPolygon", "coordinates": polygons}


def _converted(ring: Floats, crs: CRS) -> Floats:
    if not np.isfinite(ring).all():
        raise Refused("坐标中有空值或无穷大。")
    if (np.abs(ring) > (180, 90)).any():
        raise Refused(BEYOND_THE_WORLD)
    return from_gcj02(ring) if crs is CRS.GCJ02 else ring


def counted(features: Iterator[Feature], limits: Limits) -> list[Feature]:
    """All of them, as long as they are not too many. Raises Refused."""
    found: list[Feature] = []
    vertices = 0
    for feature in features:
        vertices += feature.vertices
        check_vertices(vertices, limits)
        found.append(feature)
        check_features(len(found), limits)
    if not found:
        raise Refused("文件里没有面图形。请导出为面（Polygon）后再上传。")
    return found


def check_vertices(count: int, limits: Limits) -> None:
    if count > limits.vertices:
        raise Refused(f"顶点超过 {limits.vertices} 个，请先抽稀或分批导入。")


def check_features(count: int, limits: Limits) -> None:
    if count > limits.features:
        raise Refused(f"图形超过 {limits.features} 个，请只导出这一级要画的范围。")
