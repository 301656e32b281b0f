"""Files with drawn areas, as others export them: GeoJSON, Shapefile in a zip, KML.

Everything in such a file may lie. What is larger than `Limits` is refused by its outer form, before
it is unpacked or understood; what a header says is compared with what is there. A refusal is one
sentence in Chinese. Plain Python: no Django, no disk, no network.
"""

from yukuai.engines.mapfiles.features import CRS, Feature, Limits, Refused
from yukuai.engines.mapfiles.reading import read, read_geometry, read_json
from yukuai.engines.mapfiles.writing import Drawn, to_feature_collection, to_shapefile

__all__ = [
    "CRS",
    "Drawn",
    "Feature",
    "Limits",
    "Refused",
    "read",
    "read_geometry",
    "read_json",
    "to_feature_collection",
    "to_shapefile",
]
