"""一张图: one's own places with their numbers, the same without scripts, nothing of another's."""

from typing import Any

import pytest

from tests.casework import LIN, enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.electing import registering, ruled
from tests.lines import draw_all
from tests.registering import building, codes, kept, person
from tests.web.desks import at_most, at_noon, desk
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.cases.models import Case
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.actions import count_touched

__all__ = [
    "at_noon",
    "codes",
    "desk",
    "enforcement",
    "lamps",
    "pack",
    "places",
    "raised",
    "ruled",
    "squad",
    "steps",
]
pytestmark = pytest.mark.django_db
MAP = "/work/map/"
THING = "/work/map/at/facility/1/"
FIGURES = "/work/map/figures.json"
POINT = {"lon": "106.56", "lat": "29.55"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lines(places: Any) -> Any:
    return draw_all()


@pytest.fixture
def pinned(raised: Any) -> Any:
    def make(lon: float = 106.55, lat: float = 29.56, **told: Any) -> Case:
        case = raised(LIN, **told)
        with scope(EVERYWHERE):
            Case.objects.filter(pk=case.pk).update(lon=lon, lat=lat)
        return case

    return make


def html(client: Any, url: str = MAP, **said: str) -> str:
    answer = client.get(url, said)
    assert answer.status_code == 200
    return str(answer.content.decode())


def figures(client: Any, level: str = "community", measure: str = "open") -> dict[str, Any]:
    answer = client.get(FIGURES, {"level": level, "measure": measure})
    assert answer.status_code == 200
    return dict(answer.json())


def spot(client: Any, box: str = "106.5,29.5,106.6,29.6", **said: str) -> Any:
    return client.get("/work/map/spot/", {"box": box, **said})


# The page


def test_the_page_opens_at_ones_own_place(desk, lines):
    answer = desk("town").get(MAP)
    assert answer.context["here"].name == "南街"
    assert answer.context["map"]["mine"] == ["1.2.12."]
    assert answer.context["map"]["home"] == [[106.5, 29.5, 106.6, 29.6]]


def test_the_page_says_that_lines_are_illustrative_and_their_number(desk, lines):
    page = html(desk("town"))
    assert "界线为示意，不作为勘界依据。" in page
    assert "审图号 渝S（2026）001号" in page


def test_without_lines_the_page_still_counts(desk, pinned):
    pinned()
    answer = desk("town").get(MAP)
    assert answer.context["map"]["home"] == []
    assert answer.context["counted"].open == 1


def test_a_matter_of_another_district_is_on_no_page(desk, pinned):
    mine, other = pinned(), pinned(division_id=1111)
    page = html(desk("district"))
    assert mine.number in page
    assert other.number not in page


def test_without_scripts_there_are_coordinates_and_counts_by_community(desk, pinned):
    for _ in range(2):
        pinned()
    answer = desk("district").get(MAP)
    assert "106.55000, 29.56000" in answer.content.decode()
    [place] = answer.context["places"]
    assert (place["division__name"], place["number"]) == ("南社区", 2)


def test_the_table_is_narrowed_as_the_list_is(desk, pinned, lamps):
    pinned()
    lamp = pinned(category_id=lamps.pk)
    answer = desk("district").get(MAP, {"category": str(lamps.pk)})
    assert [row.case.number for row in answer.context["rows"]] == [lamp.number]
    assert answer.context["spots"] == {"all": 1, "late": 0}
    assert answer.context["map"]["filter"]["category"] == str(lamps.pk)


def test_without_a_point_the_table_says_so(desk, raised):
    raised()
    assert "地图上还没有诉求" in html(desk("district"))


def test_opening_the_map_is_one_entry_and_looking_around_is_none(desk, pinned):
    pinned()
    client = desk("district")
    client.get(MAP, {"urgent": ""})
    client.get("/work/map/places/112/", headers=HTMX)
    figures(client)
    spot(client)
    with scope(EVERYWHERE):
        [entry] = AuditEntry.objects.filter(act__in=("map.view", "case.view"))
    assert (entry.act, entry.area, entry.target) == ("map.view", "1.2.", "map")


def test_whoever_may_not_see_the_map_sees_nothing_of_it(desk, pinned):
    pinned()
    client = desk("admin")
    for url in (MAP, FIGURES, "/work/map/places/112/", "/work/map/spot/", "/work/map/find/", THING):
        assert client.get(url).status_code == 403


def test_the_page_asks_the_database_so_often_at_most(desk, pinned, lines):
    for _ in range(5):
        pinned()
    client = desk("district")
    client.get(MAP)
    with at_most(28):
        client.get(MAP)
    with at_most(16):
        client.get("/work/map/places/12/", headers=HTMX)


# The panel of a place


def test_a_panel_counts_its_place_and_leads_below_and_above(desk, pinned):
    pinned(), pinned(), pinned(division_id=113)
    answer = desk("district").get("/work/map/places/12/", headers=HTMX)
    counted = answer.context["counted"]
    assert (counted.open, counted.late, counted.lately) == (3, 0, 3)
    assert [(one.name, one.open) for one in answer.context["below"]] == [
        ("南社区", 2),
        ("坡社区", 1),
    ]
    assert [one.name for one in answer.context["above"]] == ["某市", "南区"]
    assert len(answer.context["pressing"]) == 3


def test_what_is_late_is_counted_and_comes_first(desk, pinned, steps):
    late, _running = pinned(), pinned()
    with scope(EVERYWHERE):
        Case.objects.filter(pk=late.pk).update(promised_at=late.received_at.replace(hour=23))
        received = late.received_at.replace(year=2020)
        Case.objects.filter(pk=late.pk).update(
            received_at=received, promised_at=received.replace(hour=23)
        )
    answer = desk("clerk").get("/work/map/places/112/", headers=HTMX)
    assert (answer.context["counted"].late, answer.context["counted"].lately) == (1, 1)
    assert answer.context["pressing"][0].case.number == late.number
    assert figures(desk("clerk"), measure="late")["values"] == {"112": 1}


def test_a_panel_of_another_place_has_its_name_and_no_number(desk, pinned):
    other = pinned(division_id=113)
    client = desk("clerk")
    answer = client.get("/work/map/places/113/", headers=HTMX)
    page = answer.content.decode()
    assert "坡社区" in page
    assert "不在您的范围" in page
    assert "counted" not in answer.context
    assert other.number not in page
    assert client.get("/work/map/places/113/trend/", headers=HTMX).context["trend"].categories == []


def test_above_ones_place_only_ones_own_is_counted(desk, pinned):
    pinned(), pinned(division_id=113)
    answer = desk("clerk").get("/work/map/places/12/", headers=HTMX)
    assert "只数得到您管的地方" in answer.content.decode()
    assert [(one.name, one.open) for one in answer.context["below"]] == [
        ("南社区", 1),
        ("坡社区", 0),
    ]


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999"])
def test_a_place_that_there_is_not_is_not_found(desk, places, pk):
    assert desk("clerk").get(f"/work/map/places/{pk}/", headers=HTMX).status_code == 404
    assert desk("clerk").get(MAP, {"here": pk}).status_code in (200, 404)


def test_the_panel_sets_an_address_that_opens_the_same(desk, pinned):
    pinned()
    client = desk("district")
    answer = client.get("/work/map/places/112/", {"state": "open", "box": "1"}, headers=HTMX)
    address = answer["HX-Replace-Url"]
    assert address == "/work/map/?state=open&here=112"
    assert client.get(address).context["here"].pk == 112


def test_trends_are_by_week_and_category(desk, pinned, lamps):
    pinned(), pinned(category_id=lamps.pk), pinned(category_id=lamps.pk)
    client = desk("district")
    trend = client.get("/work/map/places/12/trend/", headers=HTMX).context["trend"]
    assert list(trend.categories) == [("公共设施损坏", 2), ("没有归类", 1)]
    assert [count for _monday, count in trend.weeks] == [0] * 11 + [3]
    assert "近 12 周收到" in html(client, "/work/map/places/12/trend/")


# Numbers by area


def test_areas_are_counted_by_level_and_only_ones_own(desk, pinned):
    pinned(), pinned(division_id=113), pinned(division_id=1111)
    assert figures(desk("district"))["values"] == {"112": 1, "113": 1}
    assert figures(desk("district"), level="township")["values"] == {"12": 2}
    assert figures(desk("district"), level="district")["values"] == {"2": 2}
    assert figures(desk("clerk"))["values"] == {"112": 1}
    assert figures(desk("elsewhere"))["values"] == {"1111": 1}


def test_areas_are_coloured_by_matters_a_thousand_households(desk, raised, codes):
    raised()
    for _ in range(4):
        kept("household")
    count_touched(SYSTEM, at=NOON)
    answer = figures(desk("town"), measure="a_thousand")
    assert answer["values"] == {"112": 250}
    assert figures(desk("neighbour"), measure="a_thousand")["values"] == {}


def test_the_panel_of_a_place_says_what_is_kept_of_it(desk, places, codes):
    person()
    count_touched(SYSTEM, at=NOON)
    for who, told in (("clerk", True), ("grid", True), ("neighbour", False)):
        page = desk(who).get("/work/map/places/112/").content.decode()
        assert ("每千人设施" in page) == told, who


@pytest.mark.parametrize("said", [{}, {"level": "house", "measure": "open"}, {"level": "district"}])
def test_a_level_or_measure_that_there_is_not_is_refused(desk, places, said):
    assert desk("clerk").get(FIGURES, said).status_code == 422


# What lies at a spot


def test_a_spot_lists_what_lies_there_and_is_ones_own(desk, pinned):
    mine, next_door = pinned(), pinned(division_id=113)
    rows = spot(desk("clerk")).context["rows"]
    assert [row.case.number for row in rows] == [mine.number]
    both = {row.case.number for row in spot(desk("town")).context["rows"]}
    assert both == {mine.number, next_door.number}
    assert spot(desk("clerk"), "106.56,29.5,106.6,29.6").context["rows"] == []


@pytest.mark.parametrize(
    "box",
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
def test_a_box_that_is_none_is_refused(desk, pinned, box):
    pinned()
    answer = spot(desk("district"), box)
    assert answer.status_code == 422
    assert "CQ" not in answer.content.decode()


# Search


def test_places_are_found_by_name_and_lead_to_their_panel(desk, lines):
    found = html(desk("clerk"), "/work/map/find/", find="坡")
    assert 'href="/work/map/?here=113"' in found
    assert "没有找到“无此地”" in html(desk("clerk"), "/work/map/find/", find="无此地")
    assert 'href="/work/map/?here=113"' in html(desk("clerk"), MAP, find="坡")


def test_houses_and_facilities_are_found_beside_places(desk, codes, lines):
    house = building("1栋", address="坡下街7号", **POINT)
    kept("facility", name="坡下街服务站", category="service", **POINT)
    page = html(desk("clerk"), "/work/map/find/", find="坡")
    assert "/work/map/?here=113" in page
    assert f"/work/map/?at=building%3A{house.pk}" in page
    assert "坡下街服务站" in page
    next_door = html(desk("neighbour"), "/work/map/find/", find="坡下街7号")
    assert f"building%3A{house.pk}" not in next_door
    assert "没有找到" in next_door


def test_the_search_asks_the_database_so_often_at_most(desk, codes, lines):
    for number in range(9):
        building(f"{number}栋", address="坡下街7号", **POINT)
        kept("facility", name=f"坡下街服务站{number}", category="service", **POINT)
    client = desk("clerk")
    client.get("/work/map/find/", {"find": "坡"})
    with at_most(10):
        answer = client.get("/work/map/find/", {"find": "坡"})
    assert len(answer.context["things"]) == 16


# What of the register lies over the map


def test_layers_of_the_register_are_offered_to_whoever_may_see_them(desk, lines):
    offered = {
        who: [one["layer"] for one in desk(who).get(MAP).context["map"]["overlays"]]
        for who in ("clerk", "town", "district", "grid")
    }
    public = ["facilities", "buildings"]
    assert offered == {
        "clerk": [*public, "organisations", "notices"],
        "town": [*public, "organisations", "notices"],
        "district": [*public, "notices"],
        "grid": public,
    }
    page = html(desk("district"))
    assert 'name="layer" value="facilities" checked' in page
    assert 'value="organisations"' not in page


def test_each_layer_says_where_its_panels_are_and_from_which_zoom_on(desk, lines):
    [facilities, buildings, _bodies, notices] = desk("clerk").get(MAP).context["map"]["overlays"]
    assert (facilities["since"], facilities["thing"]) == (13, "/work/map/at/facility/ID/")
    assert (buildings["since"], buildings["thing"]) == (15, "/work/map/at/building/ID/")
    assert (notices["since"], notices["thing"]) == (11, "/work/map/at/notices/ID/")


def test_a_facility_has_a_panel_for_all_and_a_record_for_its_keepers(desk, codes):
    row = kept("facility", name="服务站", category="elder", public_phone="02363550001", **POINT)
    url, record = f"/work/map/at/facility/{row.pk}/", f"/work/registry/facility/{row.pk}/"
    for who, reads in (("clerk", True), ("neighbour", False), ("district", False)):
        answer = desk(who).get(url, headers=HTMX)
        page = answer.content.decode()
        assert answer["HX-Replace-Url"] == f"/work/map/?at=facility%3A{row.pk}"
        assert all(word in page for word in ("服务站", "养老服务", "02363550001", "南社区"))
        assert (record in page) == reads, who


def test_a_house_leads_to_its_plan_where_one_counts(desk, codes):
    row = building("1栋", address="坡下街7号", **POINT)
    url, plan = f"/work/map/at/building/{row.pk}/", f"/work/registry/buildings/{row.pk}/"
    for who, counts in (("clerk", True), ("district", True), ("neighbour", False)):
        client = desk(who)
        assert (plan in html(client, url)) == counts, who
        assert client.get(plan).status_code == (200 if counts else 404)


def test_an_organisation_has_a_panel_where_one_reads_the_register(desk, codes):
    row = kept("organisation", name="坡下小店", **POINT)
    url = f"/work/map/at/organisation/{row.pk}/"
    assert "坡下小店" in html(desk("clerk"), url)
    for who in ("neighbour", "district"):
        answer = desk(who).get(url)
        assert answer.status_code == 404
        assert "坡下小店" not in answer.content.decode()


def test_without_scripts_the_page_opens_the_panel_of_a_thing(desk, codes):
    row = kept("facility", name="服务站", category="elder", **POINT)
    answer = desk("clerk").get(MAP, {"at": f"facility:{row.pk}"})
    assert 'data-point="106.56,29.55"' in answer.content.decode()
    for wrong in ("facility:0", "person:1", "facility:x", ":", "facility"):
        assert desk("clerk").get(MAP, {"at": wrong}).context["here"].pk == 112


@pytest.mark.parametrize("tail", ["person/1", "facility/0", "facility/99999999999999999999", "x/1"])
def test_a_thing_that_there_is_not_is_not_found(desk, codes, tail):
    assert desk("clerk").get(f"/work/map/at/{tail}/").status_code == 404


def test_the_board_of_a_community_has_a_panel_where_one_sees_elections(desk, ruled, lines):
    election = registering()
    url = f"/work/map/at/notices/{election.division_id}/"
    page = html(desk("clerk"), url)
    assert "张贴的公告" in page
    assert f"/work/elections/{election.number}/notices/" in page
    assert 'data-point="10' in page
    opened = html(desk("clerk"), f"{MAP}?at=notices:{election.division_id}")
    assert 'data-thing="notices:' in opened
    for who in ("neighbour", "grid"):
        assert desk(who).get(url).status_code == 404
