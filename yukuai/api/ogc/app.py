# mypy: disable-error-code="type-arg"
"""The operations of OGC API Features, parts 1 (core, GeoJSON) and 2 (reference systems)."""

import json
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from yukuai.accounts.policy import ANYBODY
from yukuai.api.app import LocalSwagger
from yukuai.api.described import DescribedAPI
from yukuai.api.ogc import forms
from yukuai.api.ogc.asking import MOST, only, read_boxes, read_crs, read_days, wrong
from yukuai.api.ogc.collections import (
    COLLECTIONS,
    CONFORMS,
    GEOJSON,
    Collection,
    describe,
    link,
)
from yukuai.api.schemas import ProblemOut
from yukuai.divisions.features import Form, Page, Wanted, collect, find_feature, list_features
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, InvalidInput, NotFound
from yukuai.kernel.scope import scope
from yukuai.kernel.web import answer
from yukuai.registry.features import find_facility_feature, list_facilities

DESCRIPTION = """\
OGC API Features 1.0：公开的区划界线和便民设施，给按这个标准写好的软件用（QGIS、GDAL）。
说明在 docs/map.md。

- 不要密钥，只有公开的内容。
- 翻页照 `links` 里的 `next`，不要自己拼。
- 错误是 `application/problem+json`。
"""
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
ASKED = ("limit", "bbox", "bbox-crs", "datetime", "crs", "after")
FEATURES = ("/collections/{collection_id}/items", "/collections/{collection_id}/items/{feature_id}")


class Features(DescribedAPI):
    refusal = ProblemOut
    refusals = {400: "参数不对", 404: "没有这个地址", 503: "暂时不能用"}

    def media_of(self, status: int) -> tuple[str, ...]:
        return ("application/json" if status < 400 else "application/problem+json",)

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**given)
        for path, methods in document["paths"].items():
            if path.endswith(FEATURES):
                told = methods["get"]["responses"]["200"]
                told["content"] = {GEOJSON: deepcopy(told["content"]["application/json"])}
        return document


api = Features(
    title="渝快社区区划界线和便民设施（OGC API Features）",
    version="1.0",
    description=DESCRIPTION,
    docs=LocalSwagger(),
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="ogc",
)


def _refused(request: Any, error: Any) -> HttpResponse:
    """The standard knows 400 where others say 422."""
    status = 400 if isinstance(error, InvalidInput) else error.status
    return answer(request, status, error.message, problem=error)


def _unread(request: Any, error: Any) -> HttpResponse:
    name = str(error.errors[0]["loc"][-1])
    return _refused(request, wrong(name, f"看 {_root()}/docs"))


def install(api: NinjaAPI) -> None:
    api.add_exception_handler(DomainError, _refused)
    api.add_exception_handler(ValidationError, _unread)


install(api)


@api.get("/", response=forms.LandingOut, summary="入口")
def landing(request: Any) -> Any:
    only(request.GET, ())
    root = _root()
    links = [
        link(root + "/", "self"),
        link(f"{root}/openapi.json", "service-desc", OPENAPI),
        link(f"{root}/docs", "service-doc", "text/html"),
        link(f"{root}/conformance", "conformance"),
        link(f"{root}/collections", "data"),
    ]
    return _json({"title": api.title, "description": DESCRIPTION, "links": links})


@api.get("/conformance", response=forms.ConformanceOut, summary="符合哪些要求")
def conformance(request: Any) -> Any:
    only(request.GET, ())
    return _json({"conformsTo": CONFORMS})


@api.get("/collections", response=forms.CollectionsOut, summary="有哪些集合")
def collections(request: Any) -> Any:
    only(request.GET, ())
    with scope(()):
        listed = [describe(ANYBODY, one, root=_root()) for one in COLLECTIONS.values()]
    return _json({"links": [link(f"{_root()}/collections", "self")], "collections": listed})


@api.get("/collections/{collection_id}", response=forms.CollectionOut, summary="一个集合")
def collection(request: Any, collection_id: str) -> Any:
    only(request.GET, ())
    one = _collection(collection_id)
    with scope(()):
        return _json(describe(ANYBODY, one, root=_root()))


@api.get(FEATURES[0], response=forms.FeaturesOut, summary="一个集合里的界线或设施")
def items(request: Any, collection_id: str, asked: Query[forms.ItemsIn]) -> Any:
    one = _collection(collection_id)
    only(request.GET, ASKED)
    crs, form = read_crs(asked.crs)
    page = _list(one, asked, form)
    here = f"{_root()}/collections/{one.id}/items"
    said = {name: value for name, value in request.GET.items() if name != "after"}
    links = [link(_with(here, request.GET.dict()), "self", GEOJSON)]
    links.append(link(f"{_root()}/collections/{one.id}", "collection"))
    if page.last is not None:
        links.append(link(_with(here, said | {"after": str(page.last)}), "next", GEOJSON))
    counted = {
        "links": links,
        "timeStamp": clock.now().isoformat(timespec="seconds"),
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
    }
    return _geojson(collect(page, counted), crs)


@api.get(FEATURES[1], response=forms.FeatureOut, summary="一条界线或一处设施")
def item(request: Any, collection_id: str, feature_id: str, crs: str = "") -> Any:
    one = _collection(collection_id)
    only(request.GET, ("crs",))
    address, form = read_crs(crs)
    found = None
    if feature_id.isascii() and feature_id.isdigit() and len(feature_id) < 19:
        found = _find(one, int(feature_id), form)
    if found is None:
        raise NotFound("这个集合里没有它。")
    here = f"{_root()}/collections/{one.id}"
    links = [link(f"{here}/items/{feature_id}", "self", GEOJSON), link(here, "collection")]
    return _geojson(f'{found.rstrip()[:-1]}, "links": {json.dumps(links)}}}', address)


def _list(one: Collection, asked: forms.ItemsIn, form: Form) -> Page:
    boxes, days = read_boxes(asked.bbox, asked.bbox_crs), read_days(asked.datetime)
    after, limit = asked.after, min(asked.limit, MOST)
    with scope((), by_value=True):
        if one.kind is None:
            return list_facilities(ANYBODY, boxes=boxes, after=after, limit=limit, form=form)
        wanted = Wanted(one.kind, boxes=boxes, days=days, after=after, limit=limit)
        return list_features(ANYBODY, wanted=wanted, form=form)


def _find(one: Collection, pk: int, form: Form) -> str | None:
    with scope((), by_value=True):
        if one.kind is None:
            return find_facility_feature(ANYBODY, facility_id=pk, form=form)
        return find_feature(ANYBODY, kind=one.kind, division_id=pk, form=form)


def _collection(name: str) -> Collection:
    if name not in COLLECTIONS:
        raise NotFound("没有这个集合，看 /api/ogc/collections。")
    return COLLECTIONS[name]


def _root() -> str:
    return f"{settings.PUBLIC_BASE_URL}/api/ogc"


def _with(address: str, said: dict[str, str]) -> str:
    return f"{address}?{urlencode(said)}" if said else address


def _json(said: Any) -> HttpResponse:
    return HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/json")


def _geojson(text: str, crs: str) -> HttpResponse:
    response = HttpResponse(text, content_type=GEOJSON)
    response["Content-Crs"] = f"<{crs}>"
    return response
