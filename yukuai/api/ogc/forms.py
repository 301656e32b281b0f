"""What is asked and answered, for the published description."""

from typing import Any

from ninja import Field, Schema

from yukuai.api.ogc.asking import LIMIT, MOST


class ItemsIn(Schema):
    limit: int = Field(LIMIT, ge=1, description=f"at most {MOST} are answered at once")
    bbox: str = Field("", description="west,south,east,north, in bbox-crs")
    bbox_crs: str = Field("", alias="bbox-crs", description="an address of the collection's crs")
    datetime: str = Field("", description="the lines of that day; of an interval, the last ones")
    crs: str = Field("", description="an address of the collection's crs; CRS84 when not said")
    after: int = Field(0, ge=0, le=2**63 - 1, description="as in the link to the next page")


class LinkOut(Schema):
    href: str
    rel: str
    type: str


class LandingOut(Schema):
    title: str
    description: str
    links: list[LinkOut]


class ConformanceOut(Schema):
    conformsTo: list[str]


class CollectionOut(Schema):
    id: str
    title: str
    description: str
    itemType: str
    crs: list[str]
    storageCrs: str
    links: list[LinkOut]
    extent: dict[str, Any] = {}


class CollectionsOut(Schema):
    links: list[LinkOut]
    collections: list[CollectionOut]


class FeatureOut(Schema):
    type: str
    id: int
    geometry: dict[str, Any]
    properties: dict[str, Any]
    links: list[LinkOut] = []


class FeaturesOut(Schema):
    type: str
    features: list[FeatureOut]
    links: list[LinkOut]
    timeStamp: str
    numberMatched: int
    numberReturned: int
