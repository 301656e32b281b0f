"""The parts of the engine on their own: noding, angles, islands, metres, the grid, words."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.mapmaking import area, dirtied, tiling, tree
from yukuai.engines.partition import (
    Area,
    Check,
    Limits,
    Unreadable,
    canonical,
    from_geojson,
    partition,
    tiles,
    to_degrees,
)
from yukuai.engines.partition.arcs import arcs_of
from yukuai.engines.partition.cover import cover_of, draw
from yukuai.engines.partition.faces import dissolve, faces_of
from yukuai.engines.partition.findings import metres, square_metres
from yukuai.engines.partition.grid import keys, unkey
from yukuai.engines.partition.metric import measure
from yukuai.engines.partition.noding import Paths, TooTangled, is_noded, node, segments

LIMITS = Limits()
SMALL = st.tuples(st.integers(-30, 30), st.integers(-30, 30))


def ways(*lines):
    """Each line there and back."""
    there = keys(np.array(lines, np.int64))
    start = np.stack([there[:, 0], there[:, 1]], axis=1).ravel()
    end = np.stack([there[:, 1], there[:, 0]], axis=1).ravel()
    ring = np.repeat(np.arange(len(lines)), 2)
    return Paths(start, end, ring, np.arange(len(start)))


def lines_of(paths):
    lines = segments(paths)
    ends = zip(unkey(lines.low).tolist(), unkey(lines.high).tolist(), strict=True)
    return [(tuple(low), tuple(high)) for low, high in ends]


def test_lines_that_cross_between_the_steps_meet_on_the_nearest():
    noded = node(ways([(0, 0), (5, 2)], [(0, 1), (5, 0)]), limits=LIMITS)
    assert lines_of(noded) == [
        ((0, 0), (2, 1)),
        ((0, 1), (2, 1)),
        ((2, 1), (5, 0)),
        ((2, 1), (5, 2)),
    ]


def test_lines_on_top_of_each_other_become_the_same_pieces():
    noded = node(ways([(0, 0), (10, 0)], [(4, 0), (14, 0)]), limits=LIMITS)
    assert lines_of(noded) == [((0, 0), (4, 0)), ((4, 0), (10, 0)), ((10, 0), (14, 0))]


def test_a_line_that_ends_on_another_cuts_it():
    noded = node(ways([(0, 0), (10, 0)], [(4, 0), (4, 5)]), limits=LIMITS)
    assert lines_of(noded) == [((0, 0), (4, 0)), ((4, 0), (4, 5)), ((4, 0), (10, 0))]


def test_lines_all_but_parallel_do_not_creep_along_each_other():
    steep = ways([(0, 1), (110, -847)], [(0, 0), (110, -847)], [(0, 0), (2401, -7981)])
    noded = node(steep, limits=LIMITS)
    assert is_noded(noded, np.ones(len(noded), bool), limits=LIMITS)
    assert len(lines_of(noded)) < 12


def test_noding_at_the_ends_of_the_world_is_exact():
    east, north = 449_999_999, 899_999_999
    noded = node(
        ways([(-east, -north), (east, north)], [(-east, north), (east, -north)]), limits=LIMITS
    )
    assert len(lines_of(noded)) == 4
    assert (0, 0) in {end for line in lines_of(noded) for end in line}


@given(
    st.lists(
        st.tuples(SMALL, SMALL).filter(lambda line: line[0] != line[1]), min_size=1, max_size=9
    )
)
def test_noded_lines_meet_in_common_ends_only(lines):
    noded = node(ways(*lines), limits=LIMITS)
    assert is_noded(noded, np.ones(len(noded), bool), limits=LIMITS)
    drawn = shapely.linestrings(np.array(lines_of(noded), float))
    for one, other in zip(*shapely.STRtree(drawn).query(drawn, predicate="crosses"), strict=True):
        raise AssertionError(f"{drawn[one]} crosses {drawn[other]}")


@given(
    st.lists(
        st.tuples(SMALL, SMALL).filter(lambda line: line[0] != line[1]), min_size=1, max_size=9
    ),
    st.randoms(),
)
def test_noding_does_not_depend_on_the_order_of_lines(lines, dice):
    other = [line if dice.random() < 0.5 else line[::-1] for line in lines]
    dice.shuffle(other)
    assert lines_of(node(ways(*lines), limits=LIMITS)) == lines_of(
        node(ways(*other), limits=LIMITS)
    )


def test_more_pairs_than_allowed_are_refused():
    fan = [[(x, 0), (-x, 100)] for x in range(1, 60)]
    with pytest.raises(TooTangled):
        node(ways(*fan), limits=Limits(max_pairs=1000))


def test_directions_that_floats_cannot_tell_apart_are_told_apart():
    far = 100_000_000
    spokes = ways([(0, 0), (far, far - 1)], [(0, 0), (far - 1, far - 2)], [(0, 0), (far, far)])
    order, _ = arcs_of(spokes).around
    arcs = arcs_of(spokes)
    leaving = [half for half in order.tolist() if not half & 1]
    ends = [tuple(arcs.line(half >> 1)[-1].tolist()) for half in leaving]
    assert ends == [(far - 1, far - 2), (far, far - 1), (far, far)]


def test_islands_lie_in_the_smallest_face_around_them():
    nested = [area([[(n, n), (99 - n, n), (99 - n, 99 - n), (n, 99 - n)]]) for n in (0, 10, 20, 30)]
    drawing = draw(nested)
    arcs = arcs_of(drawing.paths)
    faces = faces_of(arcs)
    cover = cover_of(arcs, faces, drawing.rings)
    assert sorted(map(sorted, cover.who)) == [[], [0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]
    depth = np.array([len(who) for who in cover.who])
    found = dissolve(arcs, depth[faces.left], lambda label: label == 2)
    assert found[2] == canonical(area([nested[1].xy.tolist(), nested[2].xy[::-1].tolist()]))


def test_areas_are_equal_by_what_they_hold_and_cannot_be_written_to():
    one, other = (area([[(0, 0), (9, 0), (0, 9)]]) for _ in range(2))
    assert (one, hash(one)) == (other, hash(other))
    assert one != area([[(9, 0), (0, 9), (0, 0)]])
    assert canonical(area([[(0, 9), (9, 0), (0, 0)]])) == one
    with pytest.raises(ValueError, match="read-only"):
        one.xy[0] = 5
    assert Area.__eq__(one, "area") is False


def test_a_place_is_told_in_degrees():
    assert to_degrees((1_065_000_001, -295_000_000)) == (106.5000001, -29.5)


def test_heights_are_dropped_and_other_shapes_refused():
    high = {
        "type": "Polygon",
        "coordinates": [[[1, 2, 300], [2, 2, 300], [1, 3, 300], [1, 2, 300]]],
    }
    assert from_geojson(high).xy.tolist() == [
        [10_000_000, 20_000_000],
        [20_000_000, 20_000_000],
        [10_000_000, 30_000_000],
    ]
    with pytest.raises(Unreadable, match="须为面"):
        from_geojson({"type": "LineString", "coordinates": [[1, 2], [2, 2]]})
    with pytest.raises(Unreadable):
        partition({"type": "Point", "coordinates": [1, 2]}, {})


def test_holes_are_taken_away_and_widths_are_mean_widths():
    strip = measure(area([[(0, 0), (100_000, 0), (100_000, 900), (0, 900)]]))
    assert strip.width_m == pytest.approx(900 * 0.0110574, rel=1e-3)
    ring = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)]
    hole = [(0, 0), (0, 1000), (500, 1000), (500, 0)]
    assert measure(area([ring, hole])).m2 == pytest.approx(measure(area([ring])).m2 / 2)
    assert measure(area()).m2 == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (square_metres(0.4), "不足 1 平方米"),
        (square_metres(99_999.4), "99999 平方米"),
        (square_metres(100_000), "0.10 平方公里"),
        (metres(9.94), "9.9 米"),
        (metres(12.3), "12 米"),
    ],
)
def test_sizes_are_said_in_words(said, words):
    assert said == words


@pytest.mark.parametrize("change", ["moved", "missing", "twice", "vertex"])
def test_a_tiling_with_one_thing_wrong_is_none(change):
    made = tiling(3, children=6, step_m=300, size_m=3000.0)
    children = {name: canonical(child) for name, child in made.children.items()}
    parent = canonical(made.parent)
    assert tiles(parent, list(children.values()))
    first = next(iter(children))
    rings = [[ring.copy() for ring in loops] for loops in children[first].loops()]
    if change == "moved":
        rings[0][0][3] += 1
    if change == "vertex":
        rings[0][0] = np.insert(rings[0][0], 3, rings[0][0][2:4].sum(axis=0) // 2, axis=0)
    children[first] = canonical(area(*rings))
    if change == "missing":
        del children[first]
    if change == "twice":
        children["again"] = children[first]
    assert not tiles(parent, list(children.values()))


def test_a_tree_of_four_levels_fits_from_the_top_down():
    levels = tree(1, sizes=(3, 9, 40), size_m=40_000.0, step_m=900.0)
    assert len(levels[0].children) == 3
    for one in levels:
        several = [name for name, child in one.children.items() if child.parts > 1]
        assert partition(one.parent, one.children, declared_exclaves=several).findings == ()


def test_a_district_as_careless_hands_draw_it_fits_afterwards():
    made = tiling(2, children=38, step_m=400)
    result = partition(made.parent, dirtied(made, 2))
    assert tiles(canonical(made.parent), list(result.children.values()))
    found = {finding.check for finding in result.findings}
    assert found >= {Check.SELF_CROSSING, Check.OVERLAP, Check.GAP, Check.UNATTACHED}
