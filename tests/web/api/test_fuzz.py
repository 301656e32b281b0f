"""Whatever is sent to any interface, by anybody: it answers as its description says, never breaks,
and tells nobody a word of a place that is not his.

The descriptions are found in the URL table, the operations in the descriptions: a new one is
covered here without being named.
"""

from types import ModuleType
from typing import Any

import pytest
import time_machine
from django.db.models import Max
from django.http import HttpResponse
from django.urls import path
from ninja import NinjaAPI, Status

from tests.casework import enforcement, lamps, pack, places, squad
from tests.conftest import NOON
from tests.lines import SQUARES, draw_all
from tests.outside import register as register_system
from tests.web.api.callers import everybody
from tests.web.api.canaries import Canary, leaks, text_columns
from tests.web.api.fuzzing import (
    SIGN,
    World,
    ask_for_all_there_is,
    hold_to_its_word,
    walk_its_edges,
)
from tests.web.api.open311_site import floods
from tests.web.api.planting import CODES, make_look_alikes, make_matters
from tests.web.api.published import described, documents, operations, routes
from yukuai.accounts.access import Access
from yukuai.api.ogc.collections import EPSG
from yukuai.cases.models import Case
from yukuai.exchange.gateways import signing
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import LogHorizon, StateChange

__all__ = ["enforcement", "floods", "lamps", "pack", "places", "squad"]
pytestmark = pytest.mark.django_db
OPERATIONS = operations()
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
UNDESCRIBED = {
    "/api/": "leads to the description",
    "/api/docs": "the description as a page",
    "/api/openapi.json": "the description",
    "/api/ogc/docs": "the description as a page",
    "/api/ogc/openapi.json": "the description",
    "/api/open311/": "leads to the description",
    "/api/open311/docs": "the description as a page",
    "/api/open311/openapi.json": "the description",
    "/api/open311/{rest}": "every other address: says in the standard's form that there is nothing",
}
OWN = {
    ("key of a", "canary-a-body"),
    ("key of b", "canary-b-body"),
    ("key of the district", "canary-a-body"),
    ("key of the district", "canary-b-body"),
}
TOLD = {
    "GET /api/v1/cases/{number}": OWN,
    "GET /api/v1/events": OWN | {("key of far", "canary-far-body"), ("key of a", "canary-a-said")},
    "GET /api/open311/v2/requests/{service_request_id}.{fmt}": OWN,
}
"""What somebody is told who has a right to it: else that nothing leaked would say nothing."""


@pytest.fixture
def world(places, pack, lamps, floods, enforcement, squad):
    with time_machine.travel(NOON, tick=False):
        make_look_alikes(places)
        draw_all()
        callers = everybody(places, enforcement)
        cases, planted = make_matters(places, enforcement, squad)
        system, secret = register_system("governance", "http://127.0.0.1:9")
        with scope(EVERYWHERE):
            newest = StateChange.objects.aggregate(newest=Max("pk"))["newest"]
            Case.objects.update(source="api")  # as if outside systems had handed them in
        LogHorizon.objects.create(pk=1, whole_until=newest)
        yield World(callers, planted, _pools(cases, system, newest), secret)


