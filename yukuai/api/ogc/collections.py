"""What is published, in which reference systems, and under which words of the standard."""

from dataclasses import dataclass
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.divisions.features import Form, known_reach
from yukuai.divisions.states import DivisionKind
from yukuai.kernel.tiles import Box
from yukuai.registry.features import find_facilities_box

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
STORED = f"{EPSG}4490"
SYSTEMS: dict[str, Form] = {
    CRS84: Form(),
    f"{EPSG}4326": Form(flipped=True),
    STORED: Form(flipped=True),
    f"{EPSG}3857": Form(projected=3857),
}
"""By address. CGCS2000 and WGS 84 count as one datum; by EPSG degrees have the latitude first."""
CONFORMS = [
    f"http://www.opengis.net/spec/ogcapi-features-{part}/conf/{name}"
    for part, name in (
        ("1/1.0", "core"),
        ("1/1.0", "geojson"),
        ("1/1.0", "oas30"),
        ("2/1.0", "crs"),
    )
]


@dataclass(frozen=True)
class Collection:
    """Of divisions of a kind; without one, of facilities."""

    id: str
    kind: DivisionKind | None
    title: str
    description: str


COLLECTIONS = {
    one.id: one
    for one in (
        Collection("districts", DivisionKind.DISTRICT, "区县界线", "现行的区县界线。"),
        Collection("townships", DivisionKind.TOWNSHIP, "乡镇界线", "现行的乡镇、街道界线。"),
        Collection("communities", DivisionKind.COMMUNITY, "社区界线", "现行的村、社区界线。"),
        Collection("facilities", None, "便民设施", "标在地图上的便民设施，内容都是公开的。"),
    )
}
NOTE = "illustrative 为 true 的是示意，不作为勘界依据。datetime 取那一天的界线，不写就取今天的。"

TIMELESS = "没有时间，datetime 不筛它。"


def describe(actor: Actor, one: Collection, *, root: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": one.id,
        "title": one.title,
        "description": f"{one.description}{NOTE if one.kind else TIMELESS}",
        "itemType": "feature",
        "crs": list(SYSTEMS),
        "storageCrs": STORED,
        "links": [
            link(f"{root}/collections/{one.id}", "self"),
            link(f"{root}/collections/{one.id}/items", "items", GEOJSON),
        ],
    }
    extent = _lines_extent(one.kind) if one.kind else _facilities_extent(actor)
    return said | ({"extent": extent} if extent else {})


def _lines_extent(kind: DivisionKind) -> dict[str, Any]:
    reach = known_reach(kind.value)
    if reach is None:
        return {}
    since = f"{reach.since}T00:00:00+08:00"
    return _spatial(reach.box) | {"temporal": {"interval": [[since, None]]}}


def _facilities_extent(actor: Actor) -> dict[str, Any]:
    box = find_facilities_box(actor)
    return _spatial(box) if box else {}


def _spatial(box: Box) -> dict[str, Any]:
    return {"spatial": {"bbox": [[box.west, box.south, box.east, box.north]], "crs": CRS84}}


GEOJSON = "application/geo+json"


def link(href: str, rel: str, media: str = "application/json", **more: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": media, **more}
