"""What of the register stands on the map, one by one and by name: to each what he may see."""

import pytest

from tests.conftest import NOON
from tests.registering import DISTRICT, GRID, KEEPER, NEIGHBOUR, TOWN, building, kept
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import scope
from yukuai.registry.queries.spots import find_spots, get_spot
from yukuai.registry.questions import read_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
HERE = {"lon": "106.5601", "lat": "29.5501"}


def spot(actor, row):
    with scope(actor.areas, actor.holders):
        return get_spot(actor, kind=row.kind, spot_id=row.pk, at=NOON)


def found(actor, text, most=8):
    with scope(actor.areas, actor.holders):
        return [one.name for one in find_spots(actor, question=read_question(text), most=most)]


def test_a_facility_tells_everybody_what_is_public_of_it():
    row = kept(
        "facility", name="服务中心", category="service", accessible="是", capacity="40", **HERE
    )
    for actor, reads in ((KEEPER, True), (TOWN, True), (NEIGHBOUR, False), (DISTRICT, False)):
        told = spot(actor, row)
        assert (told.name, told.sort, told.reads) == ("服务中心", "便民服务", reads)
        assert told.facts == [("无障碍", "有"), ("可容纳", "40 人")]


def test_the_plan_of_a_house_is_for_whoever_counts_there():
    row = building("1栋", address="人和街41号", floors="7", **HERE)
    for actor, counts in ((KEEPER, True), (DISTRICT, True), (GRID, True), (NEIGHBOUR, False)):
        told = spot(actor, row)
        assert (told.name, told.facts) == ("人和街41号 1栋", [("楼层", "7 层")])
        assert told.counts == counts


def test_an_organisation_is_there_for_whoever_reads_the_register():
    row = kept("organisation", name="小店", address="人和街41号", phone="02363551234", **HERE)
    assert spot(KEEPER, row).facts == [("在哪里", "人和街41号")]
    for actor in (NEIGHBOUR, DISTRICT):
        with pytest.raises(NotFound):
            spot(actor, row)


def test_people_are_no_spots_and_what_ended_is_none_any_more():
    for kind in ("person", "household", "x"):
        with scope(KEEPER.areas, KEEPER.holders), pytest.raises(NotFound):
            get_spot(KEEPER, kind=kind, spot_id=1, at=NOON)


def test_houses_are_found_where_one_counts_and_facilities_everywhere():
    building("1栋", address="人和街41号", **HERE)
    building("11栋", address="人和街41号", **HERE)
    kept("facility", name="人和街服务站", category="service", **HERE)
    house = "人和街41号 1栋"
    assert found(KEEPER, "人和街41号1栋") == [house]
    assert found(DISTRICT, "人和街 41号 1栋 2单元 301") == [house]
    assert found(NEIGHBOUR, "人和街41号1栋") == []
    assert set(found(KEEPER, "人和街")) == {house, "人和街41号 11栋", "人和街服务站"}
    assert found(NEIGHBOUR, "人和街") == ["人和街服务站"]


def test_ones_own_facilities_come_first_and_so_many_at_most():
    kept("facility", name="站甲", category="service", **HERE)
    kept("facility", NEIGHBOUR, 113, name="站乙", category="service", **HERE)
    assert found(KEEPER, "站") == ["站甲", "站乙"]
    assert found(NEIGHBOUR, "站") == ["站乙", "站甲"]
    assert found(NEIGHBOUR, "站", most=1) == ["站乙"]


@pytest.mark.parametrize("typed", ["", "19900001177", "301", "abc", "509999199001010019"])
def test_numbers_and_letters_find_no_spot(typed):
    building("301", address="19900001177", **HERE)
    assert found(KEEPER, typed) == []


def test_what_has_no_point_is_not_found_on_the_map():
    building("没有点", address="人和街")
    kept("facility", name="人和街没有点", category="service")
    assert found(KEEPER, "人和街") == []
