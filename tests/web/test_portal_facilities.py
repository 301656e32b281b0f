"""附近的设施: for everybody, without scripts, and nothing of where somebody stands."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOON
from tests.registering import KEEPER, NEIGHBOUR, building, codes, kept, places
from tests.web.desks import at_most, at_noon
from yukuai.registry import actions

__all__ = ["at_noon", "codes", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes", "at_noon")]
LIST = "/facilities/"


def at_home():
    client = Client()
    client.cookies["community"] = "112"
    return client


def facility(name, lon="106.55", lat="29.56", category="elder", **given):
    return kept("facility", name=name, lon=lon, lat=lat, category=category, **given)


def words(response):
    return response.content.decode()


def test_the_nearest_is_first_with_hours_access_and_distance():
    building("1栋", lon="106.55", lat="29.56")
    facility("远站", lat="29.575", opening_hours="看情况")
    facility("近站", lat="29.563", opening_hours="周一至周五 9:00-18:00", accessible="是")
    page = words(at_home().get(LIST))
    assert page.index("近站") < page.index("远站")
    for said in ("现在开着，18:00 关", "约 300 米，走路 5 分钟", "无障碍", "看情况", "约 1.7 公里"):
        assert said in page


def test_when_it_is_shut_it_says_when_it_opens():
    facility("近站", opening_hours="周一至周五 9:00-18:00")
    with time_machine.travel(NOON + timedelta(hours=8), tick=False):
        assert "已关门，明天 9:00 开" in words(at_home().get(LIST))


def test_a_neighbours_facility_near_by_is_there_and_one_far_away_is_not():
    building("1栋", lon="106.55", lat="29.56")
    facility("邻站", lat="29.57", actor=NEIGHBOUR, division_id=113)
    facility("远方", lat="29.9", actor=NEIGHBOUR, division_id=113)
    page = words(at_home().get(LIST))
    assert "邻站" in page
    assert "远方" not in page


def test_one_category_is_chosen_and_an_empty_one_says_so():
    facility("近站")
    client = at_home()
    assert "近站" in words(client.get(f"{LIST}?category=elder"))
    assert "附近没有登记这一类" in words(client.get(f"{LIST}?category=shelter"))
    assert "近站" in words(client.get(f"{LIST}?category=nothing"))


def test_nothing_is_known_yet_and_no_community_is_chosen():
    assert "附近还没有登记设施" in words(at_home().get(LIST))
    assert "您在哪个村（社区）？" in words(Client().get(LIST))


def test_a_facility_has_a_page_of_its_own_with_the_ways_there():
    one = facility("近站", opening_hours="全天", public_phone="12345", address="坡坎路 1 号")
    page = words(Client().get(f"{LIST}{one.pk}/"))
    for said in (
        "近站",
        "全天开放",
        "tel:12345",
        "坡坎路 1 号",
        "南社区",
        "geo:29.56",
        "uri.amap.com",
    ):
        assert said in page
    assert "没有登记，先打电话问" in page


def test_what_has_ended_is_gone():
    one = facility("近站")
    actions.end_record(
        KEEPER, kind="facility", subject_id=one.pk, why="gone", on=NOON.date(), at=NOON
    )
    assert Client().get(f"{LIST}{one.pk}/").status_code == 404
    assert "近站" not in words(at_home().get(LIST))


def test_the_pages_are_kept_for_a_minute_and_ask_little():
    building("1栋", lon="106.55", lat="29.56")
    one = facility("近站")
    client = at_home()
    client.get(LIST)
    for address in (LIST, f"{LIST}{one.pk}/"):
        with at_most(6):
            answer = client.get(address)
        assert answer["Cache-Control"] == "private, max-age=60"
