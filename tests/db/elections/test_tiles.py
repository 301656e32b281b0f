"""Where announcements hang today, on the map."""

from datetime import timedelta

import pytest

from tests.electing import COMMITTEE, NEIGHBOUR, NOON, TOWN, registering
from tests.lines import draw_all
from tests.mvt import read, tile_of
from tests.people import officer
from yukuai.accounts.policy import Permission, Role
from yukuai.cases.tiles import Matters
from yukuai.divisions.lines import find_inside
from yukuai.elections.queries import list_hanging, list_notices
from yukuai.flows.layers import PUBLIC, STAFF
from yukuai.kernel.scope import scope
from yukuai.kernel.tiles import Tile, choose, draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ruled")]


@pytest.fixture
def election():
    draw_all()
    return registering()


def shown(actor, election, at):
    point = find_inside(actor, division_id=election.division_id)
    assert point is not None
    place = Tile(*tile_of(*point, 14))
    with scope(actor.areas, actor.holders):
        asked = Matters(None, at)
        found = read(draw(actor, layers=choose(STAFF, "notices"), tile=place, asked=asked))
    return [one["said"] for one in found.get("notices", [])]


def test_a_community_has_one_sign_as_long_as_something_hangs(election):
    with scope(COMMITTEE.areas, COMMITTEE.holders):
        last = list_notices(COMMITTEE, election=election)[-1].notice
    said = [{"name": election.division.name, "title": last.title}]
    for actor in (COMMITTEE, TOWN):
        assert shown(actor, election, NOON) == said
    assert shown(COMMITTEE, election, NOON - timedelta(days=30)) == []
    assert shown(COMMITTEE, election, NOON + timedelta(days=400)) == []


def test_the_board_of_a_community_lists_the_newest_first(election):
    with scope(COMMITTEE.areas, COMMITTEE.holders):
        listed = list_hanging(COMMITTEE, division_id=election.division_id, at=NOON)
        after = NOON + timedelta(days=400)
        assert list_hanging(COMMITTEE, division_id=election.division_id, at=after) == []
    numbers = [one.pk for one in listed]
    assert len(numbers) > 1
    assert numbers == sorted(numbers, reverse=True)


def test_whoever_may_not_see_elections_has_none_of_it(election):
    grid = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=79)
    assert grid.may(Permission.MAP_VIEW)
    assert shown(grid, election, NOON) == []
    with scope(grid.areas, grid.holders):
        assert list_hanging(grid, division_id=election.division_id, at=NOON) == []


def test_another_community_and_the_public_tiles_have_none_of_it(election):
    assert shown(NEIGHBOUR, election, NOON) == []
    assert "notices" not in {one.name for one in PUBLIC}
