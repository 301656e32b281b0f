"""OGC API Features as a client of the standard meets it: the abstract tests of part 1 (core,
GeoJSON) and part 2 (reference systems), written anew, and that nothing but lines is there."""

import math
from datetime import date

import pytest
from django.test import Client

from tests.casework import places
from tests.lines import SQUARES, draw, draw_all
from tests.registering import KEEPER, codes, kept
from yukuai.divisions.models import Division, DivisionName

__all__ = ["codes", "places"]
pytestmark = pytest.mark.django_db
ROOT = "/api/ogc"
ITEMS = f"{ROOT}/collections/communities/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
FACILITIES = f"{ROOT}/collections/facilities/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
COMMUNITIES = {112, 113, 1111}


@pytest.fixture
def lines(places):
    return draw_all()


def get(path, status=200, **said):
    answer = Client().get(path, {name.replace("__", "-"): value for name, value in said.items()})
    assert answer.status_code == status, answer.content
    return answer


def ids(**said):
    return {one["id"] for one in get(ITEMS, **said).json()["features"]}


def link(document, rel):
    return [one["href"] for one in document["links"] if one["rel"] == rel]


# Landing page, conformance, collections (A.2.2 to A.2.4)


def test_the_landing_page_leads_to_everything_else():
    document = get(f"{ROOT}/").json()
    for rel in ("self", "service-desc", "service-doc", "conformance", "data"):
        [href] = link(document, rel)
        assert get(href.removeprefix("http://localhost:8000")).status_code == 200


def test_it_says_which_requirements_it_keeps():
    base = "http://www.opengis.net/spec/ogcapi-features-"
    assert get(f"{ROOT}/conformance").json()["conformsTo"] == [
        f"{base}1/1.0/conf/core",
        f"{base}1/1.0/conf/geojson",
        f"{base}1/1.0/conf/oas30",
        f"{base}2/1.0/conf/crs",
    ]


def test_collections_say_where_and_since_when_and_lead_to_their_items(lines):
    found = get(f"{ROOT}/collections").json()["collections"]
    assert [one["id"] for one in found] == ["districts", "townships", "communities", "facilities"]
    for one in found[:3]:
        assert one == get(f"{ROOT}/collections/{one['id']}").json()
        assert one["extent"]["spatial"] == {"bbox": [[106.5, 29.5, 106.7, 29.6]], "crs": CRS84}
        assert one["extent"]["temporal"]["interval"] == [["2020-01-01T00:00:00+08:00", None]]
        assert one["storageCrs"] in one["crs"]
        [items] = link(one, "items")
        assert items == f"http://localhost:8000{ROOT}/collections/{one['id']}/items"


def test_a_collection_without_a_line_has_no_extent_and_no_items(places):
    assert "extent" not in get(f"{ROOT}/collections/districts").json()
    assert get(ITEMS).json()["features"] == []


# Features (A.2.5 to A.2.8)


def test_items_are_geojson_with_their_links_counts_and_moment(lines):
    answer = get(ITEMS)
    assert answer["Content-Type"] == "application/geo+json"
    document = answer.json()
    assert document["type"] == "FeatureCollection"
    assert (document["numberMatched"], document["numberReturned"]) == (3, 3)
    assert document["timeStamp"]
    assert link(document, "self") == [f"http://localhost:8000{ITEMS}"]
    assert link(document, "next") == []
    assert {one["id"] for one in document["features"]} == COMMUNITIES


def test_a_feature_is_the_same_alone_and_among_others(lines):
    among = {one["id"]: one for one in get(ITEMS).json()["features"]}
    alone = get(f"{ITEMS}/112").json()
    assert link(alone, "self") == [f"http://localhost:8000{ITEMS}/112"]
    assert link(alone, "collection") == [f"http://localhost:8000{ROOT}/collections/communities"]
    del alone["links"]
    assert alone == among[112]
    assert alone["properties"] == {
        "name": "南社区",
        "code": "X112",
        "parent": 12,
        "version": 1,
        "valid_from": "2020-01-01",
        "valid_to": None,
        "illustrative": True,
        "review_number": "渝S（2026）001号",
        "basis": "合成",
    }


