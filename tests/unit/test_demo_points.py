"""Where the matters of the demo lie: in the city, apart, near their own community."""

from math import dist

from yukuai.flows.demo_points import Spot, spot_of

HOME, NEXT, FAR = "500103011014", "500103011018", "500112013004"


def test_the_points_of_a_community_are_apart_from_each_other_and_every_third_matter_has_none():
    spots = [spot_of(HOME, number) for number in range(24)]
    assert spots.count(Spot()) == 8
    assert len(set(spots)) == 17
    assert spots == [spot_of(HOME, number) for number in range(24)]


def test_a_matter_lies_nearer_to_its_own_community_than_to_another_street():
    own, other, far = (spot_of(code, 0) for code in (HOME, NEXT, FAR))
    near = max(dist(own, spot_of(HOME, number)) for number in range(0, 24, 3))
    assert near < dist(own, far)
    assert dist(own, other) < dist(own, far)
    assert all(106.4 < lon < 106.7 and 29.4 < lat < 29.7 for lon, lat in (own, other, far))
