"""The sample township could be one: whoever lives in it, where, with whom, and how old."""

from collections import Counter
from datetime import date

import numpy as np
import pytest
import shapely

from yukuai.engines.partition import canonical, from_geojson, tiles
from yukuai.registry.numbers import read_citizen, read_uscc
from yukuai.registry.samples import ground
from yukuai.registry.samples.people import (
    AWAY,
    DAUGHTER,
    HEAD,
    INFLOW,
    PARENT,
    SON,
    SPOUSE,
    Numbers,
)
from yukuai.registry.samples.township import plan_community

TODAY = date(2026, 11, 30)


def line():
    """A bent ring of 160 vertices, half a kilometre across."""
    turns = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    far = 0.003 * (1 + 0.2 * np.sin(5 * turns))
    xy = np.stack([106.55 + far * np.cos(turns), 29.56 + far * np.sin(turns)], axis=1)
    return from_geojson({"type": "Polygon", "coordinates": [[*xy.tolist(), xy[0].tolist()]]})


def plan(code="500103011016", **given):
    shape = ground.shape_of(line())
    asked = {"numbers": Numbers(), "today": TODAY, **given}
    return plan_community(code=code, name="人和街社区", shape=shape, **asked)


@pytest.fixture(scope="module")
def community():
    return plan()


@pytest.fixture(scope="module")
def people(community):
    return [one for *_, family in community.families() for one in family.members]


def test_the_same_code_gives_the_same_township(community):
    again = plan()
    assert again.houses == community.houses
    assert again.bodies == community.bodies
    assert plan(code="500103011017").houses != community.houses


def test_a_smaller_one_can_be_asked_for():
    small = plan(buildings=2)
    assert len(small.houses) == 2
    assert 0 < sum(len(family.members) for *_, family in small.families()) < 600


def test_a_community_has_as_many_people_as_a_ninth_of_thirty_thousand(people):
    assert 2800 < len(people) < 3800


def test_each_number_proves_itself_states_birth_and_sex_and_is_given_once(people):
    for one in people:
        citizen = read_citizen(one.number, today=TODAY)
        assert (citizen.birth_date, citizen.sex) == (one.born, one.sex)
        assert one.number.startswith("509999")
        assert one.phone == "" or (one.phone.startswith("1990") and len(one.phone) == 11)
    assert max(Counter(one.number for one in people).values()) == 1
    assert max(Counter(one.phone for one in people if one.phone).values()) == 1


def test_numbers_of_several_communities_never_meet():
    numbers = Numbers()
    both = [plan(code=code, numbers=numbers) for code in ("500103011016", "500103011017")]
    given = [one.number for each in both for *_, f in each.families() for one in f.members]
    assert len(set(given)) == len(given)


def test_a_household_has_one_head_and_at_most_one_spouse_of_the_other_sex(community):
    for *_, family in community.families():
        relations = Counter(one.relation for one in family.members)
        assert relations[HEAD] == 1
        assert family.members[0].relation == HEAD
        assert relations[SPOUSE] <= 1
        assert relations[PARENT] <= 2
        for one in family.members:
            if one.relation == SPOUSE:
                assert one.sex != family.members[0].sex
                assert abs(one.age(TODAY) - family.members[0].age(TODAY)) <= 8
                assert one.age(TODAY) >= 20


def test_parents_are_older_than_their_children_by_a_generation(community):
    for *_, family in community.families():
        head = family.members[0].age(TODAY)
        for one in family.members:
            if one.relation in (SON, DAUGHTER):
                assert 20 <= head - one.age(TODAY) <= 46
                assert one.relation == (SON if one.sex == "1" else DAUGHTER)
            if one.relation == PARENT:
                assert 19 <= one.age(TODAY) - head <= 36
            assert 0 <= one.age(TODAY) <= 100


def test_children_bear_the_name_of_a_parent(community):
    for *_, family in community.families():
        adults = {one.name[:1] for one in family.members if one.relation in (HEAD, SPOUSE)}
        for one in family.members:
            if one.relation in (SON, DAUGHTER) and one.living != INFLOW:
                assert one.name[:1] in adults


def test_the_pyramid_is_that_of_an_old_quarter(people):
    ages = [one.age(TODAY) for one in people]
    share = {low: sum(low <= age < low + 20 for age in ages) / len(ages) for low in (0, 60, 80)}
    assert 0.12 < share[0] < 0.28
    assert 0.12 < share[60] < 0.28
    assert 0.02 < share[80] < 0.1
    assert 0.45 < sum(one.sex == "2" for one in people) / len(people) < 0.55


def test_some_rooms_are_empty_some_let_and_some_owners_live_away(community, people):
    rooms = [room for house in community.houses for room in house.rooms]
    states = Counter(room.status for room in rooms)
    assert 0.05 < states["empty"] / len(rooms) < 0.13
    assert 0.1 < states["let"] / len(rooms) < 0.2
    assert all(not room.families for room in rooms if room.status == "empty")
    assert all(room.families for room in rooms if room.status != "empty")
    living = Counter(one.living for one in people)
    assert 0.03 < living[AWAY] / len(people) < 0.15
    assert 0.05 < living[INFLOW] / len(people) < 0.2
    for one in people:
        assert (one.living == INFLOW) <= bool(one.hukou)


def test_old_people_alone_are_known_to_the_services(community):
    alone = [
        family.members[0]
        for *_, family in community.families()
        if len(family.members) == 1 and family.members[0].age(TODAY) >= 80
    ]
    assert alone
    assert all("elder-alone" in one.care for one in alone)


def test_no_room_and_no_house_is_there_twice(community):
    for house in community.houses:
        doors = [(room.entrance, room.room) for room in house.rooms]
        assert len(set(doors)) == len(doors)
        assert {room.entrance for room in house.rooms} == set(range(len(house.entrances)))
    called = [(house.compound, house.name) for house in community.houses]
    assert len(set(called)) == len(called)


def test_houses_stand_inside_and_in_the_cells_they_say(community):
    whole = ground.shape_of(line())
    for house in community.houses:
        spot = shapely.Point(house.spot)
        assert whole.contains(spot)
        assert community.grids[house.grid].distance(spot) == 0
        assert community.groups[house.group].distance(spot) == 0
        if house.compound is not None:
            assert community.compounds[house.compound].shape.distance(spot) < 1e-7
    spots = [house.spot for house in community.houses]
    assert len(set(spots)) == len(spots)


@pytest.mark.parametrize("number", range(2, 9))
def test_cells_tile_the_line_bit_for_bit(number):
    whole = line()
    pieces = ground.cut(ground.shape_of(whole), number)
    assert len(pieces) == number
    areas = ground.areas_of(pieces, whole)
    assert areas is not None
    assert tiles(canonical(whole), areas)
    sizes = [piece.area for piece in pieces]
    assert max(sizes) < 6 * min(sizes)


def test_compounds_are_islands(community):
    whole = ground.shape_of(line())
    shapes = [one.shape for one in community.compounds]
    for place, one in enumerate(shapes):
        assert one.is_valid
        assert whole.contains(one)
        assert all(not one.intersects(other) for other in shapes[place + 1 :])


def test_organisations_have_codes_that_prove_themselves(community):
    codes = [b.values["uscc"] for b in community.bodies if b.kind == "organisation"]
    assert codes
    assert [read_uscc(code) for code in codes] == codes
    kinds = Counter(body.kind for body in community.bodies)
    assert set(kinds) == {
        *("organisation", "facility", "party-org", "social-org", "office-holder", "project")
    }
    categories = {b.values["category"] for b in community.bodies if b.kind == "facility"}
    assert len(categories) == 10