def test_pages_led_from_one_to_the_next_have_each_feature_once(lines):
    url, seen, pages = f"{ITEMS}?limit=1&bbox=106,29,107,30", [], 0
    while url:
        document = get(url).json()
        seen += [one["id"] for one in document["features"]]
        assert document["numberMatched"] == 3
        [url] = link(document, "next") or [""]
        url = url.removeprefix("http://localhost:8000")
        pages += 1
    assert (seen, pages) == (sorted(COMMUNITIES), 3)


def test_a_feature_that_comes_in_between_shifts_no_page(lines):
    [url] = link(get(ITEMS, limit="2").json(), "next")
    lines[112].delete()
    document = get(url.removeprefix("http://localhost:8000")).json()
    assert [one["id"] for one in document["features"]] == [1111]


def test_more_than_the_most_is_answered_with_the_most(lines):
    assert ids(limit="1000000") == COMMUNITIES


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ("106.51,29.51,106.52,29.52", {112}),
        ("106.54,29.51,106.56,29.52", {112, 113}),
        ("106.4,29.4,106.8,29.8", COMMUNITIES),
        ("106.51,29.51,0,106.52,29.52,99", {112}),
        ("100,20,101,21", set()),
        ("170,-10,-170,10", set()),
        ("170,29,106.51,30", {112}),
        ("-180,-90,180,90", COMMUNITIES),
    ],
)
def test_a_box_leaves_what_meets_it(lines, bbox, found):
    assert ids(bbox=bbox) == found


@pytest.mark.parametrize(
    ("bbox", "crs"),
    [
        ("29.51,106.51,29.52,106.52", f"{EPSG}4326"),
        ("29.51,106.51,29.52,106.52", f"{EPSG}4490"),
        ("106.51,29.51,106.52,29.52", CRS84),
        ("11856605,3441800,11857715,3443070", f"{EPSG}3857"),
    ],
)
def test_a_box_is_read_in_its_own_reference_system(lines, bbox, crs):
    assert ids(bbox=bbox, bbox__crs=crs) == {112}


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ("2026-01-01T00:00:00Z", COMMUNITIES),
        ("2019-12-31", {113}),
        ("2019-12-31T15:59:59Z", {113}),
        ("2019-12-31T16:00:00Z", COMMUNITIES),
        ("../2018-06-01T00:00:00Z", {113}),
        ("/2018-06-01T00:00:00Z", {113}),
        ("2021-01-01T00:00:00Z/..", COMMUNITIES),
        ("2018-01-01T00:00:00Z/2018-12-31T00:00:00Z", {113}),
        ("2017-01-01/2017-12-31", set()),
    ],
)
def test_a_day_has_the_lines_of_that_day(lines, days, found):
    draw(113, SQUARES[11], since=date(2018, 1, 1), until=date(2020, 1, 1), version=9)
    assert ids(datetime=days) == found


def test_of_several_lines_in_an_interval_the_last_counts(lines):
    draw(113, SQUARES[11], since=date(2018, 1, 1), until=date(2020, 1, 1), version=9)
    DivisionName.objects.create(
        division_id=113, name="旧坡", valid_from=date(2018, 1, 1), valid_to=date(2021, 1, 1)
    )
    DivisionName.objects.create(division_id=113, name="坡社区", valid_from=date(2021, 1, 1))
    both = get(ITEMS, datetime="2018-01-01/2026-01-01", bbox="106.51,29.51,106.58,29.52")
    assert [one["properties"]["version"] for one in both.json()["features"]] == [1, 1]
    [former] = get(ITEMS, datetime="2019-01-01").json()["features"]
    assert former["properties"]["name"] == "旧坡"
    assert former["properties"]["valid_to"] == "2020-01-01"


