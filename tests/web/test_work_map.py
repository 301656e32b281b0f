"""Matters on a map: only one's own, never too many, and the same without scripts."""

from typing import Any

import pytest

from tests.casework import LIN, enforcement, lamps, pack, places, raised, squad, steps
from tests.web.desks import at_most, at_noon, desk
from yukuai.audit.models import AuditEntry
from yukuai.cases import spots
from yukuai.cases.models import Case
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = [
    "at_noon",
    "desk",
    "enforcement",
    "lamps",
    "pack",
    "places",
    "raised",
    "squad",
    "steps",
]
pytestmark = pytest.mark.django_db
PINS = "/work/map/pins.json"
WORLD = "-180,-90,180,90"


@pytest.fixture
def pinned(raised: Any) -> Any:
    def make(lon: float = 106.55, lat: float = 29.56, **told: Any) -> Case:
        case = raised(LIN, **told)
        with scope(EVERYWHERE):
            Case.objects.filter(pk=case.pk).update(lon=lon, lat=lat)
        return case

    return make


def features(client: Any, bbox: str = WORLD, **said: str) -> list[Any]:
    answer = client.get(PINS, {"bbox": bbox, **said})
    assert answer.status_code == 200
    return list(answer.json()["features"])


def numbers(client: Any, bbox: str = WORLD, **said: str) -> set[str]:
    return {one["properties"]["number"] for one in features(client, bbox, **said)}


def test_a_pin_says_number_title_state_and_term(desk, pinned):
    case = pinned()
    [pin] = features(desk("district"))
    assert pin["geometry"] == {"type": "Point", "coordinates": [106.55, 29.56]}
    assert pin["properties"].keys() == {
        "number",
        "title",
        "state",
        "tone",
        "due",
        "place",
        "url",
    }
    assert pin["properties"]["number"] == case.number
    assert pin["properties"]["url"] == f"/work/cases/{case.number}/"


def test_a_pin_of_another_district_never_appears(desk, pinned):
    mine, other = pinned(), pinned(division_id=1111)
    assert numbers(desk("district")) == {mine.number}
    assert numbers(desk("elsewhere")) == {other.number}
    assert numbers(desk("district"), within="11") == set()
    html = desk("district").get("/work/map/").content.decode()
    assert mine.number in html
    assert other.number not in html


def test_a_count_of_a_square_holds_nothing_of_another_district(desk, pinned, monkeypatch):
    monkeypatch.setattr(spots.find_spots, "__kwdefaults__", {"most": 1})
    for _ in range(3):
        pinned(division_id=1111)
    for _ in range(2):
        pinned()
    [square] = features(desk("district"))
    assert square["properties"] == {"count": 2}


def test_the_box_leaves_what_lies_in_it(desk, pinned):
    inside, _outside = pinned(), pinned(lon=107.5)
    assert numbers(desk("district"), "106.5,29.5,106.6,29.6") == {inside.number}


def test_pins_are_narrowed_as_the_list_is(desk, pinned, steps, lamps):
    running, lamp = pinned(), pinned(category_id=lamps.pk)
    steps["reject"](running)
    client = desk("district")
    assert numbers(client) == {lamp.number}
    assert numbers(client, state="") == {running.number, lamp.number}
    assert numbers(client, category=str(lamps.pk)) == {lamp.number}


@pytest.mark.parametrize(
    "bbox",
    [
        "",
        "1,2,3",
        "a,b,c,d",
        "nan,0,1,1",
        "0,0,inf,1",
        "2,0,1,1",
        "0,2,1,1",
        "-999,0,1,1",
        "1,1,1,1",
    ],
)
def test_a_box_that_is_none_is_refused(desk, pinned, bbox):
    pinned()
    answer = desk("district").get(PINS, {"bbox": bbox})
    assert answer.status_code == 422
    assert "CQ" not in answer.content.decode()


def test_more_than_the_cap_become_squares_that_count_every_one(desk, pinned, monkeypatch):
    monkeypatch.setattr(spots.find_spots, "__kwdefaults__", {"most": 4})
    client = desk("district")
    for _ in range(4):
        pinned()
    assert len(features(client)) == 4
    pinned(lon=107.9)
    found = [one["properties"] for one in features(client, "106,29,108,30")]
    assert sorted(one["count"] for one in found) == [1, 4]
    assert all(one.keys() == {"count"} for one in found)


def test_opening_the_map_is_one_entry_and_its_pins_are_none(desk, pinned):
    for _ in range(3):
        pinned()
    client = desk("district")
    client.get("/work/map/", {"urgent": ""})
    features(client)
    with scope(EVERYWHERE):
        [entry] = AuditEntry.objects.filter(act__in=("map.view", "case.view"))
    assert (entry.act, entry.area, entry.target) == ("map.view", "1.2.", "map")


def test_without_scripts_there_are_coordinates_and_counts_by_community(desk, pinned):
    for _ in range(2):
        pinned()
    answer = desk("district").get("/work/map/")
    assert "106.55000, 29.56000" in answer.content.decode()
    [place] = answer.context["places"]
    assert (place["division__name"], place["number"]) == ("南社区", 2)


def test_without_a_point_the_map_says_so(desk, raised):
    raised()
    assert "地图上还没有诉求" in desk("district").get("/work/map/").content.decode()


def test_pins_ask_the_database_eight_times_at_most_and_the_page_fifteen(desk, pinned):
    for _ in range(5):
        pinned()
    client = desk("district")
    client.get("/work/map/", {"within": "12"})
    with at_most(15):
        client.get("/work/map/", {"within": "12"})
    with at_most(8):
        features(client, within="12")


def test_whoever_may_not_see_matters_sees_no_map(desk, pinned):
    pinned()
    client = desk("admin")
    assert client.get("/work/map/").status_code == 403
    assert client.get(PINS, {"bbox": WORLD}).status_code == 403
