"""Tiles over HTTP: public lines for everybody, matters for whoever may see them; true at once."""

import gzip

import pytest
from django.test import Client

from tests.casework import LIN, enforcement, lamps, pack, places, raised, squad, steps
from tests.lines import draw_all
from tests.mvt import read, tile_of
from tests.web.desks import at_most, at_noon, desk
from yukuai.cases.models import Case
from yukuai.divisions.models import Boundary, Division
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.kernel.tile_answers import kept

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
HERE = "/".join(map(str, tile_of(106.56, 29.55, 10)))
HERE_BOX = {"west": 106.56, "south": 29.55, "east": 106.56, "north": 29.55}
LINES = f"/tiles/district,community/{HERE}.mvt"
MATTERS = f"/work/tiles/matters/{HERE}.mvt"


@pytest.fixture(autouse=True)
def nothing_kept():
    """A test's database is another, though its versions may have the same numbers."""
    kept.__init__(kept.most_bytes)


@pytest.fixture
def lines(places):
    return draw_all()


@pytest.fixture
def pinned(raised):
    def make(lon=106.56, lat=29.55, **told):
        case = raised(LIN, **told)
        move(case, lon, lat)
        return case

    return make


def move(case, lon, lat):
    with scope(EVERYWHERE):
        Case.objects.filter(pk=case.pk).update(lon=lon, lat=lat)


def shown(client, url=MATTERS, **said):
    answer = client.get(url, said)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    return read(answer.content)


def said(client, url=MATTERS, **asked):
    return [one["said"] for one in shown(client, url, **asked).get("matters", [])]


def test_lines_are_public_and_asked_for_again_each_time(lines, client):
    answer = client.get(LINES)
    assert answer["Cache-Control"] == "public, no-cache"
    assert "Accept-Encoding" in answer["Vary"]
    names = {one["said"]["name"] for one in read(answer.content)["community"]}
    assert names == {"南社区", "坡社区", "北社区"}


def test_what_has_not_changed_is_not_sent_again(lines, client):
    etag = client.get(LINES)["ETag"]
    again = client.get(LINES, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_a_tile_is_sent_packed_to_whoever_can_unpack_it(lines, client):
    plain = client.get(LINES)
    packed = client.get(LINES, headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_a_kept_tile_costs_one_statement(lines, client):
    client.get(LINES)
    with at_most(1):
        assert client.get(LINES).status_code == 200


def test_the_next_request_after_a_line_or_a_name_changed_shows_it(lines, client):
    etag = client.get(LINES)["ETag"]
    Division.objects.filter(pk=112).update(name="新社区")
    answer = client.get(LINES, headers={"If-None-Match": etag})
    names = {one["said"]["name"] for one in read(answer.content)["community"]}
    assert names == {"新社区", "坡社区", "北社区"}
    Boundary.objects.filter(division_id=113).delete()
    assert {one["id"] for one in shown(client, LINES)["community"]} == {112, 1111}


@pytest.mark.parametrize(
    "url",
    [
        "/tiles/matters/0/0/0.mvt",
        "/tiles/people/0/0/0.mvt",
        "/tiles/district'--/0/0/0.mvt",
        "/tiles/district/30/0/0.mvt",
        "/tiles/district/3/9/0.mvt",
        "/tiles/district/99999999999999999999/0/0.mvt",
        "/tiles/district/-1/0/0.mvt",
    ],
)
def test_what_there_is_not_in_public_is_not_found(lines, client, url):
    assert client.get(url).status_code == 404


def test_a_tile_is_read_and_not_written(client):
    assert client.post(LINES).status_code == 405


def test_matters_are_for_officers(lines, pinned):
    pinned()
    answer = Client().get(MATTERS)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/work/signin/")


def test_a_matter_alone_is_told_by_number_and_title(desk, pinned):
    case = pinned()
    [one] = said(desk("clerk"))
    told = {"number_of": 1, "late": 0, "lone": case.number, "name": case.title}
    assert one == told | HERE_BOX


def test_matters_in_one_square_are_a_number_and_no_name(desk, pinned):
    pinned(), pinned()
    assert said(desk("clerk")) == [{"number_of": 2, "late": 0} | HERE_BOX]


def test_squares_leave_none_out_and_count_none_twice(desk, pinned):
    for step in range(12):
        pinned(lon=106.4 + step * 0.031, lat=29.45 + step * 0.017)
    client = desk("clerk")
    for z in (6, 9, 12, 15):
        first, last = tile_of(106.4, 29.65, z), tile_of(106.8, 29.45, z)
        wide = range(first[1], last[1] + 1)
        high = range(first[2], last[2] + 1)
        if len(wide) * len(high) > 400:
            continue
        tiles = [f"/work/tiles/matters/{z}/{x}/{y}.mvt" for x in wide for y in high]
        assert sum(one["number_of"] for url in tiles for one in said(client, url)) == 12


def test_a_neighbours_matter_is_in_no_tile_not_even_by_turns(desk, pinned):
    mine, next_door, far = pinned(), pinned(division_id=113), pinned(division_id=1111)
    clients = {"clerk": mine, "neighbour": next_door, "elsewhere": far}
    signed_in = {who: desk(who) for who in clients}
    for _ in range(3):
        for who, case in clients.items():
            assert [one["lone"] for one in said(signed_in[who])] == [case.number]
    assert [one["number_of"] for one in said(desk("district"))] == [2]


def test_an_etag_of_another_officer_says_nothing_of_his_tile(desk, pinned):
    pinned(), pinned(division_id=113)
    one, other = desk("clerk").get(MATTERS), desk("neighbour").get(MATTERS)
    assert one["Cache-Control"] == other["Cache-Control"] == "private, no-cache"
    assert "Cookie" in one["Vary"]
    asked = desk("neighbour").get(MATTERS, headers={"If-None-Match": one["ETag"]})
    assert asked.status_code == 200


def test_guessing_a_place_opens_nothing(desk, pinned):
    pinned(division_id=1111)
    for within in ("1111", "11", "1", "0", "x", "1.11."):
        assert said(desk("clerk"), within=within) == []


def test_the_next_request_after_a_matter_moved_shows_it(desk, pinned):
    case = pinned()
    client = desk("clerk")
    etag = client.get(MATTERS)["ETag"]
    assert client.get(MATTERS, headers={"If-None-Match": etag}).status_code == 304
    move(case, 107.9, 30.9)
    answer = client.get(MATTERS, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (200, b"")
    there = "/".join(map(str, tile_of(107.9, 30.9, 10)))
    assert [one["lone"] for one in said(client, f"/work/tiles/matters/{there}.mvt")] == [
        case.number
    ]


def test_the_tile_is_narrowed_as_the_list_is(desk, pinned, lamps):
    pinned()
    lamp = pinned(lon=106.53, category_id=lamps.pk)
    assert [one["lone"] for one in said(desk("clerk"), category=str(lamps.pk))] == [lamp.number]


def test_whoever_may_not_see_the_map_gets_no_tile(desk, pinned):
    pinned()
    assert desk("admin").get(MATTERS).status_code == 403


@pytest.mark.parametrize("tail", ["matters/30/0/0", "district/3/1/1", "matters'/3/1/1"])
def test_what_there_is_not_for_officers_is_not_found(desk, tail):
    assert desk("clerk").get(f"/work/tiles/{tail}.mvt").status_code == 404
