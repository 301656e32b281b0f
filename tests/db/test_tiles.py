"""Tiles: the grid, what is drawn of rows, and that no datum is shifted on the way."""

import math

import pytest
from django.db import connection

from tests.lines import SQUARES, draw, draw_all
from tests.mvt import point, read, tile_of
from tests.places import make_places
from yukuai.divisions.tiles import LAYERS
from yukuai.kernel.errors import NotFound
from yukuai.kernel.tile_answers import Kept, Packed
from yukuai.kernel.tiles import EXTENT, ROUND, Tile, choose, read_tile
from yukuai.kernel.tiles import draw as drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(db):
    make_places()
    return draw_all()


def shown(names, z=10, lon=106.56, lat=29.55):
    return read(drawn(None, layers=choose(LAYERS, names), tile=Tile(*tile_of(lon, lat, z))))


def test_degrees_of_4490_are_projected_without_a_shift_of_datum():
    with connection.cursor() as cursor:
        for lon, lat in [(105.3, 28.2), (106.55, 29.56), (110.2, 32.2)]:
            cursor.execute(
                "SELECT ST_X(p), ST_Y(p) FROM ST_Transform("
                "ST_SetSRID(ST_MakePoint(%s, %s), 4490), 3857) p",
                [lon, lat],
            )
            turn = math.asinh(math.tan(math.radians(lat)))
            there = (lon / 180 * ROUND, turn / math.pi * ROUND)
            assert cursor.fetchone() == pytest.approx(there, abs=1e-6)


def test_the_box_of_a_tile_is_that_of_postgis():
    tile = Tile(12, 3260, 1698)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
            " FROM ST_Transform(ST_TileEnvelope(12, 3260, 1698), 4326) e"
        )
        box = tile.box
        there = cursor.fetchone()
    assert there == pytest.approx((box.west, box.south, box.east, box.north), abs=1e-9)


@pytest.mark.parametrize(
    ("z", "x", "y"), [(21, 0, 0), (30, 0, 0), (3, 8, 0), (3, 0, 8), (0, 1, 0), (10**9, 0, 0)]
)
def test_a_tile_outside_the_grid_is_refused(z, x, y):
    with pytest.raises(NotFound):
        read_tile(z, x, y)


@pytest.mark.parametrize("names", ["", "people", "district,", "district;drop table x", "' or 1=1"])
def test_a_layer_that_there_is_not_is_refused(names):
    with pytest.raises(NotFound):
        choose(LAYERS, names)


def test_each_level_is_a_layer_of_its_own(lines):
    found = shown("district,community")
    assert found.keys() == {"district", "community"}
    assert {one["said"]["name"] for one in found["district"]} == {"南区", "北区"}
    assert {one["id"] for one in found["community"]} == {112, 113, 1111}
    assert found["community"][0]["said"] == {"name": "南社区", "path": "1.2.12.112."}


def test_neighbours_share_their_line_in_the_tile_too(lines):
    west, east = [one for one in shown("community", z=11)["community"] if one["id"] in (112, 113)]
    across = [ring_of(one) for one in (west, east)]
    assert len(set(across[0]) & set(across[1])) == 2


def ring_of(one):
    found, at, x, y = [], 0, 0, 0
    while at < len(one["commands"]):
        command, count = one["commands"][at] & 7, one["commands"][at] >> 3
        at += 1
        if command == 7:
            continue
        for _ in range(count):
            dx, dy = one["commands"][at : at + 2]
            x, y = x + ((dx >> 1) ^ -(dx & 1)), y + ((dy >> 1) ^ -(dy & 1))
            found.append((x, y))
            at += 2
    return found


def test_a_level_is_not_drawn_further_out_than_it_can_be_told(lines):
    assert shown("community,district", z=9).keys() == {"district"}


def test_a_former_line_is_not_drawn(lines):
    lines[112].valid_to = lines[112].valid_from.replace(year=2025)
    lines[112].save()
    draw(112, (106.53, 29.5, 106.54, 29.6), since=lines[112].valid_to, version=2)
    ids = [one["id"] for one in shown("community", z=11)["community"]]
    assert sorted(ids) == [112, 113, 1111]


def test_a_name_stands_in_one_tile_only(lines):
    z, x, y = tile_of(106.52, 29.55, 13)
    around = [(x + dx, y + dy) for dx in range(-3, 4) for dy in range(-3, 4)]
    names = []
    for column, row in around:
        layer = choose(LAYERS, "names")
        found = read(drawn(None, layers=layer, tile=Tile(z, column, row))).get("names", [])
        names += [one["said"]["name"] for one in found]
        assert all(0 <= step <= EXTENT for one in found for step in point(one))
    assert sorted(names) == sorted(["南街", "北街", "南社区", "坡社区", "北社区"])
    assert len(SQUARES) == 8


def test_what_is_kept_ends_with_its_version_and_with_the_bytes():
    kept = Kept(most_bytes=10)
    first, second = Packed(b"123456", "a"), Packed(b"12345", "b")
    kept.keep(1, "x", first)
    assert kept.find(1, "x") is first
    kept.keep(1, "y", second)
    assert (kept.find(1, "x"), kept.find(1, "y")) == (None, second)
    assert kept.bytes == 5
    kept.keep(2, "x", first)
    assert (kept.find(1, "y"), kept.find(2, "y")) == (None, None)
    kept.keep(1, "y", second)
    assert kept.find(2, "y") is None
    assert kept.find(2, "x") is first
