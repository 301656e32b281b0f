"""What holds for any drawing: an exact tiling comes out, whatever the order, whatever the names."""

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.mapmaking import area, dirtied, tiling
from yukuai.engines.partition import (
    Limits,
    canonical,
    changed,
    densify,
    from_geojson,
    insert_vertex,
    partition,
    shared_border,
    tiles,
    to_geojson,
)
from yukuai.engines.partition.grid import shapes

STEPS = st.integers(-1_800_000_000, 1_800_000_000)
SMALL = st.integers(0, 9)
TAME = settings(max_examples=25, deadline=None)


@st.composite
def scribbles(draw, scales=(100, 4000)):
    """A valid parent and children of few vertices on few places: everything touches everything."""
    scale = draw(st.sampled_from(scales))
    spot = st.tuples(SMALL, SMALL)
    ring = st.lists(spot, min_size=3, max_size=7)
    hull = shapely.convex_hull(shapely.multipoints(draw(st.lists(spot, min_size=3, max_size=8))))
    assume(hull.geom_type == "Polygon")
    place = np.array([1_065_000_000, 295_000_000])
    shift = [draw(st.integers(-scale, scale)) if draw(st.booleans()) else 0 for _ in range(2)]
    parent = area([np.array(hull.exterior.coords, int)[:-1] * scale + place])
    children = {
        str(number): area(*[[np.array(points) * scale + place + shift] for points in rings])
        for number, rings in enumerate(
            draw(st.lists(st.lists(ring, min_size=1, max_size=2), min_size=1, max_size=5))
        )
    }
    return parent, children


@st.composite
def drawings(draw):
    """A clean tiling and what careless hands made of it."""
    seed = draw(st.integers(0, 10_000))
    made = tiling(
        seed,
        children=draw(st.integers(2, 7)),
        step_m=draw(st.sampled_from([60, 200, 900])),
        size_m=draw(st.sampled_from([400.0, 3000.0])),
    )
    dirty = dirtied(
        made,
        seed + 1,
        moved=draw(st.sampled_from([0.0, 0.2, 1.0])),
        metres=draw(st.sampled_from([0.05, 3.0, 20.0])),
        tangles=draw(st.integers(0, 2)),
        spikes=draw(st.integers(0, 2)),
    )
    return made.parent, dirty


either = st.one_of(scribbles(), drawings())


def is_pinched(child):
    """A hole touches its outer ring: where a third area has this vertex too, GEOS (3.14) looks at
    the hole alone and takes the area's line for an overlap."""
    return any(
        len(np.unique(np.concatenate(loops), axis=0)) < sum(map(len, loops))
        for loops in child.loops()
    )


def assert_exact(parent, result):
    children = list(result.children.values())
    assert tiles(result.parent, children)
    drawn = shapes(children)
    assert shapely.is_valid(drawn).all()
    if not any(map(is_pinched, children)):
        assert shapely.coverage_is_valid(shapely.get_parts(drawn))
    whole = shapes([result.parent])[0]
    assert shapely.area(drawn).sum() == shapely.area(whole)
    if not result.brought:
        assert result.parent == canonical(parent)
    if result.accepted:
        assert not result.brought


@given(st.one_of(scribbles((1, 7, 100, 4000)), drawings()))
@TAME
def test_any_drawing_becomes_an_exact_tiling(drawing):
    parent, children = drawing
    result = partition(parent, children)
    if result.children:
        assert_exact(parent, result)
    else:
        assert not result.accepted


@given(either)
@TAME
def test_a_parent_densified_once_stays_as_it_is(drawing):
    parent, children = drawing
    dense = densify(parent, children)
    result = partition(dense, children)
    if result.children:
        assert result.brought == ()
        assert result.parent == dense
        assert_exact(dense, result)


@given(either)
@TAME
def test_partitioning_twice_is_partitioning_once(drawing):
    parent, children = drawing
    once = partition(parent, children)
    if once.children:
        twice = partition(once.parent, once.children)
        assert twice.children == once.children
        assert twice.parent == once.parent