def test_what_has_ended_is_not_among_those_of_today(lines):
    Division.objects.filter(pk=1111).update(valid_to=date(2024, 1, 1))
    assert ids() == {112, 113}
    get(f"{ITEMS}/1111", status=404)


# Errors


@pytest.mark.parametrize(
    "said",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "many"},
        {"limit": ""},
        {"bbox": "1,2,3"},
        {"bbox": "1,2,3,4,5"},
        {"bbox": "a,b,c,d"},
        {"bbox": "nan,0,1,1"},
        {"bbox": "0,0,inf,1"},
        {"bbox": "0,9,1,1"},
        {"bbox": "-999,0,1,1"},
        {"bbox": "9" * 500},
        {"bbox": "0,0,1,1", "bbox-crs": "EPSG:4326"},
        {"bbox": "0,0,1e300,1", "bbox-crs": f"{EPSG}3857"},
        {"crs": f"{EPSG}2"},
        {"crs": "'; DROP TABLE divisions_boundary; --"},
        {"datetime": "yesterday"},
        {"datetime": "../.."},
        {"datetime": "/"},
        {"datetime": "2026-01-02/2026-01-01"},
        {"datetime": "2026-13-01T00:00:00Z"},
        {"after": "-1"},
        {"after": "9" * 30},
        {"nonsense": "1"},
        {"bBox": "0,0,1,1"},
    ],
    ids=str,
)
def test_what_cannot_be_understood_is_refused_as_a_problem(lines, said):
    answer = Client().get(ITEMS, said)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/collections/cases",
        "/collections/cases/items",
        "/collections/people/items",
        "/collections/communities/items/2",
        "/collections/communities/items/999",
        "/collections/communities/items/-1",
        "/collections/communities/items/x",
        "/collections/communities/items/99999999999999999999",
        "/collections/communities'/items",
        "/collections/%00/items",
    ],
)
def test_what_there_is_not_is_not_found(lines, path):
    assert get(ROOT + path, status=404)["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/conformance", "/collections", "/collections/districts"])
def test_an_unknown_parameter_is_refused_everywhere(path):
    get(ROOT + path, status=400, nonsense="1")


# Part 2


@pytest.mark.parametrize(
    ("crs", "corner"),
    [
        ("", (106.5, 29.5)),
        (CRS84, (106.5, 29.5)),
        (f"{EPSG}4326", (29.5, 106.5)),
        (f"{EPSG}4490", (29.5, 106.5)),
        (f"{EPSG}3857", (11855525.769, 3439440.061)),
    ],
)
def test_coordinates_are_in_the_system_asked_for_and_the_header_says_which(lines, crs, corner):
    said = {"crs": crs} if crs else {}
    for answer in (get(ITEMS, **said), get(f"{ITEMS}/112", **said)):
        assert answer["Content-Crs"] == f"<{crs or CRS84}>"
        document = answer.json()
        feature = document if document["type"] == "Feature" else document["features"][0]
        [[ring]] = feature["geometry"]["coordinates"]
        low = tuple(min(point[axis] for point in ring) for axis in (0, 1))
        assert low == pytest.approx(corner, abs=0.001)


def test_degrees_come_out_as_they_were_stored(lines):
    lines[112].delete()
    draw(112, (106.1234567, 29.1234567, 106.2, 29.2), version=2)
    [[ring]] = get(f"{ITEMS}/112").json()["geometry"]["coordinates"]
    assert [106.1234567, 29.1234567] in ring


# Facilities


def facility(name, division_id=112, **given):
    return kept("facility", KEEPER, division_id, name=name, category="elder", **given).pk


@pytest.fixture
def facilities(places, codes):
    return [
        facility("甲", lon="106.51", lat="29.51", accessible="是"),
        facility("乙", lon="106.56", lat="29.55"),
        facility("丙", lon="106.65", lat="29.55"),
        facility("没有点"),
    ]


