"""Vertices brought onto a line enter every ring that has it, and change no ground."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from tests.conftest import NOON
from tests.db.lines_tree import BEFORE, TODAY, current, grow, misfits
from yukuai.accounts.policy import SYSTEM
from yukuai.divisions import lining
from yukuai.divisions.lines import list_lines
from yukuai.divisions.lining import take_up
from yukuai.divisions.models import Boundary
from yukuai.divisions.steps import lock_tree
from yukuai.engines.partition import has_vertex, shared_border
from yukuai.kernel.errors import Conflict
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def grown(db):
    return grow()


def middle_of_a_shared_line(grown):
    """The middle of a straight line that both districts have, townships and communities too."""
    one, other = (grown.lines[district.pk] for district in grown.districts)
    line = max(shared_border(one, other), key=len)
    steps = np.diff(line, axis=0)
    place = int(np.argmax(np.hypot(*steps.T)))
    x, y = ((line[place] + line[place + 1]) // 2).tolist()
    return x, y


def take(points, *, besides=(), effective=TODAY):
    with scope(EVERYWHERE):
        lock_tree()
        return take_up(
            SYSTEM,
            points=points,
            besides=besides,
            basis="渝测〔2026〕9号",
            effective=effective,
            at=NOON,
        )


def test_the_tree_tiles_to_begin_with(grown):
    assert misfits(grown) == []


def test_a_vertex_enters_every_ring_on_its_line_and_all_levels_still_tile(grown):
    point = middle_of_a_shared_line(grown)
    changed = take([point])
    everybody = [grown.city, *grown.districts, *grown.townships, *grown.communities]
    having = {pk for pk, line in current(everybody).items() if has_vertex(line, point)}
    assert set(changed) == having
    kinds = [one.kind for one in everybody if one.pk in having]
    assert (kinds.count("district"), kinds.count("township"), kinds.count("community")) == (2, 2, 2)
    assert misfits(grown) == []


def test_the_former_version_stays_as_it_was_and_says_until_when(grown):
    point = middle_of_a_shared_line(grown)
    (first, *_) = take([point])
    before, after = Boundary.objects.filter(division=first).order_by("version")
    assert (before.version, before.valid_from, before.valid_to) == (1, BEFORE, TODAY)
    assert (after.version, after.valid_from, after.valid_to) == (2, TODAY, None)
    assert (after.basis, after.approved_by) == (before.basis, before.approved_by)
    (yesterday,) = list_lines(None, division_ids=[first], on=TODAY - timedelta(days=1))
    assert yesterday.area == grown.lines[first]


def test_on_one_day_a_line_is_mended_where_it_stands(grown):
    x, y = middle_of_a_shared_line(grown)
    take([(x, y)])
    versions = Boundary.objects.count()
    other = next(iter(take([neighbour_of(grown, (x, y))])))
    assert Boundary.objects.count() == versions
    assert Boundary.objects.filter(division=other).count() == 2
    assert misfits(grown) == []


def neighbour_of(grown, point):
    """Half way from this vertex to the next one of a ring that has it."""
    line = next(one for one in current(grown.districts).values() if has_vertex(one, point))
    place = int(np.flatnonzero((line.xy == point).all(axis=1))[0])
    x, y = ((line.xy[place] + line.xy[place + 1]) // 2).tolist()
    return x, y


def test_once_is_enough_and_lines_about_to_be_replaced_are_left_alone(grown):
    point = middle_of_a_shared_line(grown)
    besides = grown.communities
    changed = take([point], besides=besides)
    assert {"community"} == {one.kind for one in besides}
    assert set(changed).isdisjoint(one.pk for one in besides)
    assert take([point], besides=besides) == []


def test_a_vertex_that_lies_on_no_line_changes_nothing(grown):
    x, y = middle_of_a_shared_line(grown)
    before = Boundary.objects.count()
    assert take([(x + 5_000_000, y + 5_000_000)]) == []
    assert Boundary.objects.count() == before


def test_a_vertex_across_a_line_is_refused(grown, monkeypatch):
    point = middle_of_a_shared_line(grown)

    def refuse(*_args, **_kwargs):
        raise lining.NotOnLine("边线会交叉。")

    monkeypatch.setattr(lining, "insert_vertex", refuse)
    with pytest.raises(Conflict, match="加不进新的顶点"):
        take([point])


def test_postgis_makes_the_same_faces_of_the_lines(grown):
    """By another GEOS than the engine's: the lines of the children, put together and cut into
    faces, are the children again, each once, and nothing is left over."""
    for parent in [grown.city, *grown.districts, *grown.townships]:
        children = [one.pk for one in grown.below(parent)]
        with connection.cursor() as cursor:
            cursor.execute(_FACES, [children, children])
            faces, found, left_over = cursor.fetchone()
        assert (faces, found, left_over) == (len(children), len(children), 0)


_FACES = """
    WITH line AS (
        SELECT division_id, geom FROM divisions_boundary
        WHERE valid_to IS NULL AND division_id = ANY (%s)
    ), face AS (
        SELECT (ST_Dump(ST_Polygonize(edge))).geom
        FROM (SELECT ST_Union(ST_Boundary(geom)) AS edge FROM line) AS edges
    )
    SELECT (SELECT count(*) FROM face),
        (SELECT count(DISTINCT division_id) FROM line JOIN face ON ST_Equals(line.geom, face.geom)),
        (SELECT count(*) FROM face WHERE NOT EXISTS (
            SELECT FROM line WHERE ST_Equals(line.geom, face.geom) AND division_id = ANY (%s)))
"""