def _pools(cases, system, newest):
    numbers = [case.number for case in cases]
    codes = list(CODES.values())
    return {
        "number": numbers,
        "service_request_id": [*numbers, ",".join(numbers)],
        "token": [case.client_uuid.hex for case in cases],
        "code": [*codes, system.code],
        "division_code": codes,
        "address_id": codes,
        "jurisdiction_id": ["", *codes],
        "service_code": ["05", "07"],
        "category_code": ["", "05", "07"],
        "fmt": ["json", "xml"],
        "api_key": [""],
        "cursor": ["", "0", str(newest - 3)],
        "limit": [1, 20, 100],
        "updated_since": ["2026-01-01T00:00:00+08:00"],
        "start_date": ["", "2026-03-01"],
        "end_date": ["", "2026-03-03"],
        "status": ["", "open", "closed"],
        "page": ["", "1"],
        "page_size": ["", "2", "100"],
        "q": ["南", "5001"],
        "phone": ["", "19900000001"],
        "collection_id": ["districts", "communities"],
        "feature_id": [str(pk) for pk in SQUARES],
        "bbox": ["", "106,29,107,30", "29,106,30,107"],
        "bbox-crs": ["", f"{EPSG}4326"],
        "crs": ["", f"{EPSG}3857"],
        "datetime": ["", "2026-01-01T00:00:00Z", "../2026-01-01"],
        "after": [0, 112],
        "Idempotency-Key": ["a-key-of-their-own"],
        signing.SIGNATURE: [SIGN],
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_nobody_breaks_it_or_is_told_a_word_of_another_place(operation, world):
    ask_for_all_there_is(operation, world)
    told = {(name, one.word) for name, one in world.seen}
    assert TOLD.get(operation.label, set()) <= told
    hold_to_its_word(operation, world)
    [caller] = [one for one in world.callers if one.name == "key of a"]
    walk_its_edges(operation, world, caller=caller)


def test_every_address_below_api_stands_in_a_description(world):
    """What no description names is answered 405, or is listed above with the reason."""
    known = described()
    assert len(known) == len(OPERATIONS) >= 15
    named = {template for _, template in known}
    assert {template for template, _ in routes()} - named == set(UNDESCRIBED)
    nobody = world.callers[0].client
    for template in named:
        for method in METHODS:
            if (method, template) not in known:
                filled = template.replace("{fmt}", "json").replace("{", "").replace("}", "")
                answer = nobody.generic(method, filled)
                assert answer.status_code == 405, (method, template)


def test_every_description_is_covered():
    assert sorted(documents()) == [
        "/api/ogc/openapi.json",
        "/api/open311/openapi.json",
        "/api/openapi.json",
    ]
    assert len({operation.label for operation in OPERATIONS}) == len(OPERATIONS)


# Whether the test can fail


def one_of(urls: Any, label: str) -> Any:
    [found] = [one for one in operations(urls) if one.label == label]
    return found


def leaky(answer: Any) -> ModuleType:
    """An installation whose only interface is the operation given, which looks at no right."""
    api = NinjaAPI(urls_namespace="leaky", docs_url="/docs")
    api.get("/matters/{number}", response={200: dict[str, str], 404: dict[str, str]})(answer)
    patterns = api.urls[0]
    for pattern in patterns:
        pattern.callback.access = Access("public")
    module = ModuleType("leaky")
    module.urlpatterns = [path("api/", (patterns, "ninja", "leaky"))]
    return module


def blabs(request: Any, number: str) -> Any:
    with scope(EVERYWHERE):
        found = Case.objects.filter(number=number).first()
    return {"body": found.body} if found else Status(404, {})


def breaks(request: Any, number: str) -> Any:
    raise ZeroDivisionError(number)


def lies(request: Any, number: str) -> Any:
    return HttpResponse('{"body": 1}', content_type="application/json")


def swaps(request: Any, number: str) -> Any:
    return HttpResponse("{}", content_type="text/plain")


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (blabs, "canary-a-body"),
        (breaks, "ZeroDivisionError"),
        (lies, "1 is not of type"),
        (swaps, "text/plain"),
    ],
)
def test_an_operation_that_leaks_breaks_or_lies_is_found(world, settings, operation, said):
    settings.ROOT_URLCONF = urls = leaky(operation)
    found = one_of(urls, "GET /api/matters/{number}")
    with pytest.raises(BaseException) as error:  # noqa: PT011
        hold_to_its_word(found, world)
    assert said in text_of(error.value)


def text_of(error: BaseException) -> str:
    """With what an exception group holds."""
    inner = getattr(error, "exceptions", ())
    return "\n".join([type(error).__name__, str(error), *map(text_of, inner)])


def test_an_operation_outside_of_every_description_is_missed(settings):
    settings.ROOT_URLCONF = leaky(blabs)
    assert "/api/matters/{number}" in {template for template, _ in routes()} - set(UNDESCRIBED)


def test_every_text_of_a_matter_is_watched(world):
    """A new text column gets its canary without anybody's help."""
    watched = {(one.place, one.field) for one in world.canaries}
    names = {column.name for column in text_columns()} | {"name", "phone", "email", "reason"}
    assert {(place, name) for place in ("a", "b") for name in names} <= watched
    assert names >= {"body", "title", "wanted", "place_text", "answer", "phone_hash"}


def test_a_word_is_a_leak_unless_it_is_the_callers_own():
    here, there = Canary("a", "body", "canary-a-body"), Canary("b", "body", "canary-b-body")
    text = "canary-a-body canary-b-body"
    assert leaks(text, [here, there], may={("a", "body")}, said="") == {there}
    assert leaks(text, [here, there], may=set(), said="") == {here, there}
    assert leaks(text, [here, there], may={("a", "body")}, said="?q=canary-b-body") == set()
    assert leaks("nothing", [here, there], may=set(), said="") == set()
