"""Lines made up for a tree: the same for the same tree, exact on every level, plausible."""

import numpy as np
import pytest
import shapely

from tests.mapmaking import from_shape, tiling
from yukuai.engines.partition import canonical, partition, tiles, to_geojson, to_wkb
from yukuai.engines.partition.grid import STEPS
from yukuai.engines.sketch import Town, Unsketchable, sketch, tiled

SIZES = (30, 12, 5, 2, 1)


def a_tree(*, moved=()):
    """Three homes of five towns, of which the last has no known seat."""
    towns, seats = [], {}
    for home in ("100001", "100002", "100003"):
        for number, size in enumerate(SIZES, 1):
            code = f"{home}{number:03}"
            district = "100001" if code in moved else home
            towns.append(Town(code, home, district, tuple(f"{code}{n:03}" for n in range(size))))
            if number < len(SIZES):
                east = int(home[-1]) * 0.3 + number % 2 * 0.13 + number * 0.01
                seats[code] = (106 + east, 29.5 + number // 2 * 0.12)
    return towns, seats


@pytest.fixture(scope="module")
def made():
    towns, seats = a_tree()
    return sketch(towns, seats)


def test_every_level_tiles_the_one_above_and_the_engine_has_nothing_to_say(made):
    towns, _seats = a_tree()
    below = {name: {} for name in made.districts}
    for town in towns:
        below[town.district][town.code] = made.towns[town.code]
    layers = [(made.city, made.districts), *((made.districts[d], t) for d, t in below.items())]
    layers += [
        (made.towns[town.code], {name: made.communities[name] for name in town.communities})
        for town in towns
    ]
    for parent, children in layers:
        found = partition(parent, children)
        assert (found.accepted, found.findings, found.children) == (True, (), dict(children))
    assert len(made.communities) == 3 * sum(SIZES)


def test_the_order_of_the_towns_changes_nothing(made):
    towns, seats = a_tree()
    again = sketch(towns[::-1], dict(reversed(seats.items())))
    assert again == made


def test_a_town_has_its_seat_and_each_area_is_one_piece(made):
    _towns, seats = a_tree()
    for code, seat in seats.items():
        here = shapely.from_wkb(to_wkb(made.towns[code]))
        assert here.intersects(shapely.Point(seat))
    areas = [*made.districts.values(), *made.towns.values(), *made.communities.values()]
    assert {area.parts for area in areas} == {1}


def test_lines_are_bent_and_communities_smaller_around_the_seat(made):
    towns, seats = a_tree()
    for town in towns:
        if len(town.communities) < 30:
            continue
        cells = [shapely.from_wkb(to_wkb(made.communities[name])) for name in town.communities]
        away = [shapely.Point(seats[town.code]).distance(cell.centroid) for cell in cells]
        size = np.array([cell.area for cell in cells])[np.argsort(away)]
        assert size[: len(size) // 3].mean() < size[-(len(size) // 3) :].mean()
    assert all(len(area.xy) >= 8 for area in made.communities.values())


def test_districts_of_today_take_their_towns_along():
    towns, seats = a_tree(moved=("100002001",))
    made = sketch(towns, seats)
    mine = [made.towns[town.code] for town in towns if town.district == "100001"]
    assert len(mine) == 6
    assert tiles(made.districts["100001"], mine)


def test_given_outlines_stay_where_they_are_and_a_seat_outside_is_moved_in():
    towns, seats = a_tree()
    outer = tiling(4, children=3, step_m=900, size_m=40_000)
    homes = ("100001", "100002", "100003")
    outlines = dict(zip(homes, outer.children.values(), strict=True))
    made = sketch(towns, seats, outlines=outlines)
    for home in homes:
        before, after = (shapely.from_wkb(to_wkb(x[home])) for x in (outlines, made.districts))
        assert shapely.hausdorff_distance(before.boundary, after.boundary) * STEPS < 2
        assert (
            set(map(tuple, outlines[home].xy.tolist()))
            - set(map(tuple, made.districts[home].xy.tolist()))
            == set()
        )
    assert len(made.towns) == len(towns)


def test_without_any_seat_or_outline_nothing_is_drawn():
    towns, seats = a_tree()
    bare = {code: seat for code, seat in seats.items() if not code.startswith("100002")}
    with pytest.raises(Unsketchable, match="100002"):
        sketch(towns, bare)
    with pytest.raises(Unsketchable, match="100003"):
        sketch(towns, seats, outlines={"100001": from_shape(shapely.box(0, 0, 9, 9))})
    with pytest.raises(Unsketchable):
        sketch([], {})


def test_outlines_of_others_are_made_to_tile():
    clean = tiling(9, children=5, step_m=700, size_m=30_000)
    careless = {}
    for place, (name, child) in enumerate(clean.children.items()):
        careless[name] = to_geojson(child)
        ring = careless[name]["coordinates"][0]
        ring[3] = [ring[3][0] + 1e-6 * (place - 2), ring[3][1]]
    made = tiled(careless)
    whole = shapely.coverage_union_all([shapely.from_wkb(to_wkb(one)) for one in made.values()])
    assert set(made) == set(clean.children)
    assert not whole.interiors
    whole = from_shape(shapely.transform(whole, lambda xy: np.rint(xy * STEPS)))
    assert tiles(canonical(whole), list(made.values()))