def named(url=FACILITIES, **said):
    return [one["properties"]["name"] for one in get(url, **said).json()["features"]]


def test_a_facility_is_a_point_with_what_is_public_of_it(facilities):
    alone = get(f"{FACILITIES}/{facilities[0]}").json()
    assert alone["geometry"] == {"type": "Point", "coordinates": [106.51, 29.51]}
    assert alone["properties"] == {
        "name": "甲",
        "category": "elder",
        "category_label": "养老服务",
        "address": "",
        "opening_hours": "",
        "accessible": True,
        "access_note": "",
        "capacity": None,
        "public_phone": "",
        "maintainer": "",
        "division": 112,
    }
    among = get(FACILITIES).json()
    assert (among["numberMatched"], among["numberReturned"]) == (3, 3)
    del alone["links"]
    assert among["features"][0] == alone


def test_facilities_are_narrowed_by_a_box_and_by_no_day(facilities):
    assert named(bbox="106.5,29.5,106.6,29.6") == ["甲", "乙"]
    assert named(bbox="29.5,106.6,29.6,106.7", bbox__crs=f"{EPSG}4326") == ["丙"]
    assert named(bbox="170,29,106.6,30") == ["甲", "乙"]
    assert named(datetime="1990-01-01") == ["甲", "乙", "丙"]
    get(FACILITIES, 400, bbox="1,2,3")
    get(FACILITIES, 400, category="elder")


def test_pages_of_facilities_have_each_once(facilities):
    first = get(FACILITIES, limit="2").json()
    [url] = link(first, "next")
    rest = get(url.removeprefix("http://localhost:8000")).json()
    told = [one["properties"]["name"] for one in first["features"] + rest["features"]]
    assert told == ["甲", "乙", "丙"]
    assert link(rest, "next") == []


def test_facilities_are_told_in_other_systems(facilities):
    answer = get(f"{FACILITIES}/{facilities[0]}", crs=f"{EPSG}4490")
    assert answer.json()["geometry"]["coordinates"] == [29.51, 106.51]
    assert answer["Content-Crs"] == f"<{EPSG}4490>"
    [first, *_] = get(FACILITIES, crs=f"{EPSG}3857").json()["features"]
    east = math.radians(106.51) * 6378137
    north = math.log(math.tan(math.pi / 4 + math.radians(29.51) / 2)) * 6378137
    assert first["geometry"]["coordinates"] == [round(east, 3), round(north, 3)]


def test_the_collection_of_facilities_says_where_they_are(facilities):
    one = get(f"{ROOT}/collections/facilities").json()
    assert one["extent"] == {"spatial": {"bbox": [[106.51, 29.51, 106.65, 29.55]], "crs": CRS84}}


def test_without_a_facility_there_is_no_extent(places, codes):
    assert "extent" not in get(f"{ROOT}/collections/facilities").json()
    assert named() == []


def test_no_house_and_no_line_is_among_the_facilities(facilities, lines):
    get(f"{FACILITIES}/112", 404)
    get(f"{ITEMS}/{facilities[0]}", 404)
    get(f"{FACILITIES}/{facilities[3]}", 404)


# Nothing but that


def test_any_page_may_read_it_and_nobody_may_write(lines):
    assert get(ITEMS)["Access-Control-Allow-Origin"] == "*"
    assert Client().post(ITEMS).status_code == 405
    assert Client().delete(f"{ITEMS}/112").status_code == 405


def test_the_description_names_each_operation_and_nothing_that_needs_a_key():
    document = get(f"{ROOT}/openapi.json").json()
    paths = [path.removeprefix(ROOT) for path in document["paths"]]
    assert sorted(paths) == [
        "/",
        "/collections",
        "/collections/{collection_id}",
        "/collections/{collection_id}/items",
        "/collections/{collection_id}/items/{feature_id}",
        "/conformance",
    ]
    assert not document["components"].get("securitySchemes")
