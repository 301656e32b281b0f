"""How alike two matters are: laws that hold for any two, and the reasons people read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.cases import similar
from yukuai.cases.similar import LIKELY, WHOLE, Traits, compare, metres, point_of, shared_words

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
LAMP = Traits(112, "2 单元楼道灯不亮。晚上看不清。", MONDAY, 5, "公共设施损坏")

moments = st.integers(-400, 400).map(lambda days: MONDAY + timedelta(days=days))
points = st.tuples(st.integers(105_000_000, 111_000_000), st.integers(28_000_000, 33_000_000))
matters = st.builds(
    Traits,
    community=st.integers(1, 3),
    text=st.text("路灯不亮楼道坏了的 2单元。abc", max_size=40),
    received_at=moments,
    category=st.none() | st.integers(1, 3),
    point=st.none() | points,
)


@given(matters, matters)
def test_it_is_the_same_from_either_side(one, other):
    assert compare(one, other).score == compare(other, one).score


@given(matters, matters)
def test_it_stays_within_its_bounds(one, other):
    assert 0 <= compare(one, other).score <= WHOLE


@given(matters, matters)
def test_nothing_is_more_alike_to_a_matter_than_itself(one, other):
    assert compare(one, one).score == WHOLE
    assert compare(one, other).score <= compare(one, one).score


@given(matters, matters)
def test_every_quoted_word_stands_in_both(one, other):
    for word in shared_words(one.text, other.text):
        assert len(word) > 1
        for text in (one.text, other.text):
            assert word in "".join(sign for run in similar._runs(text) for sign in run)


@given(points, points)
def test_a_distance_is_the_same_both_ways_and_nothing_to_itself(one, other):
    assert metres(one, other) == metres(other, one) >= 0
    assert metres(one, one) == 0


@pytest.mark.parametrize(
    ("other", "likely"),
    [
        ("楼道灯又不亮了，走路要打手电。", True),
        ("二单元的楼道灯不亮。", True),
        ("电梯老是停在半路，害怕。", False),
        ("隔壁烧烤店油烟太大。", False),
    ],
)
def test_the_same_lamp_is_likely_and_another_thing_of_the_same_kind_is_not(other, likely):
    found = compare(LAMP, Traits(112, other, MONDAY + timedelta(days=2), 5, "公共设施损坏"))
    assert (found.score >= LIKELY) is likely


def test_the_reason_names_place_kind_distance_and_words():
    here = Traits(112, "路灯不亮。", MONDAY, 5, point=point_of(106.5705, 29.5647))
    there = Traits(112, "门口的路灯，三天不亮了。", MONDAY, 5, point=point_of(106.5709, 29.5647))
    assert compare(here, there).why == "同一社区、同类，相距约 30 米，都说到“路灯”“不亮”"


def test_without_anything_in_common_there_is_nothing_to_say():
    other = Traits(113, "油烟太大。", MONDAY, 4)
    assert compare(LAMP, other).why == ""


def test_joining_signs_alone_are_no_common_word():
    assert shared_words("我说了要去的。", "他说了要去吗？") == []


def test_a_degree_of_longitude_is_shorter_in_the_north():
    south = metres((106_000_000, 0), (107_000_000, 0))
    north = metres((106_000_000, 60_000_000), (107_000_000, 60_000_000))
    assert south == 111_320
    assert north == 55_660


def test_a_missing_point_or_category_is_left_out_of_the_scale():
    bare = Traits(112, LAMP.text, MONDAY)
    assert compare(LAMP, bare).score == WHOLE