@given(either, st.randoms(use_true_random=False))
@TAME
def test_order_and_names_change_nothing_but_names(drawing, dice):
    parent, children = drawing
    names = list(children)
    dice.shuffle(names)
    other = {name: f"n{place}" for place, name in enumerate(names)}
    one = partition(parent, children)
    two = partition(parent, {other[name]: children[name] for name in names})
    assume(len({canonical(child) for child in children.values()}) == len(children))
    assert {other[name]: child for name, child in one.children.items()} == two.children
    assert [(f.check, f.point, f.m2, f.message) for f in one.findings] == [
        (f.check, f.point, f.m2, f.message) for f in two.findings
    ]


@given(drawings())
@TAME
def test_nothing_moves_further_than_the_tolerance_without_a_finding(drawing):
    parent, children = drawing
    limits = Limits()
    result = partition(parent, children, limits=limits)
    assume(result.children)
    told = [shapely.buffer(shape, 1.5) for shape in shapes([f.geometry for f in result.findings])]
    for name, child in result.children.items():
        moved = shapely.symmetric_difference(
            *shapely.make_valid(shapes([child, children[name]]), method="structure")
        )
        silent = shapely.difference(moved, shapely.union_all(told))
        assert shapely.buffer(silent, -limits.snap_m * 100).is_empty


@given(st.integers(0, 10_000))
@TAME
def test_a_clean_tiling_is_left_alone(seed):
    made = tiling(seed, children=5, step_m=300, size_m=3000.0)
    result = partition(made.parent, made.children)
    assert result.accepted
    assert result.findings == ()
    assert result.children == {name: canonical(child) for name, child in made.children.items()}


@given(st.lists(st.tuples(STEPS, STEPS.map(lambda n: n // 2)), min_size=3, max_size=9))
def test_the_grid_is_left_and_reached_again_bit_for_bit(points):
    drawn = area([points])
    assert from_geojson(to_geojson(drawn)).xy.tolist()[-len(points) :] == [
        list(p) for p in points
    ] or (points[0] == points[-1])
    text = to_geojson(drawn)
    assert to_geojson(from_geojson(text)) == text


@given(st.integers(0, 10_000), st.data())
@TAME
def test_a_vertex_on_a_shared_line_enters_every_ring_on_it(seed, data):
    made = tiling(seed, children=4, step_m=300, size_m=3000.0)
    one, other = data.draw(st.sampled_from(sorted(made.children))), None
    for name, child in made.children.items():
        lines = shared_border(made.children[one], child) if name != one else ()
        if lines:
            other, line = name, lines[0]
    place = data.draw(st.integers(0, len(line) - 2))
    middle = (line[place] + line[place + 1]) // 2
    after = insert_vertex(made.children, tuple(middle.tolist()))
    assert tiles(canonical(made.parent), list(map(canonical, after.values())))
    grown = [name for name in after if after[name] != made.children[name]]
    assert sorted(grown) == sorted([one, other])
    assert all(middle.tolist() in after[name].xy.tolist() for name in grown)


@given(drawings())
@TAME
def test_what_one_loses_another_gains(drawing):
    parent, children = drawing
    fewer = dict(list(children.items())[1:])
    before = partition(densify(densify(parent, children), fewer), children)
    after = partition(before.parent, fewer)
    assert before.parent == after.parent
    changes = changed(before.children, after.children)
    balance = dict.fromkeys(before.children, 0.0)
    for change in changes:
        size = shapely.area(shapes([change.area])[0])
        if change.before:
            balance[change.before] -= size
        if change.after:
            balance[change.after] += size
    for name in before.children:
        was = shapes([before.children[name]])[0]
        now = (
            shapes([after.children[name]])[0] if name in after.children else shapely.MultiPolygon()
        )
        # where old and new lines cross, the crossing is rounded: at most a step along the lines
        near = shapely.length(was) + shapely.length(now)
        assert abs(shapely.area(now) - shapely.area(was) - balance[name]) <= near
