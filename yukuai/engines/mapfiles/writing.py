"""Areas as files for other programs: GeoJSON, and a Shapefile in a zip."""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import shapefile

from yukuai.engines.partition import Area, to_geojson
from yukuai.engines.partition.grid import STEPS

CGCS2000 = (
    'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",'
    'SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4490"]]'
)
STAMP = (1980, 1, 1, 0, 0, 0)
"""The same areas make the same file."""


@dataclass(frozen=True)
class Drawn:
    """An area and what is said of it: id, name, code, kind."""

    area: Area
    said: dict[str, Any]


def to_feature_collection(drawn: Iterable[Drawn], **members: Any) -> dict[str, Any]:
    """GeoJSON, degrees of EPSG:4490."""
    features = [
        {"type": "Feature", "geometry": to_geojson(one.area), "properties": one.said}
        for one in drawn
    ]
    return {"type": "FeatureCollection", **members, "features": features}


def to_shapefile(drawn: Sequence[Drawn], *, name: str) -> bytes:
    """.shp, .shx, .dbf, .prj and .cpg, zipped."""
    parts = {ending: BytesIO() for ending in ("shp", "shx", "dbf")}
    writer = shapefile.Writer(**parts, shapeType=shapefile.POLYGON, encoding="utf-8")
    for field, width in (("id", 20), ("name", 200), ("code", 20), ("kind", 20)):
        writer.field(field, "C", width)
    for one in drawn:
        rings = [
            [*ring[::-1].tolist(), ring[-1].tolist()]
            for loops in one.area.loops()
            for ring in loops
        ]
        writer.poly([[[x / STEPS, y / STEPS] for x, y in ring] for ring in rings])
        writer.record(*(str(one.said.get(key, "")) for key in ("id", "name", "code", "kind")))
    writer.close()
    contents = {ending: part.getvalue() for ending, part in parts.items()}
    contents |= {"prj": CGCS2000.encode(), "cpg": b"UTF-8"}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in contents.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.{ending}", STAMP), content)
    return packed.getvalue()
