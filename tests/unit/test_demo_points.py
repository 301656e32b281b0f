"""Where the matters of the demo lie: apart, inside the line of their own community."""

import shapely

from tests.mapmaking import tiling
from yukuai.engines.partition import to_wkb
from yukuai.flows.demo_points import Spot, spot_of


def test_the_points_of_a_community_are_apart_and_every_third_matter_has_none():
    ground, *_ = tiling(3, children=9, step_m=60, size_m=2_000).children.values()
    spots = [spot_of(ground, number) for number in range(24)]
    assert spots.count(Spot()) == 8
    assert len(set(spots)) == 17
    assert spots == [spot_of(ground, number) for number in range(24)]


def test_a_matter_lies_inside_the_line_of_its_community():
    for ground in tiling(4, children=9, step_m=60, size_m=1_000).children.values():
        line = shapely.from_wkb(to_wkb(ground))
        spots = [spot_of(ground, number) for number in range(48) if number % 3 < 2]
        assert all(line.contains_properly(shapely.Point(spot)) for spot in spots)


def test_where_no_line_is_drawn_a_matter_has_no_point():
    assert {spot_of(None, number) for number in range(6)} == {Spot()}
