"""What the register lays over the map: public facts for officers, organisations where one reads."""

import pytest

from tests.mvt import read, tile_of
from tests.registering import DISTRICT, KEEPER, NEIGHBOUR, TOWN, building, kept
from yukuai.flows.layers import PUBLIC, STAFF
from yukuai.kernel.scope import scope
from yukuai.kernel.tiles import Tile, choose, draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
HERE = {"lon": "106.5601", "lat": "29.5501"}


def shown(actor, names, *, z=17, lon=106.5601, lat=29.5501):
    place = Tile(*tile_of(lon, lat, z))
    with scope(actor.areas, actor.holders):
        found = read(draw(actor, layers=choose(STAFF, names), tile=place))
    return {layer: [one["said"] for one in features] for layer, features in found.items()}


def test_houses_and_facilities_are_shown_to_every_officer_with_what_is_public():
    building("1栋", address="人和街41号", floors="7", **HERE)
    kept("facility", name="便民服务中心", category="service", accessible="是", **HERE)
    expected = {
        "buildings": [{"name": "1栋", "address": "人和街41号", "floors": 7}],
        "facilities": [
            {
                "name": "便民服务中心",
                "category": "service",
                "address": "",
                "opening_hours": "",
                "accessible": True,
            }
        ],
    }
    for actor in (KEEPER, NEIGHBOUR, DISTRICT):
        assert shown(actor, "buildings,facilities") == expected


def test_an_organisation_is_shown_where_one_reads_the_register():
    kept("organisation", name="小店", address="人和街41号", phone="02363551234", **HERE)
    said = [{"name": "小店", "address": "人和街41号", "org_type": ""}]
    for actor in (KEEPER, TOWN):
        assert shown(actor, "organisations") == {"organisations": said}
    for actor in (NEIGHBOUR, DISTRICT):
        assert shown(actor, "organisations") == {}


def test_what_ended_has_no_place_or_lies_elsewhere_is_not_drawn():
    building("没有坐标")
    building("别处", lon="107.5", lat="30.1")
    assert shown(KEEPER, "buildings") == {}


def test_none_of_it_is_public():
    assert {"buildings", "facilities", "organisations"}.isdisjoint(one.name for one in PUBLIC)
