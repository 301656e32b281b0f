"""A building as floors × rooms: what stands above each other, what one sees of a door."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.registry.plan import Room, Use, in_order, stack_of, storeys, use_of
from yukuai.registry.provenance import Evidence, held_since


@pytest.mark.parametrize(
    ("floor", "room", "stack"),
    [
        (12, "1203", "03"),
        (1, "101", "01"),
        (3, "3-2", "2"),
        (3, "302室", "02室"),
        (2, "门面2", "门面2"),
        (1, "1", "1"),
        (-1, "-101", "01"),
    ],
)
def test_rooms_above_each_other_have_the_same_stack(floor, room, stack):
    assert stack_of(floor, room) == stack


def test_two_stands_before_ten():
    assert sorted(["10", "2", "A1", "02"], key=in_order) == ["A1", "2", "02", "10"]


@pytest.mark.parametrize(
    ("status", "people", "bodies", "use"),
    [
        ("own", 0, 0, Use.LIVED),
        ("let", 2, 0, Use.LET),
        ("business", 1, 1, Use.BUSINESS),
        ("empty", 0, 0, Use.EMPTY),
        ("empty", 1, 0, Use.LIVED),
        ("", 2, 1, Use.LIVED),
        ("", 0, 1, Use.BUSINESS),
        ("", 0, 0, Use.UNKNOWN),
        ("gone", 0, 0, Use.UNKNOWN),
    ],
)
def test_what_one_sees_of_a_door(status, people, bodies, use):
    assert use_of(status, people=people, bodies=bodies) is use


def room(pk, floor, name):
    return Room(pk, floor, name, Use.LIVED)


def test_the_highest_floor_comes_first_and_no_door_leaves_a_place_empty():
    made = storeys([room(1, 1, "101"), room(2, 2, "202"), room(3, 2, "201"), room(4, 1, "1-01")])
    assert [one.floor for one in made] == [2, 1]
    assert [[r.id for r in place] for place in made[0].places] == [[3], [2]]
    assert [[r.id for r in place] for place in made[1].places] == [[1, 4], []]


@given(
    st.lists(
        st.tuples(st.integers(-3, 40), st.text("0123456789-室A ", min_size=1, max_size=6)),
        max_size=30,
    )
)
def test_every_door_stands_somewhere_once(doors):
    rooms = [room(pk, floor, name) for pk, (floor, name) in enumerate(doors)]
    found = [one.id for storey in storeys(rooms) for place in storey.places for one in place]
    assert sorted(found) == [one.id for one in rooms]


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(0, 800))
def test_held_since_says_what_holds_says(on, ago):
    seen = on - timedelta(days=ago)
    evidence = Evidence("visit", 50, seen, confirmed_on=seen)
    assert evidence.holds(on) == (seen >= held_since(on))
